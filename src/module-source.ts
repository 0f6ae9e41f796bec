import { bytesOf, isArrayBuffer, isDetached } from './realms.ts';

/** The bytes of a module. They are copied, so they may be shared or change later. */
export type ModuleBytes = ArrayBufferLike | ArrayBufferView;

/**
 * A `WebAssembly.Module`. TypeScript's DOM library declares it as an interface without members, so
 * any value would be assignable. These members refuse common mistakes.
 */
export interface EngineModule {
  /** Refuses a promise: `await` it. */
  readonly then?: never;
  /** Refuses a string or an array: read the file first. */
  readonly length?: never;
  /** Refuses a `Response` or a `Blob`: `await response.arrayBuffer()`. */
  readonly arrayBuffer?: never;
  /** Refuses a `URL`: fetch it first. */
  readonly href?: never;
}

/** A module: its bytes, or compiled by the engine. */
export type ModuleSource = ModuleBytes | EngineModule;

/** What {@link copyBytes} accepts, in words. */
export const MODULE_BYTES = 'the bytes of a module (an ArrayBuffer, or a view such as Uint8Array)';

/** Whether a value is a buffer or a view of one, of any realm, that has its memory. */
export function isBytes(value: unknown): value is ModuleBytes {
  return bytesOf(value) !== undefined;
}

/**
 * Returns bytes that are not in shared memory. Text decoders refuse shared memory, and it could
 * change between two reads.
 *
 * @returns a copy if the memory is shared, else a view; `undefined` if the value is neither a
 * buffer nor a view, or is detached.
 */
export function unsharedBytes(value: unknown): Uint8Array<ArrayBuffer> | undefined {
  const view = bytesOf(value);
  if (view === undefined) return undefined;
  const { buffer } = view;
  return isArrayBuffer(buffer) ? new Uint8Array(buffer, view.byteOffset, view.byteLength) : new Uint8Array(view);
}

/**
 * Copies the bytes of a buffer or view. The caller cannot change the copy, and every engine
 * compiles it: some refuse shared or resizable memory.
 *
 * @returns `undefined` if the value is neither a buffer nor a view, or is detached.
 */
export function copyBytes(value: unknown): Uint8Array<ArrayBuffer> | undefined {
  const view = bytesOf(value);
  return view === undefined ? undefined : new Uint8Array(view);
}

/** Values that are often passed instead of bytes: how to recognise each, and what to do. */
const mistakes: readonly (readonly [holds: (value: object) => boolean, advice: string])[] = [
  [isDetached, 'its memory was transferred: pass a copy that this thread has'],
  [(value) => 'then' in value, 'a promise was given: await it'],
  [(value) => 'arrayBuffer' in value, 'pass `await value.arrayBuffer()`'],
  [(value) => 'href' in value, 'a URL was given: fetch or read it first'],
];

function isMistake(value: object, holds: (value: object) => boolean): boolean {
  try {
    return holds(value);
  } catch {
    return false; // a proxy whose trap throws
  }
}

/**
 * Advises on a value that is neither bytes nor a module.
 *
 * @returns the end of an error message; empty if there is no advice.
 */
export function adviceOn(value: unknown): string {
  if (typeof value === 'string') return '; a string was given: read the file first';
  if (typeof value !== 'object' || value === null) return '';
  const advice = mistakes.find(([holds]) => isMistake(value, holds))?.[1];
  return advice === undefined ? '' : `; ${advice}`;
}
