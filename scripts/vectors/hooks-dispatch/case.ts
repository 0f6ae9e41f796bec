import { littleEndian } from '../hex.ts';
import { FILTER, metadata, plugin } from '../hook-plugin.ts';
import type { WrittenVector } from '../layer-vectors.ts';
import { hex, type ModulePart, type Part } from '../parts.ts';

/** What a vector says besides its name and rule. */
type Given = Omit<WrittenVector, 'id' | 'rule'>;

/** A vector of this layer. */
export const vector = (rule: string, name: string, given: Given): WrittenVector => ({
  id: `hooks-dispatch/${name}`,
  rule,
  ...given,
});
/** The end of a plugin that is admitted. */
export const ADMITTED = { admitted: true };

/** A filter made of a module, with what the module reads. */
export const filterOf = (file: string, answer?: readonly Part[]): readonly ModulePart[] =>
  plugin(file, metadata(FILTER), ...(answer ? [{ answer }] : []));

/** How a call ends in the plugin's code. */
export const stopped = (phase: string, kind: string): object => ({
  phase,
  error:
    phase === 'instantiate'
      ? { kind: 'InstantiateFailed', fields: { stop: { kind } } }
      : { kind: 'GuestTrap', fields: { phase, stop: { kind } } },
});

/** The rows of the table of deviations in RATIONALE.md. */
export const UNBOUNDED = { flags: ['fuel:hooks'], deviation: 'fuel and time of a call and of a probe' };
export const TABLES = { deviation: 'entries of tables, structure of a module' };

/** An address and a size as the bytes of an i64. */
export const at = (address: number, size: number): string => littleEndian(size, 4) + littleEndian(address, 4);

/** The two bytes of the part that tells `hooks-misbehaves` where and what. */
export const misbehaving = (place: number, what: number): readonly ModulePart[] =>
  filterOf('hooks-misbehaves', [hex(littleEndian(place, 1) + littleEndian(what, 1))]);

/** What the module does, and how the call ends. */
export const TRAPS: readonly (readonly [what: number, name: string, stop: string])[] = [
  [1, 'recursion', 'StackOverflow'],
  [2, 'unreachable', 'Trap'],
  [3, 'load-outside', 'Trap'],
  [4, 'division-by-zero', 'Trap'],
  [5, 'null-function', 'Trap'],
  [7, 'fill-outside', 'Trap'],
  [8, 'conversion-of-nan', 'Trap'],
];
