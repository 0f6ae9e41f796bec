import { lstat, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Reads all files of a folder and of the folders in it.
 *
 * @param folder ends with `/`.
 * @returns the files by path from the folder on, with `/` between its parts.
 */
export async function readFolder(folder: URL): Promise<ReadonlyMap<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isFile()) files.set(entry.name, new Uint8Array(await readFile(new URL(entry.name, folder))));
    if (!entry.isDirectory()) continue;
    const inner = await readFolder(new URL(`${entry.name}/`, folder));
    for (const [path, bytes] of inner) files.set(`${entry.name}/${path}`, bytes);
  }
  return files;
}

/**
 * Makes a folder, or takes one that is there and empty.
 *
 * @param path absolute, without a `/` at its end, behind which a link would be followed.
 * @throws Error if there is something else, also a symbolic link to an empty folder.
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    const found = await lstat(path);
    if (found.isSymbolicLink()) throw new Error('it is a symbolic link', { cause: error });
    if (!found.isDirectory()) throw new Error('it is a file, not a folder', { cause: error });
    if ((await readdir(path)).length > 0) throw new Error('the folder is not empty', { cause: error });
  }
}

/**
 * Writes a file that does not exist, and makes the folders that it is in.
 *
 * @throws Error with the code `EEXIST` if it exists, also as a symbolic link.
 */
export async function createFile(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes, { flag: 'wx' });
}
