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
 * @returns the value. It takes at most as much memory as its type and the archive can account for.
 * @throws ArchiveDecodeError that names the first fault in the order of the fields. TypeError if
 * `bytes` are not bytes.
 */
export function decodeArchive<T>(type: ArchiveType<T>, bytes: Uint8Array): T {
  const archive = unsharedBytes(bytes);
  if (archive === undefined) throw new TypeError('bytes must be a Uint8Array');
  const decode = decoderOf(type);
  const { size, align } = layoutOf(type);
  const root = archive.length - size;
  if (root < 0) {
    const [expected, found] = [`at least ${size} bytes`, `${archive.length}`];
    throw new ArchiveDecodeError({ kind: 'TooShort', path: '$', offset: archive.length, expected, found });
  }
  const reader = new ArchiveReader(archive);
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
