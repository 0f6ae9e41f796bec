import { isError } from './realms.ts';

/** A message for each kind of failure: what is wrong, where, and what was expected instead. */
export type FailureMessages<F extends { readonly kind: string }> = {
  readonly [K in F['kind']]: (failure: Extract<F, { readonly kind: K }>) => string;
};

/**
 * The most characters in a message. A plugin's part of one can be as long as its memory or module.
 */
export const MESSAGE_MAX = 2_000;

/** The end of a shortened text. */
const CUT = /… \((\d+) more characters\)$/;
/** The most characters that match {@link CUT}. */
const CUT_MAX = 50;

/**
 * Shortens a text.
 *
 * @param max the most characters to keep; the note about the rest is not counted.
 * @returns the text, or its beginning and the number of characters left out. The result may be
 * shortened again as part of another text: both numbers are then added. It holds no reference to
 * the original.
 */
export function shortened(text: string, max: number = MESSAGE_MAX): string {
  if (text.length <= max) return text;
  const [cut = '', cutBefore = '0'] = CUT.exec(text.slice(-CUT_MAX)) ?? [];
  // In some engines a slice keeps the whole string alive; a string joined from characters does not.
  // Splitting by character also keeps surrogate pairs together.
  const begin = Array.from(text.slice(0, max + 1))
    .slice(0, -1)
    .join('');
  const more = text.length - cut.length - begin.length + Number(cutBefore);
  return text.length - cut.length <= max ? text : `${begin}… (${more} more characters)`;
}

/**
 * Looks up the message of a failure.
 *
 * @param messages one for each kind.
 * @returns the message, {@link shortened} to {@link MESSAGE_MAX} characters.
 */
export function failureMessage<F extends { readonly kind: string }>(messages: FailureMessages<F>, failure: F): string {
  // `kind` is one of the kinds of F, and the table is keyed by them: its entry takes this failure.
  const message = messages[failure.kind as F['kind']] as (failure: F) => string;
  return shortened(message(failure));
}

/** A failure as plain values: its kind, and the fields of that kind. */
export interface Failure {
  readonly kind: string;
}

/** Options of a {@link FailureError}. */
export interface FailureErrorOptions extends ErrorOptions {
  /** What failed, such as the name of a function. The message begins with it: `filter: ...`. */
  readonly subject?: string | undefined;
  /** What more is known, such as how much of a budget was used. The message ends with it. */
  readonly detail?: string | undefined;
}

/**
 * The base of all errors of this package. `failure` says what is wrong as plain values. The message
 * comes from the table of the class. `cause` is the underlying error, if there is one.
 */
export abstract class FailureError<F extends Failure> extends Error {
  readonly failure: F;

  constructor(failure: F, { subject, detail, ...options }: FailureErrorOptions = {}) {
    // Engines copy the message into the stack in the base constructor, so compute it before
    // `super`.
    const message = new.target.prototype.describe(failure);
    super([subject, message, detail].filter((part) => part !== undefined).join(': '), options);
    this.failure = failure;
  }

  /**
   * The message of each kind. It is a prototype getter because it is read before the instance
   * exists.
   */
  protected abstract get messages(): FailureMessages<F>;

  /** Returns the message of a failure. */
  protected describe(failure: F): string {
    return failureMessage(this.messages, failure);
  }
}

/** The outcome of work: its value, or what it threw. */
export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown };

/**
 * Runs work and catches what it throws.
 *
 * @returns the outcome.
 */
export function resultOf<T>(work: () => T): Result<T> {
  try {
    return { ok: true, value: work() };
  } catch (error) {
    return { ok: false, error };
  }
}

/**
 * Returns the value of a result.
 *
 * @throws the error of the result, if it has one.
 */
export function unwrap<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw result.error;
}

/**
 * Runs work and replaces errors of one class by errors of another. Other errors pass unchanged.
 *
 * @param from the class of the errors to replace.
 * @param into makes the new error; its second argument has the old error as `cause`. If it returns
 * `undefined`, the old error passes.
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
 * Describes anything that can be thrown. Never throws.
 *
 * @returns its message or text, {@link shortened}.
 */
export function reasonOf(thrown: unknown): string {
  try {
    return shortened(String(isError(thrown) ? thrown.message : thrown));
  } catch {
    // An object without a prototype has no text, and a host's getter or toString may throw.
    return 'a value that cannot be shown';
  }
}
