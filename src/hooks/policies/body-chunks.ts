import { isUint8Array } from '../../realms.ts';

/**
 * Checks that nobody has read from a body. What is left of it would pass for the whole.
 *
 * @throws TypeError if it was read before, in part or to its end.
 */
export function checkUnread({ bodyUsed }: Request | Response): void {
  if (bodyUsed) throw new TypeError('the body was read before: pass a message whose body nobody has read');
}

/**
 * Checks a chunk of a body. A stream of the host's own may have chunks of any type, and `fetch`
 * refuses those that are not bytes when it reads them.
 *
 * @throws TypeError if the chunk is anything but a `Uint8Array`.
 */
export function checkedChunk(chunk: unknown): Uint8Array {
  if (isUint8Array(chunk)) return chunk;
  throw new TypeError('a body must be a stream of Uint8Array, but has another chunk');
}

/**
 * Joins the chunks of a body.
 *
 * @param size of all together.
 */
export function joinedChunks(chunks: readonly Uint8Array[], size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}
