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
  /** The {@link hashOf} of the bytes, once somebody has asked for it. */
  hash: number | undefined;
}

/**
 * Holds the plugins that were compiled or found last. A plugin is found by all of its bytes and by
 * its options, never by a hash alone.
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
    this.#keep({ bytes, options, plugin, size, hash: undefined });
  }

  #entryOf(bytes: Uint8Array<ArrayBuffer>, options: string): Entry | undefined {
    // Few modules have the same length, so a hash is rarely needed.
    const candidates = this.#entries.filter(
      (entry) => entry.bytes.length === bytes.length && entry.options === options,
    );
    if (candidates.length === 0) return undefined;
    const hash = hashOf(bytes);
    return candidates.find((entry) => {
      entry.hash ??= hashOf(entry.bytes);
      return entry.hash === hash && areEqual(entry.bytes, bytes);
    });
  }

  /** Makes an entry the latest. */
  #keep(latest: Entry): void {
    const entries = [...this.#entries.filter((entry) => entry !== latest), latest];
    let bytes = entries.reduce((sum, { size }) => sum + size, 0);
    while (entries.length > this.#bounds.plugins || bytes > this.#bounds.bytes) bytes -= entries.shift()?.size ?? bytes;
    this.#entries = entries;
  }
}

/** The 32-bit words of bytes that begin a buffer, without the up to three bytes after the last. */
function wordsOf({ buffer, length }: Uint8Array<ArrayBuffer>): Uint32Array {
  return new Uint32Array(buffer, 0, length >>> 2);
}

/** A hash of all bytes. Anyone can make modules of one hash: it says only which cannot be equal. */
function hashOf(bytes: Uint8Array<ArrayBuffer>): number {
  let hash = bytes.length;
  for (const word of wordsOf(bytes)) {
    hash = Math.imul(hash ^ word, 0x9e37_79b1);
    hash ^= hash >>> 15;
  }
  for (const byte of bytes.subarray(bytes.length & ~3)) hash = Math.imul(hash ^ byte, 0x9e37_79b1);
  return hash;
}

/** Whether two sequences of the same length have the same bytes. */
function areEqual(a: Uint8Array<ArrayBuffer>, b: Uint8Array<ArrayBuffer>): boolean {
  const [words, others] = [wordsOf(a), wordsOf(b)];
  for (let index = 0; index < words.length; index++) if (words[index] !== others[index]) return false;
  for (let index = a.length & ~3; index < a.length; index++) if (a[index] !== b[index]) return false;
  return true;
}
