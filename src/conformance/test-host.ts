import { recover } from '../failure.ts';
import type { ModuleSource } from '../module-source.ts';
import {
  buildPlugin,
  type CallFailure,
  type CompiledPlugin,
  compilePlugin,
  type Plugin,
  PluginCallError,
} from '../plugin/index.ts';
import { admissionFunctions } from '../protocol/admission-functions.ts';
import type { AdmissionReport } from '../protocol/admit.ts';
import { type DispatchOutcome, dispatchWireCall } from '../protocol/dispatch.ts';
import type { LayerOptions } from '../protocol/handshake.ts';
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
import { SharedFindings } from './shared-findings.ts';

/** The outcome of a call with an arbitrary text. */
export type Answer =
  | { readonly kind: 'answered'; readonly text: string }
  | { readonly kind: 'failed'; readonly failure: CallFailure; readonly message: string };

/** A plugin that is built for one check. */
export class PluginUnderTest {
  readonly #plugin: Plugin;
  readonly #metadata: AugmentedMetadata;
  readonly #factoryState: OpaqueJson;
  #signerState: OpaqueJson | undefined;

  /**
   * @param metadata the metadata of the plugin's record.
   * @param factoryState the `factory_state` of `build_signer`.
   */
  constructor(plugin: Plugin, metadata: AugmentedMetadata, factoryState = OpaqueJson.from(null)) {
    this.#plugin = plugin;
    this.#metadata = metadata;
    this.#factoryState = factoryState;
  }

  /** The state that `build_signer` returns, for `sign` and `on_unauthorized`. Null if it fails. */
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

  /** Calls an export with any text, also one that a host never sends. */
  call(name: string, text: string): Answer {
    return recover<Answer, PluginCallError, Answer>(
      () => ({ kind: 'answered', text: this.#plugin.callText(name, text) }),
      PluginCallError,
      ({ failure, message }) => ({ kind: 'failed', failure, message }),
    );
  }

  /** The negotiated version of a function. */
  version(name: string): number {
    return this.#metadata.negotiated_functions[name] ?? 1;
  }

  /** The fuel that the latest call burned. */
  get fuel(): number {
    return this.#plugin.fuelConsumed;
  }
}

/**
 * The host that checks use: the module, what the layers found out, and a way to build the plugin.
 */
export class TestHost extends SharedFindings {
  readonly wasm: Uint8Array;
  readonly options: ResolvedOptions;
  readonly admission: AdmissionReport;
  /** The kinds that the plugin is verified as. */
  readonly kinds: readonly ConformanceKind[];
  /** The negotiated functions of those kinds. Checks dispatch to these only. */
  readonly functions: readonly WireFunctionName[];
  readonly #source: ModuleSource;
  #compiled: CompiledPlugin | undefined;

  /** @param prepared the module that the bytes became, if they are prepared and are believed. */
  constructor(
    wasm: Uint8Array,
    options: ResolvedOptions,
    admission: AdmissionReport,
    kinds: readonly ConformanceKind[],
    prepared?: WebAssembly.Module | undefined,
  ) {
    super();
    this.wasm = wasm;
    this.#source = prepared ?? wasm;
    this.options = options;
    this.admission = admission;
    this.kinds = kinds;
    const negotiated = negotiatedFunctions(admission);
    this.functions = functionsOf(kinds, 'allowed').filter((name) => negotiated.includes(name));
  }

  /**
   * The compiled module. Compiled at first use. Throws if the handshake could not build the plugin.
   */
  get compiled(): CompiledPlugin {
    this.#compiled ??= compilePlugin(this.#source, { limits: this.options.limits });
    return this.#compiled;
  }

  /**
   * What the host gives a handshake or a self-check: host functions only if the options ask for
   * them.
   */
  layerHost(): Pick<LayerOptions, 'functions' | 'config'> {
    const functions = admissionFunctions(this.admission.identity?.plugin_name ?? '', this.options);
    return { functions, config: this.options.config };
  }

  /** As {@link SharedFindings.once}, with a plugin that is built for `find`. */
  override once<T>(key: object, find: (plugin: PluginUnderTest) => T): T {
    return super.once(key, () => this.withPlugin(find));
  }

  /**
   * Builds the plugin as a host does for dispatch, calls `use` with it, and disposes of it.
   *
   * @param budget replaces budgets of the options.
   * @returns what `use` returns.
   * @throws BuildPluginError if the plugin cannot be built. TypeError if it is not admitted.
   */
  withPlugin<T>(
    use: (plugin: PluginUnderTest) => T,
    budget: { readonly fuel?: number; readonly wallMs?: number; readonly memoryMaxPages?: number } = {},
  ): T {
    const { metadata } = this.admission;
    if (metadata === undefined) throw new TypeError('the plugin is not admitted');
    const { fuel, wallMs, memoryMaxPages, initialMemoryMaxPages, config, clock } = this.options;
    const name = metadata.identity.plugin_name;
    const state = new HostState();
    const functions = hostFunctions({ pluginName: name, storageQuotaBytes: STORAGE_QUOTA_BYTES, state, clock });
    const limits = { fuel, wallMs, memoryMaxPages, initialMemoryMaxPages, ...budget };
    const plugin = buildPlugin(this.compiled, { ...limits, config, name, functions });
    try {
      return use(new PluginUnderTest(plugin, metadata, this.options.factoryState));
    } finally {
      plugin.dispose();
    }
  }
}

/** The functions that a handshake negotiated, sorted by bytes. Empty if it failed. */
export function negotiatedFunctions({ accept }: AdmissionReport): string[] {
  return accept === undefined ? [] : Object.keys(accept.chosen_versions);
}
