import { checkOptions } from '../option-rules.ts';
import type { AdmittedPlugin } from './admitted-plugin.ts';
import type { DirectRunner } from './direct-engine.ts';
import { type CallOptions, callRules, type PluginRunner } from './engine.ts';
import type { CallOutcome, HostMetrics } from './host-metrics.ts';
import { type AnyFunction, hookOf, wireFunction } from './runner-call.ts';

/** A plugin that runs. */
export interface StartedPlugin<Runner extends PluginRunner> {
  readonly runner: Runner;
  /** Disposes of the runner, and gives back what it used. */
  dispose(): Promise<void>;
}

/**
 * A plugin that serves until another one takes its place. It is then disposed of once, when nobody
 * holds it and no call is under way.
 */
export class ServedPlugin<Runner extends PluginRunner> {
  readonly admitted: AdmittedPlugin;
  readonly #started: StartedPlugin<Runner>;
  readonly #metrics: HostMetrics;
  #holders = 0;
  #isRetired = false;

  constructor(admitted: AdmittedPlugin, started: StartedPlugin<Runner>, metrics: HostMetrics) {
    this.admitted = admitted;
    this.#started = started;
    this.#metrics = metrics;
  }

  /** Keeps the plugin until {@link release}, even if it is retired meanwhile. */
  hold(): void {
    this.#holders++;
  }

  /** Ends one {@link hold}. */
  async release(): Promise<void> {
    this.#holders--;
    await this.#disposeIfFree();
  }

  /** Takes the plugin out of service. It is disposed of when nobody holds it. */
  async retire(): Promise<void> {
    this.#isRetired = true;
    await this.#disposeIfFree();
  }

  /**
   * Calls the plugin, and holds it until it has answered.
   *
   * @param request of `fn`: the overloads of the callers say so.
   * @throws in the promise: TypeError if `fn` or `options` is malformed; PluginHostError
   * `WrongGeneration` or `CannotStart`.
   */
  async dispatch(fn: AnyFunction, request: never, options: CallOptions): Promise<CallOutcome> {
    checkOptions(options, callRules);
    const runner: PluginRunner = this.#started.runner;
    const { name } = this.admitted;
    const call = async (): Promise<CallOutcome> => {
      if (runner.generation === 1) return await runner.dispatch(wireFunction(fn, name), request, options);
      return await runner.dispatch(hookOf(fn, name), request, options);
    };
    this.hold();
    try {
      return await this.#metrics.call(name, fn?.name, call);
    } finally {
      await this.release();
    }
  }

  /** {@link dispatch} for a plugin on this thread. */
  dispatchSync(this: ServedPlugin<DirectRunner>, fn: AnyFunction, request: never, options: CallOptions): CallOutcome {
    checkOptions(options, callRules);
    const { runner } = this.#started;
    const { name } = this.admitted;
    const call = (): CallOutcome => {
      if (runner.generation === 1) return runner.dispatchSync(wireFunction(fn, name), request, options);
      return runner.dispatchSync(hookOf(fn, name), request);
    };
    return this.#metrics.callSync(name, fn?.name, call);
  }

  async #disposeIfFree(): Promise<void> {
    if (this.#isRetired && this.#holders === 0) await this.#started.dispose();
  }
}
