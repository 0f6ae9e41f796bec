import type { ByteStore, RecordStore } from 'cc-lb-runtime-protocol/host';

/** Where the gateway keeps its plugins: a database that several gateways may share. */
export interface PluginStore {
  readonly records: SharedRecords;
  /** Modules by their SHA-256. */
  readonly modules: ByteStore;
  /** What was prepared from modules, by a name that says from which and for what. */
  readonly prepared: ByteStore;
  /** Ends all subscriptions, and closes the database. */
  close(): Promise<void>;
}

/** Records that other processes may change. */
export interface SharedRecords extends RecordStore {
  /**
   * Listens to changes, those of this process too. A change may be told twice, and several changes
   * of one record once. None is left out, whatever happens to the connection in between.
   *
   * @param listener gets the ids of records that were written or deleted. It must not throw.
   * @returns a promise of the subscription, which begins before the promise resolves: what is read
   * after that is the state before the first change that is reported, or a later one.
   */
  subscribe(listener: (ids: readonly string[]) => void): Promise<Subscription>;
}

/** A subscription to the changes of records. */
export interface Subscription {
  /** The number of the last change that was reported. Each change of a store has the next one. */
  readonly revision: number;
  /** How long ago the store last said that there is nothing newer, in milliseconds. */
  readonly behindMs: number;
  close(): Promise<void>;
}

/** What a store reports while it goes on. */
export interface StoreOptions {
  /** Receives the errors of the subscription, which tries again by itself. */
  readonly onError: (error: Error) => void;
}

/** The version of the tables. */
export const TABLES_VERSION = 1;

/** @throws Error if another version of the gateway made the tables. */
export function checkTables(version: number): void {
  if (version === TABLES_VERSION) return;
  throw new Error(`the tables are of version ${version}, this gateway has version ${TABLES_VERSION}: update it`);
}
