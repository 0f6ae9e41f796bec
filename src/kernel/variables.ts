import { KernelFunctionError } from './functions.ts';

/** What each variable counts beyond its key and value, in bytes: 24 for the key, 24 for the value (abi/KERNEL.md, `var_set`). */
const OVERHEAD_BYTES = 24 + 24;

/** The default limit of all variables of a plugin together, in bytes. */
export const DEFAULT_MAX_VAR_BYTES = 1024 * 1024;

/** A plugin's variables: named bytes that live from call to call. */
export class Variables {
  readonly #maxBytes: number;
  readonly #values = new Map<string, Uint8Array>();
  /** What the stored entries count together, so that no change has to look at all of them. */
  #usedBytes = 0;

  /** @param maxBytes the limit of all variables together; 0 refuses every change; Infinity is none. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** The value of a variable, not a copy; `undefined` when it is not set. */
  get(key: string): Uint8Array | undefined {
    return this.#values.get(key);
  }

  /** Whether any variable may be set. @throws KernelFunctionError when the limit is 0. */
  checkEnabled(): void {
    if (this.#maxBytes === 0) throw new KernelFunctionError('variables are disabled: their limit is 0 bytes');
  }

  /**
   * Whether a variable may be set. The new entry is counted beside all stored ones, the one that it would replace included.
   *
   * @param valueBytes the new value's length; `undefined` to remove the variable.
   * @throws KernelFunctionError when it would pass the limit, or the limit is 0.
   */
  check(key: string, valueBytes: number | undefined): void {
    this.checkEnabled();
    if (valueBytes === undefined) return;
    const total = this.#usedBytes + entryBytes(key, valueBytes);
    if (total > this.#maxBytes) {
      throw new KernelFunctionError(`the variable store is full: ${total} bytes needed, ${this.#maxBytes} allowed`);
    }
  }

  /** Stores a value that {@link check} allowed; the array is kept, so it must be the caller's own copy. `undefined` removes. */
  set(key: string, value: Uint8Array | undefined): void {
    const replaced = this.#values.get(key);
    const before = replaced === undefined ? 0 : entryBytes(key, replaced.length);
    const after = value === undefined ? 0 : entryBytes(key, value.length);
    if (value === undefined) this.#values.delete(key);
    else this.#values.set(key, value);
    // Last, and no call after the change: a stack overflow leaves both or neither.
    this.#usedBytes += after - before;
  }

  /** Removes all. */
  clear(): void {
    this.#values.clear();
    this.#usedBytes = 0;
  }
}

function entryBytes(key: string, valueBytes: number): number {
  return OVERHEAD_BYTES + utf8Bytes(key) + valueBytes;
}

/** The bytes of a text in UTF-8, counted: to encode each key, twice, took most of the time of setting a variable. */
function utf8Bytes(text: string): number {
  let bytes = 0;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    const isSurrogate = unit >= 0xd800 && unit <= 0xdfff;
    // Two surrogates are one character of four bytes.
    if (unit < 0x80) bytes += 1;
    else bytes += unit < 0x800 || isSurrogate ? 2 : 3;
  }
  return bytes;
}
