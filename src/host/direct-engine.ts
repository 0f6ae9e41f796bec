import { unixSeconds } from '../clock.ts';
import { reasonOf } from '../failure.ts';
import { encodeHex } from '../hex.ts';
import {
  type AdmitHooksOptions,
  admitHooksAsync,
  type Hook,
  type HookInspection,
  type HookOutcome,
  type HookPlugin,
  type HookSlotKind,
} from '../hooks/index.ts';
import { compilePluginAsync, Plugin } from '../plugin/index.ts';
import { admitAsync } from '../protocol/admit.ts';
import { type DispatchOutcome, dispatchWireCall } from '../protocol/dispatch.ts';
import type { AugmentedMetadata, WireFunction, WireInput } from '../protocol/messages/index.ts';
import { hostOfferHash } from '../protocol/offer.ts';
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
import { WireInstances, wasStopped } from './wire-instances.ts';

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
    if (metadata === undefined || slots === undefined) return { report };
    const { preparation } = await compilePluginAsync(bytes, { limits });
    const findings = {
      kind: 'protocol',
      kernel: preparation.link === undefined ? 'instance' : 'linked',
      offer_sha256: encodeHex(await hostOfferHash(offer)),
      slots,
      record: { plugin_id: idOf(id), augmented_metadata: metadata, registered_at: unixSeconds(clock) },
    } as const;
    return { report, findings };
  }

  async #admitHooks({ bytes, id }: PluginModule): Promise<EngineAdmission> {
    const telemetry = telemetryOfPlugin(this.#context.telemetry, PROBED);
    const { report } = await admitHooksAsync(bytes, { ...this.#hookOptions(id), telemetry });
    const { admitted, inspection } = report;
    if (!admitted || inspection === undefined) return { report };
    const findings = {
      kind: 'hooks',
      slot: slotOf(inspection),
      fingerprints: Object.fromEntries(inspection.hooks.map(({ name, fingerprint }) => [name, fingerprint])),
      metadata: inspection.metadata,
      admitted_at: unixSeconds(this.#context.clock),
    } as const;
    return { report, findings };
  }

  async #startWire(
    { bytes, id, prepared }: PluginModule,
    metadata: AugmentedMetadata,
    builds: boolean,
  ): Promise<DirectWireRunner> {
    const { limits, calls, telemetry, functionsOf, configOf, instancesOf, replaceAfterTrap, metrics } = this.#context;
    const { name } = id;
    const onReplaced = replaceAfterTrap ? () => metrics.replaced('instance') : undefined;
    try {
      const source = prepared === undefined ? bytes : await WebAssembly.compile(prepared);
      const compiled = await compilePluginAsync(source, { limits });
      const build = (): Plugin =>
        new Plugin(compiled, {
          ...calls,
          name,
          telemetry,
          functions: functionsOf(id, metadata.identity.plugin_name),
          config: configOf(id),
        });
      const instances = new WireInstances(build, instancesOf(id), onReplaced);
      if (builds) instances.buildFirst();
      return new DirectWireRunner(id, instances, metadata, telemetry);
    } catch (error) {
      return cannotStart(id, error);
    }
  }

  async #startHooks({ bytes, id, prepared }: PluginModule): Promise<DirectHookRunner> {
    try {
      const source = prepared === undefined ? bytes : await WebAssembly.compile(prepared);
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

/** A plugin that declares the hook `filter` is for that slot, as in cc-lb. */
function slotOf({ hooks }: HookInspection): HookSlotKind {
  return hooks.some(({ name }) => name === 'filter') ? 'filter' : 'shape';
}

function cannotStart(id: PluginId, cause: unknown): never {
  const reason = reasonOf(cause);
  throw new PluginHostError({ kind: 'CannotStart', reason }, { cause, subject: id.name });
}

/** A plugin of generation 1 on this thread. Its instances are built when they are first called. */
export class DirectWireRunner implements WireRunner {
  readonly generation = 1;
  readonly #id: PluginId;
  readonly #instances: WireInstances;
  readonly #metadata: AugmentedMetadata;
  readonly #telemetry: Telemetry;

  constructor(id: PluginId, instances: WireInstances, metadata: AugmentedMetadata, telemetry: Telemetry) {
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
    return this.dispatchSync(fn, request, options);
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

  /** Calls the plugin at once. */
  dispatchSync<Req, Res>(hook: Hook<Req, Res>, request: Req): HookOutcome<Res> {
    return this.#plugin.call(hook, request);
  }

  async dispatch<Req, Res>(hook: Hook<Req, Res>, request: Req): Promise<HookOutcome<Res>> {
    return this.dispatchSync(hook, request);
  }

  /** Does nothing: each call has an instance of its own. */
  async dispose(): Promise<void> {}
}
