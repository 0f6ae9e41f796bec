import { aggregate } from './aggregate.ts';
import { atomic } from './atomic.ts';
import { control } from './control.ts';
import { exception } from './exception.ts';
import type { Costs, Instruction, Row, StackEffect } from './instruction.ts';
import { memory } from './memory.ts';
import { namesOf } from './names.ts';
import { numeric } from './numeric.ts';
import { parametric } from './parametric.ts';
import { reference } from './reference.ts';
import { relaxedVector } from './relaxed-vector.ts';
import { table } from './table.ts';
import { variable } from './variable.ts';
import { vector } from './vector.ts';

export type { Control, Costs, Feature, Immediate, Instruction, StackEffect } from './instruction.ts';

const defaultCosts: Costs = { fuel: 1, time: 'constant', grows: 'nothing', blocks: false, calls: 'nothing' };

function instructionsOf([feature, opcode, names, effect, immediates = [], exceptions = {}]: Row): Instruction[] {
  const [pops, pushes, kind = 'constant'] = effect;
  const stack: StackEffect = { kind, pops, pushes };
  const { control = 'none', ...unusual } = exceptions;
  const costs: Costs = { ...defaultCosts, ...unusual };
  return namesOf(names).map((name, index) => {
    return { name, opcode: opcode + index, immediates, feature, stack, control, costs };
  });
}

/* What is made when the module is loaded is made by functions without side effects: a bundler leaves it out where nothing uses it. */

/* @__NO_SIDE_EFFECTS__ */
function instructionsOfGroups(groups: readonly (readonly Row[])[]): readonly Instruction[] {
  return groups.flatMap((group) => group.flatMap(instructionsOf));
}

/** Every instruction, group by group in the specification's order, then the atomic ones. */
export const instructions: readonly Instruction[] = instructionsOfGroups([
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
]);

/* @__NO_SIDE_EFFECTS__ */
function indexedByName(all: readonly Instruction[]): ReadonlyMap<string, Instruction> {
  return new Map(all.map((instruction) => [instruction.name, instruction]));
}

const byName = indexedByName(instructions);

/* @__NO_SIDE_EFFECTS__ */
function indexedByPrefix(all: readonly Instruction[]): readonly (readonly (Instruction | undefined)[] | undefined)[] {
  const indexed: (Instruction | undefined)[][] = [];
  for (const instruction of all) {
    const prefix = instruction.opcode >>> 16;
    indexed[prefix] ??= [];
    indexed[prefix][instruction.opcode & 0xffff] = instruction;
  }
  return indexed;
}

/** The instructions by opcode: first those without a prefix (under 0), then those of each prefix byte. */
const byPrefix = indexedByPrefix(instructions);

/** The instruction of a name in the text format (see {@link Instruction}), or `undefined` if there is none. */
export function instructionNamed(name: string): Instruction | undefined {
  return byName.get(name);
}

/**
 * The instruction of an opcode: a byte, or `prefix << 16 | number`; `undefined` if it is reserved.
 *
 * A decoder must refuse a number over 0xffff itself, since it would run into the prefix: no such number is in use.
 */
export function instructionAt(opcode: number): Instruction | undefined {
  return byPrefix[opcode >>> 16]?.[opcode & 0xffff];
}

/**
 * A table by the first byte of an opcode, from 0 to 255.
 *
 * @param entry is asked for each byte with its instruction; `undefined` for prefixes, which begin many, and for bytes that begin none.
 */
/* @__NO_SIDE_EFFECTS__ */
export function byFirstByte<T>(entry: (instruction: Instruction | undefined, byte: number) => T): readonly T[] {
  return Array.from({ length: 256 }, (_, byte) => entry(instructionAt(byte), byte));
}
