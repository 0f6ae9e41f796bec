import type { Instruction } from './instruction.ts';
import { describeKind } from './kind.ts';
import { kinds, kindsByPrefix } from './table.generated.ts';

/*
 * What reading, rewriting and metering need of instructions. `npm run generate` makes the table
 * from the rows, without names. An instruction is made when it is first met.
 */

/**
 * The character of the first kind in {@link kindsByPrefix}. A space stands for a reserved opcode.
 */
export const FIRST_KIND = 0x23;

const common: Omit<Instruction, 'opcode'>[] = [];
const made = new Map<number, Instruction>();

function commonOf(index: number): Omit<Instruction, 'opcode'> | undefined {
  const kind = kinds[index];
  if (kind !== undefined) common[index] ??= describeKind(kind);
  return common[index];
}

/**
 * Finds an instruction by its opcode.
 *
 * @param opcode a byte, or `prefix << 16 | number`. A decoder must refuse a number over 0xffff
 * before, since it would change the prefix. No such number is in use.
 * @returns the instruction; `undefined` if the opcode is reserved.
 */
export function instructionAt(opcode: number): Instruction | undefined {
  const known = made.get(opcode);
  if (known !== undefined) return known;
  const kind = (kindsByPrefix[opcode >>> 16]?.charCodeAt(opcode & 0xffff) ?? 0) - FIRST_KIND;
  // It is NaN behind the last instruction of a prefix.
  const common = kind >= 0 ? commonOf(kind) : undefined;
  if (common === undefined) return undefined;
  const instruction = { opcode, ...common };
  made.set(opcode, instruction);
  return instruction;
}

/**
 * Finds an instruction that this package itself uses.
 *
 * @param opcode see {@link instructionAt}.
 * @returns the instruction.
 * @throws RangeError if the opcode is reserved.
 */
export function requiredInstruction(opcode: number): Instruction {
  const instruction = instructionAt(opcode);
  if (instruction === undefined) throw new RangeError(`the instruction table has no 0x${opcode.toString(16)}`);
  return instruction;
}

/**
 * Makes a table of 256 entries, by the first byte of an opcode. A module that needs one writes
 * `onFirstUse(() => byFirstByte(...))`.
 *
 * @param entry makes the entry of a byte. It gets the instruction of that byte; `undefined` for a
 * prefix, and for a byte that begins no instruction.
 * @returns the table.
 */
export function byFirstByte<T>(entry: (instruction: Instruction | undefined, byte: number) => T): readonly T[] {
  return Array.from({ length: 256 }, (_, byte) => entry(instructionAt(byte), byte));
}
