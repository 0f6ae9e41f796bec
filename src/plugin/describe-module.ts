import { functionType, type WasmModule } from '../wasm/index.ts';
import type { PluginDescription, PluginExternal, PluginImport } from './compiled-plugin.ts';

/** Describes a plugin whose bytes were read. */
export function describeModule(module: WasmModule): PluginDescription {
  const { imports, functions, start } = module;
  const imported = imports.filter(({ kind }) => kind === 'function').length;
  return {
    imports: describedImports(module),
    exports: describedExports(module),
    hasStart: start !== undefined,
    functions: { imported, defined: functions.length - imported },
  };
}

function describedImports({ imports, types }: WasmModule): PluginImport[] {
  return imports.map(({ module, name, kind, ...external }) => {
    const type = kind === 'function' && 'typeIndex' in external ? types[external.typeIndex] : undefined;
    return { module, name, kind, type: type?.kind === 'func' ? type : undefined };
  });
}

function describedExports(module: WasmModule): PluginExternal[] {
  return module.exports.map(({ name, kind, index }) => {
    return { name, kind, type: kind === 'function' ? functionType(module, index) : undefined };
  });
}
