import * as fc from 'fast-check';

/**
 * Milliseconds that a call may take here: what never ends runs out of fuel first, and a machine that is busy must not change an
 * answer.
 */
export const WALL_MS = 60_000;

/** Cases of one kind that the published host has answered, and how this host answers them. */
export interface ReferenceKind {
  /** The name of the record, `fixtures/reference/NAME.json`. */
  readonly name: string;
  /** Makes the cases: the same ones for the same seed. */
  generate(seed: number): readonly unknown[];
  /** A case as scripts/reference/answers takes it. */
  question(recorded: unknown): object;
  /** What this host makes of a case, in the form of the answer; `undefined` where the engine lacks what the case needs. */
  answer(recorded: unknown): unknown;
}

/** A kind whose cases are known. They come from a file, so they are JSON. */
export interface KindOf<Case> {
  readonly name: string;
  readonly count: number;
  readonly cases: fc.Arbitrary<Case>;
  /** Cases that are not left to chance; they come first. */
  readonly listed?: readonly Case[];
  question(of: Case): object;
  answer(of: Case): unknown;
}

/** Takes the type of its cases off a kind. */
export function kindOf<Case>({ name, count, cases, listed = [], question, answer }: KindOf<Case>): ReferenceKind {
  // The casts: a record holds what `generate` made, and a test compares its shape by comparing every answer.
  return {
    name,
    generate: (seed) => [...listed, ...(count === 0 ? [] : fc.sample(cases, { seed, numRuns: count }))],
    question: (recorded) => question(recorded as Case),
    answer: (recorded) => answer(recorded as Case),
  };
}

/** A file of records: cases with the answers of the published host. */
export interface ReferenceRecord {
  readonly seed: number;
  /** The versions of the crates that answered. */
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
