import { isExhaustion } from '../metering/budget-use.ts';
import type { CallFailure, Plugin } from '../plugin/index.ts';
import type { DispatchOutcome } from '../protocol/dispatch.ts';

/** What stops a plugin in the middle of a call, besides its budgets. */
const stops: readonly CallFailure['kind'][] = ['Trap', 'HostFunction', 'KernelFunction'];

/**
 * Whether a call was stopped in the middle. The plugin's memory is then as the call left it, which
 * may be half changed.
 */
export function wasStopped(outcome: DispatchOutcome<unknown>): boolean {
  if (outcome.kind === 'ok' || outcome.error.failure.kind !== 'PluginCall') return false;
  return stoppedCall(outcome.error.failure.call);
}

/** {@link wasStopped} for why a call failed. */
export function stoppedCall(failure: CallFailure): boolean {
  return isExhaustion(failure) || stops.includes(failure.kind);
}

/**
 * The instances of a plugin of generation 1 on one thread. Each has a state of its own, and is
 * built when it is first called. They take turns.
 */
export class WireInstances {
  readonly #build: () => Plugin;
  readonly #onReplaced: (() => void) | undefined;
  readonly #plugins: (Plugin | undefined)[];
  #turn = 0;

  /**
   * @param build makes an instance.
   * @param count how many there are at most: a whole number from 1 up.
   * @param onReplaced is called when an instance was disposed of, so that a new one takes its
   * place; `undefined` if instances are kept, whatever happens.
   */
  constructor(build: () => Plugin, count: number, onReplaced: (() => void) | undefined) {
    this.#build = build;
    this.#onReplaced = onReplaced;
    this.#plugins = new Array(count).fill(undefined);
  }

  /**
   * Builds an instance and lets go of it, so that a plugin which cannot be built is found before it
   * serves. What `build` throws propagates. Nothing is kept: the instance of a plugin that is never
   * called would only hold memory, of which some engines have little.
   */
  tryBuild(): void {
    this.#build().dispose();
  }

  /**
   * Returns the instance for the next call. What `build` throws propagates.
   *
   * @param affinity the same number gives the same instance; without it the instances take turns.
   */
  next(affinity: number | undefined): Plugin {
    return this.#at((affinity ?? this.#turn++) % this.#plugins.length);
  }

  /** Disposes of an instance, if they are replaced at all. Its place gets a new one when needed. */
  replace(plugin: Plugin): void {
    if (this.#onReplaced === undefined) return;
    plugin.dispose();
    this.#plugins[this.#plugins.indexOf(plugin)] = undefined;
    this.#onReplaced();
  }

  /** Releases what the instances hold. */
  dispose(): void {
    for (const plugin of this.#plugins) plugin?.dispose();
  }

  #at(index: number): Plugin {
    const plugin = this.#plugins[index] ?? this.#build();
    this.#plugins[index] = plugin;
    return plugin;
  }
}
