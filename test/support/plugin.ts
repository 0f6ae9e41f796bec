import { buildPlugin, type Plugin, type PluginOptions, preparePlugin } from '../../src/plugin/index.ts';
import { canLink } from '../../src/plugin/link.ts';
import { blockFunction, kernelImports } from './kernel-imports.ts';
import { wat } from './wat.ts';

/**
 * A plugin module of WAT fields, after the kernel's imports and the function `$block`; imports of
 * its own come between.
 */
export async function pluginModule(fields: string, imports = ''): Promise<Uint8Array> {
  return await wat(`(module ${kernelImports} ${imports} (memory (export "memory") 1) ${blockFunction} ${fields})`);
}

/** Where the kernel of a prepared plugin can be on this engine. */
export const kernelOfPrepared = canLink() ? 'linked' : 'instance';

/** A prepared plugin, as a host has it that cannot compile. */
export function preparedModule(bytes: Uint8Array): WebAssembly.Module {
  return new WebAssembly.Module(preparePlugin(bytes, { kernel: kernelOfPrepared }));
}

/**
 * Does something where the engine compiles nothing, as for an edge worker. Some engines validate
 * there, others do not.
 */
export function withoutCompiling<T>(work: () => T, validates = true): T {
  const restore = forbidCompiling(validates);
  try {
    return work();
  } finally {
    restore();
  }
}

/** {@link withoutCompiling} for what takes longer. */
export async function withoutCompilingAsync<T>(work: () => Promise<T>, validates = true): Promise<T> {
  const restore = forbidCompiling(validates);
  try {
    return await work();
  } finally {
    restore();
  }
}

/** @returns what allows it again. */
function forbidCompiling(validates: boolean): () => void {
  const { Module, compile, validate } = WebAssembly;
  const refuse = (): never => {
    throw new WebAssembly.CompileError('code generation is disallowed here');
  };
  WebAssembly.Module = new Proxy(Module, { construct: refuse });
  WebAssembly.compile = async () => refuse();
  if (!validates) WebAssembly.validate = () => false;
  return () => Object.assign(WebAssembly, { Module, compile, validate });
}

/** Builds a plugin of such fields. */
export async function plugin(fields: string, options: PluginOptions = {}, imports = ''): Promise<Plugin> {
  return buildPlugin(await pluginModule(fields, imports), options);
}
