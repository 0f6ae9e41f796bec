/**
 * Stores of a host of plugins in folders, on Node, Deno and Bun.
 *
 * @module
 */
import { mkdir, open, readdir, readFile, rename, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sha256Hex } from '../sha256.ts';
import type { ByteStore, RecordStore } from './stores.ts';
import { Sequences, Turns } from './turns.ts';

/** How many files are read at once. */
const READS_MAX = 16;

/** The age of a temporary file that no write can still be about, in milliseconds. */
const LEFTOVER_MS = 60_000;

const TEMPORARY = '.tmp';

/**
 * Keeps records in a folder, one in each file. A write is whole or has not happened, even if the
 * process or the machine ends in the middle. The folder is for one host at a time.
 */
export class FolderRecords implements RecordStore {
  readonly #folder: Folder;
  /** What is asked for one id happens in the order of the calls. */
  readonly #sequences = new Sequences();

  /** @param folder its path or `file:` URL. It is made when it is first needed. */
  constructor(folder: string | URL) {
    this.#folder = new Folder(folder);
  }

  /** Returns the record with an id; `undefined` if there is none. */
  get(id: string): Promise<string | undefined> {
    return this.#sequences.run(id, () => this.#read(id));
  }

  /** Writes a record, or replaces the one with this id. */
  put(id: string, record: string): Promise<void> {
    return this.#sequences.run(id, () => this.#write(id, record));
  }

  /**
   * Writes a record if the folder has `before` for this id.
   *
   * @returns a promise of whether it wrote.
   */
  replace(id: string, before: string, record: string): Promise<boolean> {
    return this.#sequences.run(id, async () => {
      const isSame = (await this.#read(id)) === before;
      if (isSame) await this.#write(id, record);
      return isSame;
    });
  }

  /** Removes a record, if there is one. */
  delete(id: string): Promise<void> {
    return this.#sequences.run(id, async () => await this.#folder.delete(await fileName(id)));
  }

  /**
   * Returns all records. That of a file which this class did not write, or which was cut, has the
   * file's name as its id, and its whole contents as its text. That of a file which cannot be read
   * has an empty text: `get` says why, so one such file keeps no host from the other records.
   */
  async entries(): Promise<[id: string, record: string][]> {
    const reads = new Turns(READS_MAX);
    const found = (await this.#folder.names()).map((name) => reads.run(() => this.#entryOrName(name)));
    return (await Promise.all(found)).filter((entry) => entry !== undefined);
  }

  async #entryOrName(name: string): Promise<[id: string, record: string] | undefined> {
    try {
      return await this.#entry(name);
    } catch {
      // Not lost: whoever asks for this record gets the error.
      return [name, ''];
    }
  }

  async #entry(name: string): Promise<[id: string, record: string] | undefined> {
    const bytes = await this.#folder.read(name);
    if (bytes === undefined) return undefined;
    const text = new TextDecoder().decode(bytes);
    const { id, record } = parsed(text) ?? {};
    return id !== undefined && record !== undefined && (await fileName(id)) === name ? [id, record] : [name, text];
  }

  async #read(id: string): Promise<string | undefined> {
    // A file that was cut has its name as the id, and its text is for the one who reads the record.
    const entry = await this.#entry(FILE_OF_RECORD.test(id) ? id : await fileName(id));
    return entry?.[1];
  }

  async #write(id: string, record: string): Promise<void> {
    const bytes = new TextEncoder().encode(`${JSON.stringify(id)}\n${record}`);
    await this.#folder.write(await fileName(id), bytes);
  }
}

/** Keeps bytes in a folder, each name in a file. Several processes may share the folder. */
export class FolderBytes implements ByteStore {
  readonly #folder: Folder;

  /** @param folder its path or `file:` URL. It is made when it is first needed. */
  constructor(folder: string | URL) {
    this.#folder = new Folder(folder);
  }

  /** Returns the bytes with a name; `undefined` if the folder has no such file. */
  async get(name: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    return await this.#folder.read(await fileName(name));
  }

  /** Writes bytes, or replaces those with this name. */
  async put(name: string, bytes: Uint8Array): Promise<void> {
    await this.#folder.write(await fileName(name), bytes);
  }
}

/** The first line of a file is the id as JSON, the rest is the record. */
function parsed(text: string): { readonly id: string; readonly record: string } | undefined {
  const end = text.indexOf('\n');
  try {
    const id: unknown = end < 0 ? undefined : JSON.parse(text.slice(0, end));
    return typeof id === 'string' ? { id, record: text.slice(end + 1) } : undefined;
  } catch {
    // It is not JSON, so this class did not write the file, or not to its end.
    return undefined;
  }
}

const HASH = /^[0-9a-f]{64}$/;

/** The name of a record's file. The id of a plugin is JSON, so it never looks like this. */
const FILE_OF_RECORD = /^~[0-9a-f]{64}$/;

/**
 * Returns the name of a file for any text: a hash is its own name, and any other text has the name
 * `~` with its hash. So no name is too long, contains a separator, or differs from another one only
 * by case.
 */
async function fileName(name: string): Promise<string> {
  // As JSON, a lone surrogate differs from the character that replaces it in UTF-8.
  return HASH.test(name) ? name : `~${await sha256Hex(new TextEncoder().encode(JSON.stringify(name)))}`;
}

/** Files in a folder, which are written wholly or not at all. */
class Folder {
  readonly #path: string;
  #made: Promise<void> | undefined;
  #writes = 0;

  constructor(folder: string | URL) {
    this.#path = typeof folder === 'string' ? folder : fileURLToPath(String(folder));
  }

  /**
   * Returns the names of all files but temporary ones, and of whatever else has the name of a
   * record. A volume may have folders of its own.
   */
  async names(): Promise<string[]> {
    await this.#make();
    const entries = await readdir(this.#path, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() || entry.isSymbolicLink() || FILE_OF_RECORD.test(entry.name))
      .map(({ name }) => name)
      .filter((name) => !name.endsWith(TEMPORARY));
  }

  /**
   * Reads a file; `undefined` if there is none.
   *
   * @throws Error if it is a folder, a pipe or a device. A pipe would answer never.
   */
  async read(name: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    return await unlessMissing(async () => {
      const path = this.#of(name);
      if (!(await stat(path)).isFile()) throw new Error(`${name} must be a file, but is a folder, a pipe or a device`);
      return new Uint8Array(await readFile(path));
    });
  }

  async write(name: string, bytes: Uint8Array): Promise<void> {
    await this.#make();
    // The random part tells processes apart: those in containers may have equal numbers.
    const temporary = this.#of(`${name}.${this.#writes++}.${crypto.randomUUID()}${TEMPORARY}`);
    try {
      await writeThrough(temporary, bytes);
      await rename(temporary, this.#of(name));
    } catch (error) {
      await unlessMissing(() => unlink(temporary));
      throw error;
    }
    await this.#sync();
  }

  async delete(name: string): Promise<void> {
    await unlessMissing(() => unlink(this.#of(name)));
    await this.#sync();
  }

  #of(name: string): string {
    return join(this.#path, name);
  }

  async #make(): Promise<void> {
    this.#made ??= this.#begin();
    try {
      await this.#made;
    } catch (error) {
      // The next one tries again.
      this.#made = undefined;
      throw error;
    }
  }

  /** Makes the folder, and removes what writes left there that a crash ended. */
  async #begin(): Promise<void> {
    await mkdir(this.#path, { recursive: true });
    const temporary = (await readdir(this.#path)).filter((name) => name.endsWith(TEMPORARY));
    for (const path of temporary.map((name) => this.#of(name)))
      await unlessMissing(async () => {
        if (Date.now() - (await stat(path)).mtimeMs > LEFTOVER_MS) await unlink(path);
      });
  }

  /** Makes the names in the folder outlast a crash of the machine. */
  async #sync(): Promise<void> {
    // Windows opens no folders, and keeps names by itself.
    const folder = await unless(['ENOENT', 'EISDIR', 'EPERM'], () => open(this.#path, 'r'));
    try {
      await folder?.sync();
    } finally {
      await folder?.close();
    }
  }
}

async function writeThrough(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** @returns a promise of what the work returns; `undefined` if the file does not exist. */
function unlessMissing<T>(work: () => Promise<T>): Promise<T | undefined> {
  return unless(['ENOENT'], work);
}

/** @returns a promise of what the work returns; `undefined` if it fails with one of these codes. */
async function unless<T>(codes: readonly string[], work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (codes.some((each) => each === code)) return undefined;
    throw error;
  }
}
