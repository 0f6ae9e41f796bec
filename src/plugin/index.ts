/**
 * From bytes to a plugin that can be called: compiling, linking, instances, calls and their
 * outcome.
 */

export type { KernelLogLevel } from '../kernel/functions.ts';
export type { HostFunction } from '../kernel/host-function.ts';
export type { LimitName, ModuleLimits } from '../metering/limits.ts';
export type { MeteringInfo } from '../metering/metering-section.ts';
export type { StackFrame, WithStack } from '../metering/run/trap-stack.ts';
export type { EngineModule, ModuleBytes, ModuleSource } from '../module-source.ts';
export type { Telemetry } from '../telemetry.ts';
export type { FunctionType } from '../wasm/encoding/types.ts';
export { type BuildFailure, BuildPluginError, type NamedImport } from './build-error.ts';
export { type CallFailure, PluginCallError } from './call-error.ts';
export { buildPlugin, compilePlugin, compilePluginAsync, preparePlugin } from './compile.ts';
export type { CompileOptions } from './compile-options.ts';
export {
  CompiledPlugin,
  formatFunctionType,
  type PluginExternal,
  type PluginImport,
  sameFunctionType,
} from './compiled-plugin.ts';
export type { PluginOptions } from './options.ts';
export { type CallUse, Plugin } from './plugin.ts';
export { Preparation } from './preparation.ts';
