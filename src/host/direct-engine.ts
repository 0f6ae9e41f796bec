import type { UsedResult } from '../call-use.ts';
import { unixSeconds } from '../clock.ts';
import { refusalOf } from '../compilation.ts';
import { reasonOf, resultOf } from '../failure.ts';
import { encodeHex } from '../hex.ts';
import {
  type AdmitHooksOptions,
  admitHooksAsync,
  type Hook,
  HookCallError,
  HookCompileError,
  type HookInspection,
  type HookOutcome,
  type HookPlugin,
  type HookSlotKind,
  hooks,
} from '../hooks/index.ts';
import { CompilePluginError } from '../plugin/compile-error.ts';
import { compilePluginAsync, Plugin, PluginCallError } from '../plugin/index.ts';
import { type AdmissionReport, admitAsync } from '../protocol/admit.ts';
import { type DispatchOutcome, dispatchWireCall } from '../protocol/dispatch.ts';
import type { AugmentedMetadata, WireFunction, WireInput } from '../protocol/messages/index.ts';
import { hostOfferHash } from '../protocol/offer.ts';
import { interruptedDispatch } from '../protocol/remote-dispatch.ts';
import type { Telemetry } from '../telemetry.ts';
import { telemetryOfPlugin } from './contained-telemetry.ts';
import type {
  CallOptions,
  EngineAdmission,
  EngineContext,
  HookRunner,
  PluginEngine,
  PluginModule,
  WireRunner,
} from './engine.ts';
import { PluginHostError } from './host-error.ts';
import { idOf, type PluginId } from './key.ts';
import { stoppedCall, WireInstances, wasStopped } from './wire-instances.ts';

/**
 * The label of all plugins that are probed: without it, whoever may only try plugins would choose
 * labels.
 */
const PROBED = '(probed)';

/** A plugin on the thread of the host. */
export type DirectRunner = DirectWireRunner | DirectHookRunner;

/** Runs plugins on the thread of the host: a call blocks it until it ends. */
export class DirectEngine implements PluginEngine<DirectRunner> {
  readonly #context: EngineContext;

  constructor(context: EngineContext) {
    this.#context = context;
  }

  admit(module: PluginModule): Promise<EngineAdmission> {
    return module.generation === 1 ? this.#admitWire(module) : this.#admitHooks(module);
  }

  start(module: PluginModule, metadata: AugmentedMetadata | undefined, builds: boolean): Promise<DirectRunner> {
    return metadata === undefined ? this.#startHooks(module) : this.#startWire(module, metadata, builds);
  }

  async close(): Promise<void> {}

  async #admitWire({ bytes, id }: PluginModule): Promise<EngineAdmission> {
    const { offer, clock, telemetry, limits, admission, hostFunctions, admissionStorage } = this.#context;
    const storage = admissionStorage && (() => admissionStorage(id));
    const report = await admitAsync(bytes, { ...admission, offer, clock, telemetry, limits, hostFunctions, storage });
    const { metadata, slots } = report;
    if (metadata === undefined || slots === undefined) {
      checkVerdict(id, report);
      return { report };
    }
    const { preparation, module: compiled } = await compilePluginAsync(bytes, { limits });
    const findings = {
      kind: 'protocol',
      kernel: preparation.link === undefined ? 'instance' : 'linked',
      offer_sha256: encodeHex(await hostOfferHash(offer)),
      slots,
      record: { plugin_id: idOf(id), augmented_metadata: metadata, registered_at: unixSeconds(clock) },
    } as const;
    return { report, findings, compiled };
  }

  async #admitHooks({ bytes, id }: PluginModule): Promise<EngineAdmission> {
    const telemetry = telemetryOfPlugin(this.#context.telemetry, PROBED);
    const { report, plugin } = await admitHooksAsync(bytes, { ...this.#hookOptions(id), telemetry });
    const { admitted, inspection } = report;
    if (!admitted || inspection === undefined || plugin === undefined) return { report };
    const findings = {
      kind: 'hooks',
      slot: slotOf(inspection),
      fingerprints: Object.fromEntries(inspection.hooks.map(({ name, fingerprint }) => [name, fingerprint])),
      metadata: inspection.metadata,
      admitted_at: unixSeconds(this.#context.clock),
    } as const;
    return { report, findings, compiled: plugin.module };
  }

  async #startWire(
    { id, ...module }: PluginModule,
    metadata: AugmentedMetadata,
    builds: boolean,
  ): Promise<DirectWireRunner> {
    const { limits, calls, telemetry, functionsOf, configOf, instancesOf, replaceAfterTrap, metrics } = this.#context;
    const { name } = id;
    const onReplaced = replaceAfterTrap ? () => metrics.replaced('instance') : undefined;
    try {
      const compiled = await compilePluginAsync(await sourceOf(module, CompilePluginError), { limits });
      const build = (): Plugin =>
        new Plugin(compiled, {
          ...calls,
          name,
          telemetry,
          functions: functionsOf(id, metadata.identity.plugin_name),
          config: configOf(id),
        });
      const instances = new WireInstances(build, instancesOf(id), onReplaced);
      if (builds) instances.tryBuild();
      return new DirectWireRunner(id, compiled.module, instances, metadata, telemetry);
    } catch (error) {
      return cannotStart(id, error);
    }
  }

  async #startHooks({ id, ...module }: PluginModule): Promise<DirectHookRunner> {
    try {
      const source = await sourceOf(module, HookCompileError);
      const { plugin, report } = await admitHooksAsync(source, { ...this.#hookOptions(id), runsProbes: false });
      if (plugin !== undefined) return new DirectHookRunner(plugin);
      throw new Error(report.steps.find(({ error }) => error !== undefined)?.error?.message);
    } catch (error) {
      return cannotStart(id, error);
    }
  }

  #hookOptions({ name }: PluginId): AdmitHooksOptions {
    const { hooks, limits, telemetry } = this.#context;
    return { ...hooks, limits, telemetry, pluginLabel: name };
  }
}

/**
 * Returns what a plugin is compiled from: the form of its module that costs the least.
 *
 * @param Refused the class of the error, if the engine may not compile.
 */
async function sourceOf(
  { bytes, prepared, compiled }: Omit<PluginModule, 'id'>,
  Refused: typeof CompilePluginError | typeof HookCompileError,
): Promise<Uint8Array<ArrayBuffer> | WebAssembly.Module> {
  if (compiled !== undefined || prepared === undefined) return compiled ?? bytes;
  try {
    return await WebAssembly.compile(prepared);
  } catch (cause) {
    const reason = refusalOf(cause);
    throw reason === undefined ? cause : new Refused({ kind: 'CompilationRefused', reason }, { cause });
  }
}

/** A plugin that declares the hook `filter` is for that slot, as in cc-lb. */
function slotOf({ hooks }: HookInspection): HookSlotKind {
  return hooks.some(({ name }) => name === 'filter') ? 'filter' : 'shape';
}

function cannotStart(id: PluginId, cause: unknown): never {
  const reason = reasonOf(cause);
  checkMemory(id, reason, cause);
  throw new PluginHostError({ kind: 'CannotStart', reason }, { cause, subject: id.name });
}

/** What engines say if they cannot make another memory. */
const OUT_OF_MEMORY = /out of memory|could not allocate memory/i;

/**
 * @param reason why a plugin could not be instantiated.
 * @throws PluginHostError `EngineMemory` if the engine is the reason, and not the plugin.
 */
function checkMemory(id: PluginId, reason: string, cause?: unknown): void {
  if (OUT_OF_MEMORY.test(reason))
    throw new PluginHostError({ kind: 'EngineMemory', reason }, { cause, subject: id.name });
}

/** Checks that a plugin which was not admitted is itself the reason. */
function checkVerdict(id: PluginId, { layers }: AdmissionReport): void {
  for (const { error } of layers) if (error?.kind === 'Instantiate') checkMemory(id, error.message);
}

/** A plugin of generation 1 on this thread. Its instances are built when they are first called. */
export class DirectWireRunner implements WireRunner {
  readonly generation = 1;
  /** What the engine compiled. */
  readonly compiled: WebAssembly.Module;
  readonly #id: PluginId;
  readonly #instances: WireInstances;
  readonly #metadata: AugmentedMetadata;
  readonly #telemetry: Telemetry;

  constructor(
    id: PluginId,
    compiled: WebAssembly.Module,
    instances: WireInstances,
    metadata: AugmentedMetadata,
    telemetry: Telemetry,
  ) {
    this.compiled = compiled;
    this.#id = id;
    this.#instances = instances;
    this.#metadata = metadata;
    this.#telemetry = telemetry;
  }

  /**
   * Calls the plugin at once.
   *
   * @throws PluginHostError `CannotStart` if it cannot be built.
   */
  dispatchSync<Req, Res>(
    fn: WireFunction<Req, Res>,
    request: WireInput<Req>,
    { affinity }: CallOptions,
  ): DispatchOutcome<Res> {
    const plugin = this.#next(affinity);
    const outcome = dispatchWireCall(fn, plugin, this.#metadata, request, { telemetry: this.#telemetry });
    if (wasStopped(outcome)) this.#instances.replace(plugin);
    return outcome;
  }

  async dispatch<Req, Res>(
    fn: WireFunction<Req, Res>,
    request: WireInput<Req>,
    options: CallOptions,
  ): Promise<DispatchOutcome<Res>> {
    const { signal } = options;
    if (signal?.aborted !== true) return this.dispatchSync(fn, request, options);
    return interruptedDispatch(fn, { kind: 'Aborted' }, signal.reason, { telemetry: this.#telemetry });
  }

  /**
   * Calls the plugin with a request that was written elsewhere.
   *
   * @param request JSON in UTF-8.
   * @returns a copy of the output, which nobody has read yet; or the PluginCallError of the call.
   * @throws PluginHostError `CannotStart`.
   */
  callBytes(name: string, request: Uint8Array): UsedResult<Uint8Array<ArrayBuffer>> {
    const plugin = this.#next(undefined);
    const result = resultOf(() => plugin.call(name, request));
    const used = plugin.lastUse;
    const isStopped = !result.ok && result.error instanceof PluginCallError && stoppedCall(result.error.failure);
    if (isStopped) this.#instances.replace(plugin);
    return { ...result, used };
  }

  async dispose(): Promise<void> {
    this.#instances.dispose();
  }

  #next(affinity: number | undefined): Plugin {
    try {
      return this.#instances.next(affinity);
    } catch (error) {
      return cannotStart(this.#id, error);
    }
  }
}

/** A hook plugin on this thread. */
export class DirectHookRunner implements HookRunner {
  readonly generation = 2;
  readonly #plugin: HookPlugin;

  constructor(plugin: HookPlugin) {
    this.#plugin = plugin;
  }

  /** What the engine compiled. */
  get compiled(): WebAssembly.Module {
    return this.#plugin.module;
  }

  /** Calls the plugin at once. */
  dispatchSync<Req, Res>(hook: Hook<Req, Res>, request: Req): HookOutcome<Res> {
    return this.#plugin.call(hook, request);
  }

  async dispatch<Req, Res>(hook: Hook<Req, Res>, request: Req, { signal }: CallOptions): Promise<HookOutcome<Res>> {
    if (signal?.aborted !== true) return this.dispatchSync(hook, request);
    const options = { cause: signal.reason, subject: hook.name };
    return { kind: 'error', error: new HookCallError({ kind: 'Aborted' }, options) };
  }

  /**
   * Calls the plugin with a request that was written elsewhere.
   *
   * @param request an archive.
   * @returns a copy of the answer, which nobody has read yet; or the HookCallError of the call.
   * @throws TypeError if there is no such hook.
   */
  callBytes(name: string, request: Uint8Array): UsedResult<Uint8Array<ArrayBuffer>> {
    const hook = hooks.find((each) => each.name === name);
    if (hook === undefined) throw new TypeError(`there is no hook ${name}`);
    const outcome = this.#plugin.callArchive(hook, request);
    const { used } = outcome;
    return outcome.kind === 'ok'
      ? { ok: true, value: outcome.response, used }
      : { ok: false, error: outcome.error, used };
  }

  /** Does nothing: each call has an instance of its own. */
  async dispose(): Promise<void> {}
}
