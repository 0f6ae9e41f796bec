/** A message for each kind of a failure: what was wrong, where, and what was expected instead. */
export type FailureMessages<F extends { readonly kind: string }> = {
  readonly [K in F['kind']]: (failure: Extract<F, { readonly kind: K }>) => string;
};

/**
 * How many characters a message has at most: what a plugin puts into one can be as long as its
 * memory, or as its module.
 */
export const MESSAGE_MAX = 2_000;

/** What stands at the end of a text that was cut. */
const CUT = /… \((\d+) more characters\)$/;
/** No {@link CUT} is longer. */
const CUT_MAX = 50;

/**
 * A text, or its beginning and how much more there is. What is cut holds on to nothing of the rest,
 * and may be cut again in another text.
 */
export function shortened(text: string, max: number = MESSAGE_MAX): string {
  if (text.length <= max) return text;
  const [cut = '', cutBefore = '0'] = CUT.exec(text.slice(-CUT_MAX)) ?? [];
  // A slice of a string keeps the whole of it alive in some engines; characters that are put
  // together anew do not. Nor is one cut in half.
  const begin = Array.from(text.slice(0, max + 1))
    .slice(0, -1)
    .join('');
  const more = text.length - cut.length - begin.length + Number(cutBefore);
  return text.length - cut.length <= max ? text : `${begin}… (${more} more characters)`;
}

/**
 * The message of a failure, from a table that has one for each kind; at most {@link MESSAGE_MAX}
 * characters, and how many more there were.
 */
export function failureMessage<F extends { readonly kind: string }>(messages: FailureMessages<F>, failure: F): string {
  // `kind` is one of the kinds of F, and the table is keyed by them: the entry found under it takes this failure.
  const message = messages[failure.kind as F['kind']] as (failure: F) => string;
  return shortened(message(failure));
}

/**
 * The text of anything that can be thrown, {@link shortened}. Never throws itself, whatever it is
 * given.
 */
export function reasonOf(thrown: unknown): string {
  try {
    return shortened(String(thrown instanceof Error ? thrown.message : thrown));
  } catch {
    // An object without a prototype has no text, and a getter or toString of a host's own may throw.
    return 'a value that cannot be shown';
  }
}
