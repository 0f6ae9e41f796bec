import { buildPlugin, type Plugin, type PluginOptions } from '../../src/plugin/index.ts';
import { blockFunction, kernelImports } from './kernel-imports.ts';
import { wat } from './wat.ts';

/** A plugin module of WAT fields, after the kernel's imports and the function `$block`; imports of its own come between. */
export async function pluginModule(fields: string, imports = ''): Promise<Uint8Array> {
  return await wat(`(module ${kernelImports} ${imports} (memory (export "memory") 1) ${blockFunction} ${fields})`);
}

/** A built plugin of such fields. */
export async function plugin(fields: string, options: PluginOptions = {}, imports = ''): Promise<Plugin> {
  return buildPlugin(await pluginModule(fields, imports), options);
}
