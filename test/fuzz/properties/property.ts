import type * as fc from 'fast-check';

/**
 * A statement that must hold for every value of a generator. The tests run each property for a
 * short time; `npm run fuzz` runs it for as long as its `--minutes` says.
 */
export interface Property<T = unknown> {
  readonly name: string;
  /** What the project is compared with. */
  readonly oracle: string;
  /**
   * Makes plain data: numbers, bigints, texts, bytes, arrays and objects. So a file can store a
   * finding.
   */
  readonly values: fc.Arbitrary<T>;
  /** Throws if the property does not hold for a value. */
  readonly check: (value: T) => void;
}

/** A property whose type of values is hidden, so that properties can be in one list. */
export function property<T>(own: Property<T>): Property {
  return {
    ...own,
    // The value comes from the generator of the same property, or from a file with such a value.
    check: (value) => own.check(value as T),
  };
}
