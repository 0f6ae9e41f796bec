import { join } from 'node:path';
import type { DirectoryEntry, Io } from './command.ts';
import { CommandLineError } from './command-line-error.ts';
import { STDIN, unreadable } from './input-file.ts';

/** A file to report on; or a path without a file, and why. */
export type FoundFile = { readonly path: string } | { readonly path: string; readonly error: CommandLineError };

/** A directory that was searched. */
export interface SearchedDirectory {
  readonly path: string;
  /** How many files were found in it. */
  readonly found: number;
}

/** The files that some arguments name. */
export interface PluginFiles {
  /** Whether there are several arguments, or one is a directory. */
  readonly isSeries: boolean;
  readonly directories: readonly SearchedDirectory[];
  /** In the order of the arguments, and within a directory by name. Each file is there once. */
  readonly files: readonly FoundFile[];
}

/**
 * Finds the files that the FILE arguments name. In a directory and the folders within it these are
 * the files that end in .wasm. Hidden files and folders, node_modules, and links to directories are
 * left out, so no circle of links is followed.
 *
 * @param given files, directories, or `-`. What cannot be read has an error in the result.
 */
export async function findPluginFiles(io: Io, given: readonly string[]): Promise<PluginFiles> {
  const directories: SearchedDirectory[] = [];
  const all: FoundFile[] = [];
  for (const path of given) {
    if (!(await isDirectory(io, path))) {
      all.push({ path });
      continue;
    }
    const before = all.length;
    let found = 0;
    // One by one: the number of arguments of a call is limited.
    for await (const file of search(io, path)) {
      if (!('error' in file)) found++;
      all.push(file);
    }
    directories.push({ path, found });
    if (all.length === before) all.push({ path, error: new CommandLineError({ kind: 'NoModules', path }) });
  }
  return { isSeries: given.length > 1 || directories.length > 0, directories, files: await distinct(io, all) };
}

async function isDirectory(io: Io, path: string): Promise<boolean> {
  if (path === STDIN) return false;
  try {
    return (await io.facts(path)).kind === 'directory';
  } catch {
    // Reading the file reports why.
    return false;
  }
}

async function* search(io: Io, directory: string): AsyncGenerator<FoundFile> {
  const entries = await sortedEntries(io, directory);
  if (entries instanceof CommandLineError) {
    yield { path: directory, error: entries };
    return;
  }
  for (const { name, isDirectory } of entries) {
    if (name.startsWith('.') || name === 'node_modules') continue;
    const path = join(directory, name);
    if (isDirectory) yield* search(io, path);
    else if (name.endsWith('.wasm')) yield await moduleFile(io, path);
  }
}

async function sortedEntries(io: Io, directory: string): Promise<readonly DirectoryEntry[] | CommandLineError> {
  try {
    return [...(await io.list(directory))].sort((one, two) => (one.name < two.name ? -1 : 1));
  } catch (error) {
    return unreadable(directory, error);
  }
}

/** A pipe that was found is not opened: it may have no other end. */
async function moduleFile(io: Io, path: string): Promise<FoundFile> {
  try {
    if ((await io.facts(path)).kind === 'file') return { path };
    return { path, error: new CommandLineError({ kind: 'Unreadable', path, reason: 'it is not a regular file' }) };
  } catch (error) {
    return { path, error: unreadable(path, error) };
  }
}

async function distinct(io: Io, files: readonly FoundFile[]): Promise<FoundFile[]> {
  const byRealPath = new Map<string, FoundFile>();
  for (const file of files) {
    const key = file.path === STDIN ? STDIN : await io.realPath(file.path);
    if (!byRealPath.has(key)) byRealPath.set(key, file);
  }
  return [...byRealPath.values()];
}
