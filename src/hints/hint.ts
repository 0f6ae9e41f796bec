import type { Failure } from '../failure.ts';
import { printable } from '../printable.ts';

/** Why there is no hint: the failure says nothing about the plugin. */
export interface NoHint {
  readonly none: string;
}

/** What an author can do about a failure: a text, or one that is made from the failure, if any. */
type Hint<F> = string | ((failure: F) => string | undefined) | NoHint;

/**
 * A hint for each kind of failure: imperative, and what to write instead. No two kinds share one.
 * Names and texts of a plugin are written by {@link quoted}, so a hint may be printed.
 */
export type Hints<F extends Failure> = {
  readonly [K in F['kind']]: Hint<F & { readonly kind: K }>;
};

/**
 * Looks up the hint of a failure.
 *
 * @param hints one for each kind.
 * @returns `undefined` if the failure says nothing about the plugin.
 */
export function hintIn<F extends Failure>(hints: Hints<F>, failure: F): string | undefined {
  // `kind` is one of the kinds of F, and the table is keyed by them: its entry takes this failure.
  const hint = hints[failure.kind as F['kind']] as Hint<F>;
  if (typeof hint === 'string') return hint;
  return typeof hint === 'function' ? hint(failure) : undefined;
}

/** The most characters of a text of the plugin in a hint. */
const SHOWN = 100;

/** Writes a name or text of the plugin for a hint: escaped, cut, in backticks. */
export function quoted(text: string): string {
  return `\`${printable(text, SHOWN)}\``;
}

/** Lists names for a hint. */
export function listed(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}
