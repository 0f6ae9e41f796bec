import { onFirstUse } from '../../first-use.ts';
import { control, exception, parametric } from './control.ts';
import type { Instruction } from './instruction.ts';
import { numeric } from './numeric.ts';
import { aggregate, reference } from './reference.ts';
import { instructionsOf, type Row } from './row.ts';
import { atomic, memory, table, variable } from './storage.ts';
import { relaxedVector, vector } from './vector.ts';

export {
  type Control,
  type Costs,
  type Feature,
  type Immediate,
  type Instruction,
  MEMARG_HAS_MEMORY_INDEX,
  type StackEffect,
} from './instruction.ts';

/** The rows of all instructions: in the order of the specification, then the atomic ones. */
const groups: readonly (readonly Row[])[] = [
  parametric,
  control,
  exception,
  variable,
  table,
  memory,
  reference,
  aggregate,
  numeric,
  vector,
  relaxedVector,
  atomic,
];

/**
 * The table of all instructions, which is made on the first call.
 *
 * @returns all instructions: group by group in the order of the specification, then the atomic
 * ones.
 */
export const allInstructions: () => readonly Instruction[] = onFirstUse(() =>
  groups.flatMap((group) => group.flatMap(instructionsOf)),
);

const byName = onFirstUse(
  (): ReadonlyMap<string, Instruction> =>
    new Map(allInstructions().map((instruction) => [instruction.name, instruction])),
);

/** The instructions by prefix byte (0 for none), then by the rest of the opcode. */
const byPrefix = onFirstUse((): readonly (readonly (Instruction | undefined)[] | undefined)[] => {
  const indexed: (Instruction | undefined)[][] = [];
  for (const instruction of allInstructions()) {
    const prefix = instruction.opcode >>> 16;
    indexed[prefix] ??= [];
    indexed[prefix][instruction.opcode & 0xffff] = instruction;
  }
  return indexed;
});

/**
 * Finds an instruction by its name.
 *
 * @param name in the text format, see {@link Instruction.name}.
 * @returns the instruction; `undefined` if there is none of that name.
 */
export function instructionNamed(name: string): Instruction | undefined {
  return byName().get(name);
}

/**
 * Finds an instruction that this package itself uses.
 *
 * @param name in the text format, see {@link Instruction.name}.
 * @returns the instruction.
 * @throws RangeError if there is none of that name.
 */
export function requiredInstruction(name: string): Instruction {
  const instruction = byName().get(name);
  if (instruction === undefined) throw new RangeError(`the instruction table has no ${name}`);
  return instruction;
}

/**
 * Finds an instruction by its opcode.
 *
 * @param opcode a byte, or `prefix << 16 | number`. A decoder must refuse a number over 0xffff
 * before, since it would change the prefix. No such number is in use.
 * @returns the instruction; `undefined` if the opcode is reserved.
 */
export function instructionAt(opcode: number): Instruction | undefined {
  return byPrefix()[opcode >>> 16]?.[opcode & 0xffff];
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
