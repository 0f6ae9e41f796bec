import { Refusal } from '../../json/text/refusal.ts';
import { unsharedBytes } from '../../module-source.ts';
import { ArchiveDecodeError } from './decode-error.ts';
import { decoderOf } from './decode-value.ts';
import { layoutOf } from './layout.ts';
import { ArchiveReader, type ArchiveRefusal } from './reader.ts';
import type { ArchiveType } from './type.ts';

/**
 * Reads an archive, and refuses exactly what rkyv's validation refuses. Unused bytes and padding
 * may be anything.
 *
 * @param bytes of the archive, whose alignments count from its first byte. They may be a part of a
 * guest's memory: the value has copies of all bytes.
 * @returns the value. An element of a list can take 16 times its bytes in the archive.
 * @throws ArchiveDecodeError that names the first fault in the order of the fields. TypeError if
 * `bytes` are not bytes.
 */
export function decodeArchive<T>(type: ArchiveType<T>, bytes: Uint8Array): T {
  return decodeArchiveUpTo(type, bytes, Number.POSITIVE_INFINITY);
}

/**
 * {@link decodeArchive}, but an archive with many list elements is refused. The value of an element
 * of 16 bytes can take 250.
 *
 * @param elementsMax the most elements of all lists together.
 * @throws what `decodeArchive` throws.
 */
export function decodeArchiveUpTo<T>(type: ArchiveType<T>, bytes: Uint8Array, elementsMax: number): T {
  const archive = unsharedBytes(bytes);
  if (archive === undefined) throw new TypeError('bytes must be a Uint8Array');
  const decode = decoderOf(type);
  const { size, align } = layoutOf(type);
  const root = archive.length - size;
  if (root < 0) {
    const [expected, found] = [`at least ${size} bytes`, `${archive.length}`];
    throw new ArchiveDecodeError({ kind: 'TooShort', path: '$', offset: archive.length, expected, found });
  }
  const reader = new ArchiveReader(archive, elementsMax);
  try {
    reader.enter(root, size, align, root);
    // The decoder is composed of the declaration that carries the type.
    return decode(reader, root) as T;
  } catch (thrown) {
    throw thrown instanceof Refusal ? decodeError(thrown as ArchiveRefusal) : thrown;
  }
}

function decodeError({ kind, path, expected, found, place: offset }: ArchiveRefusal): ArchiveDecodeError {
  return new ArchiveDecodeError({ kind, path: `$${path}`, offset, expected, found });
}
