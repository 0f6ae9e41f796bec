import type { Encodable } from './encoders/encoder.ts';
import type { OpaqueJson } from './opaque-json.ts';
import type { JsonNode } from './text/node.ts';
import type { JsonValue } from './text/value.ts';

/** How serde reads at one place of a text. */
export interface DecodeRules {
  /**
   * What happens to a repeated field. Serde refuses it when it reads the text directly. A generic
   * value made from the text keeps only the last.
   */
  readonly repeats: 'refused' | 'last wins';
  /**
   * Whether the place is inside a tagged union. Serde buffers the fields of such a union until it
   * knows the variant. Its reader of buffered values also accepts the index of a variant as its
   * tag, and `{}` instead of null beside the name of an enum's value.
   */
  readonly buffered: boolean;
}

/** Decodes one value of a declared type. Throws a `DecodeRefusal` if it is not of the type. */
export type Decode = (node: JsonNode, rules: DecodeRules) => unknown;

/**
 * Every declaration has its decoder and what composes its encoder, so a bundle includes only those
 * of the kinds that it declares. Other code that walks declarations dispatches on their kinds.
 */
export interface Coded extends Encodable {
  readonly decode: Decode;
}

/**
 * The Rust name of an integer type. On the wire `usize` has 64 bits; a wasm32 plugin refuses more
 * than 4294967295.
 */
export type IntegerName = 'u8' | 'u16' | 'u32' | 'u64' | 'usize' | 'i64';

/** What the absence of a field from a JSON object means. */
export type WhenMissing =
  /** Decoding fails. */
  | 'refused'
  /** The field is null. Every serde option is like this. */
  | 'none'
  /**
   * The field is the empty string, list or map. In an array form, the element may be left out at
   * the end.
   */
  | 'empty'
  /**
   * The field is null, and a null field is not written. In an array form, the element may be left
   * out at the end.
   */
  | 'skipped';

/** One field of a struct or variant. */
export interface Field {
  readonly name: string;
  readonly type: Declaration;
  readonly whenMissing: WhenMissing;
}

/**
 * One variant of a tagged union. If `fields` is null, the variant has no content and ignores other
 * fields beside the tag.
 */
export interface Variant {
  readonly name: string;
  readonly fields: readonly Field[] | null;
}

/** A string. */
export interface StringDeclaration extends Coded {
  readonly kind: 'string';
}
/** `true` or `false`. */
export interface BoolDeclaration extends Coded {
  readonly kind: 'bool';
}
/** An integer within bounds. */
export interface IntegerDeclaration extends Coded {
  readonly kind: 'integer';
  readonly name: IntegerName;
  /** The least value; a `bigint` if it is not a safe integer. */
  readonly minimum: number | bigint;
  /** The greatest value; a `bigint` if it is not a safe integer. */
  readonly maximum: number | bigint;
}
/** A floating-point number. */
export interface FloatDeclaration extends Coded {
  readonly kind: 'float';
  readonly name: 'f32' | 'f64';
}
/** A Rust enum without content: one of several strings. */
export interface StringEnumDeclaration extends Coded {
  readonly kind: 'stringEnum';
  readonly name: string;
  readonly values: readonly string[];
}
/** A Rust struct: an object with exactly these fields; as an array, in this order. */
export interface StructDeclaration extends Coded {
  readonly kind: 'struct';
  readonly name: string;
  readonly fields: readonly Field[];
}
/**
 * A Rust enum whose variant is named by the field `tag` of the object itself ("internally tagged"
 * in serde).
 */
export interface TaggedUnionDeclaration extends Coded {
  readonly kind: 'taggedUnion';
  readonly name: string;
  readonly tag: 'kind';
  readonly variants: readonly Variant[];
}
/** A list of any length. */
export interface ListDeclaration extends Coded {
  readonly kind: 'list';
  readonly of: Declaration;
}
/** A list of a fixed length. */
export interface FixedArrayDeclaration extends Coded {
  readonly kind: 'fixedArray';
  readonly of: Declaration;
  readonly length: number;
}
/** A sorted map with string keys. */
export interface MapDeclaration extends Coded {
  readonly kind: 'map';
  readonly of: Declaration;
}
/** A sorted set of strings; an array on the wire. */
export interface SetDeclaration extends Coded {
  readonly kind: 'set';
}
/** A value that may be null. */
export interface OptionDeclaration extends Coded {
  readonly kind: 'option';
  readonly of: Declaration;
}
/** Any JSON value. */
export interface OpaqueDeclaration extends Coded {
  readonly kind: 'opaque';
}
/** Any JSON object. */
export interface OpaqueObjectDeclaration extends Coded {
  readonly kind: 'opaqueObject';
}

/** A wire type as data: its complete description and its decoder, without its TypeScript type. */
export type Declaration =
  | StringDeclaration
  | BoolDeclaration
  | IntegerDeclaration
  | FloatDeclaration
  | StringEnumDeclaration
  | StructDeclaration
  | TaggedUnionDeclaration
  | ListDeclaration
  | FixedArrayDeclaration
  | MapDeclaration
  | SetDeclaration
  | OptionDeclaration
  | OpaqueDeclaration
  | OpaqueObjectDeclaration;

/**
 * The key under which a declaration carries its TypeScript type. Only the type checker sees it; no
 * object has it.
 */
declare const carried: unique symbol;

/**
 * A wire type: a declaration at run time, and the TypeScript type `T` of the values that it decodes
 * to.
 */
export type WireType<T = unknown> = Declaration & { readonly [carried]?: T };

/** The TypeScript type of the values that a wire type decodes to: `Infer<typeof headerWire>`. */
export type Infer<W extends Declaration> = W extends { readonly [carried]?: infer T } ? T : never;

/**
 * What a host may pass where a `T` is written: a `T`, or one with plain JSON values instead of
 * {@link OpaqueJson}. It may omit only fields that are left out when null.
 */
export type WireInput<T> = T | Loosened<T>;

type Loosened<T> = T extends OpaqueJson
  ? OpaqueJson | JsonValue
  : T extends readonly (infer Item)[]
    ? readonly WireInput<Item>[]
    : T extends object
      ? { readonly [Key in keyof T]: WireInput<T[Key]> }
      : T;
