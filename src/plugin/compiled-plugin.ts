import { type OwnFunctions, StackReader } from '../metering/run/trap-stack.ts';
import type { FunctionType } from '../wasm/index.ts';
import type { PluginExternal, PluginImport } from './external.ts';
import type { KernelPlace } from './plugin-kernel.ts';
import type { Preparation } from './preparation.ts';

export type { PluginExternal, PluginImport } from './external.ts';

/** What is known of a plugin's own module, without what metering and linking add. */
export interface PluginDescription {
  readonly imports: readonly PluginImport[];
  readonly exports: readonly PluginExternal[];
  /** Whether the module has a start function. True if only the engine knows. */
  readonly hasStart: boolean;
  /** How many functions it has; `undefined` if only the engine knows. */
  readonly functions: OwnFunctions | undefined;
}

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
  /** Where the kernel is. */
  readonly kernel: KernelPlace;
  /**
   * Finds the plugin's functions in the stack of a trap; `undefined` if only the engine knows how
   * many it has.
   */
  readonly stacks: StackReader | undefined;

  /**
   * @param bodyEnds where the functions of the module end, if the engine hides which one trapped.
   */
  constructor(
    module: WebAssembly.Module,
    { imports, exports, hasStart, functions }: PluginDescription,
    preparation: Preparation,
    kernel: KernelPlace,
    bodyEnds?: Uint32Array | undefined,
  ) {
    this.module = module;
    this.imports = imports;
    this.exports = new Map(exports.map((exported) => [exported.name, exported]));
    this.hasStart = hasStart;
    this.preparation = preparation;
    this.kernel = kernel;
    this.stacks = functions && new StackReader(module, functions, bodyEnds);
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
