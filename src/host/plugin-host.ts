import { unixSeconds } from '../clock.ts';
import { reasonOf } from '../failure.ts';
import { encodeHex } from '../hex.ts';
import type { Hook, HookOutcome } from '../hooks/index.ts';
import { isBytes, type ModuleBytes } from '../module-source.ts';
import type { DispatchOutcome } from '../protocol/dispatch.ts';
import type { WireFunction, WireInput } from '../protocol/messages/index.ts';
import { hostOfferHash } from '../protocol/offer.ts';
import { sha256Hex } from '../sha256.ts';
import { PACKAGE_VERSION } from '../version.ts';
import { ADMITTED_PLUGIN_VERSION, type AdmittedPlugin, needsAdmission } from './admitted-plugin.ts';
import { BoundedEngine } from './bounded-engine.ts';
import { LOG_TARGET } from './contained-telemetry.ts';
import { DirectEngine, type DirectRunner } from './direct-engine.ts';
import type { CallOptions, EngineContext, PluginEngine, PluginModule, PluginRunner } from './engine.ts';
import { PluginHostError } from './host-error.ts';
import type { HostMetrics } from './host-metrics.ts';
import { idOf, type PluginId, type PluginKey, pluginIdOf } from './key.ts';
import { PluginLease } from './lease.ts';
import { type PluginHostOptions, type SettledHost, settleHost } from './options.ts';
import type { PluginRegistration, RestoredPlugin } from './outcomes.ts';
import { Places } from './places.ts';
import { readRecord, recordText } from './registry.ts';
import type { AnyFunction } from './runner-call.ts';
import { ServedPlugin } from './served-plugin.ts';
import { ServedPlugins } from './served-plugins.ts';
import { Sequences, Turns } from './turns.ts';

/**
 * The plugins of a host, of both generations: admitted, recorded, and swapped while they serve.
 *
 * What is asked for one key happens in the order of the calls. If it fails, nothing has changed:
 * the plugin that served goes on.
 */
export class PluginHost<Runner extends PluginRunner = PluginRunner> {
  readonly #settled: SettledHost;
  readonly #engine: BoundedEngine<Runner>;
  readonly #served: ServedPlugins<Runner>;
  readonly #places: Places;
  readonly #sequences = new Sequences();
  /** Bounds how many modules a start holds at once. */
  readonly #restores: Turns;
  #closing: Promise<void> | undefined;

  /**
   * Makes a host. {@link PluginHost.direct} is for plugins on this thread.
   *
   * @param engine makes what runs the plugins.
   * @throws TypeError if `options` is malformed.
   */
  constructor(options: PluginHostOptions, engine: (context: EngineContext) => PluginEngine<Runner>) {
    this.#settled = settleHost(options);
    this.#served = new ServedPlugins(this.#settled);
    this.#places = new Places(this.#settled, this.#served);
    this.#restores = new Turns(this.#settled.admissionsMax);
    this.#engine = new BoundedEngine(engine(this.#settled.context), this.#settled);
  }

  /** Makes a host whose plugins run on this thread: a call blocks it until it ends. */
  static direct(options: PluginHostOptions = {}): PluginHost<DirectRunner> {
    return new PluginHost(options, (context) => new DirectEngine(context));
  }

  /**
   * Admits a plugin, records it, and lets it serve. Admits nothing if the key has a plugin of the
   * same bytes, here and in the store.
   *
   * @param wasm the bytes of the module, which are copied.
   * @returns a promise of the outcome.
   * @throws in the promise: TypeError if an argument is malformed; PluginHostError
   * `ModuleTooLarge`, `NotAPlugin`, `TooManyPlugins`, `CodeBytes`, `Saturated`, `CannotStart`,
   * `StoreFailed` or `Closed`. Then nothing has changed.
   */
  async register(key: PluginKey, wasm: ModuleBytes): Promise<PluginRegistration> {
    const id = pluginIdOf(key);
    return await this.#metrics.registration(() => this.#registerInTurn(id, wasm));
  }

  async #registerInTurn(id: PluginId, wasm: ModuleBytes): Promise<PluginRegistration> {
    this.#served.checkOpen();
    this.#places.checkRoom(id, isBytes(wasm) ? wasm.byteLength : 0);
    const module = this.#engine.moduleOf(id, wasm);
    // Without an await before it, so that of several calls the first ones get the places.
    return await this.#places.registering(id, module.bytes.byteLength, () =>
      this.#sequences.run(idOf(id), () => this.#register(module)),
    );
  }

  /**
   * Takes a plugin out of service, and forgets its record. Calls under way end on it.
   *
   * @returns a promise of whether there was such a plugin, here or in the store.
   * @throws in the promise: TypeError if the key is malformed; PluginHostError `StoreFailed` or
   * `Closed`. Then nothing has changed.
   */
  async remove(key: PluginKey): Promise<boolean> {
    const id = pluginIdOf(key);
    this.#served.checkOpen();
    const text = idOf(id);
    return await this.#sequences.run(text, async () => {
      const { registry } = this.#settled;
      const isRecorded = (await registry.record(text)) !== undefined;
      await registry.delete(id);
      const wasThere = (await this.#served.withdraw(text)) || isRecorded;
      if (wasThere) this.#metrics.removed();
      return wasThere;
    });
  }

  /** Returns what serves a key; `undefined` if there is no such plugin. */
  get(key: PluginKey): AdmittedPlugin | undefined {
    return this.#served.get(idOf(pluginIdOf(key)));
  }

  /** Returns what serves, in the order of the keys. */
  list(): AdmittedPlugin[] {
    return this.#served.list();
  }

  /**
   * Calls a plugin. If it fails, the outcome says so.
   *
   * @param fn a wire function, such as `wire.v3.filter`, for a plugin of generation 1; or a hook,
   * such as `filterHook`, for a hook plugin.
   * @param options `affinity` keeps calls on one instance of several; `signal` ends the call.
   * @returns a promise of the outcome.
   * @throws in the promise: TypeError if an argument is malformed; PluginHostError `NotRegistered`,
   * `WrongGeneration`, `CannotStart`, `EngineMemory` or `Closed`; in workers and processes also
   * `Saturated`, `RemoteEnded`, `DeadlineExceeded` or `HostModuleFailed`.
   */
  dispatch<Req, Res>(
    key: PluginKey,
    fn: WireFunction<Req, Res>,
    request: WireInput<Req>,
    options?: CallOptions,
  ): Promise<DispatchOutcome<Res>>;
  dispatch<Req, Res>(
    key: PluginKey,
    fn: Hook<Req, Res>,
    request: Req,
    options?: CallOptions,
  ): Promise<HookOutcome<Res>>;
  async dispatch(key: PluginKey, fn: AnyFunction, request: never, options: CallOptions = {}): Promise<unknown> {
    return await this.#served.find(key).dispatch(fn, request, options);
  }

  /**
   * {@link dispatch} for a host whose plugins run on this thread.
   *
   * @returns the outcome.
   * @throws what the promise of `dispatch` rejects with.
   */
  dispatchSync<Req, Res>(
    this: PluginHost<DirectRunner>,
    key: PluginKey,
    fn: WireFunction<Req, Res>,
    request: WireInput<Req>,
    options?: CallOptions,
  ): DispatchOutcome<Res>;
  dispatchSync<Req, Res>(
    this: PluginHost<DirectRunner>,
    key: PluginKey,
    fn: Hook<Req, Res>,
    request: Req,
    options?: CallOptions,
  ): HookOutcome<Res>;
  dispatchSync(
    this: PluginHost<DirectRunner>,
    key: PluginKey,
    fn: AnyFunction,
    request: never,
    options: CallOptions = {},
  ): unknown {
    const served: ServedPlugin<DirectRunner> = this.#served.find(key);
    return served.dispatchSync(fn, request, options);
  }

  /**
   * Holds a plugin for several calls, such as those of one request. All of them go to what serves
   * now, even if it is swapped or removed meanwhile.
   *
   * @returns a lease. Release it: until then, the plugin is not disposed of.
   * @throws TypeError if the key is malformed; PluginHostError `NotRegistered` or `Closed`.
   */
  lease(key: PluginKey): PluginLease<Runner> {
    return new PluginLease(this.#served.find(key));
  }

  /**
   * Starts the plugins that the store has records of. A plugin whose record is fresh is compiled,
   * and nothing of it runs; the others are admitted again, as long as there is time. A plugin that
   * serves already goes on if its record is of the same module.
   *
   * @returns a promise of what became of each record. A record that fails stays in the store.
   * @throws in the promise: PluginHostError `StoreFailed` if the records cannot be read, or
   * `Closed`.
   */
  async restore(): Promise<RestoredPlugin[]> {
    this.#served.checkOpen();
    const { registry, restoreMs } = this.#settled;
    const entries = await registry.entries();
    const endsAt = performance.now() + restoreMs;
    return await Promise.all(
      // Each record is read again in order with what happens to its key: the list may be late.
      entries.map(([id]) => this.#refreshInTurn(id, endsAt)),
    );
  }

  /**
   * Makes what serves a key equal to its record in the store, which another process may have
   * written, replaced or deleted. Nothing of the plugin runs if the record is fresh. The record is
   * read in order with what this host does for the key, so a late or repeated call is harmless.
   *
   * @param id of the record, as the store has it.
   * @returns a promise of what became of the record.
   * @throws in the promise: PluginHostError `Closed`.
   */
  async refresh(id: string): Promise<RestoredPlugin> {
    this.#served.checkOpen();
    return await this.#refreshInTurn(id, Number.POSITIVE_INFINITY);
  }

  /**
   * Takes all plugins out of service. What is asked for later fails as `Closed`.
   *
   * @returns a promise that is settled when the calls under way have ended. A second call waits for
   * the same.
   */
  async close(): Promise<void> {
    this.#closing ??= this.#end();
    await this.#closing;
  }

  async #end(): Promise<void> {
    await this.#served.close();
    await this.#engine.close();
  }

  async #register(module: PluginModule): Promise<PluginRegistration> {
    this.#served.checkOpen();
    const { id } = module;
    const sha256 = await sha256Hex(module.bytes);
    const before = this.#served.get(idOf(id));
    if (before?.module_sha256 === sha256 && (await this.#settled.registry.isRecorded(before)))
      return { kind: 'unchanged', plugin: before };
    const { report, findings } = await this.#engine.admit(module);
    if (findings === undefined) return { kind: 'rejected', report };
    const plugin = await this.#begin(module, { ...placed(id, sha256), ...findings });
    return { kind: before === undefined ? 'registered' : 'swapped', plugin, report };
  }

  /** Starts a plugin that was just admitted, records it, and lets it serve. */
  async #begin(module: PluginModule, admitted: AdmittedPlugin): Promise<AdmittedPlugin> {
    const started = await this.#engine.start(module, admitted, true);
    const recorded = await this.#settled.registry.put(admitted, module.bytes).catch(async (error: unknown) => {
      await started.dispose();
      throw error;
    });
    await this.#served.serve(new ServedPlugin(recorded, started, this.#metrics));
    return recorded;
  }

  /** @param endsAt when an admission may begin at the latest, as `performance.now()` counts. */
  async #refreshInTurn(id: string, endsAt: number): Promise<RestoredPlugin> {
    const turn = () => this.#restores.run(() => this.#refresh(id, endsAt));
    const refreshed = await this.#sequences.run(id, turn);
    this.#metrics.restored(refreshed.kind);
    return refreshed;
  }

  async #refresh(id: string, endsAt: number): Promise<RestoredPlugin> {
    return await orFailed(id, async () => {
      const text = await this.#settled.registry.record(id);
      if (text !== undefined) return await this.#startRecorded(id, recordText(id, text), endsAt);
      await this.#served.withdraw(id);
      return { kind: 'removed', id };
    });
  }

  async #startRecorded(id: string, text: string, endsAt: number): Promise<RestoredPlugin> {
    this.#served.checkOpen();
    const admitted = readRecord(id, text);
    const served = this.#served.get(id);
    // A record of the same module is news of another host's admission, and none for this one.
    if (served?.module_sha256 === admitted.module_sha256) return { kind: 'unchanged', id, plugin: served };
    const { registry, context } = this.#settled;
    const module = this.#engine.moduleOf(pluginIdOf(admitted), await registry.module(admitted));
    const need = needsAdmission(admitted, encodeHex(await hostOfferHash(context.offer)), unixSeconds(context.clock));
    return await this.#places.starting(module.id, async () => {
      if (need === undefined) return { kind: 'restored', id, plugin: await this.#resume(module, admitted, text) };
      const { report, findings } = await this.#engine.admit(module, endsAt);
      if (findings === undefined) return { kind: 'rejected', id, need, report };
      const plugin = { ...placed(module.id, admitted.module_sha256), ...findings };
      // If another process wrote the record during the admission, its record counts.
      const recorded = await registry.replace(text, plugin, module.bytes);
      if (recorded === undefined) return await this.#refresh(id, endsAt);
      await this.#start(module, recorded, true);
      return { kind: 'admitted', id, need, plugin: recorded };
    });
  }

  /**
   * Starts a plugin whose record is fresh, from its prepared module if that is stored.
   *
   * @param text of the record.
   */
  async #resume(module: PluginModule, admitted: AdmittedPlugin, text: string): Promise<AdmittedPlugin> {
    const { registry } = this.#settled;
    const read = () => registry.prepared(admitted);
    const prepared = await this.#orWarn(module.id, 'a prepared module cannot be used', read);
    const isKept = prepared !== undefined || !registry.keepsPrepared;
    const write = () => registry.replace(text, admitted, module.bytes);
    const recorded = isKept ? admitted : await this.#orWarn(module.id, 'a prepared module cannot be kept', write);
    await this.#start({ ...module, prepared }, recorded ?? admitted, false);
    return recorded ?? admitted;
  }

  async #start(module: PluginModule, admitted: AdmittedPlugin, builds: boolean): Promise<void> {
    const started = await this.#engine.start(module, admitted, builds);
    await this.#served.serve(new ServedPlugin(admitted, started, this.#metrics));
  }

  /** @returns a promise of what the work returns; `undefined` if it fails, which is logged. */
  async #orWarn<T>({ name: plugin }: PluginId, message: string, work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      const fields = { plugin, error: reasonOf(error) };
      this.#settled.context.telemetry.log({ level: 'warn', target: LOG_TARGET, message, fields });
      return undefined;
    }
  }

  get #metrics(): HostMetrics {
    return this.#settled.context.metrics;
  }
}

/** Returns the failure of a host as what became of a record. */
async function orFailed(id: string, work: () => Promise<RestoredPlugin>): Promise<RestoredPlugin> {
  try {
    return await work();
  } catch (error) {
    return { kind: 'failed', id, error: asHostError(error, id) };
  }
}

/** What a clock or an option of the host throws concerns the plugin that was to start. */
function asHostError(cause: unknown, subject: string): PluginHostError {
  if (cause instanceof PluginHostError) return cause;
  return new PluginHostError({ kind: 'CannotStart', reason: reasonOf(cause) }, { cause, subject });
}

/** The fields of a record that do not depend on the plugin. */
function placed({ principal, name }: PluginId, sha256: string) {
  return {
    form_version: ADMITTED_PLUGIN_VERSION,
    principal,
    name,
    module_sha256: sha256,
    package_version: PACKAGE_VERSION,
    prepared: null,
  } as const;
}
