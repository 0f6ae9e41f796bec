import { type Clock, systemClock, unixSeconds } from '../clock.ts';
import { type Result, resultOf } from '../failure.ts';
import { isBytes } from '../module-source.ts';
import { compilePlugin, compilePluginAsync } from '../plugin/compile.ts';
import { CompiledPlugin } from '../plugin/compiled-plugin.ts';
import { type AdmitOptions, type Candidate, checkAdmission } from './admit-options.ts';
import { HandshakeExecutionError, type HandshakeExecutionFailure, runHandshake } from './handshake.ts';
import { IdentityReadError, type IdentityReadFailure, readIdentity, readModuleIdentity } from './identity.ts';
import type { LayerResult, PluginSource } from './layer-call.ts';
import type {
  AugmentedMetadata,
  HandshakeAccept,
  PluginIdentity,
  PluginSlot,
  SelfCheckResponse,
} from './messages/index.ts';
import { createMetadata, MetadataError, type MetadataFailure } from './metadata.ts';
import { buildOffer } from './offer.ts';
import { runSelfCheck, SelfCheckExecutionError, type SelfCheckExecutionFailure } from './self-check.ts';
import { slotsFromHandshake } from './slots.ts';

export type { AdmitOptions, Candidate } from './admit-options.ts';

/** The layers of an admission, in their order. */
export type AdmissionLayer = 'identity' | 'handshake' | 'self_check' | 'metadata';

/** Why a layer failed: an error of that layer as plain values. */
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

/** How one layer went. A layer after a failed one is skipped. */
export interface LayerReport {
  readonly layer: AdmissionLayer;
  readonly status: 'passed' | 'failed' | 'skipped';
  /** How long it took, in milliseconds. */
  readonly durationMs: number;
  /**
   * Fuel that the plugin's call burnt, whether the layer passed or failed (abi/KERNEL.md, "Fuel"). Only of layers that call the plugin, when
   * it could be built and is metered.
   */
  readonly fuel?: number;
  /** Only when it failed. */
  readonly error?: LayerError;
}

/**
 * How an admission went, in plain JSON values. What a layer found out is there when the layer passed; `selfCheck` also when it failed with a
 * response, which names the failures that the plugin found.
 */
export interface AdmissionReport {
  readonly admitted: boolean;
  /** All four, in their order. */
  readonly layers: readonly LayerReport[];
  readonly identity?: PluginIdentity;
  readonly accept?: HandshakeAccept;
  readonly slots?: readonly PluginSlot[];
  /** A time that a double cannot hold is the greatest safe integer here, and in the metadata. */
  readonly selfCheck?: SelfCheckResponse;
  readonly metadata?: AugmentedMetadata;
}

/**
 * Takes a plugin through the layers up to its record: identity, handshake, self-check, metadata
 * (abi/PROTOCOL.md). It is compiled once.
 *
 * Never throws for a bad plugin: check the report.
 *
 * @param wasm the bytes of its module, the module, or the compiled plugin.
 * @throws TypeError if an argument is malformed. BuildPluginError `InvalidArgument` for a
 * `WebAssembly.Module` that is not prepared, and `CompilationRefused` where the engine may not
 * compile, which is no verdict on the plugin. Exceptions from `telemetry` propagate.
 */
export function admit(wasm: Candidate, options: AdmitOptions = {}): AdmissionReport {
  checkAdmission(wasm, options);
  const layers = new Layers();
  const identity = layers.run('identity', wasm, () => resultOf(() => identityOf(wasm)));
  const begunAt = performance.now();
  const plugin = identity && resultOf(() => compileNow(wasm, options));
  return finishAdmission(layers, identity, plugin, begunAt, options);
}

/**
 * {@link admit}, with the engine compiling on threads of its own where it can.
 *
 * Rejects with what `admit` throws.
 */
export async function admitAsync(wasm: Candidate, options: AdmitOptions = {}): Promise<AdmissionReport> {
  checkAdmission(wasm, options);
  const layers = new Layers();
  const identity = layers.run('identity', wasm, () => resultOf(() => identityOf(wasm)));
  const begunAt = performance.now();
  const plugin = identity && (await compileAhead(wasm, options));
  return finishAdmission(layers, identity, plugin, begunAt, options);
}

function compileNow(wasm: Candidate, { limits }: AdmitOptions): CompiledPlugin {
  return wasm instanceof CompiledPlugin ? wasm : compilePlugin(wasm, { limits });
}

async function compileAhead(wasm: Candidate, { limits }: AdmitOptions): Promise<Result<CompiledPlugin>> {
  try {
    return { ok: true, value: wasm instanceof CompiledPlugin ? wasm : await compilePluginAsync(wasm, { limits }) };
  } catch (error) {
    return { ok: false, error };
  }
}

function identityOf(wasm: Candidate): PluginIdentity {
  if (isBytes(wasm)) return readIdentity(wasm);
  return readModuleIdentity(wasm instanceof CompiledPlugin ? wasm.module : wasm);
}

/** The reports of the layers, in their order. */
class Layers {
  readonly reports: LayerReport[] = [];

  /** Runs one layer. Without the input, which an earlier layer failed to produce, it is skipped. */
  run<Input, T>(
    layer: AdmissionLayer,
    input: Input | undefined,
    work: (input: Input) => LayerResult<T>,
    begunAt: number = performance.now(),
  ): T | undefined {
    if (input === undefined) {
      this.reports.push({ layer, status: 'skipped', durationMs: 0 });
      return undefined;
    }
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

/**
 * Runs the layers that need the compiled plugin.
 *
 * @param plugin what compiling it came to. A failure to compile is the handshake's.
 * @param begunAt when compiling began: its time is the handshake's too.
 */
function finishAdmission(
  layers: Layers,
  identity: PluginIdentity | undefined,
  plugin: Result<CompiledPlugin> | undefined,
  begunAt: number,
  options: AdmitOptions,
): AdmissionReport {
  const { clock = systemClock, telemetry, ttlSecs } = options;
  const offer = options.offer ?? buildOffer(options.hostCapabilities);

  const handshake = (compiled: PluginSource) => runHandshake(compiled, offer, { ...options.handshake, telemetry });
  const accept = layers.run('handshake', plugin, handshake, begunAt);
  const handshakeCompletedAt = secondsOrNaN(clock);
  const slots = accept && slotsFromHandshake(accept.implemented_functions);

  let answered: SelfCheckResponse | undefined;
  const selfCheck = layers.run('self_check', plugin && slots && { plugin, slots }, (given) => {
    const tested = options.slots === 'all' ? 'all' : given.slots;
    const result = runSelfCheck(given.plugin, tested, { ...options.selfCheck, clock, telemetry });
    const response = result.ok ? result.value : responseOf(result.error);
    answered = response && plainResponse(response);
    return answered !== undefined && result.ok ? { ...result, value: answered } : result;
  });

  const source = identity && accept && selfCheck && { identity, accept, selfCheck, handshakeCompletedAt, ttlSecs };
  const metadata = layers.run('metadata', source, (given) => resultOf(() => createMetadata(given)));
  return {
    admitted: metadata !== undefined,
    layers: layers.reports,
    ...(identity && { identity }),
    ...(accept && { accept }),
    ...(slots && { slots }),
    ...(answered && { selfCheck: answered }),
    ...(metadata && { metadata }),
  };
}

/** The error of a layer as plain values. An error of another class says nothing about the plugin: it is thrown. */
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

/** What a plugin answered to a self-check that failed. */
function responseOf(thrown: unknown): SelfCheckResponse | undefined {
  return thrown instanceof SelfCheckExecutionError ? thrown.response : undefined;
}

/** A clock that fails is reported by the layers that need the time: the self-check, or the metadata. */
function secondsOrNaN(clock: Clock): number {
  try {
    return unixSeconds(clock);
  } catch {
    return Number.NaN;
  }
}

/** A plugin may answer any time; as a plain JSON value it is a number that can be written as an integer again. */
function plainResponse(response: SelfCheckResponse): SelfCheckResponse {
  const { completed_at: time } = response;
  if (typeof time === 'number') return response;
  return { ...response, completed_at: time > 0 ? Number.MAX_SAFE_INTEGER : Number.MIN_SAFE_INTEGER };
}
