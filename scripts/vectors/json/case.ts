import { undecoded } from '../ends.ts';
import type { WrittenVector } from '../layer-vectors.ts';

/** A text: a string, or parts (abi/vectors/README.md, "Bytes"). */
export type Text = string | readonly object[];

/** The value as it is written; `null` if the text is refused. */
export type Outcome = string | null;

/** The ways of decoding. */
export type Way = 'direct' | 'value';

/**
 * A text of a type: a few words on it, the text, what the straight way ends with, and what the way
 * through a generic value ends with if that differs.
 */
export type Case = readonly [words: string, json: Text, direct: Outcome, value?: Outcome];

/** What the cases of a table have in common. */
export interface Group {
  readonly rule: string;
  /** The rule of the way through a generic value, if it is another one. */
  readonly valueRule?: string;
  /** The name of the type, as in abi/protocol.json. */
  readonly type: string;
  /** The beginning of the ids. */
  readonly id: string;
  /** The ways that a case without a different end for each is run with; the straight one only. */
  readonly ways?: readonly Way[];
}

const BOTH: readonly Way[] = ['direct', 'value'];

/** Makes the vectors of cases: one for each way. */
export function jsonVectors(
  { rule, valueRule = rule, type, id, ways = ['direct'] }: Group,
  cases: readonly Case[],
): WrittenVector[] {
  return cases.flatMap(([words, json, direct, value]) =>
    (value === undefined ? ways : BOTH).map((way) => ({
      id: `json/${id}-${words}${way === 'value' ? '-by-value' : ''}`,
      rule: way === 'value' ? valueRule : rule,
      type,
      way,
      json,
      ends: endOf(way === 'value' && value !== undefined ? value : direct),
    })),
  );
}

/** The end of a text of JSON. */
function endOf(outcome: Outcome): object {
  return outcome === null ? undecoded : { response: outcome };
}

/** Makes the vectors of cases for both ways. */
export const bothWays = (group: Omit<Group, 'ways'>, cases: readonly Case[]): WrittenVector[] =>
  jsonVectors({ ...group, ways: BOTH }, cases);
