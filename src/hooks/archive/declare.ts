import type { ArchiveDeclaration, ArchiveField, ArchiveType, InferArchive, NumberName } from './type.ts';

/*
 * The constructors are marked as free of side effects, so a bundler drops the declarations that
 * nothing uses.
 */

/* @__NO_SIDE_EFFECTS__ */
function number<T extends number | bigint = number>(name: NumberName): ArchiveType<T> {
  return { kind: 'number', name };
}

/** An integer from 0 to 65535. */
export const u16: ArchiveType<number> = number('u16');
/** An integer from 0 to 2^32 - 1. */
export const u32: ArchiveType<number> = number('u32');
/** An integer from 0 to 2^64 - 1; a `bigint` where a double cannot hold it. */
export const u64: ArchiveType<number | bigint> = number('u64');
/** A double-precision number. All NaN are written as one. */
export const f64: ArchiveType<number> = number('f64');
/** A string of Unicode scalar values. */
export const string: ArchiveType<string> = { kind: 'string' };
/** Any bytes. */
export const bytes: ArchiveType<Uint8Array> = { kind: 'bytes' };

/** Declares a list of any length. */
/* @__NO_SIDE_EFFECTS__ */
export function list<T>(of: ArchiveType<T>): ArchiveType<readonly T[]> {
  return { kind: 'list', of };
}

/** Declares a value or null. */
/* @__NO_SIDE_EFFECTS__ */
export function option<T>(of: ArchiveType<T>): ArchiveType<T | null> {
  return { kind: 'option', of };
}

type FieldTable = Readonly<Record<string, ArchiveDeclaration>>;
type FieldsOf<Fields extends FieldTable> = { readonly [Name in keyof Fields]: InferArchive<Fields[Name]> };

/**
 * Declares a struct.
 *
 * @param name the name of the Rust struct.
 * @param fields the fields in their Rust order.
 */
/* @__NO_SIDE_EFFECTS__ */
export function struct<const Fields extends FieldTable>(name: string, fields: Fields): ArchiveType<FieldsOf<Fields>> {
  return { kind: 'struct', name, fields: fieldsOf(fields) };
}

type VariantTable = Readonly<Record<string, FieldTable>>;
type VariantsOf<Variants extends VariantTable> = {
  readonly [Name in keyof Variants & string]: {
    readonly [Key in 'kind' | keyof Variants[Name]]: Key extends keyof Variants[Name]
      ? InferArchive<Variants[Name][Key]>
      : Name;
  };
}[keyof Variants & string];

/**
 * Declares an enum. Its values are objects whose `kind` names the variant.
 *
 * @param name the name of the Rust enum.
 * @param variants the fields of each variant, `{}` for a variant without content; in their Rust
 * order.
 */
/* @__NO_SIDE_EFFECTS__ */
export function enumeration<const Variants extends VariantTable>(
  name: string,
  variants: Variants,
): ArchiveType<VariantsOf<Variants>> {
  const declared = Object.entries(variants).map(([variant, fields]) => ({ name: variant, fields: fieldsOf(fields) }));
  return { kind: 'enum', name, variants: declared };
}

function fieldsOf(table: FieldTable): readonly ArchiveField[] {
  return Object.entries(table).map(([name, type]) => ({ name, type }));
}
