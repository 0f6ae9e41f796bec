// Assembles a function that is text into one that can be relocated.
import { type AssembledIndex, assembleWithIndices } from '../../src/wasm/emit/assembler.ts';
import { encodeLocals } from '../../src/wasm/emit/module-builder.ts';
import { encodeRelocatable, type RelocatableFunction } from '../../src/wasm/emit/relocatable.ts';
import { instructionNamed } from '../../src/wasm/instructions/index.ts';

/** A function as text: its types by name, and its instructions. */
export interface Text {
  readonly params: Readonly<Record<string, string>>;
  readonly results: readonly string[];
  readonly locals: Readonly<Record<string, string>>;
  readonly body: string;
  /** Bytes of code that is never executed, behind the body. */
  readonly padding?: number;
}

/** The symbols of what texts refer to. */
export interface Symbols {
  readonly globals: ReadonlyMap<string, number>;
  readonly functions: ReadonlyMap<string, number>;
  /** The symbol of a memory or table. */
  readonly indexed: (index: AssembledIndex) => number;
}

const END = opcodeOf('end');

function opcodeOf(name: string): number {
  const { opcode } = instructionNamed(name) ?? {};
  if (opcode === undefined) throw new RangeError(`no instruction is named ${name}`);
  return opcode;
}

/**
 * Assembles a function.
 *
 * @param text the function.
 * @param symbols of what it refers to.
 * @returns the function with its symbols.
 */
export function relocatableFunction(text: Text, { globals, functions, indexed }: Symbols): RelocatableFunction {
  const names = [...Object.keys(text.params), ...Object.keys(text.locals)];
  const locals = new Map(names.map((name, index) => [name, index]));
  // Indices are symbols here.
  const { bytes, indices } = assembleWithIndices(text.body, { locals, globals, functions, memory: 0 });
  const declared = encodeLocals(Object.values(text.locals));
  const padding = neverExecuted(text.padding ?? 0);
  const open = indices.map((index) => ({
    start: declared.length + index.start,
    end: declared.length + index.end,
    symbol: index.space === 'global' || index.space === 'function' ? index.index : indexed(index),
  }));
  const code = encodeRelocatable([...declared, ...bytes, ...padding, END], open);
  return [Object.values(text.params).join(), text.results.join(), code];
}

/** A `return`, then instructions that are never executed, one byte each. */
function neverExecuted(count: number): number[] {
  return count === 0 ? [] : [opcodeOf('return'), ...Array<number>(count).fill(opcodeOf('nop'))];
}
