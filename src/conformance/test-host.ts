import {
  buildPlugin,
  type CallFailure,
  type CompiledPlugin,
  compilePlugin,
  type Plugin,
  PluginCallError,
} from '../plugin/index.ts';
import type { AdmissionReport } from '../protocol/admit.ts';
import { type DispatchOutcome, dispatchWireCall } from '../protocol/dispatch.ts';
import { HostState, hostFunctions } from '../protocol/host-functions.ts';
import { STORAGE_QUOTA_BYTES } from '../protocol/host-state.ts';
import {
  type AugmentedMetadata,
  OpaqueJson,
  type WireFunction,
  type WireFunctionName,
  type WireInput,
  wire,
} from '../protocol/messages/index.ts';
import { functionsOf } from './kinds.ts';
import type { ResolvedOptions } from './options.ts';
import type { ConformanceKind } from './report.ts';

/** What came of a call with a text of the suite's own. */
export type Answer =
  | { readonly kind: 'answered'; readonly text: string }
  | { readonly kind: 'failed'; readonly failure: CallFailure; readonly message: string };

/** A plugin that was built for one check. */
export class Subject {
  readonly #plugin: Plugin;
  readonly #metadata: AugmentedMetadata;
  readonly #factoryState: OpaqueJson;
  #signerState: OpaqueJson | undefined;

  /**
   * @param metadata the plugin's own.
   * @param factoryState what a signer is made of.
   */
  constructor(plugin: Plugin, metadata: AugmentedMetadata, factoryState = OpaqueJson.from(null)) {
    this.#plugin = plugin;
    this.#metadata = metadata;
    this.#factoryState = factoryState;
  }

  /** What `build_signer` makes of the factory state: the state that `sign` and `on_unauthorized` get. Null when it makes none. */
  get signerState(): OpaqueJson {
    this.#signerState ??= this.#buildSigner();
    return this.#signerState;
  }

  #buildSigner(): OpaqueJson {
    const { buildSigner } = wire.v1;
    const request = { ...buildSigner.dryRunRequest(), factory_state: this.#factoryState };
    const built = this.dispatch(buildSigner, request);
    return built.kind === 'ok' ? built.response.signer_state : OpaqueJson.from(null);
  }

  /** Calls a wire function as a host does. */
  dispatch<Req, Res>(fn: WireFunction<Req, Res>, request: WireInput<Req>): DispatchOutcome<Res> {
    return dispatchWireCall(fn, this.#plugin, this.#metadata, request);
  }

  /** Calls an export with a text that no host would send. */
  call(name: string, text: string): Answer {
    try {
      return { kind: 'answered', text: this.#plugin.callText(name, text) };
    } catch (error) {
      if (!(error instanceof PluginCallError)) throw error;
      return { kind: 'failed', failure: error.failure, message: error.message };
    }
  }

  /** The version that was negotiated for a function. */
  version(name: string): number {
    return this.#metadata.negotiated_functions[name] ?? 1;
  }

  /** What the latest call burnt. */
  get fuel(): number {
    return this.#plugin.fuelConsumed;
  }
}

/** What checks work with: the plugin, what is known of it, and a way to build it as often as needed. */
export class Bench {
  readonly wasm: Uint8Array;
  readonly options: ResolvedOptions;
  readonly admission: AdmissionReport;
  /** What the plugin is verified as. */
  readonly kinds: readonly ConformanceKind[];
  /** The functions of those kinds that it has: what it is dispatched to. */
  readonly functions: readonly WireFunctionName[];
  #compiled: CompiledPlugin | undefined;
  readonly #kept = new Map<object, unknown>();

  constructor(
    wasm: Uint8Array,
    options: ResolvedOptions,
    admission: AdmissionReport,
    kinds: readonly ConformanceKind[],
  ) {
    this.wasm = wasm;
    this.options = options;
    this.admission = admission;
    this.kinds = kinds;
    const negotiated = negotiatedFunctions(admission);
    this.functions = functionsOf(kinds, 'allowed').filter((name) => negotiated.includes(name));
  }

  /** The plugin's module, compiled at first use; only for a plugin that the handshake could build. */
  get compiled(): CompiledPlugin {
    this.#compiled ??= compilePlugin(this.wasm, { limits: this.options.limits });
    return this.#compiled;
  }

  /**
   * What several checks judge, each by another rule, found out once.
   *
   * @param key an object that stands for it, always with the same `find`.
   */
  once<T>(key: object, find: (subject: Subject) => T): T {
    // What is kept under a key was found by the function that belongs to it.
    if (this.#kept.has(key)) return this.#kept.get(key) as T;
    const found = this.withPlugin(find);
    this.#kept.set(key, found);
    return found;
  }

  /**
   * Builds the plugin as a host does to dispatch to it, lets a check use it, and disposes of it.
   *
   * @param budget what differs from the options.
   * @throws BuildPluginError
   */
  withPlugin<T>(
    use: (subject: Subject) => T,
    budget: { readonly fuel?: number; readonly wallMs?: number; readonly memoryMaxPages?: number } = {},
  ): T {
    const { metadata } = this.admission;
    if (metadata === undefined) throw new TypeError('a plugin that is not admitted is not dispatched to');
    const { fuel, wallMs, memoryMaxPages, initialMemoryMaxPages, config, clock } = this.options;
    const name = metadata.identity.plugin_name;
    const state = new HostState();
    const functions = hostFunctions({ pluginName: name, storageQuotaBytes: STORAGE_QUOTA_BYTES, state, clock });
    const limits = { fuel, wallMs, memoryMaxPages, initialMemoryMaxPages, ...budget };
    const plugin = buildPlugin(this.compiled, { ...limits, config, name, functions });
    try {
      return use(new Subject(plugin, metadata, this.options.factoryState));
    } finally {
      plugin.dispose();
    }
  }
}

/** The functions that a handshake came to, in the protocol's order of bytes; none when it failed. */
export function negotiatedFunctions({ accept }: AdmissionReport): string[] {
  return accept === undefined ? [] : Object.keys(accept.chosen_versions);
}
