/** A message for each kind of a failure: what was wrong, where, and what was expected instead. */
export type FailureMessages<F extends { readonly kind: string }> = {
  readonly [K in F['kind']]: (failure: Extract<F, { readonly kind: K }>) => string;
};

/** The message of a failure, from a table that has one for each kind. */
export function failureMessage<F extends { readonly kind: string }>(messages: FailureMessages<F>, failure: F): string {
  // `kind` is one of the kinds of F, and the table is keyed by them: the entry found under it takes this failure.
  const message = messages[failure.kind as F['kind']] as (failure: F) => string;
  return message(failure);
}

/** The text of anything that can be thrown. Never throws itself, whatever it is given. */
export function reasonOf(thrown: unknown): string {
  try {
    return String(thrown instanceof Error ? thrown.message : thrown);
  } catch {
    // An object without a prototype has no text, and a getter or toString of a host's own may throw.
    return 'a value that cannot be shown';
  }
}
