import type { ByteReader } from '../encoding/byte-reader.ts';
import { byFirstByte, type Immediate, type Instruction, MEMARG_HAS_MEMORY_INDEX } from './index.ts';

/**
 * The plain instructions: those that always continue with the next instruction, and that need not
 * be looked at one by one. Most code consists of them, four of five.
 *
 * There is an entry for each first byte of an opcode. It is {@link NOT_PLAIN}; or its lowest three
 * bits are the change of the height of the operand stack, {@link LARGEST_POP} added, the fourth bit
 * is the fuel, and the others are the length of the immediate in bytes, or one of the
 * constants below.
 */
export type PlainTable = Uint8Array;

const NOT_PLAIN = 255;
/** As many operands as a plain instruction takes at most, beside those that it gives. */
const LARGEST_POP = 4;
const CHANGE_MASK = 7;
const FUEL_SHIFT = 3;
const FUEL = 1 << FUEL_SHIFT;
const LENGTH_SHIFT = 4;

/** The height of the operand stack, at the current instruction of a function. */
export interface OperandHeight {
  height: number;
  /**
   * The height below the parameters of the innermost block. Only code that is never executed pops
   * operands from below it.
   */
  base: number;
  /** The greatest height so far. */
  greatest: number;
}

/** The length of an immediate that is not fixed. Fixed ones have up to 8 bytes. */
const LEB128 = 9;
const SIGNED = 10;
const MEMARG = 11;

/** Immediates that a plain instruction may have. */
const IMMEDIATE_BYTES: { readonly [K in Immediate]?: number } = {
  localIndex: LEB128,
  globalIndex: LEB128,
  functionIndex: LEB128,
  labelIndex: LEB128,
  s32: SIGNED,
  s64: SIGNED,
  f32: 4,
  f64: 8,
  memarg: MEMARG,
};

/**
 * Makes a table of plain instructions.
 *
 * @param isPlain whether an instruction is plain. It is asked for instructions with an opcode of
 * one byte that change the height by a constant. Others are never plain.
 * @returns the table.
 */
export function plainTable(isPlain: (instruction: Instruction) => boolean): PlainTable {
  return Uint8Array.from(
    byFirstByte((instruction) => instruction && plainEntry(instruction, isPlain)),
    (entry) => entry ?? NOT_PLAIN,
  );
}

function plainEntry(instruction: Instruction, isPlain: (instruction: Instruction) => boolean): number {
  const { immediates, stack, control, costs } = instruction;
  const [immediate] = immediates;
  const length = immediate === undefined ? 0 : immediates.length === 1 ? IMMEDIATE_BYTES[immediate] : undefined;
  if (control !== 'none' || stack.kind !== 'constant' || length === undefined || !isPlain(instruction))
    return NOT_PLAIN;
  return (length << LENGTH_SHIFT) | (costs.fuel * FUEL) | (stack.pushes - stack.pops + LARGEST_POP);
}

/**
 * Removes instructions from a table.
 *
 * @param table the table.
 * @param excepted by first byte of the opcode, whether to remove the instruction.
 * @returns a new table.
 */
export function plainExcept(table: PlainTable, excepted: readonly boolean[]): PlainTable {
  return table.map((entry, byte) => (excepted[byte] === true ? NOT_PLAIN : entry));
}

/**
 * Skips the bytes of a LEB128 integer after its first. Linkers leave integers at their full length
 * of five bytes, so these are common.
 *
 * @param at the offset of its second byte.
 * @returns the offset after it; 0 if it is longer, or may be too large: then it must be read.
 */
function endOfInteger(bytes: Uint8Array, at: number, isSigned: boolean): number {
  if ((bytes[at] ?? 0) < 0x80) return at + 1;
  if ((bytes[at + 1] ?? 0) < 0x80) return at + 2;
  if ((bytes[at + 2] ?? 0) < 0x80) return at + 3;
  const fifth = bytes[at + 3] ?? 0;
  // These are valid in an integer of any type that is plain here: bits 28 to 31, and signs.
  return fifth < 0x08 || (isSigned && fifth >= 0x78 && fifth < 0x80) ? at + 4 : 0;
}

/**
 * Skips plain instructions, up to the first that is not plain or has an unusual immediate.
 *
 * @param reader at an instruction. It moves past those that are skipped.
 * @param plain the plain instructions.
 * @param operands is updated.
 * @returns the fuel of those that were skipped.
 */
export function passPlain(reader: ByteReader, plain: PlainTable, operands: OperandHeight): number {
  const { bytes, end } = reader;
  const { base } = operands;
  let { height, greatest } = operands;
  let at = reader.offset;
  let fuel = 0;
  while (at < end) {
    const entry = plain[bytes[at] ?? 0] ?? NOT_PLAIN;
    if (entry === NOT_PLAIN) break;
    const length = entry >> LENGTH_SHIFT;
    let next = at + 1;
    if (length >= LEB128) {
      // From this value up a memory index follows, or the alignment is invalid.
      if (length === MEMARG && (bytes[next++] ?? 0) >= MEMARG_HAS_MEMORY_INDEX) break;
      if ((bytes[next++] ?? 0) >= 0x80) {
        next = endOfInteger(bytes, next, length === SIGNED);
        if (next === 0) break;
      }
    } else next += length;
    // The reader of instructions reports one that does not fit.
    if (next > end) break;
    height += (entry & CHANGE_MASK) - LARGEST_POP;
    if (height < base) height = base;
    else if (height > greatest) greatest = height;
    fuel += (entry & FUEL) >> FUEL_SHIFT;
    at = next;
  }
  reader.offset = at;
  operands.height = height;
  operands.greatest = greatest;
  return fuel;
}
