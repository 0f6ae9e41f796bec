import type { JsonNode } from './text/node.ts';
import { readJson } from './text/reader.ts';
import { reportingPaths } from './text/refusal.ts';
import { JsonText, type JsonValue } from './text/value.ts';
import { plainValue, writeNode } from './text/write.ts';
import { writeValue } from './text/write-value.ts';

/**
 * A JSON value that the protocol passes on without reading it: signer and factory state, claims. It
 * is kept as text and never rounded through a double: `1.0` stays `1.0`, and 18446744073709551615
 * keeps all digits (abi/PROTOCOL.md, "JSON on the wire"). Immutable.
 */
export class OpaqueJson extends JsonText {
  private constructor(text: string) {
    super(text);
  }

  /**
   * Keeps a JavaScript value. A safe `number`, or a `bigint` within u64 or i64, is written as an
   * integer. Other numbers are floats, written as serde_json does: `2 ** 60` becomes
   * `1.152921504606847e+18`, and a number that is not finite becomes `null`.
   *
   * @throws JsonEncodeError if the value contains something other than JSON (undefined, a function,
   * an instance of a class), a `bigint` out of range, a lone surrogate, or more than 127 nested
   * arrays and objects.
   */
  static from(value: JsonValue | OpaqueJson): OpaqueJson {
    return value instanceof OpaqueJson ? value : new OpaqueJson(reportingPaths(() => writeValue(value)));
  }

  /**
   * Keeps the value of a JSON text. Of repeated keys the last wins.
   *
   * @throws JsonDecodeError if the text is not JSON.
   */
  static parse(text: string): OpaqueJson {
    return OpaqueJson.ofNode(readJson(text));
  }

  /** Keeps a value that was read before. */
  static ofNode(node: JsonNode): OpaqueJson {
    return new OpaqueJson(writeNode(node));
  }

  /**
   * Parses the value; each call returns a new one. Objects have no prototype. An integer that is
   * not safe is a `bigint`. `1` and `1.0` become the same number.
   */
  parse(): JsonValue {
    return plainValue(readJson(this.text));
  }

  /** Whether two values are the same JSON value. `1` and `1.0` are not. */
  equals(other: OpaqueJson): boolean {
    return this.text === other.text;
  }

  /**
   * Called by `JSON.stringify`, which reports use. As {@link OpaqueJson.parse}, but an integer that
   * is not safe becomes the nearest double.
   */
  toJSON(): unknown {
    return JSON.parse(this.text);
  }

  /** Marks it as an instance of a class, so that it is not written as a plain object. */
  get [Symbol.toStringTag](): string {
    return 'OpaqueJson';
  }
}
