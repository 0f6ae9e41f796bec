/**
 * The most bytes of an input, 256 MiB: 16 times what a host takes by default, and no more than a
 * string can hold.
 */
export const INPUT_BYTES_MAX: number = 256 * 1024 * 1024;

/**
 * Reads a stream to its end. A device, a pipe or a file that grows may have none.
 *
 * @param max the most bytes.
 * @throws Error with the code `ERR_FS_FILE_TOO_LARGE` as soon as there are more, whatever else the
 * stream throws.
 */
export async function readToEnd(stream: AsyncIterable<Uint8Array>, max: number = INPUT_BYTES_MAX): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream) {
    length += chunk.length;
    if (length > max) throw Object.assign(new Error(`more than ${max} bytes`), { code: 'ERR_FS_FILE_TOO_LARGE' });
    chunks.push(chunk);
  }
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}
