import type { EditList, EditWriter } from '../../wasm/index.ts';
import { OPTIMISED_BYTES_MAX, OPTIMISED_PRODUCT_MAX } from '../layout.ts';
import { BLOCK, BRANCH, DROP, EMPTY_BLOCK, END, I64_CONST } from './opcodes.ts';

/** The longest encoding of `i64.const 0`, and `drop`. */
const UNIT = [I64_CONST, ...Array<number>(9).fill(0x80), 0, DROP];

/** Writes at least this many bytes of code that is never executed. */
const writePadding: EditWriter = (sink, bytes) => {
  sink.bytes([BLOCK, EMPTY_BLOCK, BRANCH, 0]);
  for (let written = 0; written < bytes; written += UNIT.length) sink.bytes(UNIT);
  sink.byte(END);
};

/**
 * Makes a function too long for JavaScriptCore to optimise, if that would take too much memory.
 * (Figures: RATIONALE.md, "Why is the structure of a module bounded?")
 *
 * @param end offset of the function's last instruction.
 * @param jumps its blocks, loops, branches and tail calls.
 * @param bodyBytes its length in bytes.
 * @param longestWay tells how many bytes can be executed one after the other. It is asked only if
 * that decides.
 */
export function padIfDear(
  edits: EditList,
  end: number,
  jumps: number,
  bodyBytes: number,
  longestWay: () => number,
): void {
  if (jumps * bodyBytes <= OPTIMISED_PRODUCT_MAX || bodyBytes >= OPTIMISED_BYTES_MAX) return;
  if (jumps * longestWay() > OPTIMISED_PRODUCT_MAX) edits.insert(end, writePadding, OPTIMISED_BYTES_MAX - bodyBytes);
}
