import type { ByteReader } from '../encoding/byte-reader.ts';
import { byFirstByte, type Immediate, type Instruction } from './index.ts';

/** Stands in a {@link PlainTable} for an instruction that is not plain. */
const NOT_PLAIN = 127;

/**
 * By the first byte of their opcode, instructions that only move on and that nobody needs to look at one by one: by how much each changes the
 * height of the operand stack. They are four of five in most code.
 */
export type PlainTable = readonly number[];

/** The height of the operand stack, as it is followed through a function. */
export interface OperandHeight {
  height: number;
  /** The height that the innermost block began with: what is below is only there in code that is never executed. */
  base: number;
  /** The greatest so far. */
  greatest: number;
}

/** Bytes of an immediate: 1 to 8, if that is how many it always takes; else one of these. */
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

/** Bytes of LEB128 that are passed over without a look at their value. Longer ones are read as they should be, since they may be too long. */
const LEB128_BYTES = 4;

/** In the flags of a `memarg`, from here on up: a memory index follows, or the flags are wrong. */
const MEMARG_FLAGS = 0x40;

const immediateBytes = byFirstByte((instruction) => {
  const [immediate] = instruction?.immediates ?? [];
  return immediate === undefined ? 0 : (IMMEDIATE_BYTES[immediate] ?? 0);
});

/**
 * A table of plain instructions.
 *
 * @param isPlain says it of each instruction that is of one byte and changes the height by a constant; others never are.
 */
/* @__NO_SIDE_EFFECTS__ */
export function plainTable(isPlain: (instruction: Instruction) => boolean): PlainTable {
  return byFirstByte((instruction, byte) => {
    if (instruction === undefined || instruction.control !== 'none') return NOT_PLAIN;
    const { immediates, stack } = instruction;
    const passable = immediates.length === 0 || (immediates.length === 1 && immediateBytes[byte] !== 0);
    return passable && stack.kind === 'constant' && isPlain(instruction) ? stack.pushes - stack.pops : NOT_PLAIN;
  });
}

/** The instructions of a table but for some, by the first byte of their opcode. */
export function plainExcept(table: PlainTable, excepted: readonly boolean[]): PlainTable {
  return table.map((change, byte) => (excepted[byte] === true ? NOT_PLAIN : change));
}

/**
 * Passes over the plain instructions that come next, up to the first that is not, or whose immediates need a closer look.
 *
 * @returns how many there were.
 */
export function passPlain(reader: ByteReader, plain: PlainTable, operands: OperandHeight): number {
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
      if (length === MEMARG && (bytes[next++] ?? 0) >= MEMARG_FLAGS) break;
      const last = next + LEB128_BYTES - 1;
      while (next < last && (bytes[next] ?? 0) >= 0x80) next++;
      if ((bytes[next++] ?? 0) >= 0x80) break;
    } else next += length;
    // What does not fit is read, and refused, as any instruction is.
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
