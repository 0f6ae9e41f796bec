import { unsharedBytes } from '../../module-source.ts';

/** The statuses whose responses have no body. */
export const NULL_BODY_STATUSES: readonly number[] = [204, 205, 304];

/** Whether a request of a method has no body. */
export function hasNoBody(method: string): method is 'GET' | 'HEAD' {
  return method === 'GET' || method === 'HEAD';
}

/**
 * Makes the body of a `Request` or `Response`, which must not be in shared memory. `GET` and some
 * statuses allow no body, not even an empty one.
 *
 * @returns `null` if there are no bytes.
 */
export function bodyInit(bytes: Uint8Array): Uint8Array<ArrayBuffer> | null {
  return bytes.length === 0 ? null : (unsharedBytes(bytes) ?? null);
}
