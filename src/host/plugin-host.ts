import { unixSeconds } from '../clock.ts';
import { generationOf } from '../generation/index.ts';
import { encodeHex } from '../hex.ts';
import type { Hook, HookAdmissionReport, HookOutcome } from '../hooks/index.ts';
import { checkedKey } from '../hooks/slots/slot.ts';
import { MODULE_LIMITS } from '../metering/limits.ts';
import { adviceOn, copyBytes, isBytes, MODULE_BYTES, type ModuleBytes } from '../module-source.ts';
import { checkArgument, checkOptions, isObject } from '../option-rules.ts';
import type { AdmissionReport } from '../protocol/admit.ts';
import type { DispatchOutcome } from '../protocol/dispatch.ts';
import type { AugmentedMetadata, WireFunction, WireInput } from '../protocol/messages/index.ts';
import { hostOfferHash } from '../protocol/offer.ts';
import { sha256Hex } from '../sha256.ts';
import { PACKAGE_VERSION } from '../version.ts';
import { ADMITTED_PLUGIN_VERSION, type AdmissionNeed, type AdmittedPlugin, needsAdmission } from './admitted-plugin.ts';
import { DirectEngine, type DirectRunner } from './direct-engine.ts';
import {
  type CallOptions,
  callRules,
  type EngineAdmission,
  type EngineContext,
  type PluginEngine,
  type PluginModule,
  type PluginRunner,
} from './engine.ts';
import { PluginHostError, type PluginHostFailure } from './host-error.ts';
import { idOf, type PluginId, type PluginKey } from './key.ts';
import { type PluginHostOptions, type SettledHost, settleHost } from './options.ts';
import { readRecord } from './registry.ts';
import { ServedPlugin } from './served-plugin.ts';
import { Sequences, Turns } from './turns.ts';

/** The target of the log events of a host. */
const LOG_TARGET = 'cc_lb_plugin.host';

/** The report of an admission, of either generation. */
export type PluginReport = AdmissionReport | HookAdmissionReport;

/**
 * The outcome of a registration. Only `registered` and `swapped` change what serves.
 *
 * - `registered`: the key has its first plugin.
 * - `swapped`: the plugin took the place of another one.
 * - `unchanged`: the key has a plugin of the same bytes already, and keeps it.
 * - `rejected`: the plugin was not admitted.
 */
export type PluginRegistration =
  | { readonly kind: 'registered' | 'swapped'; readonly plugin: AdmittedPlugin; readonly report: PluginReport }
  | { readonly kind: 'unchanged'; readonly plugin: AdmittedPlugin }
  | { readonly kind: 'rejected'; readonly report: PluginReport };

/**
 * What became of one record at a start.
 *
 * - `restored`: the record is fresh. Nothing of the plugin ran.
 * - `admitted`: the plugin was admitted again, for the reason `need`.
 * - `rejected`: it had to be admitted again, and was not.
 * - `failed`: the record or the module cannot be read, or there was no time left.
 */
export type RestoredPlugin =
  | { readonly kind: 'restored'; readonly id: string; readonly plugin: AdmittedPlugin }
  | { readonly kind: 'admitted'; readonly id: string; readonly need: AdmissionNeed; readonly plugin: AdmittedPlugin }
  | { readonly kind: 'rejected'; readonly id: string; readonly need: AdmissionNeed; readonly report: PluginReport }
  | { readonly kind: 'failed'; readonly id: string; readonly error: PluginHostError };

/**
 * The plugins of a host, of both generations: admitted, recorded, and swapped while they serve.
 *
 * What is asked for one key happens in the order of the calls. If it fails, nothing has changed:
 * the plugin that served goes on.
 */
export class PluginHost<Runner extends PluginRunner> {
  readonly #settled: SettledHost;
  readonly #engine: PluginEngine<Runner>;
  readonly #served = new Map<string, ServedPlugin<Runner>>();
  /** Keys without a plugin, with how many registrations of them are under way. */
  readonly #coming = new Map<string, number>();
  readonly #sequences = new Sequences();
  readonly #admissions: Turns;
  /** Bounds how many modules a start holds at once. */
  readonly #restores: Turns;
  #registering = 0;
  #isClosed = false;

  /**
   * Makes a host. {@link PluginHost.direct} is for plugins on this thread.
   *
   * @param engine makes what runs the plugins.
   * @throws TypeError if `options` is malformed.
   */
  constructor(options: PluginHostOptions, engine: (context: EngineContext) => PluginEngine<Runner>) {
    this.#settled = settleHost(options);
    this.#admissions = new Turns(this.#settled.admissionsMax);
    this.#restores = new Turns(this.#settled.admissionsMax);
    this.#engine = engine(this.#settled.context);
  }

  /** Makes a host whose plugins run on this thread: a call blocks it until it ends. */
  static direct(options: PluginHostOptions = {}): PluginHost<DirectRunner> {
    return new PluginHost(options, (context) => new DirectEngine(context));
  }

  /**
   * Admits a plugin, records it, and lets it serve. Admits nothing if the key has a plugin of the
   * same bytes.
   *
   * @param wasm the bytes of the module, which are copied.
   * @returns a promise of the outcome.
   * @throws in the promise: TypeError if an argument is malformed; PluginHostError
   * `ModuleTooLarge`, `NotAPlugin`, `TooManyPlugins`, `Saturated`, `CannotStart`, `StoreFailed` or
   * `Closed`. Then nothing has changed.
   */
  async register(key: PluginKey, wasm: ModuleBytes): Promise<PluginRegistration> {
    const id = checkedKey(key);
    this.#checkOpen();
    const max = this.#settled.admissionsMax + this.#settled.waitingAdmissionsMax;
    if (this.#registering >= max) throw hostError({ kind: 'Saturated', waiting: 'admissions', max }, id);
    const module = this.#moduleOf(id, wasm);
    // Before the first await, so that of several calls the first ones get the places.
    const giveBack = this.#reserve(id);
    this.#registering++;
    try {
      return await this.#sequences.run(idOf(id), () => this.#register(module));
    } finally {
      this.#registering--;
      giveBack();
    }
  }

  /**
   * Takes a plugin out of service, and forgets its record. Calls under way end on it.
   *
   * @returns a promise of whether there was such a plugin.
   * @throws in the promise: TypeError if the key is malformed; PluginHostError `StoreFailed`. Then
   * nothing has changed.
   */
  async remove(key: PluginKey): Promise<boolean> {
    const id = checkedKey(key);
    const text = idOf(id);
    return await this.#sequences.run(text, async () => {
      const served = this.#served.get(text);
      await this.#settled.registry.delete(id);
      this.#served.delete(text);
      await served?.retire();
      return served !== undefined;
    });
  }

  /** Returns what serves a key; `undefined` if there is no such plugin. */
  get(key: PluginKey): AdmittedPlugin | undefined {
    return this.#served.get(idOf(checkedKey(key)))?.admitted;
  }

  /** Returns what serves, in the order of the first registrations. */
  list(): AdmittedPlugin[] {
    return Array.from(this.#served.values(), ({ admitted }) => admitted);
  }

  /**
   * Calls a plugin. If it fails, the outcome says so.
   *
   * @param fn a wire function, such as `wire.v3.filter`, for a plugin of generation 1; or a hook,
   * such as `filterHook`, for a hook plugin.
   * @param options `affinity` keeps calls on one instance of several; `signal` ends the call.
   * @returns a promise of the outcome.
   * @throws in the promise: TypeError if an argument is malformed; PluginHostError `NotRegistered`,
   * `WrongGeneration` or `CannotStart`; in workers and processes also `Saturated`,
   * `TooManyAbandoned`, `RemoteEnded`, `DeadlineExceeded` or `HostModuleFailed`. Exceptions from the
   * telemetry propagate.
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
  async dispatch(
    key: PluginKey,
    fn: WireFunction<unknown, unknown> | Hook,
    request: never,
    options: CallOptions = {},
  ): Promise<unknown> {
    const { served, id } = this.#find(key);
    checkOptions(options, callRules);
    return await served.call((runner: PluginRunner): Promise<unknown> => {
      if (runner.generation === 1) return runner.dispatch(wireFunction(fn, id), request, options);
      return runner.dispatch(hookOf(fn, id), request, options);
    });
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
    fn: WireFunction<unknown, unknown> | Hook,
    request: never,
    options: CallOptions = {},
  ): unknown {
    const { served, id } = this.#find(key);
    checkOptions(options, callRules);
    return served.callSync((runner) => {
      if (runner.generation === 1) return runner.dispatchSync(wireFunction(fn, id), request, options);
      return runner.dispatchSync(hookOf(fn, id), request);
    });
  }

  /**
   * Starts the plugins that the store has records of. A plugin whose record is fresh is compiled,
   * and nothing of it runs; the others are admitted again, as long as there is time. A key that has
   * a plugin already is left alone.
   *
   * @returns a promise of what became of each record. A record that fails stays in the store.
   * @throws in the promise: PluginHostError `StoreFailed` if the records cannot be read, or
   * `Closed`.
   */
  async restore(): Promise<RestoredPlugin[]> {
    this.#checkOpen();
    const { registry, restoreMs } = this.#settled;
    const entries = await registry.entries();
    const endsAt = performance.now() + restoreMs;
    return await Promise.all(
      entries.map(([id, text]) =>
        this.#sequences.run(id, () => this.#restores.run(() => this.#restore(id, text, endsAt))),
      ),
    );
  }

  /** Takes all plugins out of service. What is asked for later fails as `Closed`. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const retired = Array.from(this.#served.values(), (served) => served.retire());
    this.#served.clear();
    await Promise.all(retired);
    await this.#engine.close();
  }

  async #register(module: PluginModule): Promise<PluginRegistration> {
    this.#checkOpen();
    const { id } = module;
    const sha256 = await sha256Hex(module.bytes);
    const before = this.#served.get(idOf(id))?.admitted;
    if (before?.module_sha256 === sha256) return { kind: 'unchanged', plugin: before };
    const { report, findings } = await this.#admissions.run(() => this.#engine.admit(module));
    if (findings === undefined) return { kind: 'rejected', report };
    const plugin = await this.#begin(module, { ...placed(id, sha256), ...findings });
    return { kind: before === undefined ? 'registered' : 'swapped', plugin, report };
  }

  /** Starts a plugin that was just admitted, records it, and lets it serve. */
  async #begin(module: PluginModule, admitted: AdmittedPlugin): Promise<AdmittedPlugin> {
    const runner = await this.#engine.start(module, metadataOf(admitted), true);
    try {
      await this.#settled.registry.put(admitted, module.bytes);
      this.#checkOpen();
    } catch (error) {
      await runner.dispose();
      throw error;
    }
    await this.#serve(module.id, new ServedPlugin(admitted, runner));
    return admitted;
  }

  async #serve(id: PluginId, served: ServedPlugin<Runner>): Promise<void> {
    const before = this.#served.get(idOf(id));
    this.#served.set(idOf(id), served);
    await before?.retire();
    const count = this.#served.size;
    if (before !== undefined || count !== this.#settled.pluginsSoftMax) return;
    const message = 'there are as many plugins as a host should have';
    const fields = { plugins: String(count), max: String(this.#settled.pluginsMax) };
    this.#settled.context.telemetry.log({ level: 'warn', target: LOG_TARGET, message, fields });
  }

  async #restore(id: string, text: string, endsAt: number): Promise<RestoredPlugin> {
    try {
      return await this.#restored(id, readRecord(id, text), endsAt);
    } catch (error) {
      if (error instanceof PluginHostError) return { kind: 'failed', id, error };
      throw error;
    }
  }

  async #restored(id: string, admitted: AdmittedPlugin, endsAt: number): Promise<RestoredPlugin> {
    this.#checkOpen();
    const served = this.#served.get(id)?.admitted;
    if (served !== undefined) return { kind: 'restored', id, plugin: served };
    const module = this.#moduleOf(checkedKey(admitted), await this.#settled.registry.module(admitted));
    const { offer, clock } = this.#settled.context;
    const need = needsAdmission(admitted, encodeHex(await hostOfferHash(offer)), unixSeconds(clock));
    const giveBack = this.#reserve(module.id);
    try {
      if (need === undefined) {
        const runner = await this.#engine.start(module, metadataOf(admitted), false);
        await this.#serve(module.id, new ServedPlugin(admitted, runner));
        return { kind: 'restored', id, plugin: admitted };
      }
      const { report, findings } = await this.#admissions.run(() => this.#admitInTime(module, endsAt));
      if (findings === undefined) return { kind: 'rejected', id, need, report };
      const plugin = await this.#begin(module, { ...placed(module.id, admitted.module_sha256), ...findings });
      return { kind: 'admitted', id, need, plugin };
    } finally {
      giveBack();
    }
  }

  async #admitInTime(module: PluginModule, endsAt: number): Promise<EngineAdmission> {
    const { restoreMs: budgetMs } = this.#settled;
    if (performance.now() >= endsAt) throw hostError({ kind: 'StartupBudget', budgetMs }, module.id);
    return await this.#engine.admit(module);
  }

  #moduleOf(id: PluginId, wasm: ModuleBytes): PluginModule {
    checkArgument('wasm', isBytes(wasm), `${MODULE_BYTES}${adviceOn(wasm)}`);
    const { byteLength } = wasm;
    const max = this.#settled.context.limits.moduleBytes ?? MODULE_LIMITS.moduleBytes.byDefault;
    if (byteLength > max) throw hostError({ kind: 'ModuleTooLarge', bytes: byteLength, max }, id);
    const bytes = new Uint8Array(copyBytes(wasm) ?? []);
    const generation = generationOf(bytes);
    if (generation === undefined) throw hostError({ kind: 'NotAPlugin' }, id);
    return { id, generation, bytes };
  }

  /**
   * Keeps a place for a plugin whose key is new, until the registration ends.
   *
   * @returns what gives the place back.
   */
  #reserve(id: PluginId): () => void {
    const text = idOf(id);
    if (this.#served.has(text)) return () => undefined;
    const { pluginsMax: max } = this.#settled;
    const others = Array.from(this.#coming.keys()).filter((key) => key !== text && !this.#served.has(key));
    if (this.#served.size + others.length >= max) throw hostError({ kind: 'TooManyPlugins', max }, id);
    this.#coming.set(text, (this.#coming.get(text) ?? 0) + 1);
    return () => {
      const left = (this.#coming.get(text) ?? 1) - 1;
      if (left === 0) this.#coming.delete(text);
      else this.#coming.set(text, left);
    };
  }

  #find(key: PluginKey): { readonly served: ServedPlugin<Runner>; readonly id: PluginId } {
    const id = checkedKey(key);
    const served = this.#served.get(idOf(id));
    if (served !== undefined) return { served, id };
    throw hostError(this.#isClosed ? { kind: 'Closed' } : { kind: 'NotRegistered' }, id);
  }

  #checkOpen(): void {
    if (this.#isClosed) throw new PluginHostError({ kind: 'Closed' });
  }
}

function hostError(failure: PluginHostFailure, { name: subject }: PluginId): PluginHostError {
  return new PluginHostError(failure, { subject });
}

/** The fields of a record that do not depend on the plugin. */
function placed({ principal, name }: PluginId, sha256: string) {
  return {
    form_version: ADMITTED_PLUGIN_VERSION,
    principal,
    name,
    module_sha256: sha256,
    package_version: PACKAGE_VERSION,
  } as const;
}

function metadataOf(admitted: AdmittedPlugin): AugmentedMetadata | undefined {
  return admitted.kind === 'protocol' ? admitted.record.augmented_metadata : undefined;
}

type AnyFunction = WireFunction<unknown, unknown> | Hook;

function isHook(fn: AnyFunction): fn is Hook {
  checkArgument('fn', isObject(fn) && 'name' in fn, 'a wire function, such as wire.v3.filter, or a hook');
  return 'exportName' in fn;
}

function wireFunction(fn: AnyFunction, id: PluginId): WireFunction<unknown, unknown> {
  if (!isHook(fn)) return fn;
  throw hostError({ kind: 'WrongGeneration', function: fn.name, generation: 1 }, id);
}

function hookOf(fn: AnyFunction, id: PluginId): Hook {
  if (isHook(fn)) return fn;
  throw hostError({ kind: 'WrongGeneration', function: fn.name, generation: 2 }, id);
}
