import type { ByteReader } from '../encoding/byte-reader.ts';
import { readU32 } from '../encoding/leb128.ts';
import type { HeapTypeVisitor } from '../encoding/types.ts';

/**
 * The index spaces of a module (specification 2.5.1, "Indices"). Labels and locals are not among
 * them: each function has its own.
 */
export type IndexSpace = 'type' | 'function' | 'table' | 'memory' | 'global' | 'tag' | 'element' | 'data';

/** Is shown every index that the grammar reads. */
export interface IndexVisitor extends HeapTypeVisitor {
  /**
   * An index that is encoded as a u32. A type index may also be a heap type, see
   * {@link HeapTypeVisitor}.
   *
   * @param space the index space that it counts in.
   * @param index its value.
   * @param start where its bytes begin, in bytes from the start of the module.
   * @param end the offset after its last byte.
   */
  index(space: IndexSpace, index: number, start: number, end: number): void;
}

/**
 * Reads an index (specification 5.5.1, "Indices").
 *
 * @param space the index space that it counts in.
 * @param visitor is shown the index.
 * @returns the index.
 * @throws WasmFormatError as `readU32`.
 */
export function readIndex(reader: ByteReader, space: IndexSpace, visitor?: IndexVisitor): number {
  const start = reader.offset;
  const index = readU32(reader);
  visitor?.index(space, index, start, reader.offset);
  return index;
}
