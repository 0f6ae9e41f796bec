import type { JsonValue } from './json/value.ts';
import type { OpaqueJson } from './opaque-json.ts';

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
export interface StringDeclaration {
  readonly kind: 'string';
}
/** `true` or `false`. */
export interface BoolDeclaration {
  readonly kind: 'bool';
}
/** An integer within bounds. */
export interface IntegerDeclaration {
  readonly kind: 'integer';
  readonly name: IntegerName;
  /** The least value; a `bigint` where a double cannot hold it. */
  readonly minimum: number | bigint;
  /** The greatest value; a `bigint` where a double cannot hold it. */
  readonly maximum: number | bigint;
}
/** A floating-point number. */
export interface FloatDeclaration {
  readonly kind: 'float';
  readonly name: 'f32' | 'f64';
}
/** A Rust enum without contents: one of a few strings. */
export interface StringEnumDeclaration {
  readonly kind: 'stringEnum';
  readonly name: string;
  readonly values: readonly string[];
}
/** A Rust struct: an object with exactly these fields, in this order when it is an array. */
export interface StructDeclaration {
  readonly kind: 'struct';
  readonly name: string;
  readonly fields: readonly Field[];
}
/** A Rust enum whose variant is named by the field `tag` of the object itself ("internally tagged" in serde). */
export interface TaggedUnionDeclaration {
  readonly kind: 'taggedUnion';
  readonly name: string;
  readonly tag: 'kind';
  readonly variants: readonly Variant[];
}
/** A list of any length. */
export interface ListDeclaration {
  readonly kind: 'list';
  readonly of: Declaration;
}
/** A list of one length. */
export interface FixedArrayDeclaration {
  readonly kind: 'fixedArray';
  readonly of: Declaration;
  readonly length: number;
}
/** A sorted map with string keys. */
export interface MapDeclaration {
  readonly kind: 'map';
  readonly of: Declaration;
}
/** A sorted set of strings; an array on the wire. */
export interface SetDeclaration {
  readonly kind: 'set';
}
/** A value that may be null. */
export interface OptionDeclaration {
  readonly kind: 'option';
  readonly of: Declaration;
}
/** Any JSON value. */
export interface OpaqueDeclaration {
  readonly kind: 'opaque';
}
/** Any JSON object. */
export interface OpaqueObjectDeclaration {
  readonly kind: 'opaqueObject';
}

/** A wire type as plain data, without its TypeScript type. */
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
