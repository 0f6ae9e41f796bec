import { BuildPluginError } from '../plugin/build-error.ts';
import { type CompiledPlugin, isCompiledPlugin } from '../plugin/compiled-plugin.ts';
import { loadPlugin as load } from '../plugin/load.ts';
import type { PluginOptions } from '../plugin/options.ts';
import { Plugin } from '../plugin/plugin.ts';
import { type PreparedModule, sourceFault } from './source.ts';

/** A prepared plugin: its module, or what {@link loadPlugin} returned. */
export type PreparedPlugin = PreparedModule | CompiledPlugin;

/** What a module of this protocol is made from. */
export const PREPARED_PLUGIN = 'preparePlugin returns';

/**
 * Loads a prepared plugin. Nothing is compiled. The same module gives the same plugin again, as
 * long as somebody holds the module.
 *
 * Such a module is trusted: its own sections say that budgets are written into it. Pass only
 * modules made from bytes that `preparePlugin` returned to you or to somebody you trust.
 *
 * @throws BuildPluginError `InvalidArgument` if it is not a module, such as bytes; `NotPrepared` if
 * it is not prepared, or by another version of this package, or with `kernel: 'instance'`;
 * `OtherGeneration` if it is a plugin of the hook ABI.
 */
export function loadPlugin(module: PreparedModule): CompiledPlugin {
  const expected = sourceFault(module, PREPARED_PLUGIN);
  if (expected !== undefined) throw new BuildPluginError({ kind: 'InvalidArgument', argument: 'wasm', expected });
  return load(module);
}

/**
 * Builds a prepared plugin: checks that every import exists and has the right type, and
 * instantiates it once as a trial.
 *
 * @param wasm its module, or what {@link loadPlugin} returned.
 * @throws BuildPluginError as `loadPlugin` does, or if the plugin cannot be linked or instantiated.
 */
export function buildPlugin(wasm: PreparedPlugin, options: PluginOptions = {}): Plugin {
  return new Plugin(isCompiledPlugin(wasm) ? wasm : loadPlugin(wasm), options);
}
