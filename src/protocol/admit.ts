import { type Clock, systemClock, unixSeconds } from '../clock.ts';
import { CompiledPlugin, compilePlugin, compilePluginAsync } from '../plugin/index.ts';
import { type AdmitOptions, type Candidate, checkAdmission } from './admit-options.ts';
import { HandshakeExecutionError, type HandshakeExecutionFailure, runHandshake } from './handshake.ts';
import { IdentityReadError, type IdentityReadFailure, readIdentity, readModuleIdentity } from './identity.ts';
import { attempt, type LayerRun } from './layer-call.ts';
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
 * Never throws for a bad plugin: the report tells.
 *
 * @throws TypeError for arguments of wrong types; BuildPluginError `InvalidArgument` for a
 * `WebAssembly.Module` that is not prepared, and `CompilationRefused` where the engine may not
 * compile, which is no verdict on the plugin; and whatever the telemetry throws.
 */
export function admit(wasm: Candidate, options: AdmitOptions = {}): AdmissionReport {
  checkAdmission(wasm, options);
  const layers = new Layers();
  const identity = layers.run('identity', wasm, (candidate) => attempt(() => identityOf(candidate)));
  const since = performance.now();
  const plugin = identity && compileNow(wasm, options);
  return conclude(layers, identity, plugin, options, since);
}

/** {@link admit}, with the engine compiling on threads of its own where it can. Rejects with what that throws. */
export async function admitAsync(wasm: Candidate, options: AdmitOptions = {}): Promise<AdmissionReport> {
  checkAdmission(wasm, options);
  const layers = new Layers();
  const identity = layers.run('identity', wasm, (candidate) => attempt(() => identityOf(candidate)));
  const since = performance.now();
  const plugin = identity && (await compileAhead(wasm, options));
  return conclude(layers, identity, plugin, options, since);
}

/** Gives the compiled plugin, or throws what compiling it threw: the handshake asks for it when its turn has come. */
type Compiled = () => CompiledPlugin;

function compileNow(wasm: Candidate, { limits }: AdmitOptions): Compiled {
  try {
    const compiled = wasm instanceof CompiledPlugin ? wasm : compilePlugin(wasm, { limits });
    return () => compiled;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

async function compileAhead(wasm: Candidate, { limits }: AdmitOptions): Promise<Compiled> {
  try {
    const compiled = wasm instanceof CompiledPlugin ? wasm : await compilePluginAsync(wasm, { limits });
    return () => compiled;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

function identityOf(wasm: Candidate): PluginIdentity {
  if (wasm instanceof Uint8Array) return readIdentity(wasm);
  return readModuleIdentity(wasm instanceof CompiledPlugin ? wasm.module : wasm);
}

/** The layers that a plugin has gone through. */
class Layers {
  readonly reports: LayerReport[] = [];

  /** Goes through one layer; without the input, which an earlier one should have given, it is skipped. */
  run<Input, Found>(
    layer: AdmissionLayer,
    input: Input | undefined,
    work: (input: Input) => LayerRun<Found>,
    since: number = performance.now(),
  ): Found | undefined {
    if (input === undefined) {
      this.reports.push({ layer, status: 'skipped', durationMs: 0 });
      return undefined;
    }
    const { fuel, ...run } = work(input);
    const durationMs = performance.now() - since;
    const cost = fuel === undefined ? { durationMs } : { durationMs, fuel };
    if ('thrown' in run) {
      this.reports.push({ layer, status: 'failed', ...cost, error: layerError(run.thrown) });
      return undefined;
    }
    this.reports.push({ layer, status: 'passed', ...cost });
    return run.found;
  }
}

/** The layers that need the compiled plugin, and the report. */
function conclude(
  layers: Layers,
  identity: PluginIdentity | undefined,
  plugin: Compiled | undefined,
  options: AdmitOptions,
  since: number,
): AdmissionReport {
  const { clock = systemClock, telemetry, ttlSecs } = options;
  const offer = options.offer ?? buildOffer(options.hostCapabilities);
  const accept = layers.run(
    'handshake',
    plugin,
    (compiled) => runHandshake(compiled, offer, { ...options.handshake, telemetry }),
    since,
  );
  const handshakeCompletedAt = secondsOrNaN(clock);
  const slots = accept && slotsFromHandshake(accept.implemented_functions);
  let answered: SelfCheckResponse | undefined;
  const selfCheck = layers.run('self_check', plugin && slots && { plugin, slots }, (given) => {
    const tested = options.slots === 'all' ? 'all' : given.slots;
    const run = runSelfCheck(given.plugin, tested, { ...options.selfCheck, clock, telemetry });
    const response = 'found' in run ? run.found : responseOf(run.thrown);
    answered = response && plainResponse(response);
    return answered !== undefined && 'found' in run ? { ...run, found: answered } : run;
  });
  const source = identity && accept && selfCheck && { identity, accept, selfCheck, handshakeCompletedAt, ttlSecs };
  const metadata = layers.run('metadata', source, (given) => attempt(() => createMetadata(given)));
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

/** The error of a layer as plain values. Anything else is no bad plugin, and goes on to the host. */
function layerError(thrown: unknown): LayerError {
  const isOfLayer =
    thrown instanceof IdentityReadError ||
    thrown instanceof HandshakeExecutionError ||
    thrown instanceof SelfCheckExecutionError ||
    thrown instanceof MetadataError;
  if (!isOfLayer) throw thrown;
  const { message, failure } = thrown;
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
