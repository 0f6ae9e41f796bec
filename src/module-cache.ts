/** How much a {@link ModuleCache} holds at most. */
export interface CacheBounds {
  readonly modules: number;
  /** The bytes of all modules together: those of each original, and those that were compiled. */
  readonly bytes: number;
}

/** The bounds of each cache that all calls in a process share. */
export const CACHE_BOUNDS: CacheBounds = { modules: 64, bytes: 16 * 1024 * 1024 };

/** A compiled module, and what it was compiled from. */
interface Entry<Compiled> {
  /** The original. Nobody else has these bytes, so nobody can change them. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly options: string;
  readonly compiled: Compiled;
  /** What the entry counts towards the bound of bytes. */
  readonly size: number;
}

/**
 * Holds the modules that were compiled or found last. A module is found by its options and all of
 * its bytes. There is no hash: few modules have the same length, and the bound of bytes limits what
 * is compared.
 */
export class ModuleCache<Compiled extends object> {
  readonly #bounds: CacheBounds;
  /** From the one that was used longest ago to the latest. */
  readonly #entries: Entry<Compiled>[] = [];
  #bytes = 0;

  constructor(bounds: CacheBounds = CACHE_BOUNDS) {
    this.#bounds = bounds;
  }

  /** How much the cache holds, in the units of its bounds. */
  get size(): CacheBounds {
    return { modules: this.#entries.length, bytes: this.#bytes };
  }

  /**
   * Finds a module.
   *
   * @param bytes the original. Nobody else may change them.
   * @param options as text: equal if and only if the same bytes are compiled to the same.
   */
  find(bytes: Uint8Array<ArrayBuffer>, options: string): Compiled | undefined {
    const at = this.#entries.findIndex((entry) => entry.options === options && areEqual(entry.bytes, bytes));
    const [found] = at < 0 ? [] : this.#entries.splice(at, 1);
    if (found !== undefined) this.#entries.push(found);
    return found?.compiled;
  }

  /**
   * Keeps a module, unless there is one of the same bytes and options. Forgets those that were used
   * longest ago, as many as exceed a bound. A module that exceeds the bound of bytes by itself is
   * not kept.
   *
   * @param bytes the original. Nobody else may have them.
   * @param compiledBytes how many bytes the engine compiled.
   * @returns how many modules were forgotten.
   */
  keep(bytes: Uint8Array<ArrayBuffer>, options: string, compiled: Compiled, compiledBytes: number): number {
    const size = bytes.length + compiledBytes;
    if (size > this.#bounds.bytes || this.find(bytes, options) !== undefined) return 0;
    const count = this.#entries.push({ bytes, options, compiled, size });
    this.#bytes += size;
    while (this.#entries.length > this.#bounds.modules || this.#bytes > this.#bounds.bytes)
      this.#bytes -= this.#entries.shift()?.size ?? this.#bytes;
    return count - this.#entries.length;
  }
}

/**
 * Whether two byte sequences are equal. Each begins a buffer, so it can be read as words. The end
 * comes first: modules of the same length often differ in a section there.
 */
function areEqual(a: Uint8Array<ArrayBuffer>, b: Uint8Array<ArrayBuffer>): boolean {
  const words = a.length >>> 2;
  return (
    a.length === b.length &&
    areEqualFrom(words * 4, a, b) &&
    areEqualFrom(0, new Uint32Array(a.buffer, 0, words), new Uint32Array(b.buffer, 0, words))
  );
}

function areEqualFrom(start: number, a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  for (let index = a.length - 1; index >= start; index--) if (a[index] !== b[index]) return false;
  return true;
}
