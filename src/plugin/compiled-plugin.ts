import { type OwnFunctions, StackReader } from '../metering/run/trap-stack.ts';
import { type ExternalKind, type FunctionType, functionType, type WasmModule } from '../wasm/index.ts';
import { Preparation } from './preparation.ts';

/**
 * An import or export of a plugin. The type of a function is known if the plugin was compiled from
 * bytes.
 */
export interface PluginExternal {
  readonly name: string;
  readonly kind: ExternalKind;
  readonly type: FunctionType | undefined;
}

/** An import of a plugin. */
export type PluginImport = PluginExternal & { readonly module: string };

/**
 * The compiled module of a plugin, which can be instantiated any number of times. Made by
 * `compilePlugin`. It has no state and may be shared.
 */
export class CompiledPlugin {
  readonly module: WebAssembly.Module;
  /** The imports and exports of the original module, without what metering and linking add. */
  readonly imports: readonly PluginImport[];
  readonly exports: ReadonlyMap<string, PluginExternal>;
  /**
   * Whether instantiating runs code of the plugin: its start function. True if only the engine
   * knows.
   */
  readonly hasStart: boolean;
  /** Describes what metering and linking added to the module. */
  readonly preparation: Preparation;
  /**
   * Finds the plugin's functions in the stack of a trap; `undefined` if only the engine knows how
   * many it has.
   */
  readonly stacks: StackReader | undefined;

  /**
   * @param description the parsed original. If missing, module and preparation supply what they
   * know.
   * @param bodyEnds where the functions of the module end, if the engine hides which one trapped.
   */
  constructor(
    module: WebAssembly.Module,
    description?: WasmModule | undefined,
    preparation: Preparation = new Preparation(),
    bodyEnds?: Uint32Array | undefined,
  ) {
    this.module = module;
    this.preparation = preparation;
    const own = preparation.metering?.functions ?? (description && ownFunctions(description));
    this.stacks = own && new StackReader(module, own, bodyEnds);
    const isUnknown = preparation.isEmpty && description === undefined;
    const start = preparation.isEmpty ? description?.start : preparation.start;
    this.hasStart = isUnknown || start !== undefined;
    this.imports = description === undefined ? importsOf(module, preparation) : describedImports(description);
    const exports = description === undefined ? exportsOf(module, preparation) : describedExports(description);
    this.exports = new Map(exports.map((exported) => [exported.name, exported]));
  }
}

/** Whether a value is a compiled plugin. Never throws. */
export function isCompiledPlugin(value: unknown): value is CompiledPlugin {
  try {
    return value instanceof CompiledPlugin;
  } catch {
    return false; // a proxy whose prototype cannot be read
  }
}

function ownFunctions({ imports, functions }: WasmModule): OwnFunctions {
  const imported = imports.filter(({ kind }) => kind === 'function').length;
  return { imported, defined: functions.length - imported };
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

/** The most parameters or results that a type's text lists. A module may declare a thousand. */
const TYPES_SHOWN = 16;

/**
 * Formats a function type for error messages: `(i64, i32) -> (i64)`.
 *
 * @returns the text. Of a long list it has the beginning and the number of the others.
 */
export function formatFunctionType({ params, results, distinct }: FunctionType): string {
  const own = distinct === true ? ', declared as a distinct type' : '';
  return `(${list(params)}) -> (${list(results)})${own}`;
}

function list(types: readonly string[]): string {
  const shown = types.slice(0, TYPES_SHOWN).join(', ');
  return types.length > TYPES_SHOWN ? `${shown}, … ${types.length - TYPES_SHOWN} more` : shown;
}

/**
 * Whether two function types are equal. A `distinct` type equals no other, whatever its parameters.
 */
export function sameFunctionType(a: FunctionType, b: FunctionType): boolean {
  return a.distinct !== true && b.distinct !== true && sameTypes(a.params, b.params) && sameTypes(a.results, b.results);
}

function sameTypes(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((type, index) => type === b[index]);
}
