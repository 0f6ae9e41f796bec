import type { ByteReader } from './byte-reader.ts';
import { WasmFormatError } from './error.ts';
import { readU32 } from './leb128.ts';

/** The longest name, in UTF-8 bytes, that engines and parsers accept (the WebAssembly JavaScript API's implementation limits). */
export const NAME_MAX_BYTES = 100_000;

// `ignoreBOM` keeps a leading byte order mark as the character that it is: two names that differ by one are two names.
const utf8 = /* @__PURE__ */ new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Up to here a name in ASCII is put together faster than a decoder is called. */
const SHORT_NAME_BYTES = 24;

/** The text of bytes that are all ASCII; `undefined` when one is not. */
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
 * @throws WasmFormatError `MalformedName` over {@link NAME_MAX_BYTES} or not UTF-8; `UnexpectedEnd` when the bytes stop within it.
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
    // A copy, since browsers do not decode what lies in shared or resizable memory.
    return utf8.decode(name.rest().slice());
  } catch {
    throw new WasmFormatError({ kind: 'MalformedName', offset: name.offset, reason: 'not valid UTF-8' });
  }
}
