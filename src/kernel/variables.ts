import { KernelFunctionError } from './functions.ts';

/**
 * What each variable counts in addition to its key and value, in bytes: 24 for the key and 24 for
 * the value (abi/KERNEL.md, `var_set`).
 */
const OVERHEAD_BYTES = 24 + 24;

/** The default limit of all variables of a plugin together, in bytes. */
export const DEFAULT_MAX_VAR_BYTES = 1024 * 1024;

/** The variables of a plugin: named bytes that live from call to call. */
export class Variables {
  readonly #maxBytes: number;
  readonly #values = new Map<string, Uint8Array>();
  /** What the stored entries count together. Kept, so that a change does not visit all entries. */
  #usedBytes = 0;

  /**
   * @param maxBytes the limit of all variables together, in bytes; with 0 no variable can be set;
   * Infinity means unlimited.
   */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Returns the value of a variable, not a copy; `undefined` if it is not set. */
  get(key: string): Uint8Array | undefined {
    return this.#values.get(key);
  }

  /**
   * Checks that variables can be set.
   *
   * @throws KernelFunctionError if the limit is 0.
   */
  checkEnabled(): void {
    if (this.#maxBytes === 0) throw new KernelFunctionError('variables are disabled: their limit is 0 bytes');
  }

  /**
   * Checks that a variable can be set. The new entry counts in addition to all stored ones,
   * including the one that it would replace.
   *
   * @param valueBytes the length of the new value; `undefined` to remove the variable.
   * @throws KernelFunctionError if the new entry would exceed the limit, or the limit is 0.
   */
  check(key: string, valueBytes: number | undefined): void {
    this.checkEnabled();
    if (valueBytes === undefined) return;
    const total = this.#usedBytes + entryBytes(key, valueBytes);
    if (total > this.#maxBytes) {
      throw new KernelFunctionError(`the variable store is full: ${total} bytes needed, ${this.#maxBytes} allowed`);
    }
  }

  /**
   * Stores a value that {@link check} allowed, without a copy: pass an array that nobody else
   * holds.
   *
   * @param value `undefined` removes the variable.
   */
  set(key: string, value: Uint8Array | undefined): void {
    const replaced = this.#values.get(key);
    const before = replaced === undefined ? 0 : entryBytes(key, replaced.length);
    const after = value === undefined ? 0 : entryBytes(key, value.length);
    if (value === undefined) this.#values.delete(key);
    else this.#values.set(key, value);
    // Change this last, and call nothing in between: a stack overflow then leaves both changes or
    // neither.
    this.#usedBytes += after - before;
  }

  /** Removes all variables. */
  clear(): void {
    this.#values.clear();
    this.#usedBytes = 0;
  }
}

function entryBytes(key: string, valueBytes: number): number {
  return OVERHEAD_BYTES + utf8Bytes(key) + valueBytes;
}

/**
 * Counts the bytes of a text in UTF-8. Encoding each key twice took most of the time of setting a
 * variable.
 */
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
