import { composedOnce } from './composed.ts';
import type { ArchiveDeclaration, ArchiveField, NumberName } from './type.ts';

/** The size and alignment of a type in an archive, in bytes. */
export interface Layout {
  /** A multiple of the alignment. */
  readonly size: number;
  /** 1, 2, 4 or 8. */
  readonly align: number;
}

/** A field and its offset from the beginning of its struct or enum, in bytes. */
export interface PlacedField extends ArchiveField {
  readonly offset: number;
}

/** The layout of fields that follow each other as C lays them out. */
export interface FieldsLayout extends Layout {
  readonly fields: readonly PlacedField[];
}

/** The tag of an option or enum: one byte. */
const TAG: Layout = { size: 1, align: 1 };
/** What a text, bytes or a list leaves in place: an i32 offset and a u32 count. */
const POINTER: Layout = { size: 8, align: 4 };
const NUMBER_SIZES: Readonly<Record<NumberName, number>> = { u16: 2, u32: 4, u64: 8, f64: 8 };

/** Rounds up to a multiple of an alignment. */
export function alignUp(offset: number, align: number): number {
  return Math.ceil(offset / align) * align;
}

/**
 * Returns the layout of a type. That of an enum has room for each of its variants.
 *
 * @param type the declaration.
 */
export const layoutOf: (type: ArchiveDeclaration) => Layout = /* @__PURE__ */ composedOnce(workOut);

function workOut(type: ArchiveDeclaration): Layout {
  switch (type.kind) {
    case 'number': {
      const size = NUMBER_SIZES[type.name];
      return { size, align: size };
    }
    case 'string':
    case 'bytes':
    case 'list':
      return POINTER;
    case 'option': {
      const { size, align } = layoutOf(type.of);
      return { size: alignUp(valueOffset(align) + size, align), align };
    }
    case 'struct':
      return layOut(type.fields);
    case 'enum': {
      const variants = type.variants.map(({ fields }) => layOutVariant(fields));
      const align = Math.max(TAG.align, ...variants.map((variant) => variant.align));
      return { size: alignUp(Math.max(TAG.size, ...variants.map(({ size }) => size)), align), align };
    }
  }
}

/**
 * Returns the layout of the elements of a list.
 *
 * @throws TypeError if they have no bytes. Else an archive of a few bytes could hold a list of 2^32
 * elements.
 */
export function elementLayout(of: ArchiveDeclaration): Layout {
  const layout = layoutOf(of);
  if (layout.size === 0) throw new TypeError('the elements of a list must have at least one byte');
  return layout;
}

/** The offset of the value of an option: the next multiple of its alignment after the tag. */
export function valueOffset(align: number): number {
  return alignUp(TAG.size, align);
}

/** Lays out the fields of a struct. */
export function layOut(fields: readonly ArchiveField[]): FieldsLayout {
  return place(fields, { size: 0, align: 1 });
}

/** Lays out the fields of a variant, after the tag. */
export function layOutVariant(fields: readonly ArchiveField[]): FieldsLayout {
  return place(fields, TAG);
}

function place(fields: readonly ArchiveField[], before: Layout): FieldsLayout {
  let { size: end, align: greatest } = before;
  const placed = fields.map((field) => {
    const { size, align } = layoutOf(field.type);
    const offset = alignUp(end, align);
    end = offset + size;
    greatest = Math.max(greatest, align);
    return { ...field, offset };
  });
  return { fields: placed, size: alignUp(end, greatest), align: greatest };
}
