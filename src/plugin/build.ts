import type { ModuleSource } from '../module-source.ts';
import { compilePlugin } from './compile.ts';
import { CompiledPlugin } from './compiled-plugin.ts';
import type { PluginOptions } from './options.ts';
import { Plugin } from './plugin.ts';

/**
 * Builds a plugin: compiles it unless that is done, checks that all its imports are there with the
 * right types, and instantiates it once.
 *
 * @param wasm compiled, or what `compilePlugin` compiles, with the defaults of its options.
 * @throws BuildPluginError; `CompilationRefused` is no verdict on the plugin.
 */
export function buildPlugin(wasm: ModuleSource | CompiledPlugin, options: PluginOptions = {}): Plugin {
  return new Plugin(wasm instanceof CompiledPlugin ? wasm : compilePlugin(wasm), options);
}
