import { type ExternalKind, type FunctionType, functionType, type WasmModule } from '../wasm/index.ts';
import { Preparation } from './preparation.ts';

/** An import or export of a plugin. The type of a function is known when the plugin was compiled from bytes. */
export interface PluginExternal {
  readonly name: string;
  readonly kind: ExternalKind;
  readonly type: FunctionType | undefined;
}

/** An import of a plugin. */
export type PluginImport = PluginExternal & { readonly module: string };

/**
 * A plugin's module, compiled once, to be instantiated any number of times. Made by
 * `compilePlugin`; it holds no state of a plugin and may be shared.
 */
export class CompiledPlugin {
  readonly module: WebAssembly.Module;
  /** What the original module imports and exports, without what metering and linking add. */
  readonly imports: readonly PluginImport[];
  readonly exports: ReadonlyMap<string, PluginExternal>;
  /** Whether instantiating it runs code of the plugin: a start function. True if only the engine knows. */
  readonly hasStart: boolean;
  /** What is written into the module. */
  readonly preparation: Preparation;

  /**
   * @param description what the original's bytes say. Without it, the module and its preparation
   * say what is known.
   */
  constructor(
    module: WebAssembly.Module,
    description?: WasmModule | undefined,
    preparation: Preparation = new Preparation(),
  ) {
    this.module = module;
    this.preparation = preparation;
    const isUnknown = preparation.isEmpty && description === undefined;
    const start = preparation.isEmpty ? description?.start : preparation.start;
    this.hasStart = isUnknown || start !== undefined;
    this.imports = description === undefined ? importsOf(module, preparation) : describedImports(description);
    const exports = description === undefined ? exportsOf(module, preparation) : describedExports(description);
    this.exports = new Map(exports.map((exported) => [exported.name, exported]));
  }
}

function importsOf(module: WebAssembly.Module, preparation: Preparation): PluginImport[] {
  const functions = preparation.imports;
  const others = WebAssembly.Module.imports(module).filter(
    ({ module: from, kind }) => !preparation.addsImport(from) && (functions === undefined || kind !== 'function'),
  );
  return [
    ...(functions ?? []).map((imported) => ({ ...imported, kind: 'function' }) as const),
    ...others.map(({ module: from, name, kind }) => ({ module: from, name, kind, type: undefined })),
  ];
}

function exportsOf(module: WebAssembly.Module, preparation: Preparation): PluginExternal[] {
  const types = preparation.exportTypes;
  return WebAssembly.Module.exports(module)
    .filter(({ name }) => !preparation.addsExport(name))
    .map(({ name, kind }) => ({ name, kind, type: types.get(name) }));
}

function describedImports(description: WasmModule): PluginImport[] {
  return description.imports.map(({ module, name, kind, ...external }) => {
    const type = kind === 'function' && 'typeIndex' in external ? description.types[external.typeIndex] : undefined;
    return { module, name, kind, type: type?.kind === 'func' ? type : undefined };
  });
}

function describedExports(description: WasmModule): PluginExternal[] {
  return description.exports.map(({ name, kind, index }) => {
    return { name, kind, type: kind === 'function' ? functionType(description, index) : undefined };
  });
}
