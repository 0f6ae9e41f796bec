import { type Result, resultOf } from '../failure.ts';
import { isBytes, unsharedBytes } from '../module-source.ts';
import { compilePlugin, compilePluginAsync } from '../plugin/compile.ts';
import { type CompiledPlugin, isCompiledPlugin } from '../plugin/compiled-plugin.ts';
import { type AdmissionReport, type Compiling, finishAdmission, Layers } from './admission.ts';
import { type AdmitOptions, type Candidate, checkAdmission } from './admit-options.ts';
import { readIdentity, readModuleIdentity } from './identity.ts';
import type { PluginIdentity } from './messages/index.ts';

export type { Clock } from '../clock.ts';
export type { LimitName, ModuleLimits } from '../metering/limits.ts';
export type { EngineModule, ModuleBytes, ModuleSource } from '../module-source.ts';
export type { Plugin } from '../plugin/plugin.ts';
export type { Telemetry } from '../telemetry.ts';
export type { AdmissionLayer, AdmissionReport, LayerError, LayerFailure, LayerReport } from './admission.ts';
export type { AdmissionOptions } from './admission-options.ts';
export type { AdmitOptions, Candidate } from './admit-options.ts';
export type { LayerBudget } from './layer-call.ts';
export type { HandshakeOffer } from './messages/handshake.ts';
export type { PluginStorage } from './plugin-storage.ts';
export { type Negotiated, probeWireVersion } from './probe.ts';

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
