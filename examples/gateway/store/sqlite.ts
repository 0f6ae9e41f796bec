import type { DatabaseSync } from 'node:sqlite';
import type { ByteStore } from 'cc-lb-runtime-protocol/host';
import { ChangeFeed, type Changes } from './change-feed.ts';
import { checkTables, type PluginStore, type SharedRecords, type StoreOptions, TABLES_VERSION } from './store.ts';

/** How often a subscription looks for changes of other processes: SQLite tells nobody of them. */
const POLL_MS = 100;

/** How long a statement waits for a process that writes. Nothing else runs here meanwhile. */
const BUSY_MS = 2_000;

// With FULL a change that was answered outlives a loss of power, too.
const settings = `PRAGMA busy_timeout = ${BUSY_MS}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;`;

// A deleted record leaves its row, without the text: so its deletion has a revision.
const tables = `
  CREATE TABLE plugin_records (
    id TEXT PRIMARY KEY,
    record TEXT,
    revision INTEGER NOT NULL UNIQUE
  ) STRICT;
  CREATE TABLE plugin_bytes (
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    bytes BLOB NOT NULL,
    written_at INTEGER NOT NULL DEFAULT (unixepoch()),
    PRIMARY KEY (kind, name)
  ) STRICT;
  PRAGMA user_version = ${TABLES_VERSION};`;

/** The last revision. A statement that writes has the lock already when it reads it. */
const LAST = '(SELECT coalesce(max(revision), 0) FROM plugin_records)';

/**
 * Opens a file of SQLite, which processes of one machine may share.
 *
 * @param address `sqlite:PATH`.
 * @throws Error in the promise: if this runtime has no SQLite, or the file cannot be opened.
 */
export async function openSqlite(address: string, options: StoreOptions): Promise<PluginStore> {
  const path = address.slice('sqlite:'.length);
  if (path === '' || path === ':memory:')
    throw new Error('sqlite: needs the path of a file, such as sqlite:./plugins.db');
  const Database = await databaseClass();
  const open = (): DatabaseSync => {
    try {
      return new Database(path);
    } catch (cause) {
      throw new Error(`cannot open ${path}: its folder must exist and be writable`, { cause });
    }
  };
  const db = open();
  db.exec(settings);
  makeTables(db);
  const feeds = new Set<ChangeFeed>();
  return {
    records: recordsIn(db, async (listener) => {
      const feed = feedOf(open(), options, listener);
      feeds.add(feed);
      return feed;
    }),
    modules: bytesIn(db, 'module'),
    prepared: bytesIn(db, 'prepared'),
    close: async () => {
      await Promise.all(Array.from(feeds, (feed) => feed.close()));
      db.close();
    },
  };
}

async function databaseClass(): Promise<typeof DatabaseSync> {
  try {
    return (await import('node:sqlite')).DatabaseSync;
  } catch (cause) {
    const needs = 'Node 22.13 or later, Deno 2.2 or Bun 1.4';
    throw new Error(`this runtime has no node:sqlite: use ${needs}, or a postgres: address`, { cause });
  }
}

function makeTables(db: DatabaseSync): void {
  db.exec('BEGIN IMMEDIATE');
  try {
    const version = Number(db.prepare('PRAGMA user_version').get()?.user_version);
    if (version === 0) db.exec(tables);
    else checkTables(version);
    db.exec('COMMIT');
  } catch (error) {
    db.exec('ROLLBACK');
    throw error;
  }
}

/** @param db a connection of its own, which sees the changes of all others. */
function feedOf(db: DatabaseSync, { onError }: StoreOptions, listener: (ids: readonly string[]) => void): ChangeFeed {
  db.exec(`PRAGMA busy_timeout = ${BUSY_MS}; PRAGMA query_only = ON;`);
  const dataVersion = db.prepare('PRAGMA data_version');
  const last = db.prepare(`SELECT ${LAST} AS revision`);
  const changed = db.prepare('SELECT id, revision FROM plugin_records WHERE revision > ? ORDER BY revision');
  let version = dataVersion.get()?.data_version;
  const read = async (since: number): Promise<Changes> => {
    const now = dataVersion.get()?.data_version;
    if (now === version) return { revision: since, ids: [] };
    const rows = changed.all(since);
    version = now;
    return { revision: Number(rows.at(-1)?.revision ?? since), ids: rows.map(({ id }) => String(id)) };
  };
  const close = async (): Promise<void> => db.close();
  return new ChangeFeed({ read, everyMs: POLL_MS, onError, close }, Number(last.get()?.revision), listener);
}

function recordsIn(db: DatabaseSync, subscribe: SharedRecords['subscribe']): SharedRecords {
  const one = db.prepare('SELECT record FROM plugin_records WHERE id = ?');
  const all = db.prepare('SELECT id, record FROM plugin_records WHERE record IS NOT NULL ORDER BY revision');
  const put = db.prepare(`INSERT INTO plugin_records VALUES (?, ?, ${LAST} + 1)
    ON CONFLICT (id) DO UPDATE SET record = excluded.record, revision = excluded.revision`);
  const replace = db.prepare(
    `UPDATE plugin_records SET record = ?, revision = ${LAST} + 1 WHERE id = ? AND record = ?`,
  );
  const remove = db.prepare(`UPDATE plugin_records SET record = NULL, revision = ${LAST} + 1
    WHERE id = ? AND record IS NOT NULL`);
  return {
    get: async (id) => {
      const record = one.get(id)?.record;
      return typeof record === 'string' ? record : undefined;
    },
    put: async (id, record) => {
      put.run(id, record);
    },
    replace: async (id, before, record) => Number(replace.run(record, id, before).changes) === 1,
    delete: async (id) => {
      remove.run(id);
    },
    entries: async () => all.all().map(({ id, record }) => [String(id), String(record)] as const),
    subscribe,
  };
}

function bytesIn(db: DatabaseSync, kind: string): ByteStore {
  const get = db.prepare('SELECT bytes FROM plugin_bytes WHERE kind = ? AND name = ?');
  const put = db.prepare(`INSERT INTO plugin_bytes (kind, name, bytes) VALUES (?, ?, ?)
    ON CONFLICT (kind, name) DO UPDATE SET written_at = excluded.written_at`);
  return {
    get: async (name) => {
      const bytes = get.get(kind, name)?.bytes;
      return bytes instanceof Uint8Array ? bytes : undefined;
    },
    put: async (name, bytes) => {
      put.run(kind, name, bytes);
    },
  };
}
