import * as fc from 'fast-check';

/**
 * The deadline of a call in milliseconds. Endless calls run out of fuel first, so a busy machine
 * does not change an answer.
 */
export const WALL_MS = 60_000;

/**
 * Cases of one kind that the published host has answered, and a function that answers them with
 * this host.
 */
export interface ReferenceKind {
  /** The name of the record, `fixtures/reference/NAME.json`. */
  readonly name: string;
  /** Makes the cases. The same seed makes the same cases. */
  generate(seed: number): readonly unknown[];
  /** A case in the form that scripts/reference/answers reads. */
  question(recorded: unknown): object;
  /** The answer of this host. `undefined` if the engine lacks a feature that the case needs. */
  answer(recorded: unknown): unknown;
}

/** A kind with its type of cases. Cases come from a file, so they are JSON. */
export interface KindOf<Case> {
  readonly name: string;
  readonly count: number;
  readonly cases: fc.Arbitrary<Case>;
  /** Fixed cases. They come before the random ones. */
  readonly listed?: readonly Case[];
  question(of: Case): object;
  answer(of: Case): unknown;
}

/** Hides the type of cases of a kind, so that kinds can be in one list. */
export function kindOf<Case>({ name, count, cases, listed = [], question, answer }: KindOf<Case>): ReferenceKind {
  // The casts: a record contains what `generate` made. A test compares every answer, and so its
  // shape.
  return {
    name,
    generate: (seed) => [...listed, ...(count === 0 ? [] : fc.sample(cases, { seed, numRuns: count }))],
    question: (recorded) => question(recorded as Case),
    answer: (recorded) => answer(recorded as Case),
  };
}

/** A record: cases with the answers of the published host. */
export interface ReferenceRecord {
  readonly seed: number;
  /** The names and versions of the crates that answered. */
  readonly answeredBy: string;
  readonly cases: readonly (readonly [of: unknown, answer: unknown])[];
}

/** JSON with sorted keys: equal values have equal texts. */
export function stable(value: unknown): string {
  return JSON.stringify(value, (_, found: unknown) =>
    typeof found === 'object' && found !== null && !Array.isArray(found)
      ? Object.fromEntries(Object.entries(found).sort(([a], [b]) => (a < b ? -1 : 1)))
      : found,
  );
}
