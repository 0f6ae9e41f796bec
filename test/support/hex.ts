/** Returns the bytes that hexadecimal digits stand for. White space is skipped. */
export function fromHex(hex: string): Uint8Array<ArrayBuffer> {
  const pairs = hex.replace(/\s/g, '').match(/../g) ?? [];
  return Uint8Array.from(pairs, (pair) => Number.parseInt(pair, 16));
}

/** Returns bytes as hexadecimal digits. */
export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Each byte as the text format escapes it. */
const escapes = Array.from({ length: 256 }, (_, byte) => `\\${byte.toString(16).padStart(2, '0')}`);

/** Writes bytes as a string of the text format, with its quotation marks. */
export function literal(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += escapes[byte];
  return `"${text}"`;
}
