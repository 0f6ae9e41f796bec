import { Refusal } from '../../json/text/refusal.ts';
import { ArchiveEncodeError, type ArchiveEncodeFailureKind } from './encode-error.ts';
import { encoderOf } from './encode-value.ts';
import { alignUp, layoutOf } from './layout.ts';
import type { ArchiveType } from './type.ts';
import { ArchivePlan, ArchiveWriter } from './writer.ts';

/** The most bytes of an archive: offsets within it are i32. */
export const ARCHIVE_MAX_BYTES = 0x7fff_ffff;

/** A value that was checked, and the size of its archive. */
export interface PlannedArchive {
  /** The size of the archive in bytes. */
  readonly size: number;
  /**
   * Writes the archive, and no byte outside it. The value must not have changed.
   *
   * @param memory receives the archive. It may be the memory of a guest, but not shared memory.
   * @param offset of the archive in `memory`, in bytes; 0 by default. Any alignment is possible.
   * @throws RangeError if `memory` has no room for the archive there.
   */
  readonly writeTo: (memory: Uint8Array, offset?: number) => void;
}

/**
 * Checks a value and plans its archive, so that a host can allocate its size in a guest's memory
 * and write the archive there.
 *
 * @throws ArchiveEncodeError that names the first place where the value is not of the type; of kind
 * `TooLarge` if the archive would have more than 2^31 - 1 bytes.
 */
export function planArchive<T>(type: ArchiveType<T>, value: T): PlannedArchive {
  const encoder = encoderOf(type);
  const plan = new ArchivePlan();
  reportingPaths(() => encoder.plan(value, plan));
  const layout = layoutOf(type);
  const root = alignUp(plan.end, layout.align);
  const size = root + layout.size;
  if (size > ARCHIVE_MAX_BYTES) {
    const expected = `at most ${ARCHIVE_MAX_BYTES} bytes`;
    throw new ArchiveEncodeError({ kind: 'TooLarge', path: '$', expected, found: `${size} bytes` });
  }
  return {
    size,
    writeTo: (memory, offset = 0) => {
      if (!(Number.isSafeInteger(offset) && offset >= 0 && offset + size <= memory.length))
        throw new RangeError(`an archive of ${size} bytes does not fit ${memory.length} bytes at offset ${offset}`);
      const writer = new ArchiveWriter(memory.subarray(offset, offset + size), plan);
      writer.clear(plan.end, size);
      encoder.write(value, writer, root);
    },
  };
}

/**
 * Writes a value as an archive, byte for byte as rkyv does (with little-endian, aligned primitives
 * and 32-bit relative pointers).
 *
 * @returns the archive. The root is at its end.
 * @throws ArchiveEncodeError as {@link planArchive}.
 */
export function encodeArchive<T>(type: ArchiveType<T>, value: T): Uint8Array<ArrayBuffer> {
  const archive = planArchive(type, value);
  const bytes = new Uint8Array(archive.size);
  archive.writeTo(bytes);
  return bytes;
}

/** Turns the refusal of a value into an error. */
function reportingPaths(plan: () => void): void {
  try {
    plan();
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown;
    const { kind, path, expected, found } = thrown as Refusal<ArchiveEncodeFailureKind, undefined>;
    throw new ArchiveEncodeError({ kind, path: `$${path}`, expected, found });
  }
}
