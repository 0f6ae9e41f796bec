/** From bytes to a plugin that can be called: compiling, linking, instances, calls and their outcome. */
export { buildPlugin } from './build.ts';
export { type BuildFailure, BuildPluginError, type NamedImport } from './build-error.ts';
export { type CallFailure, PluginCallError } from './call-error.ts';
export { type CompileOptions, compilePlugin, compilePluginAsync, preparePlugin } from './compile.ts';
export { CompiledPlugin, type PluginExternal, type PluginImport } from './compiled-plugin.ts';
export { formatFunctionType, sameFunctionType } from './function-type.ts';
export type { PluginOptions } from './options.ts';
export { Plugin } from './plugin.ts';
export { Preparation } from './preparation.ts';
