/** A JSON value in TypeScript. A `bigint` is an integer that a double cannot hold: beyond 2^53 - 1 in size, within u64 and i64. */
export type JsonValue = null | boolean | number | bigint | string | readonly JsonValue[] | JsonObject;

/** A JSON object in TypeScript; those that this package makes have no prototype, so `__proto__` is a key like any other. */
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** A JSON value, held as its text. All that a writer has to know of an `OpaqueJson`, which can be read as well. */
export abstract class JsonText {
  /** The value as serde_json writes it: keys sorted by UTF-8 bytes, no white space. Equal values have equal texts. */
  readonly text: string;

  protected constructor(text: string) {
    this.text = text;
  }
}

/** How many arrays and objects serde_json reads in one another. */
export const DEPTH_MAX = 127;

/** The greatest integer that a generic serde_json value holds as one. */
export const U64_MAX = 0xffff_ffff_ffff_ffffn;

/** The least integer that a generic serde_json value holds as one. */
export const I64_MIN = -0x8000_0000_0000_0000n;
