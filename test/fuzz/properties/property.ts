import type * as fc from 'fast-check';

/**
 * Something that must hold for any value that a generator makes. The same properties run for a moment in the tests, and for as long as wanted
 * in `npm run fuzz`.
 */
export interface Property<T = unknown> {
  readonly name: string;
  /** What it holds the project against. */
  readonly oracle: string;
  /** Makes values of plain data: numbers, bigints, texts, bytes, arrays and objects of these, so that a finding can be kept in a file. */
  readonly values: fc.Arbitrary<T>;
  /** Throws when it does not hold. */
  readonly check: (value: T) => void;
}

/** A property among others: what its values are is known to itself alone. */
export function property<T>(own: Property<T>): Property {
  return {
    ...own,
    // Checks get what the generator of the same property made, or what was kept of that in a file.
    check: (value) => own.check(value as T),
  };
}
