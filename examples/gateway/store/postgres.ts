import type { ByteStore } from 'cc-lb-runtime-protocol/host';
import postgres from 'postgres';
import { ChangeFeed, type Changes } from './change-feed.ts';
import { checkTables, type PluginStore, type SharedRecords, type StoreOptions, TABLES_VERSION } from './store.ts';

/** Each change notifies this channel. What changed is read from the table. */
const CHANNEL = 'plugin_changes';

/**
 * How often a subscription asks without a notification, in milliseconds: it bounds how late a
 * change is found if the connection that listens is dead and nobody has noticed yet.
 */
const CHECK_MS = 500;

/** How long a statement of a record, or of bytes, may take from here, in milliseconds. */
const RECORD_MS = 5_000;
const BYTES_MS = 30_000;

/** The connections of one gateway, beside the one that listens. */
const CONNECTIONS_MAX = 4;

type Sql = postgres.Sql;

/**
 * Opens a database of PostgreSQL, which any number of machines may share.
 *
 * @param address `postgres://USER@HOST:PORT/DATABASE`.
 * @throws Error in the promise: if it cannot be reached, or its tables cannot be made.
 */
export async function openPostgres(address: string, { onError }: StoreOptions): Promise<PluginStore> {
  const sql = postgres(address, {
    max: CONNECTIONS_MAX,
    connect_timeout: 5,
    // In seconds; never 0: a server that is asked again at once does not come to an end of its
    // shutdown. One that is away long is asked twice a second.
    backoff: (attempts) => Math.min(0.05 * (attempts + 1), 0.5),
    onnotice: () => undefined,
    connection: { application_name: 'cc-lb-gateway', statement_timeout: BYTES_MS, lock_timeout: RECORD_MS },
  });
  const feeds = new Set<ChangeFeed>();
  const close = async (): Promise<void> => {
    await Promise.all(Array.from(feeds, (feed) => feed.close()));
    await sql.end({ timeout: 1 });
  };
  try {
    await within(BYTES_MS, makeTables(sql));
  } catch (error) {
    await close();
    throw error;
  }
  const subscribe: SharedRecords['subscribe'] = async (listener) => {
    const feed = await feedOf(sql, onError, listener);
    feeds.add(feed);
    return feed;
  };
  return {
    records: recordsIn(sql, subscribe),
    modules: bytesIn(sql, 'module'),
    prepared: bytesIn(sql, 'prepared'),
    close,
  };
}

/** Rejects if the server does not answer in time: it may be gone without closing the connection. */
async function within<T>(ms: number, answer: PromiseLike<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`the database did not answer for ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Gateways that start at once make the tables once. */
async function makeTables(sql: Sql): Promise<void> {
  await sql.begin(async (tx) => {
    // The number is the project's own: any other program may lock another one.
    await tx`SELECT pg_advisory_xact_lock(7248210)`;
    const [found] = await tx`SELECT to_regclass('plugin_changes') IS NOT NULL AS made`;
    if (found?.made !== true) await tx.unsafe(tables);
    const [row] = await tx`SELECT version FROM plugin_changes`;
    checkTables(Number(row?.version));
  });
}

// Each change takes the next revision from the one row of plugin_changes and holds its lock until
// it is committed. So changes are committed in the order of their revisions, and who has read one
// has seen all before. A deleted record leaves its row, without the text, for its revision.
const tables = `
  CREATE TABLE plugin_changes (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    version int NOT NULL,
    revision bigint NOT NULL
  );
  INSERT INTO plugin_changes (version, revision) VALUES (${TABLES_VERSION}, 0);
  CREATE TABLE plugin_records (
    id text PRIMARY KEY,
    record text,
    revision bigint NOT NULL UNIQUE
  );
  CREATE TABLE plugin_bytes (
    kind text NOT NULL,
    name text NOT NULL,
    bytes bytea NOT NULL,
    written_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (kind, name)
  );`;

async function feedOf(sql: Sql, onError: StoreOptions['onError'], listener: (ids: readonly string[]) => void) {
  const read = async (since: number): Promise<Changes> => {
    const rows = await within(
      RECORD_MS,
      sql`SELECT id, revision FROM plugin_records WHERE revision > ${since} ORDER BY revision`,
    );
    return { revision: Number(rows.at(-1)?.revision ?? since), ids: rows.map(({ id }) => String(id)) };
  };
  const [last] = await within(RECORD_MS, sql`SELECT revision FROM plugin_changes`);
  let wake = (): void => undefined;
  // It listens again by itself after the connection was lost, and then reads what it has missed.
  const listening = await within(
    RECORD_MS,
    sql.listen(
      CHANNEL,
      () => wake(),
      () => wake(),
    ),
  );
  const close = async (): Promise<void> => {
    // A connection that is lost listens to nothing any more.
    await within(RECORD_MS, listening.unlisten()).catch(onError);
  };
  const feed = new ChangeFeed({ read, everyMs: CHECK_MS, onError, close }, Number(last?.revision), listener);
  wake = () => feed.wake();
  return feed;
}

function recordsIn(sql: Sql, subscribe: SharedRecords['subscribe']): SharedRecords {
  const next = sql`next AS (UPDATE plugin_changes SET revision = revision + 1 RETURNING revision)`;
  const told = sql`SELECT pg_notify(${CHANNEL}, '') FROM changed`;
  return {
    get: async (id) => {
      const [row] = await within(RECORD_MS, sql`SELECT record FROM plugin_records WHERE id = ${id}`);
      return typeof row?.record === 'string' ? row.record : undefined;
    },
    put: async (id, record) => {
      await within(
        RECORD_MS,
        sql`WITH ${next}, changed AS (
            INSERT INTO plugin_records SELECT ${id}, ${record}, revision FROM next
            ON CONFLICT (id) DO UPDATE SET record = excluded.record, revision = excluded.revision RETURNING 1
          ) ${told}`,
      );
    },
    replace: async (id, before, record) => {
      const changed = await within(
        RECORD_MS,
        sql`WITH ${next}, changed AS (
            UPDATE plugin_records SET record = ${record}, revision = next.revision FROM next
            WHERE id = ${id} AND record = ${before} RETURNING 1
          ) ${told}`,
      );
      return changed.length === 1;
    },
    delete: async (id) => {
      await within(
        RECORD_MS,
        sql`WITH ${next}, changed AS (
            UPDATE plugin_records SET record = NULL, revision = next.revision FROM next
            WHERE id = ${id} AND record IS NOT NULL RETURNING 1
          ) ${told}`,
      );
    },
    entries: async () => {
      const rows = await within(
        BYTES_MS,
        sql`SELECT id, record FROM plugin_records WHERE record IS NOT NULL ORDER BY revision`,
      );
      return rows.map(({ id, record }) => [String(id), String(record)] as const);
    },
    subscribe,
  };
}

function bytesIn(sql: Sql, kind: string): ByteStore {
  return {
    get: async (name) => {
      const [row] = await within(BYTES_MS, sql`SELECT bytes FROM plugin_bytes WHERE kind = ${kind} AND name = ${name}`);
      return row?.bytes instanceof Uint8Array ? new Uint8Array(row.bytes) : undefined;
    },
    put: async (name, bytes) => {
      await within(
        BYTES_MS,
        sql`INSERT INTO plugin_bytes (kind, name, bytes) VALUES (${kind}, ${name}, ${bytes})
          ON CONFLICT (kind, name) DO UPDATE SET written_at = excluded.written_at`,
      );
    },
  };
}
