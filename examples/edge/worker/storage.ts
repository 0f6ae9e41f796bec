import type { PluginStorage } from 'cc-lb-runtime-protocol/prepared';
import { HostState } from 'cc-lb-runtime-protocol/prepared';

/** What keeps texts under keys: a KV namespace of the platform has these two functions. */
export interface KeyValueStore {
  get(key: string): Promise<string | null>;
  put(key: string, value: string): Promise<void>;
}

/**
 * Keeps texts as long as the worker lives. A real worker has a binding of its platform instead:
 * then the texts outlive it, and workers elsewhere see them, seconds later.
 */
export class MemoryStore implements KeyValueStore {
  readonly #texts = new Map<string, string>();

  async get(key: string): Promise<string | null> {
    return this.#texts.get(key) ?? null;
  }

  async put(key: string, value: string): Promise<void> {
    this.#texts.set(key, value);
  }
}

/** The key of everything that plugins store. */
const KEY = 'plugins';

/**
 * What plugins store. They wait for it, so it is in memory: it is read from a store before the
 * first call, and written back after calls that changed it. If two workers do that at the same
 * time, the last one wins: for more than hints, give the plugins a database that answers
 * synchronously, such as the SQLite of a durable object.
 */
export class SavedStorage implements PluginStorage {
  readonly #store: KeyValueStore;
  readonly #state: HostState;
  #isChanged = false;

  private constructor(store: KeyValueStore, state: HostState) {
    this.#store = store;
    this.#state = state;
  }

  /** Reads what was saved. */
  static async open(store: KeyValueStore): Promise<SavedStorage> {
    const text = await store.get(KEY);
    return new SavedStorage(store, text === null ? new HostState() : HostState.restore(JSON.parse(text)));
  }

  get(pluginName: string, key: string): Uint8Array | undefined {
    return this.#state.get(pluginName, key);
  }

  put(pluginName: string, key: string, value: Uint8Array, quotaBytes: number): void {
    this.#state.put(pluginName, key, value, quotaBytes);
    this.#isChanged = true;
  }

  entries(pluginName: string): Iterable<readonly [string, Uint8Array]> {
    return this.#state.entries(pluginName);
  }

  clear(pluginName: string): void {
    this.#state.clear(pluginName);
    this.#isChanged = true;
  }

  /** Writes what has changed since it was last written. */
  async save(): Promise<void> {
    if (!this.#isChanged) return;
    this.#isChanged = false;
    try {
      await this.#store.put(KEY, JSON.stringify(this.#state.save()));
    } catch (error) {
      this.#isChanged = true; // the next request saves it
      throw error;
    }
  }
}
