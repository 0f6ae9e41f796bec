import { compilationRefusalMessage, type PreparedAhead } from '../compilation.ts';
import { FailureError, type FailureMessages } from '../failure.ts';
import type { LimitExceeded } from '../metering/index.ts';
import type { RefusedFeature } from './features.ts';

/**
 * Why a hook plugin did not compile. Offsets are in bytes from the start of the module.
 *
 * - `FeatureRefused`: the module uses an addition to WebAssembly that cc-lb switches off.
 * - `FeatureUnsupported`: it uses one that cc-lb allows, but this engine lacks.
 * - `MalformedModule`: the bytes do not follow the binary format.
 * - `InvalidModule`: the engine refused the module.
 * - `LimitExceeded`: the module exceeds a limit of this host. cc-lb has no such limits.
 * - `CompilationRefused`: the engine compiles nothing at run time. No verdict on the module.
 * - `NotPrepared`: a `WebAssembly.Module` was not made from what `prepareHooks` returned, or by
 *   another version of this package. No verdict on the plugin.
 */
export type HookCompileFailure =
  | { readonly kind: 'FeatureRefused'; readonly feature: RefusedFeature; readonly offset: number }
  | { readonly kind: 'FeatureUnsupported'; readonly feature: 'wide arithmetic'; readonly offset: number }
  | { readonly kind: 'MalformedModule'; readonly offset: number; readonly reason: string }
  | { readonly kind: 'InvalidModule'; readonly reason: string }
  | LimitExceeded
  | { readonly kind: 'CompilationRefused'; readonly reason: string }
  | { readonly kind: 'NotPrepared'; readonly reason: string };

const ahead: PreparedAhead = {
  pass: 'pass admitHooks the WebAssembly.Module that the platform makes from what prepareHooks returns',
  asynchronous: 'admitHooksAsync',
};

const messages: FailureMessages<HookCompileFailure> = {
  FeatureRefused: (f) => `the module uses ${f.feature} (at byte ${f.offset}), which cc-lb switches off`,
  FeatureUnsupported: (f) => `the module uses ${f.feature} (at byte ${f.offset}), which this engine lacks`,
  MalformedModule: (f) => `the module is not well-formed (at byte ${f.offset}): ${f.reason}`,
  InvalidModule: (f) => `the engine refused the module: ${f.reason}`,
  LimitExceeded: (f) => `${f.reason} (at byte ${f.offset})`,
  CompilationRefused: (f) => compilationRefusalMessage(f.reason, ahead),
  NotPrepared: (f) => `a WebAssembly.Module must be made from what prepareHooks returns: ${f.reason}`,
};

/** A module that passed inspection, but cannot run. */
export class HookCompileError extends FailureError<HookCompileFailure> {
  override readonly name = 'HookCompileError';

  /** What cc-lb calls the failure; `null` for a limit of this host or engine. */
  get upstream(): 'ModuleCompile' | null {
    const { kind } = this.failure;
    return kind === 'FeatureRefused' || kind === 'MalformedModule' || kind === 'InvalidModule' ? 'ModuleCompile' : null;
  }

  protected override get messages(): FailureMessages<HookCompileFailure> {
    return messages;
  }
}
