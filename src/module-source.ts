/** The bytes of a module. They are copied, so that they may be shared or change afterwards. */
export type ModuleBytes = ArrayBufferLike | ArrayBufferView;

/**
 * A `WebAssembly.Module`. The library of the DOM declares it as an interface without members, to
 * which everything is assignable; these members refuse what is often given by mistake.
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

/** What a module can be given as: its bytes, or what the engine has made of them. */
export type ModuleSource = ModuleBytes | EngineModule;

/** What {@link copyBytes} accepts, in words. */
export const MODULE_BYTES = 'the bytes of a module (an ArrayBuffer, or a view such as Uint8Array)';

function isBuffer(value: unknown): value is ArrayBufferLike {
  return (
    value instanceof ArrayBuffer || (typeof SharedArrayBuffer === 'function' && value instanceof SharedArrayBuffer)
  );
}

/** Whether a value is a buffer or a view of one. */
export function isBytes(value: unknown): value is ModuleBytes {
  return ArrayBuffer.isView(value) || isBuffer(value);
}

function viewOf(value: unknown): Uint8Array | undefined {
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  return isBuffer(value) ? new Uint8Array(value) : undefined;
}

/**
 * The bytes of a buffer or view in memory that is not shared: text decoders refuse shared memory,
 * and it could change between two reads.
 *
 * @returns a copy where the memory is shared, else a view; `undefined` if the value is neither.
 */
export function unsharedBytes(value: unknown): Uint8Array<ArrayBuffer> | undefined {
  const view = viewOf(value);
  if (view === undefined) return undefined;
  const { buffer } = view;
  return buffer instanceof ArrayBuffer
    ? new Uint8Array(buffer, view.byteOffset, view.byteLength)
    : new Uint8Array(view);
}

/**
 * A copy of the bytes of a buffer or view. Nobody can change it, and every engine compiles it: not
 * all compile shared or resizable memory.
 *
 * @returns `undefined` if the value is neither.
 */
export function copyBytes(value: unknown): Uint8Array<ArrayBuffer> | undefined {
  const view = viewOf(value);
  return view === undefined ? undefined : new Uint8Array(view);
}

/** What people give instead of bytes: how it is recognised, and what to do. */
const mistakes: readonly (readonly [holds: (value: object) => boolean, advice: string])[] = [
  [(value) => 'then' in value, 'a promise was given: await it'],
  [(value) => 'arrayBuffer' in value, 'give it as `await value.arrayBuffer()`'],
  [(value) => 'href' in value, 'a URL was given: fetch or read it first'],
];

/** What to do about a value that is neither bytes nor a module; empty if nothing is known about it. */
export function adviceOn(value: unknown): string {
  if (typeof value === 'string') return '; a string was given: read the file first';
  if (typeof value !== 'object' || value === null) return '';
  const advice = mistakes.find(([holds]) => holds(value))?.[1];
  return advice === undefined ? '' : `; ${advice}`;
}
