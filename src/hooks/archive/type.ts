/** The name of a number type in Rust. */
export type NumberName = 'u16' | 'u32' | 'u64' | 'f64';

/** A number of fixed size. */
export interface NumberDeclaration {
  readonly kind: 'number';
  readonly name: NumberName;
}
/** Text: `Box<str>`. */
export interface StringDeclaration {
  readonly kind: 'string';
}
/** Any bytes: `Box<[u8]>`. */
export interface BytesDeclaration {
  readonly kind: 'bytes';
}
/** A list of any length: `Box<[T]>`. */
export interface ListDeclaration {
  readonly kind: 'list';
  readonly of: ArchiveDeclaration;
}
/** A value or null: `Option<T>`. */
export interface OptionDeclaration {
  readonly kind: 'option';
  readonly of: ArchiveDeclaration;
}
/** One field of a struct or variant. */
export interface ArchiveField {
  readonly name: string;
  readonly type: ArchiveDeclaration;
}
/** A Rust struct. The order of the fields decides the layout. */
export interface StructDeclaration {
  readonly kind: 'struct';
  readonly name: string;
  readonly fields: readonly ArchiveField[];
}
/** One variant of an enum. */
export interface ArchiveVariant {
  readonly name: string;
  readonly fields: readonly ArchiveField[];
}
/** A Rust enum: an object whose `kind` names the variant. The index of a variant is its tag. */
export interface EnumDeclaration {
  readonly kind: 'enum';
  readonly name: string;
  readonly variants: readonly ArchiveVariant[];
}

/** A type of the hook ABI as data, without its TypeScript type. */
export type ArchiveDeclaration =
  | NumberDeclaration
  | StringDeclaration
  | BytesDeclaration
  | ListDeclaration
  | OptionDeclaration
  | StructDeclaration
  | EnumDeclaration;

/**
 * The key under which a declaration carries its TypeScript type. Only the type checker sees it; no
 * object has it.
 */
declare const carried: unique symbol;

/** A type of the hook ABI: a declaration at run time, and the TypeScript type `T` of its values. */
export type ArchiveType<T = unknown> = ArchiveDeclaration & { readonly [carried]?: T };

/** The TypeScript type of the values of an archive type: `InferArchive<typeof Header>`. */
export type InferArchive<A extends ArchiveDeclaration> = A extends { readonly [carried]?: infer T } ? T : never;
