/**
 * One value of a JSON text, read without loss. It knows whether a number was an integer token and
 * where in the text it begins. It keeps every entry of an object, repeated keys included, in the
 * order of the text.
 */
export class TextNode<Kind extends string, Value> {
  /**
   * The kind of value. A number is an `integer` if its token has no fraction and no exponent, is
   * not `-0`, and fits u64 or i64.
   */
  readonly kind: Kind;
  /**
   * The value. An integer is a `number` if it is safe, else a `bigint`. A float is never infinite.
   */
  readonly value: Value;
  /** The whole text. */
  readonly source: string;
  /** Where the value begins, in UTF-16 code units of `source`. */
  readonly start: number;

  constructor(kind: Kind, value: Value, source: string, start: number) {
    this.kind = kind;
    this.value = value;
    this.source = source;
    this.start = start;
  }
}

/** One key of an object and its value. */
export interface JsonEntry {
  readonly key: string;
  readonly value: JsonNode;
}

/** `null`. */
export type NullNode = TextNode<'null', null>;
/** `true` or `false`. */
export type BooleanNode = TextNode<'boolean', boolean>;
/** A number whose token is an integer within u64 or i64, and not `-0`. */
export type IntegerNode = TextNode<'integer', number | bigint>;
/** Any other number. */
export type FloatNode = TextNode<'float', number>;
/** A string, with its escapes resolved. */
export type StringNode = TextNode<'string', string>;
/** An array. */
export type ArrayNode = TextNode<'array', readonly JsonNode[]>;
/** An object, with all its entries in the order of the text. */
export type ObjectNode = TextNode<'object', readonly JsonEntry[]>;

/** A JSON value as read from its text. */
export type JsonNode = NullNode | BooleanNode | IntegerNode | FloatNode | StringNode | ArrayNode | ObjectNode;

/**
 * Removes every entry of one key from an object.
 *
 * @returns `value` of the last such entry, which counts in a generic value; `undefined` if there is
 * none. `rest` is the object without them.
 */
export function takeEntry(object: ObjectNode, key: string): { value: JsonNode | undefined; rest: ObjectNode } {
  const value = object.value.findLast((entry) => entry.key === key)?.value;
  const others = object.value.filter((entry) => entry.key !== key);
  return { value, rest: new TextNode('object', others, object.source, object.start) };
}
