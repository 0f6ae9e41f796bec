/**
 * Where a host keeps the records of its plugins: a table of a database, or a folder. Each record is
 * a text of JSON.
 */
export interface RecordStore {
  /** Returns the record with an id, as it is now; `undefined` if the store has none. */
  get(id: string): Promise<string | undefined>;
  /** Writes a record, or replaces the one with this id: wholly or not at all. */
  put(id: string, record: string): Promise<void>;
  /**
   * Writes a record if the store has `before` for this id, in one step: where several processes
   * share a store, nothing that another one wrote in between is lost.
   *
   * @returns a promise of whether it wrote.
   */
  replace(id: string, before: string, record: string): Promise<boolean>;
  /** Removes a record, if there is one. */
  delete(id: string): Promise<void>;
  /** Returns all records. */
  entries(): Promise<Iterable<readonly [id: string, record: string]>>;
}

/**
 * Where a host keeps bytes that have a name of their own and never change: modules by their hash.
 */
export interface ByteStore {
  /** Returns the bytes with a name; `undefined` if the store has none. */
  get(name: string): Promise<Uint8Array | undefined>;
  /** Writes bytes: wholly or not at all. A name is only written again with the same bytes. */
  put(name: string, bytes: Uint8Array): Promise<void>;
}

/** Keeps records in memory. They end with the process. */
export class MemoryRecords implements RecordStore {
  readonly #records = new Map<string, string>();

  async get(id: string): Promise<string | undefined> {
    return this.#records.get(id);
  }

  async put(id: string, record: string): Promise<void> {
    this.#records.set(id, record);
  }

  async replace(id: string, before: string, record: string): Promise<boolean> {
    if (this.#records.get(id) !== before) return false;
    this.#records.set(id, record);
    return true;
  }

  async delete(id: string): Promise<void> {
    this.#records.delete(id);
  }

  async entries(): Promise<[id: string, record: string][]> {
    return [...this.#records];
  }
}

/** Keeps bytes in memory. They end with the process. */
export class MemoryBytes implements ByteStore {
  readonly #bytes = new Map<string, Uint8Array<ArrayBuffer>>();

  async get(name: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    return this.#bytes.get(name)?.slice();
  }

  async put(name: string, bytes: Uint8Array): Promise<void> {
    this.#bytes.set(name, new Uint8Array(bytes));
  }
}
