/**
 * One value of a JSON text, read without loss: it knows whether a number was an integer token, keeps every entry of an object,
 * repeated keys too, in the order of the text, and knows where in the text it begins.
 */
export class TextNode<Kind extends string, Value> {
  /** What the text holds here. A number is an `integer` when its token has no fraction and no exponent, is not `-0`, and fits u64 or i64. */
  readonly kind: Kind;
  /** An integer is a `number` when a double can hold it and all its neighbours, else a `bigint`; a float is never infinite. */
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
/** A string, its escapes resolved. */
export type StringNode = TextNode<'string', string>;
/** An array. */
export type ArrayNode = TextNode<'array', readonly JsonNode[]>;
/** An object, all its entries in the order of the text. */
export type ObjectNode = TextNode<'object', readonly JsonEntry[]>;

/** A JSON value as it stands in its text. */
export type JsonNode = NullNode | BooleanNode | IntegerNode | FloatNode | StringNode | ArrayNode | ObjectNode;

/**
 * Takes every entry of one key out of an object.
 * `value` is that of the last such entry, which is the one that counts in a generic value; undefined when there is none.
 */
export function takeEntry(object: ObjectNode, key: string): { value: JsonNode | undefined; rest: ObjectNode } {
  const value = object.value.findLast((entry) => entry.key === key)?.value;
  const others = object.value.filter((entry) => entry.key !== key);
  return { value, rest: new TextNode('object', others, object.source, object.start) };
}
