import type { Feature, NamedInstruction } from './instruction.ts';
import { describeKind, type Kind } from './kind.ts';

/**
 * A line of the instruction table: instructions with consecutive opcodes that differ only in their
 * names.
 *
 * - `opcode` is that of the first name.
 * - `names` are separated by single spaces, and written with braces as a shell expands them:
 *   `{i32,i64}.load{8,16}_u` is four names, the two of `i32` first.
 * - The rest is their kind.
 */
export type Row = readonly [feature: Feature, opcode: number, names: string, ...kind: Kind];

/**
 * Makes the instructions of a row.
 *
 * @returns the instructions, by ascending opcode.
 */
export function instructionsOf([feature, opcode, names, ...kind]: Row): NamedInstruction[] {
  const common = describeKind(kind);
  return namesOf(names).map((name, index) => ({ name, opcode: opcode + index, feature, ...common }));
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
