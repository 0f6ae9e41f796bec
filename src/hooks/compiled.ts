import { exportedFunctions, type MeteringInfo } from '../metering/metering-section.ts';
import { StackReader } from '../metering/run/trap-stack.ts';
import type { FunctionType } from '../wasm/index.ts';

/** The memory that a host lends to each instance of a module. */
export interface LentMemory {
  /** The module name of the import `memory`. */
  readonly importModule: string;
  /** The export of the global that holds the size that the plugin sees, in pages. */
  readonly sizeExport: string;
  /** Pages of the memory at first. */
  readonly minimum: number;
  /** Pages that the plugin lets the memory have. A host may lend one that can have fewer. */
  readonly maximum: number;
  /**
   * The exports of the globals that can change; `null` if more than they and the memory can change,
   * so that an instance cannot be put back into its first state.
   */
  readonly changingGlobals: readonly string[] | null;
}

/** A hook plugin with budgets and a lent memory written into it, compiled. It has no state. */
export interface CompiledHooks {
  readonly module: WebAssembly.Module;
  readonly metering: MeteringInfo;
  readonly memory: LentMemory;
  /** The types of the functions that the plugin exports, by name. */
  readonly functions: ReadonlyMap<string, FunctionType>;
  /** Finds the plugin's functions in the stack of a trap. */
  readonly stacks: StackReader;
}

/**
 * Describes a compiled plugin by what was written into it.
 *
 * @param bodyEnds where the functions of the module end, if the engine hides which one trapped.
 */
export function compiledHooks(
  module: WebAssembly.Module,
  metering: MeteringInfo,
  memory: LentMemory,
  bodyEnds?: Uint32Array | undefined,
): CompiledHooks {
  const functions = exportedFunctions(metering).map(({ name, ...type }) => [name, type] as const);
  const stacks = new StackReader(module, metering.functions, bodyEnds);
  return { module, metering, memory, functions: new Map(functions), stacks };
}
