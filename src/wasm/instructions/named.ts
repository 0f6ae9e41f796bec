import { onFirstUse } from '../../first-use.ts';
import { control, exception, parametric } from './control.ts';
import type { NamedInstruction } from './instruction.ts';
import { numeric } from './numeric.ts';
import { aggregate, reference } from './reference.ts';
import { instructionsOf, type Row } from './row.ts';
import { atomic, memory, table, variable } from './storage.ts';
import { relaxedVector, vector } from './vector.ts';

/** The rows of all instructions: in the order of the specification, then the atomic ones. */
export const rows: readonly (readonly Row[])[] = [
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
export const allInstructions: () => readonly NamedInstruction[] = onFirstUse(() =>
  rows.flatMap((group) => group.flatMap(instructionsOf)),
);

const byName = onFirstUse(
  (): ReadonlyMap<string, NamedInstruction> =>
    new Map(allInstructions().map((instruction) => [instruction.name, instruction])),
);

const byOpcode = onFirstUse(
  (): ReadonlyMap<number, NamedInstruction> =>
    new Map(allInstructions().map((instruction) => [instruction.opcode, instruction])),
);

/**
 * Finds an instruction by its name.
 *
 * @param name in the text format, see {@link NamedInstruction.name}.
 * @returns the instruction; `undefined` if there is none of that name.
 */
export function instructionNamed(name: string): NamedInstruction | undefined {
  return byName().get(name);
}

/**
 * The name of an instruction.
 *
 * @param opcode a byte, or `prefix << 16 | number`.
 * @returns its name in the text format; `undefined` if the opcode is reserved.
 */
export function instructionName(opcode: number): string | undefined {
  return byOpcode().get(opcode)?.name;
}
