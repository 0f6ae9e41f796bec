/**
 * From bytes to a plugin that can be called: compiling, linking, instances, calls and their
 * outcome.
 */

export type { StackFrame, WithStack } from '../metering/run/trap-stack.ts';
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
