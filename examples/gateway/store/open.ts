import { openPostgres } from './postgres.ts';
import { openSqlite } from './sqlite.ts';
import type { PluginStore, StoreOptions } from './store.ts';

/** The databases, by the scheme of their addresses. */
const databases: Readonly<Record<string, (address: string, options: StoreOptions) => Promise<PluginStore>>> = {
  sqlite: openSqlite,
  postgres: openPostgres,
  postgresql: openPostgres,
};

/** The address of the embedded database. */
export const DEFAULT_ADDRESS = 'sqlite:./plugins.db';

/**
 * Opens the store at an address, and makes its tables if it has none.
 *
 * @param address `sqlite:PATH` for a file, or `postgres://USER@HOST:PORT/DATABASE`.
 * @throws Error in the promise: if there is no such kind of database, or it cannot be opened.
 */
export async function openStore(address: string, options: StoreOptions): Promise<PluginStore> {
  const scheme = address.slice(0, Math.max(0, address.indexOf(':')));
  const open = Object.hasOwn(databases, scheme) ? databases[scheme] : undefined;
  // The address itself may hold a password.
  if (open === undefined) throw new Error(`a store's address begins with sqlite: or postgres:, not with "${scheme}:"`);
  return await open(address, options);
}
