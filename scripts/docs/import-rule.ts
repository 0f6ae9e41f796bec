import type { SourceImport } from './imports.ts';
import type { Room } from './rooms.ts';

/** The name of what stands at the root of src, all but index.ts. */
export const ROOT = 'the root of src';

/**
 * Names the room of a file: the longest folder that has a row.
 *
 * @param file such as `src/wasm/emit/assembler.ts`
 * @param rooms the table of rooms
 * @returns a key of `rooms`, `ROOT`, or a folder of src that has no row
 */
export function roomOf(file: string, rooms: Readonly<Record<string, Room>>): string {
  const [top = '', ...rest] = file
    .replace(/^src\//, '')
    .replace(/\.ts$/, '')
    .split('/');
  if (rest.length === 0) return top in rooms ? top : ROOT;
  const within = `${top}/${rest[0]}`;
  return within in rooms ? within : top;
}

/**
 * Says whether the table allows an import.
 *
 * @param edge the import
 * @param rooms the table of rooms
 * @returns false too if the importing folder has no row
 */
export function isAllowed({ from, to }: SourceImport, rooms: Readonly<Record<string, Room>>): boolean {
  const [importer, imported] = [roomOf(from, rooms), roomOf(to, rooms)];
  if (importer === imported || imported === ROOT) return true;
  const allowed = rooms[importer]?.imports ?? [];
  if (allowed.includes(imported)) return true;
  // Within a folder that has rows of its own, each part is allowed by its own name only.
  const top = imported.split('/', 1).join();
  const isInside = importer.split('/', 1).join() === top && !importer.endsWith('/index');
  return !isInside && allowed.includes(top);
}
