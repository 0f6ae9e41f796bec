import { FailureError, type FailureMessages, translate } from '../failure.ts';
import { layerHint } from '../hints/index.ts';
import { limitRule, type OptionRules } from '../option-rules.ts';
import { isCompiledPlugin } from '../plugin/compiled-plugin.ts';
import { BuildPluginError, compilePlugin, Plugin } from '../plugin/index.ts';
import { type AdmissionReport, admit, type Candidate } from '../protocol/admit.ts';
import { type DispatchOutcome, dispatchWireCall } from '../protocol/dispatch.ts';
import { HostState, hostFunctions } from '../protocol/host-functions.ts';
import { STORAGE_QUOTA_BYTES } from '../protocol/host-state.ts';
import type { AugmentedMetadata, WireFunction, WireInput } from '../protocol/messages/index.ts';
import type { LogEvent, Telemetry } from '../telemetry.ts';
import { resolveOptions, type TestHostOptions, testHostOptionRules } from './options.ts';

/**
 * Why no session could be opened.
 *
 * - `NotAdmitted`: the plugin failed a layer. `admission` says which, and why.
 * - `NotBuilt`: the plugin was admitted, but cannot be built with these options.
 */
export type SessionFailure =
  | { readonly kind: 'NotAdmitted'; readonly admission: AdmissionReport }
  | { readonly kind: 'NotBuilt'; readonly reason: string };

const messages: FailureMessages<SessionFailure> = {
  NotAdmitted: ({ admission }) => {
    const failed = admission.layers.find(({ status }) => status === 'failed');
    const hint = failed && layerHint(failed);
    const reason = [failed?.error?.message, hint].filter((text) => text !== undefined).join('. ');
    return `the plugin is rejected at layer ${failed?.layer}: ${reason}`;
  },
  NotBuilt: (f) => `the plugin cannot be built for dispatch: ${f.reason}`,
};

/** Thrown if a session cannot be opened. */
export class SessionError extends FailureError<SessionFailure> {
  override readonly name = 'SessionError';

  protected override get messages(): FailureMessages<SessionFailure> {
    return messages;
  }
}

/** A counter that was raised. */
export interface RaisedCounter {
  readonly name: string;
  readonly value: number | bigint;
  readonly labels: Readonly<Record<string, string>>;
}

/** Options of the host of a session. */
export interface SessionOptions extends TestHostOptions {
  /** Bytes that the plugin may store: 1 MiB by default. */
  readonly storageQuotaBytes?: number | undefined;
}

/** A request, or a builder of one. */
export type RequestLike<Req> = WireInput<Req> | { build(): WireInput<Req> };

/**
 * One admitted plugin, and a host that records logs, counters and storage: for an author's own
 * tests. {@link openSession} makes it. The plugin keeps its memory from dispatch to dispatch, and
 * stays usable after a fallback.
 */
export class Session {
  /** The report of the layers. */
  readonly admission: AdmissionReport;
  /** The metadata of the record: identity, negotiated functions. */
  readonly metadata: AugmentedMetadata;
  readonly #plugin: Plugin;
  readonly #seen: HostRecord;

  /** Use {@link openSession}. */
  constructor(admission: AdmissionReport, metadata: AugmentedMetadata, plugin: Plugin, seen: HostRecord) {
    this.admission = admission;
    this.metadata = metadata;
    this.#plugin = plugin;
    this.#seen = seen;
  }

  /**
   * Calls a wire function as a host does (abi/PROTOCOL.md, Layer 5). Never throws because of the
   * plugin.
   */
  dispatch<Req, Res>(fn: WireFunction<Req, Res>, request: RequestLike<Req>): DispatchOutcome<Res> {
    const built = isBuilder(request) ? request.build() : request;
    return dispatchWireCall(fn, this.#plugin, this.metadata, built, { telemetry: this.#seen });
  }

  /**
   * Calls any export with any input, outside the protocol: for functions that exist for tests.
   *
   * @throws PluginCallError
   */
  callText(name: string, input = ''): string {
    return this.#plugin.callText(name, input);
  }

  /** The fuel that the latest call burned. */
  get fuelConsumed(): number {
    return this.#plugin.fuelConsumed;
  }

  /**
   * All log events since the session was opened, in order: the plugin's, and the host's on
   * fallbacks.
   */
  get logs(): readonly LogEvent[] {
    return this.#seen.logs;
  }

  /** All counters that plugin and host raised, in order. */
  get counters(): readonly RaisedCounter[] {
    return this.#seen.counters;
  }

  /** The plugin's storage by key. The values are copies. */
  get storage(): ReadonlyMap<string, Uint8Array> {
    return this.#seen.storage();
  }

  /** Releases the plugin's memory. Idempotent. Later dispatches fall back with `Disposed`. */
  dispose(): void {
    this.#plugin.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}

const optionRules: OptionRules<SessionOptions> = { ...testHostOptionRules, storageQuotaBytes: limitRule };

/**
 * Admits a plugin and builds it, for an author's own tests.
 *
 * @throws SessionError `NotAdmitted`, `NotBuilt`; TypeError if an option is malformed.
 */
export function openSession(wasm: Candidate, options: SessionOptions = {}): Session {
  const { hostCapabilities, limits, clock, config, ...budget } = resolveOptions(options, optionRules);
  const admission = admit(wasm, { hostCapabilities, hostFunctions: budget.hostFunctions, config, limits, clock });
  const { metadata } = admission;
  if (metadata === undefined) throw new SessionError({ kind: 'NotAdmitted', admission });
  const name = metadata.identity.plugin_name;
  const seen = new HostRecord(name);
  const { storageQuotaBytes = STORAGE_QUOTA_BYTES } = options;
  const functions = hostFunctions({ pluginName: name, storageQuotaBytes, state: seen.state, clock, telemetry: seen });
  const { fuel, wallMs, memoryMaxPages, initialMemoryMaxPages } = budget;
  const plugin = translate(
    () => {
      const compiled = isCompiledPlugin(wasm) ? wasm : compilePlugin(wasm, { limits });
      const bounds = { fuel, wallMs, memoryMaxPages, initialMemoryMaxPages };
      return new Plugin(compiled, { ...bounds, config, name, functions, telemetry: seen });
    },
    BuildPluginError,
    ({ message: reason }, options) => new SessionError({ kind: 'NotBuilt', reason }, options),
  );
  return new Session(admission, metadata, plugin, seen);
}

/** Records what a plugin logs, counts and stores. */
class HostRecord implements Telemetry {
  readonly logs: LogEvent[] = [];
  readonly counters: RaisedCounter[] = [];
  readonly state: HostState;
  readonly #name: string;
  readonly #keys = new Set<string>();

  constructor(name: string) {
    this.#name = name;
    const keys = this.#keys;
    this.state = new (class extends HostState {
      override put(...[pluginName, key, value, quotaBytes]: Parameters<HostState['put']>): void {
        super.put(pluginName, key, value, quotaBytes);
        keys.add(key);
      }
    })();
  }

  log(event: LogEvent): void {
    this.logs.push(event);
  }

  counter(name: string, value: number | bigint, labels: Readonly<Record<string, string>>): void {
    this.counters.push({ name, value, labels });
  }

  storage(): Map<string, Uint8Array> {
    return new Map([...this.#keys].map((key) => [key, this.state.get(this.#name, key) ?? new Uint8Array()]));
  }
}

function isBuilder<Req>(request: RequestLike<Req>): request is { build(): WireInput<Req> } {
  return typeof request === 'object' && request !== null && 'build' in request && typeof request.build === 'function';
}
