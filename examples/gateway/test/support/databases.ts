import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from './postgres-server.ts';

const server = await startPostgres();
if (server === undefined)
  console.log('skipped: PostgreSQL: its server is not on this machine (apt-get install postgresql)');

const hasSqlite = await import('node:sqlite').then(
  () => true,
  () => false,
);
if (!hasSqlite) console.log('skipped: SQLite: this runtime has no node:sqlite (Node 22.13 has)');

const folder = mkdtempSync(join(tmpdir(), 'cc-lb-sqlite-'));
let files = 0;
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
// So that the handlers above run.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(1));

/** The server of the tests of this process; `undefined` if this machine has no PostgreSQL. */
export const postgresServer = server;

/** Each kind of database that runs here, with what makes an empty one and returns its address. */
export const databases: readonly (readonly [name: string, make: () => Promise<string>])[] = [
  ...(hasSqlite ? [['SQLite', async () => `sqlite:${join(folder, `${++files}.db`)}`] as const] : []),
  ...(server === undefined ? [] : [['PostgreSQL', () => server.newDatabase()] as const]),
];
