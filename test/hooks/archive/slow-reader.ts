import type { ArchiveDeclaration } from '../../../src/hooks/archive/type.ts';

/** Thrown where the archive is refused. */
class Refused extends Error {}

/** Rust's sizes and alignments, worked out for each value anew. */
function sizeOf(type: ArchiveDeclaration): [size: number, align: number] {
  if (type.kind === 'number') {
    const size = { u16: 2, u32: 4, u64: 8, f64: 8 }[type.name];
    return [size, size];
  }
  if (type.kind === 'option') return sizeOfFields([[1, 1], sizeOf(type.of)]);
  if (type.kind === 'struct') return sizeOfFields(type.fields.map((field) => sizeOf(field.type)));
  if (type.kind === 'enum') {
    const variants = type.variants.map(({ fields }) =>
      sizeOfFields([[1, 1], ...fields.map((field) => sizeOf(field.type))]),
    );
    const align = Math.max(...variants.map((variant) => variant[1]));
    return [padded(Math.max(...variants.map((variant) => variant[0])), align), align];
  }
  return [8, 4];
}

function sizeOfFields(fields: readonly (readonly [number, number])[]): [number, number] {
  let end = 0;
  let greatest = 1;
  for (const [size, align] of fields) {
    end = padded(end, align) + size;
    greatest = Math.max(greatest, align);
  }
  return [padded(end, greatest), greatest];
}

function padded(offset: number, align: number): number {
  while (offset % align !== 0) offset++;
  return offset;
}

/**
 * Reads an archive by the rules of rkyv's validation, written as plainly as possible.
 *
 * @returns `undefined` if it is refused.
 */
export function slowRead(type: ArchiveDeclaration, bytes: Uint8Array): { readonly value: unknown } | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let [start, end] = [0, bytes.length];

  function inside<T>(target: number, size: number, align: number, read: () => T): T {
    if (target < start || target + size > end || target % align !== 0) throw new Refused();
    const before = end;
    end = target;
    const value = read();
    start = target + size;
    end = before;
    return value;
  }

  function pointer<T>(place: number, [size, align]: [number, number], read: (target: number, count: number) => T): T {
    const [offset, count] = [view.getInt32(place, true), view.getUint32(place + 4, true)];
    return inside(place + offset, count * size, align, () => read(place + offset, count));
  }

  function fields(
    declared: readonly { name: string; type: ArchiveDeclaration }[],
    place: number,
    from: number,
  ): object {
    let offset = from;
    return Object.fromEntries(
      declared.map(({ name, type: field }) => {
        const [size, align] = sizeOf(field);
        const at = padded(offset, align);
        offset = at + size;
        return [name, valueAt(field, place + at)];
      }),
    );
  }

  function valueAt(at: ArchiveDeclaration, place: number): unknown {
    switch (at.kind) {
      case 'number': {
        if (at.name === 'u16') return view.getUint16(place, true);
        if (at.name === 'u32') return view.getUint32(place, true);
        if (at.name === 'f64') return view.getFloat64(place, true);
        const exact = view.getBigUint64(place, true);
        return exact < 2n ** 53n ? Number(exact) : exact;
      }
      case 'string':
        return pointer(place, [1, 1], (target, count) => textOf(bytes.slice(target, target + count)));
      case 'bytes':
        return pointer(place, [1, 1], (target, count) => bytes.slice(target, target + count));
      case 'list': {
        const [size, align] = sizeOf(at.of);
        return pointer(place, [size, align], (target, count) =>
          Array.from({ length: count }, (_, index) => valueAt(at.of, target + index * size)),
        );
      }
      case 'option': {
        const tag = view.getUint8(place);
        if (tag > 1) throw new Refused();
        return tag === 0 ? null : valueAt(at.of, place + padded(1, sizeOf(at.of)[1]));
      }
      case 'struct':
        return fields(at.fields, place, 0);
      case 'enum': {
        const variant = at.variants[view.getUint8(place)];
        if (variant === undefined) throw new Refused();
        return { kind: variant.name, ...fields(variant.fields, place, 1) };
      }
    }
  }

  try {
    const [size, align] = sizeOf(type);
    const root = Math.max(0, bytes.length - size);
    return { value: inside(root, size, align, () => valueAt(type, root)) };
  } catch (thrown) {
    if (thrown instanceof Refused) return undefined;
    throw thrown;
  }
}

/** The engine's strict decoder, which no other code of the archives uses. */
function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Refused();
  }
}
