import type { OpaqueJson } from './opaque-json.ts';
import type { JsonNode } from './text/node.ts';
import type { JsonValue } from './text/value.ts';

/** How serde reads at one place of a text. */
export interface DecodeRules {
  /**
   * What happens to a field that an object has twice. Serde refuses it where it reads the text itself; in a generic value made from
   * the text only the last is left.
   */
  readonly repeats: 'refused' | 'last wins';
  /**
   * Whether the place is inside a tagged union. Serde buffers such a union's fields until it knows the variant, and its reader of
   * buffered values takes the index of a variant for its name in a tag, and `{}` for the null beside an enum's name.
   */
  readonly buffered: boolean;
}

/** Decodes one value of a declared type; throws a `DecodeRefusal`. */
export type Decode = (node: JsonNode, rules: DecodeRules) => unknown;

/**
 * What every declaration has: its decoder, so that a bundle has the decoders of those kinds only that it declares types of.
 * Everything else that walks declarations does so by their kinds.
 */
export interface Decodable {
  readonly decode: Decode;
}

/** The name of an integer type, as in Rust. On the wire `usize` is 64 bits wide; a wasm32 plugin refuses more than 4294967295. */
export type IntegerName = 'u8' | 'u16' | 'u32' | 'u64' | 'usize' | 'i64';

/** What a field's absence from a JSON object means. */
export type WhenMissing =
  /** Decoding fails. */
  | 'refused'
  /** The field is null: every option is so, in serde. */
  | 'none'
  /** The field is the empty string or the empty list; in an array form the element may be left off at the end, too. */
  | 'empty'
  /** The field is null, and where it is null it is not written; in an array form the element may be left off at the end, too. */
  | 'skipped';

/** One field of a struct or of a variant. */
export interface Field {
  readonly name: string;
  readonly type: Declaration;
  readonly whenMissing: WhenMissing;
}

/** One variant of a tagged union. A variant whose `fields` are null carries nothing, and ignores what else stands beside the tag. */
export interface Variant {
  readonly name: string;
  readonly fields: readonly Field[] | null;
}

/** A string. */
export interface StringDeclaration extends Decodable {
  readonly kind: 'string';
}
/** `true` or `false`. */
export interface BoolDeclaration extends Decodable {
  readonly kind: 'bool';
}
/** An integer within bounds. */
export interface IntegerDeclaration extends Decodable {
  readonly kind: 'integer';
  readonly name: IntegerName;
  /** The least value; a `bigint` where a double cannot hold it. */
  readonly minimum: number | bigint;
  /** The greatest value; a `bigint` where a double cannot hold it. */
  readonly maximum: number | bigint;
}
/** A floating-point number. */
export interface FloatDeclaration extends Decodable {
  readonly kind: 'float';
  readonly name: 'f32' | 'f64';
}
/** A Rust enum without contents: one of a few strings. */
export interface StringEnumDeclaration extends Decodable {
  readonly kind: 'stringEnum';
  readonly name: string;
  readonly values: readonly string[];
}
/** A Rust struct: an object with exactly these fields, in this order when it is an array. */
export interface StructDeclaration extends Decodable {
  readonly kind: 'struct';
  readonly name: string;
  readonly fields: readonly Field[];
}
/** A Rust enum whose variant is named by the field `tag` of the object itself ("internally tagged" in serde). */
export interface TaggedUnionDeclaration extends Decodable {
  readonly kind: 'taggedUnion';
  readonly name: string;
  readonly tag: 'kind';
  readonly variants: readonly Variant[];
}
/** A list of any length. */
export interface ListDeclaration extends Decodable {
  readonly kind: 'list';
  readonly of: Declaration;
}
/** A list of one length. */
export interface FixedArrayDeclaration extends Decodable {
  readonly kind: 'fixedArray';
  readonly of: Declaration;
  readonly length: number;
}
/** A sorted map with string keys. */
export interface MapDeclaration extends Decodable {
  readonly kind: 'map';
  readonly of: Declaration;
}
/** A sorted set of strings; an array on the wire. */
export interface SetDeclaration extends Decodable {
  readonly kind: 'set';
}
/** A value that may be null. */
export interface OptionDeclaration extends Decodable {
  readonly kind: 'option';
  readonly of: Declaration;
}
/** Any JSON value. */
export interface OpaqueDeclaration extends Decodable {
  readonly kind: 'opaque';
}
/** Any JSON object. */
export interface OpaqueObjectDeclaration extends Decodable {
  readonly kind: 'opaqueObject';
}

/** A wire type as data that says all about it, and its decoder; without its TypeScript type. */
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

/** The key under which a declaration carries its TypeScript type. It exists for the type checker only: no object has it. */
declare const carried: unique symbol;

/** A wire type: a declaration to be walked at run time, and the TypeScript type `T` of the values that it decodes to. */
export type WireType<T = unknown> = Declaration & { readonly [carried]?: T };

/** The TypeScript type of the values that a wire type decodes to: `Infer<typeof headerWire>`. */
export type Infer<W extends Declaration> = W extends { readonly [carried]?: infer T } ? T : never;

/**
 * What a host may give where a `T` is written: a `T`, or the same with a plain JSON value in the place of each {@link OpaqueJson}.
 * Only a field that is skipped when it is none may be left out.
 */
export type WireInput<T> = T | Loosened<T>;

type Loosened<T> = T extends OpaqueJson
  ? OpaqueJson | JsonValue
  : T extends readonly (infer Item)[]
    ? readonly WireInput<Item>[]
    : T extends object
      ? { readonly [Key in keyof T]: WireInput<T[Key]> }
      : T;
