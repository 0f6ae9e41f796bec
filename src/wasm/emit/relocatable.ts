import type { ByteSink } from '../encoding/byte-sink.ts';
import { CodeWriter } from './code-writer.ts';

/**
 * A function that was assembled before it was known which indices its code refers to. The types of
 * its parameters and results are separated by commas.
 *
 * The code is a string of numbers. Each character is one: its character code less
 * {@link FIRST_CHARACTER}. The numbers are a run of bytes after its length, then a symbol, then the
 * next run, and so on; a run is last. A symbol stands for an index, see {@link writeRelocatable}.
 */
export type RelocatableFunction = readonly [params: string, results: string, code: string];

/**
 * The character for the number 0. So most characters are of ASCII, and none is the quotation mark
 * 0x22.
 */
const FIRST_CHARACTER = 0x23;

/**
 * The symbol of the start of a `memarg`: its flags, then the index of the memory unless that is 0.
 */
export const MEMARG_SYMBOL = 0;

/** A place in assembled code that stands for an index. */
export interface OpenIndex {
  /** The bytes that the index takes: from `start` up to `end`. */
  readonly start: number;
  readonly end: number;
  readonly symbol: number;
}

/**
 * Encodes the code of a relocatable function.
 *
 * @param bytes the code: locals, instructions and the final `end`.
 * @param open the places in it that stand for an index, in their order.
 * @returns the string.
 */
export function encodeRelocatable(bytes: readonly number[], open: readonly OpenIndex[]): string {
  const numbers: number[] = [];
  let at = 0;
  for (const { start, end, symbol } of open) {
    numbers.push(start - at, ...bytes.slice(at, start), symbol);
    at = end;
  }
  numbers.push(bytes.length - at, ...bytes.slice(at));
  return String.fromCharCode(...numbers.map((number) => number + FIRST_CHARACTER));
}

/**
 * Writes the code of a relocatable function with the indices that it refers to.
 *
 * @param code made by {@link encodeRelocatable}.
 * @param indices the index that each symbol stands for; for {@link MEMARG_SYMBOL} that of the
 * memory.
 * @param sink where it is written.
 * @throws RangeError if the code has a symbol without an index.
 */
export function writeRelocatable(code: string, indices: readonly number[], sink: ByteSink): void {
  let at = 0;
  for (;;) {
    const end = at + 1 + code.charCodeAt(at) - FIRST_CHARACTER;
    sink.characters(code, at + 1, end, FIRST_CHARACTER);
    if (end >= code.length) return;
    const symbol = code.charCodeAt(end) - FIRST_CHARACTER;
    at = end + 1;
    const index = indices[symbol];
    if (index === undefined) throw new RangeError(`relocatable code has no index for the symbol ${symbol}`);
    if (symbol === MEMARG_SYMBOL) new CodeWriter(sink).memargMemory(index);
    else sink.u32(index);
  }
}
