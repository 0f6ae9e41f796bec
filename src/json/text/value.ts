/**
 * A JSON value in JavaScript. A `bigint` is an integer above 2^53 - 1 in size, within u64 and i64.
 */
export type JsonValue = null | boolean | number | bigint | string | readonly JsonValue[] | JsonObject;

/**
 * A JSON object in JavaScript. Objects that this package makes have no prototype, so `__proto__` is
 * an ordinary key.
 */
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** A JSON value as text: the part of `OpaqueJson` that a writer needs. */
export abstract class JsonText {
  /**
   * The value as serde_json writes it: keys sorted by UTF-8 bytes, no white space. Equal values
   * have equal texts.
   */
  readonly text: string;

  protected constructor(text: string) {
    this.text = text;
  }
}

/** The deepest nesting of arrays and objects that serde_json reads. */
export const DEPTH_MAX = 127;

/** The greatest integer that a generic serde_json value holds as an integer. */
export const U64_MAX = 0xffff_ffff_ffff_ffffn;

/** The least integer that a generic serde_json value holds as an integer. */
export const I64_MIN = -0x8000_0000_0000_0000n;
