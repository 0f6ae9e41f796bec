import type { ByteReader } from './byte-reader.ts';
import { WasmFormatError } from './error.ts';
import { encodeUnsigned, readU32 } from './leb128.ts';

/**
 * The most UTF-8 bytes that engines accept in a name (WebAssembly JavaScript API, implementation
 * limits).
 */
export const NAME_MAX_BYTES = 100_000;

// `ignoreBOM` keeps a leading byte order mark: two names that differ only in it are different.
const decoder = /* @__PURE__ */ new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** For ASCII names of up to this many bytes, a loop is faster than a decoder. */
const SHORT_NAME_BYTES = 24;

/** Decodes ASCII. Returns `undefined` if a byte is not ASCII. */
function readAscii({ bytes, offset, end }: ByteReader): string | undefined {
  let text = '';
  for (let at = offset; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte > 0x7f) return undefined;
    text += String.fromCharCode(byte);
  }
  return text;
}

/**
 * Reads a name: a length in bytes, then UTF-8 (specification 5.2.4, "Names").
 *
 * @returns the text.
 * @throws WasmFormatError `MalformedName` if it has more than {@link NAME_MAX_BYTES} or is not
 * UTF-8; `UnexpectedEnd` if the bytes end within it.
 */
export function readName(reader: ByteReader): string {
  const start = reader.offset;
  const length = readU32(reader);
  if (length > NAME_MAX_BYTES) {
    const reason = `${length} bytes long, at most ${NAME_MAX_BYTES} are allowed`;
    throw new WasmFormatError({ kind: 'MalformedName', offset: start, reason });
  }
  const name = reader.part(length, 'a name');
  const short = length <= SHORT_NAME_BYTES ? readAscii(name) : undefined;
  if (short !== undefined) return short;
  try {
    // A copy, since browsers do not decode from shared or resizable memory.
    return decoder.decode(name.rest().slice());
  } catch {
    throw new WasmFormatError({ kind: 'MalformedName', offset: name.offset, reason: 'not valid UTF-8' });
  }
}

const encoder = /* @__PURE__ */ new TextEncoder();

/**
 * Encodes a name: its length in bytes, then UTF-8.
 *
 * @param name the text.
 * @returns the bytes.
 */
export function encodeName(name: string): number[] {
  const bytes = encoder.encode(name);
  return [...encodeUnsigned(bytes.length), ...bytes];
}
