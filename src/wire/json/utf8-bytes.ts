import { JsonDecodeError } from './decode-error.ts';

/** The text of UTF-8 bytes, a byte order mark included. Throws `JsonDecodeError` with the path `$` when the bytes are not valid UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    const offset = faultOffset(bytes);
    const found = `byte 0x${bytes[offset]?.toString(16)}`;
    throw new JsonDecodeError({ kind: 'InvalidUtf8', path: '$', offset, expected: 'UTF-8', found });
  }
}

/** Where the first invalid sequence begins, in bytes that are known to have one: where a lenient decoder replaced what was there. */
function faultOffset(bytes: Uint8Array): number {
  let offset = 0;
  for (const character of new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)) {
    const encoded = new TextEncoder().encode(character);
    if (encoded.some((byte, index) => byte !== bytes[offset + index])) break;
    offset += encoded.length;
  }
  return offset;
}
