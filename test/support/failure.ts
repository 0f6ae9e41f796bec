import * as assert from 'uvu/assert';

/** An error of this package: a class with one field that says what was wrong. */
type FailureClass<F> = new (...args: never[]) => Error & { readonly failure: F };

/** What a function throws; fails the test when it throws nothing. */
export function thrownBy(run: () => unknown): unknown {
  try {
    run();
  } catch (thrown) {
    return thrown;
  }
  assert.unreachable('nothing was thrown');
  return undefined;
}

/**
 * Returns the failure that a function throws in an error of exactly that class. Throws any other
 * error as it is, so that its stack is seen.
 */
export function failureOf<F>(errorClass: FailureClass<F>, run: () => unknown): F {
  const thrown = thrownBy(run);
  if (thrown instanceof errorClass) return thrown.failure;
  throw thrown;
}

/**
 * Returns what a function returns; `undefined` if it throws an error of a class that is expected.
 * Throws any other error as it is.
 */
export function unlessThrown<T>(
  expected: new (...args: never[]) => Error,
  run: () => T,
): { readonly value: T } | undefined {
  try {
    return { value: run() };
  } catch (thrown) {
    if (thrown instanceof expected) return undefined;
    throw thrown;
  }
}
