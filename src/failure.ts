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

/** A failure as plain values: its kind, and what belongs to that kind. */
export interface Failure {
  readonly kind: string;
}

/** How a {@link FailureError} is made. */
export interface FailureErrorOptions extends ErrorOptions {
  /** What failed, such as the name of a function. The message begins with it: `filter: ...`. */
  readonly subject?: string | undefined;
}

/**
 * The base of all errors of this package. `failure` says what was wrong as plain values; the message
 * comes from the table of the class. `cause` is the underlying error, where there is one.
 */
export abstract class FailureError<F extends Failure> extends Error {
  readonly failure: F;

  constructor(failure: F, { subject, ...options }: FailureErrorOptions = {}) {
    // An engine writes the message into the stack when the error is made, so the message must be
    // known before there is a `this`.
    const message = new.target.prototype.describe(failure);
    super(subject === undefined ? message : `${subject}: ${message}`, options);
    this.failure = failure;
  }

  /** The message of each kind. A getter of the prototype: it is read before there is an instance. */
  protected abstract get messages(): FailureMessages<F>;

  /** The message of a failure. */
  protected describe(failure: F): string {
    return failureMessage(this.messages, failure);
  }
}

/** What work came to: a value, or what it threw. */
export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown };

/** Does work, and returns what it threw instead of throwing it. */
export function resultOf<T>(work: () => T): Result<T> {
  try {
    return { ok: true, value: work() };
  } catch (error) {
    return { ok: false, error };
  }
}

/**
 * The value of a result.
 *
 * @throws the error of the result, if it has one.
 */
export function unwrap<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw result.error;
}

/**
 * Does work whose errors of one class become errors of another. Other errors pass unchanged.
 *
 * @param from the class of the errors to translate.
 * @param into makes the new error; the options keep the old one as its cause. `undefined` lets the
 * old one pass.
 * @returns what the work returns.
 */
export function translate<T, From extends Error>(
  work: () => T,
  from: abstract new (...parameters: never) => From,
  into: (error: From, options: { readonly cause: From }) => Error | undefined,
): T {
  try {
    return work();
  } catch (error) {
    throw (error instanceof from && into(error, { cause: error })) || error;
  }
}

/**
 * Does work that may throw an error of one class. Other errors pass unchanged.
 *
 * @param from the class of the errors to recover from.
 * @param into makes a value of the error.
 * @returns what the work returns, or else what `into` returns.
 */
export function recover<T, From extends Error, Other>(
  work: () => T,
  from: abstract new (...parameters: never) => From,
  into: (error: From) => Other,
): T | Other {
  try {
    return work();
  } catch (error) {
    if (error instanceof from) return into(error);
    throw error;
  }
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
