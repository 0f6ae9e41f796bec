import { onFirstUse } from '../../first-use.ts';
import type { ByteReader } from '../encoding/byte-reader.ts';
import { byFirstByte, type Immediate, type Instruction, MEMARG_HAS_MEMORY_INDEX } from './index.ts';

/** The entry in a {@link PlainTable} of an instruction that is not plain. */
const NOT_PLAIN = 127;

/**
 * The plain instructions: those that always continue with the next instruction, and that need not
 * be looked at one by one. Most code consists of them, four of five. An entry, by first byte of the
 * opcode, is the change of the height of the operand stack.
 */
export type PlainTable = readonly number[];

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

/** The length of an immediate: 1 to 8 bytes if it is fixed; else one of these. */
const LEB128 = 16;
const MEMARG = 17;

/** Immediates that a plain instruction may have. */
const IMMEDIATE_BYTES: { readonly [K in Immediate]?: number } = {
  localIndex: LEB128,
  globalIndex: LEB128,
  functionIndex: LEB128,
  labelIndex: LEB128,
  s32: LEB128,
  s64: LEB128,
  f32: 4,
  f64: 8,
  memarg: MEMARG,
};

/**
 * LEB128 integers of up to this many bytes are skipped. Longer ones are read: they may be invalid.
 */
const LEB128_BYTES = 4;

const lengthsOfImmediates = onFirstUse(() =>
  byFirstByte((instruction) => {
    const [immediate] = instruction?.immediates ?? [];
    return immediate === undefined ? 0 : (IMMEDIATE_BYTES[immediate] ?? 0);
  }),
);

/**
 * Makes a table of plain instructions.
 *
 * @param isPlain whether an instruction is plain. It is asked for instructions with an opcode of
 * one byte that change the height by a constant. Others are never plain.
 * @returns the table.
 */
export function plainTable(isPlain: (instruction: Instruction) => boolean): PlainTable {
  const immediateBytes = lengthsOfImmediates();
  return byFirstByte((instruction, byte) => {
    if (instruction === undefined || instruction.control !== 'none') return NOT_PLAIN;
    const { immediates, stack } = instruction;
    const passable = immediates.length === 0 || (immediates.length === 1 && immediateBytes[byte] !== 0);
    return passable && stack.kind === 'constant' && isPlain(instruction) ? stack.pushes - stack.pops : NOT_PLAIN;
  });
}

/**
 * Removes instructions from a table.
 *
 * @param table the table.
 * @param excepted by first byte of the opcode, whether to remove the instruction.
 * @returns a new table.
 */
export function plainExcept(table: PlainTable, excepted: readonly boolean[]): PlainTable {
  return table.map((change, byte) => (excepted[byte] === true ? NOT_PLAIN : change));
}

/**
 * Skips plain instructions, up to the first that is not plain or has an unusual immediate.
 *
 * @param reader at an instruction. It moves past those that are skipped.
 * @param plain the plain instructions.
 * @param operands is updated.
 * @returns how many instructions were skipped.
 */
export function passPlain(reader: ByteReader, plain: PlainTable, operands: OperandHeight): number {
  const immediateBytes = lengthsOfImmediates();
  const { bytes, end } = reader;
  const { base } = operands;
  let { height, greatest } = operands;
  let at = reader.offset;
  let count = 0;
  while (at < end) {
    const opcode = bytes[at] ?? 0;
    const change = plain[opcode] ?? NOT_PLAIN;
    if (change === NOT_PLAIN) break;
    const length = immediateBytes[opcode] ?? 0;
    let next = at + 1;
    if (length >= LEB128) {
      // From this value up a memory index follows, or the alignment is invalid.
      if (length === MEMARG && (bytes[next++] ?? 0) >= MEMARG_HAS_MEMORY_INDEX) break;
      const last = next + LEB128_BYTES - 1;
      while (next < last && (bytes[next] ?? 0) >= 0x80) next++;
      if ((bytes[next++] ?? 0) >= 0x80) break;
    } else next += length;
    // The reader of instructions reports one that does not fit.
    if (next > end) break;
    height += change;
    if (height < base) height = base;
    if (height > greatest) greatest = height;
    at = next;
    count++;
  }
  reader.offset = at;
  operands.height = height;
  operands.greatest = greatest;
  return count;
}
