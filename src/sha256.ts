import { encodeHex } from './hex.ts';

/**
 * Hashes bytes with SHA-256. Needs `crypto.subtle`, which browsers provide only in secure contexts.
 *
 * @returns a promise of 32 bytes.
 */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}

/** {@link sha256} as 64 hexadecimal digits. */
export async function sha256Hex(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return encodeHex(await sha256(bytes));
}
