import { JsonDecodeError } from './decode-error.ts';

const utf8 = /* @__PURE__ */ new TextDecoder('utf-8', { ignoreBOM: true });

/** What a lenient decoder puts in the place of bytes that are not UTF-8. */
const REPLACEMENT = '\ufffd';

/** The text of UTF-8 bytes, a byte order mark included. Throws `JsonDecodeError` with the path `$` when the bytes are not valid UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string {
  // Some engines check much more slowly than they decode. A text without replacements was valid; where one is, it may be the writer's own.
  const text = utf8.decode(bytes);
  const offset = text.includes(REPLACEMENT) ? faultOffset(bytes, text) : -1;
  if (offset < 0) return text;
  const found = `byte 0x${bytes[offset]?.toString(16)}`;
  throw new JsonDecodeError({ kind: 'InvalidUtf8', path: '$', offset, expected: 'UTF-8', found });
}

/** Where the first invalid sequence begins: where the text, in bytes again, has others; -1 when it has the same. */
function faultOffset(bytes: Uint8Array, text: string): number {
  const encoded = new TextEncoder().encode(text);
  let offset = 0;
  while (offset < encoded.length && encoded[offset] === bytes[offset]) offset++;
  if (offset === encoded.length) return -1;
  // The two may part in the middle of a character: an invalid sequence can begin as the replacement does.
  while (((encoded[offset] ?? 0) & 0xc0) === 0x80) offset--;
  return offset;
}
