import { type Clock, systemClock, unixSeconds } from '../clock.ts';
import { type Result, resultOf } from '../failure.ts';
import { isBytes, unsharedBytes } from '../module-source.ts';
import { compilePlugin, compilePluginAsync } from '../plugin/compile.ts';
import { type CompiledPlugin, isCompiledPlugin } from '../plugin/compiled-plugin.ts';
import { admissionFunctions } from './admission-functions.ts';
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
export { probeWireVersion } from './probe.ts';

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

/**
 * Takes a plugin through the layers up to its record: identity, handshake, self-check, metadata
 * (abi/PROTOCOL.md). It is compiled once, and not at all if it is in the cache.
 *
 * Never throws for a bad plugin: check the report.
 *
 * @param wasm the bytes of its module, the module, or the compiled plugin.
 * @returns the outcome of each layer.
 * @throws TypeError if an argument is malformed. BuildPluginError `InvalidArgument` if a
 * `WebAssembly.Module` is not prepared; `CompilationRefused` if the engine may not compile, which
 * says nothing about the plugin. Exceptions from `telemetry` propagate.
 */
export function admit(wasm: Candidate, options: AdmitOptions = {}): AdmissionReport {
  checkAdmission(wasm, options);
  const candidate = unshared(wasm);
  const layers = new Layers();
  const identity = layers.run('identity', candidate, () => resultOf(() => identityOf(candidate)));
  const begunAt = performance.now();
  const plugin = identity && resultOf(() => compileNow(candidate, options));
  return finishAdmission(layers, identity, timed(candidate, plugin, begunAt), options);
}

/**
 * {@link admit}, but the engine compiles on threads of its own if it can.
 *
 * @returns a promise, which rejects with what `admit` throws.
 */
export async function admitAsync(wasm: Candidate, options: AdmitOptions = {}): Promise<AdmissionReport> {
  checkAdmission(wasm, options);
  const candidate = unshared(wasm);
  const layers = new Layers();
  const identity = layers.run('identity', candidate, () => resultOf(() => identityOf(candidate)));
  const begunAt = performance.now();
  const plugin = identity && (await compileAhead(candidate, options));
  return finishAdmission(layers, identity, timed(candidate, plugin, begunAt), options);
}

/** The result of compiling, and how long that took, unless the plugin was given compiled. */
interface Compiling {
  /** Missing without an identity: then nothing was compiled. */
  readonly plugin?: Result<CompiledPlugin>;
  readonly compileMs?: number;
}

function timed(wasm: Candidate, plugin: Result<CompiledPlugin> | undefined, begunAt: number): Compiling {
  if (plugin === undefined) return {};
  return isCompiledPlugin(wasm) ? { plugin } : { plugin, compileMs: performance.now() - begunAt };
}

/** Copies bytes in shared memory, so that the identity and the code are those of the same bytes. */
function unshared(wasm: Candidate): Candidate {
  return unsharedBytes(wasm) ?? wasm;
}

function compileNow(wasm: Candidate, { limits, cache }: AdmitOptions): CompiledPlugin {
  return isCompiledPlugin(wasm) ? wasm : compilePlugin(wasm, { limits, cache });
}

async function compileAhead(wasm: Candidate, { limits, cache }: AdmitOptions): Promise<Result<CompiledPlugin>> {
  try {
    const value = isCompiledPlugin(wasm) ? wasm : await compilePluginAsync(wasm, { limits, cache });
    return { ok: true, value };
  } catch (error) {
    return { ok: false, error };
  }
}

function identityOf(wasm: Candidate): PluginIdentity {
  if (isBytes(wasm)) return readIdentity(wasm);
  return readModuleIdentity(isCompiledPlugin(wasm) ? wasm.module : wasm);
}

/** Collects the reports of the layers, in their order. */
class Layers {
  readonly reports: LayerReport[] = [];

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

/**
 * Runs the layers that need the compiled plugin, and makes the report.
 *
 * @param plugin the result of compiling it; the handshake reports a failure.
 */
function finishAdmission(
  layers: Layers,
  identity: PluginIdentity | undefined,
  { plugin, compileMs }: Compiling,
  options: AdmitOptions,
): AdmissionReport {
  const { clock = systemClock, telemetry, config, ttlSecs } = options;
  const offer = options.offer ?? buildOffer(options.hostCapabilities);
  const hostOf = () => {
    const functions = identity && admissionFunctions(identity.plugin_name, options);
    return { telemetry, config, functions };
  };

  const handshake = (compiled: PluginSource) => runHandshake(compiled, offer, { ...options.handshake, ...hostOf() });
  const accept = layers.run('handshake', plugin, handshake);
  const handshakeCompletedAt = secondsOrNaN(clock);
  const slots = accept && slotsFromHandshake(accept.implemented_functions);

  let answered: SelfCheckResponse | undefined;
  const selfCheck = layers.run('self_check', plugin && slots && { plugin, slots }, (given) => {
    const tested = options.slots === 'all' ? 'all' : given.slots;
    const result = runSelfCheck(given.plugin, tested, { ...options.selfCheck, clock, ...hostOf() });
    const response = result.ok ? result.value : responseOf(result.error);
    answered = response && plainResponse(response);
    return answered !== undefined && result.ok ? { ...result, value: answered } : result;
  });

  const source = identity && accept && selfCheck && { identity, accept, selfCheck, handshakeCompletedAt, ttlSecs };
  const metadata = layers.run('metadata', source, (given) => resultOf(() => createMetadata(given)));
  return {
    admitted: metadata !== undefined,
    ...(compileMs !== undefined && { compileMs }),
    layers: layers.reports,
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
