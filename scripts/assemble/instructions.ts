// Makes the table of instructions by opcode from its rows.
import type { Kind } from '../../src/wasm/instructions/kind.ts';
import { rows } from '../../src/wasm/instructions/named.ts';
import { namesOf } from '../../src/wasm/instructions/row.ts';
import { FIRST_KIND } from '../../src/wasm/instructions/table.ts';

/** The table. */
export interface InstructionTable {
  /** The different kinds, in the order in which rows first have them. */
  readonly kinds: readonly Kind[];
  /** By prefix byte, or 0: a character for each number after it, see {@link FIRST_KIND}. */
  readonly kindsByPrefix: Readonly<Record<number, string>>;
}

/**
 * Makes the table.
 *
 * @returns the table of all rows.
 */
export function instructionTable(): InstructionTable {
  const kinds = new Map<string, Kind>();
  const characters: { [prefix: number]: string[] } = {};
  for (const [, first, names, ...kind] of rows.flat()) {
    // Shorter if nothing is exceptional: `[[1, 1], []]` is `[[1, 1]]`.
    const [stack, immediates = [], exceptions] = kind;
    const shortest: Kind = exceptions ? kind : immediates.length > 0 ? [stack, immediates] : [stack];
    const key = JSON.stringify(shortest);
    kinds.set(key, kinds.get(key) ?? shortest);
    const character = String.fromCharCode(FIRST_KIND + [...kinds.keys()].indexOf(key));
    characters[first >>> 16] ??= [];
    namesOf(names).forEach((_, index) => {
      const line = characters[first >>> 16];
      if (line) line[(first & 0xffff) + index] = character;
    });
  }
  const kindsByPrefix = Object.fromEntries(
    Object.entries(characters).map(([prefix, line]) => [
      prefix,
      Array.from(line, (character: string | undefined) => character ?? ' ').join(''),
    ]),
  );
  return { kinds: [...kinds.values()], kindsByPrefix };
}
