import { JsonDecodeError } from './decode-error.ts';

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder('utf-8', { ignoreBOM: true });

/** What a lenient decoder puts in the place of bytes that are not UTF-8. */
const REPLACEMENT = '\ufffd';

/** The text of UTF-8 bytes, a byte order mark included. Throws `JsonDecodeError` with the path `$` when the bytes are not valid UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string {
  // Some engines check much more slowly than they decode; a text without replacements was valid.
  const text = lenient.decode(bytes);
  if (!text.includes(REPLACEMENT)) return text;
  try {
    return strict.decode(bytes);
  } catch {
    const offset = faultOffset(bytes);
    const found = `byte 0x${bytes[offset]?.toString(16)}`;
    throw new JsonDecodeError({ kind: 'InvalidUtf8', path: '$', offset, expected: 'UTF-8', found });
  }
}

/** Where the first invalid sequence begins, in bytes that are known to have one: where a lenient decoder replaced what was there. */
function faultOffset(bytes: Uint8Array): number {
  let offset = 0;
  for (const character of lenient.decode(bytes)) {
    const encoded = new TextEncoder().encode(character);
    if (encoded.some((byte, index) => byte !== bytes[offset + index])) break;
    offset += encoded.length;
  }
  return offset;
}
