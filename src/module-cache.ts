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
  readonly #entries = new Set<Entry<Compiled>>();
  #bytes = 0;

  constructor(bounds: CacheBounds = CACHE_BOUNDS) {
    this.#bounds = bounds;
  }

  /** How much the cache holds, in the units of its bounds. */
  get size(): CacheBounds {
    return { modules: this.#entries.size, bytes: this.#bytes };
  }

  /**
   * Finds a module.
   *
   * @param bytes the original. Nobody else may change them.
   * @param options as text: equal if and only if the same bytes are compiled to the same.
   */
  find(bytes: Uint8Array<ArrayBuffer>, options: string): Compiled | undefined {
    for (const entry of this.#entries) {
      if (entry.options !== options || !areEqual(entry.bytes, bytes)) continue;
      this.#entries.delete(entry);
      this.#entries.add(entry);
      return entry.compiled;
    }
    return undefined;
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
    this.#entries.add({ bytes, options, compiled, size });
    this.#bytes += size;
    let forgotten = 0;
    for (const oldest of this.#entries) {
      if (this.#entries.size <= this.#bounds.modules && this.#bytes <= this.#bounds.bytes) break;
      this.#entries.delete(oldest);
      this.#bytes -= oldest.size;
      forgotten++;
    }
    return forgotten;
  }
}

/**
 * Whether two byte sequences are equal. Each begins a buffer, so it can be read as words. The end
 * comes first: modules of the same length often differ in a section there.
 */
function areEqual(a: Uint8Array<ArrayBuffer>, b: Uint8Array<ArrayBuffer>): boolean {
  const { length } = a;
  if (length !== b.length) return false;
  const [words, others] = [new Uint32Array(a.buffer, 0, length >>> 2), new Uint32Array(b.buffer, 0, length >>> 2)];
  for (let index = length - 1; index >= words.length * 4; index--) if (a[index] !== b[index]) return false;
  for (let index = words.length - 1; index >= 0; index--) if (words[index] !== others[index]) return false;
  return true;
}
