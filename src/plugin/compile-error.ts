import { compilationRefusalMessage, type PreparedAhead } from '../compilation.ts';
import type { FailureMessages } from '../failure.ts';
import { type BuildFailure, BuildPluginError, type CompileFailureKind } from './build-error.ts';

const ahead: PreparedAhead = {
  pass: 'pass compilePlugin or admit the WebAssembly.Module that the platform makes from what preparePlugin returns',
  asynchronous: 'compilePluginAsync or admitAsync',
};

const messages: FailureMessages<Extract<BuildFailure, { kind: CompileFailureKind | 'CompilationRefused' }>> = {
  MalformedModule: (f) => f.reason,
  InvalidModule: (f) => `the engine refused the module: ${f.reason}`,
  CompilationRefused: (f) => compilationRefusalMessage(f.reason, ahead),
  AlreadyPrepared: () =>
    'these bytes are prepared already: pass the original module, or a WebAssembly.Module made from these bytes',
  LimitExceeded: (f) => `${f.reason} (at byte ${f.offset})`,
  FeatureRefused: (f) => `the module uses ${f.feature}, which is not allowed (at byte ${f.offset})`,
};

/**
 * A plugin in bytes, or its kernel, could not be compiled. A host sees a BuildPluginError. A
 * prepared plugin has no such failure, so its code does not carry these messages.
 */
export class CompilePluginError extends BuildPluginError {
  protected override get messages(): FailureMessages<BuildFailure> {
    return { ...super.messages, ...messages };
  }
}
