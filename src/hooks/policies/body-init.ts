import { unsharedBytes } from '../../module-source.ts';

/**
 * Makes the body of a `Request` or `Response`, which must not be in shared memory. `GET` and some
 * statuses allow no body, not even an empty one.
 *
 * @returns `null` if there are no bytes.
 */
export function bodyInit(bytes: Uint8Array): Uint8Array<ArrayBuffer> | null {
  return bytes.length === 0 ? null : (unsharedBytes(bytes) ?? null);
}
