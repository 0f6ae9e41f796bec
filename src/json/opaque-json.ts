import type { JsonNode } from './text/node.ts';
import { readJson } from './text/reader.ts';
import { reportingPaths } from './text/refusal.ts';
import { JsonText, type JsonValue } from './text/value.ts';
import { plainValue, writeNode } from './text/write.ts';
import { writeValue } from './text/write-value.ts';

/**
 * A JSON value that the protocol passes on without looking into it: signer and factory state, claims.
 * It is held as text and never rounded through a double: `1.0` stays `1.0`, 18446744073709551615 stays that
 * (abi/PROTOCOL.md, "JSON on the wire"). Immutable.
 */
export class OpaqueJson extends JsonText {
  private constructor(text: string) {
    super(text);
  }

  /**
   * Holds a JavaScript value. An integer is written as one when it is a safe `number`, or a `bigint` within u64 or i64; other numbers
   * are floats: `2 ** 60` is written `1.152921504606847e+18`, and what is not finite `null`, as serde_json does.
   * Throws `JsonEncodeError` for what is no JSON value (undefined, a function, an object of a class), a `bigint` out of range,
   * a lone surrogate, and more than 127 arrays and objects in one another.
   */
  static from(value: JsonValue | OpaqueJson): OpaqueJson {
    return value instanceof OpaqueJson ? value : new OpaqueJson(reportingPaths(() => writeValue(value)));
  }

  /** Holds the value of a JSON text; of repeated keys the last. Throws `JsonDecodeError` when the text is not JSON. */
  static parse(text: string): OpaqueJson {
    return OpaqueJson.ofNode(readJson(text));
  }

  /** Holds a value that was read before. */
  static ofNode(node: JsonNode): OpaqueJson {
    return new OpaqueJson(writeNode(node));
  }

  /**
   * The value in JavaScript, made anew at each call. Objects have no prototype; an integer that is not safe is a `bigint`;
   * whether a number was written `1` or `1.0` is lost.
   */
  parse(): JsonValue {
    return plainValue(readJson(this.text));
  }

  /** Whether two values are the same JSON value; `1` and `1.0` are not. */
  equals(other: OpaqueJson): boolean {
    return this.text === other.text;
  }

  /** For `JSON.stringify`, which reports use: as {@link OpaqueJson.parse}, but an integer that is not safe becomes the nearest double. */
  toJSON(): unknown {
    return JSON.parse(this.text);
  }

  /** Keeps it from being taken for a plain object with properties to be written. */
  get [Symbol.toStringTag](): string {
    return 'OpaqueJson';
  }
}
