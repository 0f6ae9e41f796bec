/** The bytes that end lines of server-sent events. */
export const LF = 0x0a;
/** See {@link LF}. */
export const CR = 0x0d;

/**
 * Visits the lines of bytes, which CR, LF or CRLF separate. There is at least one. It makes no list
 * of them: a plugin's data can be 100 MiB of line ends.
 *
 * @param visit gets where the line starts, and where it ends: at its line end.
 */
export function visitLines(bytes: Uint8Array, visit: (start: number, end: number) => void): void {
  let start = 0;
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index];
    if (byte !== LF && byte !== CR) continue;
    visit(start, index);
    if (byte === CR && bytes[index + 1] === LF) index++;
    start = index + 1;
  }
  visit(start, bytes.length);
}
