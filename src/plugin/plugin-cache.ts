import type { CompiledPlugin } from './compiled-plugin.ts';

/** How much a {@link PluginCache} holds at most. */
export interface CacheBounds {
  readonly plugins: number;
  /** The bytes of all modules together: those of each original, and those that were compiled. */
  readonly bytes: number;
}

/** The bounds of the cache that all calls of `compilePlugin` in a process share. */
export const CACHE_BOUNDS: CacheBounds = { plugins: 64, bytes: 16 * 1024 * 1024 };

/** A compiled plugin, and what it was compiled from. */
interface Entry {
  /** The original. Nobody else has these bytes, so nobody can change them. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly options: string;
  readonly plugin: CompiledPlugin;
  /** What the entry counts towards the bound of bytes. */
  readonly size: number;
}

/**
 * Holds the plugins that were compiled or found last. A plugin is found by its options and all of
 * its bytes. There is no hash: few modules have the same length, and the bound of bytes limits what
 * is compared.
 */
export class PluginCache {
  readonly #bounds: CacheBounds;
  /** From the one that was used longest ago to the latest. */
  #entries: Entry[] = [];

  constructor(bounds: CacheBounds = CACHE_BOUNDS) {
    this.#bounds = bounds;
  }

  /**
   * Finds a plugin.
   *
   * @param bytes the original module. Nobody else may change them.
   * @param options what `optionsKey` returned for the options.
   */
  find(bytes: Uint8Array<ArrayBuffer>, options: string): CompiledPlugin | undefined {
    const entry = this.#entryOf(bytes, options);
    if (entry !== undefined) this.#keep(entry);
    return entry?.plugin;
  }

  /**
   * Keeps a plugin. Forgets those that were used longest ago, as many as exceed a bound. A plugin
   * that exceeds the bound of bytes by itself is not kept.
   *
   * @param bytes the original module. Nobody else may have them.
   * @param compiledBytes how many bytes the engine compiled.
   */
  keep(bytes: Uint8Array<ArrayBuffer>, options: string, plugin: CompiledPlugin, compiledBytes: number): void {
    const size = bytes.length + compiledBytes;
    if (size > this.#bounds.bytes || this.#entryOf(bytes, options) !== undefined) return;
    this.#keep({ bytes, options, plugin, size });
  }

  #entryOf(bytes: Uint8Array<ArrayBuffer>, options: string): Entry | undefined {
    return this.#entries.find((entry) => entry.options === options && areEqual(entry.bytes, bytes));
  }

  /** Makes an entry the latest. */
  #keep(latest: Entry): void {
    const entries = [...this.#entries.filter((entry) => entry !== latest), latest];
    let bytes = entries.reduce((sum, { size }) => sum + size, 0);
    while (entries.length > this.#bounds.plugins || bytes > this.#bounds.bytes) bytes -= entries.shift()?.size ?? bytes;
    this.#entries = entries;
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
