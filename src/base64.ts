/** How many bytes become characters at a time: engines limit the number of arguments. */
const CHUNK = 0x8000;

/** Writes bytes as base64 with padding (RFC 4648, section 4). */
export function encodeBase64(bytes: Uint8Array): string {
  let characters = '';
  for (let offset = 0; offset < bytes.length; offset += CHUNK)
    characters += String.fromCharCode(...bytes.subarray(offset, offset + CHUNK));
  return btoa(characters);
}

/**
 * Reads base64.
 *
 * @returns `undefined` if the text is not exactly what {@link encodeBase64} writes for some bytes.
 */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  // `atob` also takes white space and missing padding, and throws for what is left.
  if (text.length % 4 !== 0 || /[^A-Za-z0-9+/]/.test(text.replace(/={1,2}$/, ''))) return undefined;
  const characters = atob(text);
  const bytes = new Uint8Array(characters.length);
  for (let index = 0; index < bytes.length; index++) bytes[index] = characters.charCodeAt(index);
  // The last digit may have bits that stand for nothing.
  return encodeBase64(bytes) === text ? bytes : undefined;
}
