import { decodeSet, fixedArrayDecoder, listDecoder, mapDecoder } from './decoders/collections.ts';
import {
  decodeBool,
  decodeF32,
  decodeF64,
  decodeOpaque,
  decodeOpaqueObject,
  decodeString,
  integerDecoder,
  stringEnumDecoder,
} from './decoders/scalars.ts';
import { structDecoder, taggedUnionDecoder } from './decoders/structs.ts';
import { encodeSet, fixedArrayEncoder, listEncoder, mapEncoder, optionEncoder } from './encoders/collections.ts';
import {
  encodeBool,
  encodeF32,
  encodeF64,
  encodeOpaque,
  encodeOpaqueObject,
  encodeString,
  integerEncoder,
  stringEnumEncoder,
} from './encoders/scalars.ts';
import { structEncoder, taggedUnionEncoder } from './encoders/structs.ts';
import type { OpaqueJson } from './opaque-json.ts';
import type {
  Declaration,
  Field,
  Infer,
  IntegerDeclaration,
  IntegerName,
  Variant,
  WhenMissing,
  WireType,
} from './type.ts';

/*
 * The constructors are marked as free of side effects, so a bundler drops the declarations that
 * nothing uses.
 */

/* @__NO_SIDE_EFFECTS__ */
function integer(name: IntegerName, minimum: number | bigint, maximum: number | bigint): IntegerDeclaration {
  return {
    kind: 'integer',
    name,
    minimum,
    maximum,
    decode: integerDecoder(minimum, maximum),
    encoder: integerEncoder(minimum, maximum),
  };
}

/** A string of Unicode scalar values. */
export const string: WireType<string> = { kind: 'string', decode: decodeString, encoder: encodeString };
/** `true` or `false`. */
export const bool: WireType<boolean> = { kind: 'bool', decode: decodeBool, encoder: encodeBool };
/** An integer from 0 to 255. */
export const u8: WireType<number> = integer('u8', 0, 0xff);
/** An integer from 0 to 65535. */
export const u16: WireType<number> = integer('u16', 0, 0xffff);
/** An integer from 0 to 2^32 - 1. */
export const u32: WireType<number> = integer('u32', 0, 0xffff_ffff);
/** An integer from 0 to 2^64 - 1; a `bigint` where a double cannot hold it. */
export const u64: WireType<number | bigint> = integer('u64', 0, 0xffff_ffff_ffff_ffffn);
/** As {@link u64} on the host. A wasm32 plugin refuses more than 2^32 - 1. */
export const usize: WireType<number | bigint> = integer('usize', 0, 0xffff_ffff_ffff_ffffn);
/** An integer from -2^63 to 2^63 - 1; a `bigint` where a double cannot hold it. */
export const i64: WireType<number | bigint> = integer('i64', -0x8000_0000_0000_0000n, 0x7fff_ffff_ffff_ffffn);
/** A single-precision number. It decodes to the double of the same value. */
export const f32: WireType<number> = { kind: 'float', name: 'f32', decode: decodeF32, encoder: encodeF32 };
/** A double-precision number. */
export const f64: WireType<number> = { kind: 'float', name: 'f64', decode: decodeF64, encoder: encodeF64 };
/** Any JSON value, null included. */
export const opaque: WireType<OpaqueJson> = { kind: 'opaque', decode: decodeOpaque, encoder: encodeOpaque };
/** Any JSON object. */
export const opaqueObject: WireType<OpaqueJson> = {
  kind: 'opaqueObject',
  decode: decodeOpaqueObject,
  encoder: encodeOpaqueObject,
};
/** A set of strings: an array without repeats, sorted by UTF-8 bytes. */
export const stringSet: WireType<readonly string[]> = { kind: 'set', decode: decodeSet, encoder: encodeSet };

/**
 * Declares one of several strings.
 *
 * @param name the name of the Rust enum.
 */
/* @__NO_SIDE_EFFECTS__ */
export function stringEnum<const Value extends string>(name: string, values: readonly Value[]): WireType<Value> {
  return { kind: 'stringEnum', name, values, decode: stringEnumDecoder(values), encoder: stringEnumEncoder(values) };
}

/** Declares a list of any length. */
/* @__NO_SIDE_EFFECTS__ */
export function list<T>(of: WireType<T>): WireType<readonly T[]> {
  return { kind: 'list', of, decode: listDecoder(of), encoder: listEncoder(of) };
}

/** Declares a list of exactly `length` elements. */
/* @__NO_SIDE_EFFECTS__ */
export function fixedArray<T>(of: WireType<T>, length: number): WireType<readonly T[]> {
  return {
    kind: 'fixedArray',
    of,
    length,
    decode: fixedArrayDecoder(of, length),
    encoder: fixedArrayEncoder(of, length),
  };
}

/** Declares a map with string keys. It decodes to an object without a prototype. */
/* @__NO_SIDE_EFFECTS__ */
export function map<T>(of: WireType<T>): WireType<Readonly<Record<string, T>>> {
  return { kind: 'map', of, decode: mapDecoder(of), encoder: mapEncoder(of) };
}

/** Declares a value or null. */
/* @__NO_SIDE_EFFECTS__ */
export function option<T>(of: WireType<T>): WireType<T | null> {
  const { decode } = of;
  return {
    kind: 'option',
    of,
    decode: (node, rules) => (node.kind === 'null' ? null : decode(node, rules)),
    encoder: optionEncoder(of),
  };
}

/** A field whose declaration also says what its absence means. */
export interface MarkedField<When extends WhenMissing, Type extends Declaration> {
  readonly whenMissing: When;
  readonly type: Type;
}

/** Marks an optional field that is left out when its value is null. */
/* @__NO_SIDE_EFFECTS__ */
export function skippedWhenNone<T>(of: WireType<T>): MarkedField<'skipped', WireType<T | null>> {
  return { whenMissing: 'skipped', type: option(of) };
}

/** Marks a string, list or map field that is empty when it is missing. */
/* @__NO_SIDE_EFFECTS__ */
export function emptyWhenMissing<T extends string | readonly unknown[] | Readonly<Record<string, unknown>>>(
  of: WireType<T>,
): MarkedField<'empty', WireType<T>> {
  return { whenMissing: 'empty', type: of };
}

/** Fields by their names, in declared order. */
export type FieldTable = Readonly<Record<string, Declaration | MarkedField<WhenMissing, Declaration>>>;
type FieldType<F> =
  F extends MarkedField<WhenMissing, infer Type> ? Infer<Type> : F extends Declaration ? Infer<F> : never;
type MayBeLeftOut<F> = F extends MarkedField<'skipped', Declaration> ? true : false;

/** The TypeScript type of a table of fields. */
export type FieldsOf<Fields extends FieldTable> = {
  readonly [Name in keyof Fields as MayBeLeftOut<Fields[Name]> extends true ? never : Name]: FieldType<Fields[Name]>;
} & {
  readonly [Name in keyof Fields as MayBeLeftOut<Fields[Name]> extends true ? Name : never]?:
    | FieldType<Fields[Name]>
    | undefined;
} extends infer Merged
  ? { readonly [Name in keyof Merged]: Merged[Name] }
  : never;

/**
 * Declares a struct: fields in their order. Decoding sets every field; a missing optional field
 * becomes null.
 *
 * @param name the name of the Rust struct.
 */
/* @__NO_SIDE_EFFECTS__ */
export function struct<const Fields extends FieldTable>(name: string, fields: Fields): WireType<FieldsOf<Fields>> {
  const declared = fieldsOf(fields);
  return {
    kind: 'struct',
    name,
    fields: declared,
    decode: structDecoder(name, declared),
    encoder: structEncoder(name, declared),
  };
}

type VariantTable = Readonly<Record<string, FieldTable | null>>;

/** The TypeScript type of a table of variants. */
type VariantsOf<Variants extends VariantTable> = {
  readonly [Name in keyof Variants & string]: Variants[Name] extends FieldTable
    ? { readonly kind: Name } & FieldsOf<Variants[Name]> extends infer Merged
      ? { readonly [Key in keyof Merged]: Merged[Key] }
      : never
    : { readonly kind: Name };
}[keyof Variants & string];

/**
 * Declares a union of objects that the field `kind` distinguishes.
 *
 * @param name the name of the Rust enum.
 * @param variants the fields of each variant; `null` for a variant without fields.
 */
/* @__NO_SIDE_EFFECTS__ */
export function taggedUnion<const Variants extends VariantTable>(
  name: string,
  variants: Variants,
): WireType<VariantsOf<Variants>> {
  const tag = 'kind';
  const declared = Object.entries(variants).map(
    ([variant, fields]): Variant => ({ name: variant, fields: fields === null ? null : fieldsOf(fields) }),
  );
  return {
    kind: 'taggedUnion',
    name,
    tag,
    variants: declared,
    decode: taggedUnionDecoder({ name, tag, variants: declared }),
    encoder: taggedUnionEncoder(name, tag, declared),
  };
}

function fieldsOf(table: FieldTable): readonly Field[] {
  return Object.entries(table).map(([name, field]) =>
    'whenMissing' in field
      ? { name, type: field.type, whenMissing: field.whenMissing }
      : { name, type: field, whenMissing: field.kind === 'option' ? 'none' : 'refused' },
  );
}

/**
 * Combines two objects. If both have a property, the second one wins. It does what `{ ...base,
 * ...more }` does, but is marked as free of side effects. Bundlers keep an unused spread, because a
 * getter could have side effects.
 */
/* @__NO_SIDE_EFFECTS__ */
export function extend<const Base extends object, const More extends object>(
  base: Base,
  more: More,
): Omit<Base, keyof More> & More {
  return { ...base, ...more };
}
