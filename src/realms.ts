import { onFirstUse } from './first-use.ts';

/*
 * What a value is, whichever realm made it. A realm has intrinsics of its own: those of a frame, of
 * a context of `node:vm`, of a test runner or an edge sandbox are not ours, so `instanceof` does
 * not know their instances. Values are recognised here by what only they can do. So something that
 * pretends, by its prototype, its tag or a proxy, is recognised as little as before.
 */

/** The getter of a prototype. It throws for a receiver of another kind. */
type Getter = (this: unknown) => unknown;

/* @__NO_SIDE_EFFECTS__ */
function getterOf(prototype: object, key: PropertyKey): Getter {
  // The cast: the standards say that these prototypes have these getters.
  return Object.getOwnPropertyDescriptor(prototype, key)?.get as Getter;
}

/** Whether work ends without an exception. */
function succeeds(work: () => unknown): boolean {
  try {
    work();
    return true;
  } catch {
    return false;
  }
}

/** The getters of views, which no property of a view hides. */
interface ViewGetters {
  readonly buffer: Getter;
  readonly byteOffset: Getter;
  readonly byteLength: Getter;
}

/* @__NO_SIDE_EFFECTS__ */
function viewGetters(prototype: object): ViewGetters {
  const [buffer, byteOffset, byteLength] = ['buffer', 'byteOffset', 'byteLength'].map((key) =>
    getterOf(prototype, key),
  ) as [Getter, Getter, Getter]; // three names, three getters
  return { buffer, byteOffset, byteLength };
}

/* @__NO_SIDE_EFFECTS__ */
function typedArrayPrototype(): object {
  return Object.getPrototypeOf(Uint8Array.prototype);
}

// One for each getter: a program that asks one question carries one.
/** The name of a typed array's class; `undefined` for any other value. It never throws. */
const typedArrayName = /* @__PURE__ */ onFirstUse(() => getterOf(typedArrayPrototype(), Symbol.toStringTag));
const ofTypedArrays = /* @__PURE__ */ onFirstUse(() => viewGetters(typedArrayPrototype()));
const ofDataViews = /* @__PURE__ */ onFirstUse(() => viewGetters(DataView.prototype));
/** Throws for shared buffers too. */
const bufferLength = /* @__PURE__ */ onFirstUse(() => getterOf(ArrayBuffer.prototype, 'byteLength'));

/** Whether a value is a `Uint8Array`, such as Node's `Buffer`. */
export function isUint8Array(value: unknown): value is Uint8Array {
  return typedArrayName().call(value) === 'Uint8Array';
}

/** Whether a value is a buffer that is not shared. It may be detached. */
export function isArrayBuffer(value: unknown): value is ArrayBuffer {
  return succeeds(() => bufferLength().call(value));
}

/** Whether a value is a buffer, shared or not, that has its memory. */
function isBuffer(value: unknown): value is ArrayBufferLike {
  // A page that is not isolated hides the class of shared buffers, not the buffers.
  return typeof value === 'object' && succeeds(() => new DataView(value as ArrayBuffer)); // throws for any other object
}

/**
 * Views the memory of a buffer or view.
 *
 * @returns an array of this realm; `undefined` if the value is neither a buffer nor a view, or if
 * its memory is detached.
 */
export function bytesOf(value: unknown): Uint8Array | undefined {
  if (!ArrayBuffer.isView(value)) return isBuffer(value) ? new Uint8Array(value) : undefined;
  const getters = typedArrayName().call(value) === undefined ? ofDataViews() : ofTypedArrays();
  const buffer = getters.buffer.call(value);
  if (!isBuffer(buffer)) return undefined;
  try {
    return new Uint8Array(buffer, Number(getters.byteOffset.call(value)), Number(getters.byteLength.call(value)));
  } catch {
    return undefined; // a DataView beyond the end of a buffer that shrank
  }
}

/** Whether a value is a buffer or view whose memory went to another thread, or shrank. */
export function isDetached(value: unknown): boolean {
  return (ArrayBuffer.isView(value) || isArrayBuffer(value)) && bytesOf(value) === undefined;
}

/** Whether a value is a `WebAssembly.Module`. */
export function isModule(value: unknown): value is WebAssembly.Module {
  // The cast: the engine throws for any other object. No module has this section, so nothing is
  // copied.
  const reads = (): unknown => WebAssembly.Module.customSections(value as WebAssembly.Module, 'cc-lb.realm');
  return typeof value === 'object' && value !== null && !ArrayBuffer.isView(value) && succeeds(reads);
}

const memoryBuffer = /* @__PURE__ */ onFirstUse(() => getterOf(WebAssembly.Memory.prototype, 'buffer'));

/** Whether a value is a `WebAssembly.Memory`. */
export function isMemory(value: unknown): value is WebAssembly.Memory {
  return typeof value === 'object' && succeeds(() => memoryBuffer().call(value));
}

/** Whether an object describes itself so: `[object Name]`. It may pretend. Never throws. */
export function isTagged(value: unknown, tag: string): value is object {
  try {
    return typeof value === 'object' && Object.prototype.toString.call(value) === tag;
  } catch {
    return false; // a proxy, or an object whose tag cannot be read
  }
}

/** How the errors of all realms describe themselves, unless they say otherwise. */
const ERROR_TAGS: readonly string[] = ['[object Error]', '[object DOMException]'];

/** Whether a value is an error. Never throws. */
export function isError(value: unknown): value is Error {
  try {
    return value instanceof Error || ERROR_TAGS.some((tag) => isTagged(value, tag));
  } catch {
    return false; // a proxy whose prototype cannot be read
  }
}

/**
 * Whether a value is an error of a class that all realms have. Never throws.
 *
 * @param name of the class, such as `RangeError`, or `RuntimeError` for traps of WebAssembly.
 */
export function isErrorNamed(value: unknown, name: string): value is Error {
  try {
    return isError(value) && value.name === name;
  } catch {
    return false; // its name cannot be read
  }
}

/** Whether a value is a promise, or another thenable. Never throws. */
export function isPromise(value: unknown): value is PromiseLike<unknown> {
  try {
    return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
  } catch {
    return false; // a proxy, or an object whose `then` cannot be read
  }
}

/**
 * Handles the rejection of a promise that nobody waits for. On some runtimes it would end the
 * process.
 */
export function silence(promise: PromiseLike<unknown>, onRejected: (error: unknown) => void = () => undefined): void {
  Promise.resolve(promise).catch(onRejected);
}

/** Whether a value can abort: an `AbortSignal`, or what does the same. Never throws. */
export function isAbortSignal(value: unknown): value is AbortSignal {
  try {
    const { aborted, addEventListener, removeEventListener } = Object(value);
    return [typeof aborted, typeof addEventListener, typeof removeEventListener].join() === 'boolean,function,function';
  } catch {
    return false;
  }
}

/** Whether a value is a `URL`, or what does the same. Never throws. */
export function isUrl(value: unknown): value is URL {
  try {
    return typeof value === 'object' && value !== null && 'searchParams' in value && URL.canParse(String(value));
  } catch {
    return false;
  }
}
