import { type Clock, clockStood, systemClock, unixSeconds } from '../clock.ts';
import type { Result } from '../failure.ts';
import type { CompiledPlugin } from '../plugin/compiled-plugin.ts';
import { admissionFunctions } from './admission-functions.ts';
import type { AdmissionOptions } from './admission-options.ts';
import { HandshakeExecutionError, type HandshakeExecutionFailure } from './handshake-error.ts';
import { runHandshakeLayer } from './handshake-layer.ts';
import { IdentityReadError, type IdentityReadFailure } from './identity-error.ts';
import type { LayerResult, PluginSource } from './layer-call.ts';
import type {
  AugmentedMetadata,
  HandshakeAccept,
  PluginIdentity,
  PluginSlot,
  SelfCheckResponse,
} from './messages/index.ts';
import { MetadataError, type MetadataFailure } from './metadata-error.ts';
import { runMetadataLayer } from './metadata-layer.ts';
import { buildOffer } from './offer.ts';
import { SelfCheckExecutionError, type SelfCheckExecutionFailure } from './self-check-error.ts';
import { runSelfCheckLayer } from './self-check-layer.ts';
import { slotsFromHandshake } from './slots.ts';

/** The layers of an admission, in their order. */
export type AdmissionLayer = 'identity' | 'handshake' | 'self_check' | 'metadata';

/** Why a layer failed: its error as plain values. */
export interface LayerError {
  readonly kind: LayerFailure['kind'];
  readonly message: string;
  readonly failure: LayerFailure;
}

/** The failures of all layers. */
export type LayerFailure =
  | IdentityReadFailure
  | HandshakeExecutionFailure
  | SelfCheckExecutionFailure
  | MetadataFailure;

/** The outcome of one layer. Layers after a failed one are skipped. */
export interface LayerReport {
  readonly layer: AdmissionLayer;
  readonly status: 'passed' | 'failed' | 'skipped';
  /** The time that the layer took, in milliseconds. That of compiling does not count. */
  readonly durationMs: number;
  /**
   * The fuel that the plugin's call burnt, whether the layer passed or failed (abi/KERNEL.md,
   * "Fuel"). Missing if the layer called no plugin, or the plugin is not metered.
   */
  readonly fuel?: number;
  /** Present if the layer failed. */
  readonly error?: LayerError;
}

/**
 * The outcome of an admission in plain JSON values. It has the result of each layer that passed. It
 * also has the response of a self-check that failed, which names the failures that the plugin
 * found.
 */
export interface AdmissionReport {
  readonly admitted: boolean;
  /**
   * How long compiling took, in milliseconds, or finding the compiled plugin in the cache. Missing
   * if the plugin was given compiled, or has no identity. If compiling failed, so does the
   * handshake.
   */
  readonly compileMs?: number;
  /** All four layers, in their order. */
  readonly layers: readonly LayerReport[];
  /**
   * Present if the clock of deadlines, `performance.now`, stood while the plugin was called: it
   * showed one time only. Then no deadline could end a call, and fuel alone bounded it.
   */
  readonly clockStood?: true;
  readonly identity?: PluginIdentity;
  readonly accept?: HandshakeAccept;
  readonly slots?: readonly PluginSlot[];
  /**
   * If a double cannot hold the time exactly, it is the greatest safe integer here and in the
   * metadata.
   */
  readonly selfCheck?: SelfCheckResponse;
  readonly metadata?: AugmentedMetadata;
}

/** The result of compiling a plugin, and how long that took, unless it was given compiled. */
export interface Compiling {
  /** Missing without an identity: then nothing was compiled. */
  readonly plugin?: Result<CompiledPlugin> | undefined;
  readonly compileMs?: number;
}

/** Collects the reports of the layers, in their order. */
export class Layers {
  readonly reports: LayerReport[] = [];

  /**
   * Returns the layers that ran code of the plugin under a deadline: none if it does not compile or
   * is not metered.
   */
  metered(plugin: Result<CompiledPlugin> | undefined): readonly LayerReport[] {
    if (plugin?.ok !== true || plugin.value.preparation.metering === undefined) return [];
    return this.reports.filter(({ layer, status }) => status !== 'skipped' && RUNNING.includes(layer));
  }

  /**
   * Runs one layer. Skips it if its input is missing, which means that an earlier layer failed.
   *
   * @returns what the layer found; `undefined` if it failed or was skipped.
   */
  run<Input, T>(
    layer: AdmissionLayer,
    input: Input | undefined,
    work: (input: Input) => LayerResult<T>,
  ): T | undefined {
    if (input === undefined) {
      this.reports.push({ layer, status: 'skipped', durationMs: 0 });
      return undefined;
    }
    const begunAt = performance.now();
    const result = work(input);
    const durationMs = performance.now() - begunAt;
    const cost = result.fuel === undefined ? { durationMs } : { durationMs, fuel: result.fuel };
    if (!result.ok) {
      this.reports.push({ layer, status: 'failed', ...cost, error: layerError(result.error) });
      return undefined;
    }
    this.reports.push({ layer, status: 'passed', ...cost });
    return result.value;
  }
}

/** The layers that run code of the plugin. */
const RUNNING: readonly AdmissionLayer[] = ['handshake', 'self_check'];

/**
 * Runs the layers that need the compiled plugin, and makes the report.
 *
 * @param plugin the result of compiling it; the handshake reports a failure.
 */
export function finishAdmission(
  layers: Layers,
  identity: PluginIdentity | undefined,
  { plugin, compileMs }: Compiling,
  options: AdmissionOptions,
): AdmissionReport {
  const { clock = systemClock, telemetry, config, ttlSecs } = options;
  const offer = options.offer ?? buildOffer(options.hostCapabilities);
  const hostOf = () => {
    const functions = identity && admissionFunctions(identity.plugin_name, options);
    return { telemetry, config, functions };
  };

  const handshake = (compiled: PluginSource) =>
    runHandshakeLayer(compiled, offer, { ...options.handshake, ...hostOf() });
  const accept = layers.run('handshake', plugin, handshake);
  const handshakeCompletedAt = secondsOrNaN(clock);
  const slots = accept && slotsFromHandshake(accept.implemented_functions);

  let answered: SelfCheckResponse | undefined;
  const selfCheck = layers.run('self_check', plugin && slots && { plugin, slots }, (given) => {
    const tested = options.slots === 'all' ? 'all' : given.slots;
    const result = runSelfCheckLayer(given.plugin, tested, { ...options.selfCheck, clock, ...hostOf() });
    const response = result.ok ? result.value : responseOf(result.error);
    answered = response && plainResponse(response);
    return answered !== undefined && result.ok ? { ...result, value: answered } : result;
  });

  const source = identity && accept && selfCheck && { identity, accept, selfCheck, handshakeCompletedAt, ttlSecs };
  const metadata = layers.run('metadata', source, runMetadataLayer);
  return {
    admitted: metadata !== undefined,
    ...(compileMs !== undefined && { compileMs }),
    layers: layers.reports,
    ...(clockStood(layers.metered(plugin)) && { clockStood: true }),
    ...(identity && { identity }),
    ...(accept && { accept }),
    ...(slots && { slots }),
    ...(answered && { selfCheck: answered }),
    ...(metadata && { metadata }),
  };
}

/**
 * Converts the error of a layer to plain values. Throws an error of another class: it says nothing
 * about the plugin.
 */
function layerError(error: unknown): LayerError {
  const isOfLayer =
    error instanceof IdentityReadError ||
    error instanceof HandshakeExecutionError ||
    error instanceof SelfCheckExecutionError ||
    error instanceof MetadataError;
  if (!isOfLayer) throw error;
  const { message, failure } = error;
  return { kind: failure.kind, message, failure };
}

/** Returns what a plugin answered to a self-check that failed. */
function responseOf(thrown: unknown): SelfCheckResponse | undefined {
  return thrown instanceof SelfCheckExecutionError ? thrown.response : undefined;
}

/** Returns NaN if the clock fails: the layers that need the time report it. */
function secondsOrNaN(clock: Clock): number {
  try {
    return unixSeconds(clock);
  } catch {
    return Number.NaN;
  }
}

/** Replaces a time that is a `bigint` by a number, which plain JSON can hold as an integer. */
function plainResponse(response: SelfCheckResponse): SelfCheckResponse {
  const { completed_at: time } = response;
  if (typeof time === 'number') return response;
  return { ...response, completed_at: time > 0 ? Number.MAX_SAFE_INTEGER : Number.MIN_SAFE_INTEGER };
}
