import type { DefinedType, FunctionType, WasmModule } from '../wasm/index.ts';
import type { PluginDescription, PluginExternal, PluginImport } from './compiled-plugin.ts';

/** Describes a plugin whose bytes were read. */
export function describeModule(module: WasmModule): PluginDescription {
  const { imports, functions, start } = module;
  const types = module.types.map(functionTypeOf);
  const imported = imports.filter(({ kind }) => kind === 'function').length;
  return {
    imports: describedImports(module, types),
    exports: describedExports(module, types),
    hasStart: start !== undefined,
    functions: { imported, defined: functions.length - imported },
  };
}

/** The function types of a module by type index. Functions of one type share its object. */
type FunctionTypes = readonly (FunctionType | undefined)[];

function functionTypeOf(type: DefinedType): FunctionType | undefined {
  if (type.kind !== 'func') return undefined;
  const { params, results, distinct } = type;
  return distinct === undefined ? { params, results } : { params, results, distinct };
}

function describedImports({ imports }: WasmModule, types: FunctionTypes): PluginImport[] {
  return imports.map(({ module, name, kind, ...external }) => {
    const type = kind === 'function' && 'typeIndex' in external ? types[external.typeIndex] : undefined;
    return { module, name, kind, type };
  });
}

function describedExports({ exports, functions }: WasmModule, types: FunctionTypes): PluginExternal[] {
  return exports.map(({ name, kind, index }) => {
    return { name, kind, type: kind === 'function' ? types[functions[index] ?? -1] : undefined };
  });
}
