import type { Hook, HookOutcome } from '../hooks/index.ts';
import type { DispatchOutcome } from '../protocol/dispatch.ts';
import type { WireFunction, WireInput } from '../protocol/messages/index.ts';
import type { AdmittedPlugin } from './admitted-plugin.ts';
import type { DirectRunner } from './direct-engine.ts';
import type { CallOptions, PluginRunner } from './engine.ts';
import { PluginHostError } from './host-error.ts';
import type { AnyFunction } from './runner-call.ts';
import type { ServedPlugin } from './served-plugin.ts';

/**
 * A plugin that is held for several calls: all of them go to this one, even if it is swapped or
 * removed meanwhile. It is disposed of after the last lease is released.
 */
export class PluginLease<Runner extends PluginRunner = PluginRunner> {
  readonly #served: ServedPlugin<Runner>;
  #isReleased = false;

  /** Hosts make leases: see `PluginHost.lease`. */
  constructor(served: ServedPlugin<Runner>) {
    this.#served = served;
    served.hold();
  }

  /** The record of the plugin: the same object for all leases of it. */
  get admitted(): AdmittedPlugin {
    return this.#served.admitted;
  }

  /**
   * Calls the plugin, as `PluginHost.dispatch` does.
   *
   * @throws in the promise: TypeError if an argument is malformed; PluginHostError
   * `WrongGeneration`, `CannotStart`, or `Released`; in workers and processes also `Closed`, and
   * what `PluginHost.dispatch` says.
   */
  dispatch<Req, Res>(
    fn: WireFunction<Req, Res>,
    request: WireInput<Req>,
    options?: CallOptions,
  ): Promise<DispatchOutcome<Res>>;
  dispatch<Req, Res>(fn: Hook<Req, Res>, request: Req, options?: CallOptions): Promise<HookOutcome<Res>>;
  async dispatch(fn: AnyFunction, request: never, options: CallOptions = {}): Promise<unknown> {
    this.#checkHeld();
    return await this.#served.dispatch(fn, request, options);
  }

  /**
   * {@link dispatch} for a plugin on this thread.
   *
   * @returns the outcome.
   * @throws what the promise of `dispatch` rejects with.
   */
  dispatchSync<Req, Res>(
    this: PluginLease<DirectRunner>,
    fn: WireFunction<Req, Res>,
    request: WireInput<Req>,
    options?: CallOptions,
  ): DispatchOutcome<Res>;
  dispatchSync<Req, Res>(
    this: PluginLease<DirectRunner>,
    fn: Hook<Req, Res>,
    request: Req,
    options?: CallOptions,
  ): HookOutcome<Res>;
  dispatchSync(this: PluginLease<DirectRunner>, fn: AnyFunction, request: never, options: CallOptions = {}): unknown {
    this.#checkHeld();
    return this.#served.dispatchSync(fn, request, options);
  }

  /**
   * Ends the lease. Calls under way end on the plugin. A second call does nothing.
   *
   * @returns a promise that is settled when the plugin was disposed of, if this was the last of its
   * leases and another plugin has taken its place.
   */
  async release(): Promise<void> {
    if (this.#isReleased) return;
    this.#isReleased = true;
    await this.#served.release();
  }

  #checkHeld(): void {
    if (this.#isReleased) throw new PluginHostError({ kind: 'Released' }, { subject: this.admitted.name });
  }
}
