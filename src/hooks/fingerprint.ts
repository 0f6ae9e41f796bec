import type { ArchiveDeclaration, ArchiveField } from './archive/type.ts';
import { blake3 } from './blake3.ts';

/** The bytes of a fingerprint. */
export const FINGERPRINT_SIZE = 32;

/**
 * Returns the fingerprint of a descriptor: BLAKE3 of its UTF-8.
 *
 * @param descriptor for instance `Header{name:Box<str>,value:Box<[u8]>}`.
 * @returns 32 bytes.
 */
export function fingerprintOf(descriptor: string): Uint8Array<ArrayBuffer> {
  return blake3(new TextEncoder().encode(descriptor));
}

/**
 * Describes a type as cc-lb does for its fingerprint: the fields sorted by name, and other structs
 * and enums by their name only. So a fingerprint protects neither the order of fields nor the
 * contents of nested types.
 *
 * The four requests have the descriptors that cc-lb compares. It writes its descriptors by hand, so
 * those of types that are not compared can differ: that of `UpstreamCandidate` lacks three fields,
 * that of `TransformResponseResult` has one more space, and `CachePricingSummary` has none.
 *
 * @returns for instance `Header{name:Box<str>,value:Box<[u8]>}`.
 */
export function descriptorOf(type: ArchiveDeclaration): string {
  switch (type.kind) {
    case 'struct':
      return `${type.name}${describeFields(type.fields)}`;
    case 'enum': {
      const variants = type.variants.map(
        ({ name, fields }) => `${name}${fields.length === 0 ? '' : describeFields(fields)}`,
      );
      return `${type.name}[${variants.join(',')}]`;
    }
    default:
      return nameOf(type);
  }
}

function describeFields(fields: readonly ArchiveField[]): string {
  // Names of fields are ASCII, which sorts the same in UTF-16 and in Rust.
  const described = fields.map(({ name, type }) => ({ name, text: `${name}:${nameOf(type)}` }));
  described.sort((left, right) => (left.name < right.name ? -1 : 1));
  return `{${described.map(({ text }) => text).join(',')}}`;
}

/** The name of a type in Rust. */
function nameOf(type: ArchiveDeclaration): string {
  switch (type.kind) {
    case 'string':
      return 'Box<str>';
    case 'bytes':
      return 'Box<[u8]>';
    case 'list':
      return `Box<[${nameOf(type.of)}]>`;
    case 'option':
      return `Option<${nameOf(type.of)}>`;
    default:
      return type.name;
  }
}
