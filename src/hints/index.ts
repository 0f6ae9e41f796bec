/**
 * What the author of a plugin can do about a failure. Each failure has a hint of its own, chosen
 * from its kind, its place and its values.
 */
import type { HookStepReport } from '../hooks/admit.ts';
import { HookCallError, type HookCallFailure } from '../hooks/call-error.ts';
import { HookCompileError, type HookCompileFailure } from '../hooks/compile-error.ts';
import { HookInspectError, type HookInspectFailure } from '../hooks/inspect-error.ts';
import { JsonDecodeError } from '../json/text/decode-error.ts';
import { BuildPluginError, PluginCallError } from '../plugin/index.ts';
import type { AdmissionLayer, LayerReport } from '../protocol/admit.ts';
import { DispatchError } from '../protocol/dispatch.ts';
import { HandshakeExecutionError, type HandshakeExecutionFailure } from '../protocol/handshake.ts';
import { IdentityReadError, type IdentityReadFailure } from '../protocol/identity.ts';
import { MetadataError, type MetadataFailure } from '../protocol/metadata.ts';
import { SelfCheckExecutionError, type SelfCheckExecutionFailure } from '../protocol/self-check.ts';
import { isError } from '../realms.ts';
import { WasmFormatError, type WasmFormatFailure } from '../wasm/index.ts';
import { buildHint } from './build.ts';
import { callHint } from './call.ts';
import { dispatchHint } from './dispatch.ts';
import { handshakeHint } from './handshake.ts';
import { hookCallHint } from './hook-call.ts';
import { hookCompilationHint } from './hook-compilation.ts';
import { hookInspectionHint } from './hook-inspection.ts';
import { identityHint, recordHint } from './identity.ts';
import { jsonHint } from './json.ts';
import { fileHint } from './module-file.ts';
import { selfCheckHint } from './self-check.ts';

export { callHint } from './call.ts';
export { dispatchHint } from './dispatch.ts';
export { hookCallHint } from './hook-call.ts';
export { fileHint } from './module-file.ts';
export { withTrapPlace } from './trap.ts';

/** The hints of each layer. A layer fails with the failures of its own class. */
const layerHints: Readonly<Record<AdmissionLayer, (failure: never) => string | undefined>> = {
  identity: (failure: IdentityReadFailure) => identityHint(failure),
  handshake: (failure: HandshakeExecutionFailure) => handshakeHint(failure),
  self_check: (failure: SelfCheckExecutionFailure) => selfCheckHint(failure),
  metadata: (failure: MetadataFailure) => recordHint(failure),
};

/**
 * Says what the author of a plugin can do about a layer that failed, in the report of `admit`.
 *
 * @returns one or two sentences, which may be printed; `undefined` if the layer did not fail, or
 * its failure says nothing about the plugin.
 */
export function layerHint({ layer, error }: Pick<LayerReport, 'layer' | 'error'>): string | undefined {
  // The failure of a layer is of the type that its row takes.
  return error === undefined ? undefined : layerHints[layer](error.failure as never);
}

const stepHints: Readonly<Record<HookStepReport['step'], (failure: never) => string | undefined>> = {
  inspect: (failure: HookInspectFailure) => hookInspectionHint(failure),
  compile: (failure: HookCompileFailure) => hookCompilationHint(failure),
  probe: (failure: HookCallFailure) => hookCallHint(failure),
};

/**
 * Says what the author of a hook plugin can do about a step that failed, in the report of
 * `admitHooks`.
 *
 * @returns as {@link layerHint}.
 */
export function hookStepHint({ step, error }: Pick<HookStepReport, 'step' | 'error'>): string | undefined {
  // The failure of a step is of the type that its row takes.
  return error === undefined ? undefined : stepHints[step](error.failure as never);
}

/**
 * Says what the author of a plugin can do about an error that this package threw.
 *
 * @param error of any class; of others there is no hint.
 * @returns one or two sentences, which may be printed; `undefined` if the error says nothing about
 * the plugin.
 */
export function hintFor(error: unknown): string | undefined {
  if (error instanceof IdentityReadError) return identityHint(error.failure);
  if (error instanceof HandshakeExecutionError) return handshakeHint(error.failure);
  if (error instanceof SelfCheckExecutionError) return selfCheckHint(error.failure);
  if (error instanceof MetadataError) return recordHint(error.failure);
  if (error instanceof DispatchError) return dispatchHint(error.failure);
  const fault = malformation(error);
  if (fault !== undefined) return fileHint(fault);
  if (error instanceof BuildPluginError) return buildHint(error.failure);
  if (error instanceof PluginCallError) return callHint(error.failure);
  if (error instanceof HookInspectError) return hookInspectionHint(error.failure);
  if (error instanceof HookCompileError) return hookCompilationHint(error.failure);
  if (error instanceof HookCallError) return hookCallHint(error.failure);
  if (error instanceof JsonDecodeError) return jsonHint(error.failure);
  return undefined;
}

/**
 * The fault in bytes that are not a well-formed module: it knows more kinds than the error of who
 * read them, such as a file of another format.
 *
 * @returns `undefined` if the error says something else.
 */
function malformation(error: unknown): WasmFormatFailure | undefined {
  if (error instanceof WasmFormatError) return error.failure;
  const wraps = error instanceof BuildPluginError || error instanceof HookCompileError;
  if (!wraps || error.failure.kind !== 'MalformedModule') return undefined;
  // Metering reads the bytes too, and its error has the fault as its own cause.
  const { cause } = error;
  const source = isError(cause) && !(cause instanceof WasmFormatError) ? cause.cause : cause;
  return source instanceof WasmFormatError ? source.failure : undefined;
}
