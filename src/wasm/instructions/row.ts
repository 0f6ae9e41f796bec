import type { Control, Costs, Feature, Immediate, Instruction, StackEffect } from './instruction.ts';

/**
 * A line of the instruction table: instructions with consecutive opcodes that differ only in their
 * names.
 *
 * - `opcode` is that of the first name.
 * - `names` are separated by single spaces, and written with braces as a shell expands them:
 *   `{i32,i64}.load{8,16}_u` is four names, the two of `i32` first.
 * - `stack` is `[2, 1]` for two operands popped, then one pushed. Its third item is the kind of the
 *   effect; without one it is `constant`.
 * - `immediates`: none if left out.
 * - `exceptions` are the control and the costs that differ from the defaults at {@link Control} and
 *   {@link Costs}.
 */
export type Row = readonly [
  feature: Feature,
  opcode: number,
  names: string,
  stack: readonly [pops: number, pushes: number, kind?: StackEffect['kind']],
  immediates?: readonly Immediate[],
  exceptions?: Partial<Costs> & { readonly control?: Control },
];

const defaultCosts: Costs = { fuel: 1, time: 'constant', grows: 'nothing', blocks: false, calls: 'nothing' };

/**
 * Makes the instructions of a row.
 *
 * @returns the instructions, by ascending opcode.
 */
export function instructionsOf(row: Row): Instruction[] {
  const [feature, opcode, names, [pops, pushes, kind = 'constant'], immediates = [], exceptions = {}] = row;
  const stack: StackEffect = { kind, pops, pushes };
  const { control = 'none', ...unusual } = exceptions;
  const costs: Costs = { ...defaultCosts, ...unusual };
  return namesOf(names).map((name, index) => {
    return { name, opcode: opcode + index, immediates, feature, stack, control, costs };
  });
}

/**
 * Expands the names of a row.
 *
 * @param names such as `i32.{eqz,eq} nop`.
 * @returns the names, such as `i32.eqz`, `i32.eq` and `nop`.
 */
export function namesOf(names: string): readonly string[] {
  return names.split(' ').flatMap(expanded);
}

/** Expands the braces of one pattern, the first pair first. Braces are not nested. */
function expanded(pattern: string): readonly string[] {
  const [, before, choices, after] = /^(.*?)\{(.*?)\}(.*)$/.exec(pattern) ?? [];
  return choices?.split(',').flatMap((choice) => expanded(`${before}${choice}${after}`)) ?? [pattern];
}
