import type { FailureMessages } from '../failure.ts';
import { type BuildFailure, BuildPluginError, type CompileFailureKind } from './build-error.ts';

const messages: FailureMessages<Extract<BuildFailure, { kind: CompileFailureKind }>> = {
  MalformedModule: (f) => f.reason,
  InvalidModule: (f) => `the engine refused the module: ${f.reason}`,
  AlreadyPrepared: () =>
    'these bytes are prepared already: pass the original module, or a WebAssembly.Module made from these bytes',
  LimitExceeded: (f) => `${f.reason} (at byte ${f.offset})`,
  FeatureRefused: (f) => `the module uses ${f.feature}, which is not allowed (at byte ${f.offset})`,
};

/**
 * A plugin in bytes could not be compiled. A host sees a BuildPluginError. A prepared plugin has no
 * such failure, so its code does not carry these messages.
 */
export class CompilePluginError extends BuildPluginError {
  protected override get messages(): FailureMessages<BuildFailure> {
    return { ...super.messages, ...messages };
  }
}
