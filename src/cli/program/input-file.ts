import { reasonOf } from '../../failure.ts';
import { printable } from '../../printable.ts';
import type { NewFile } from '../new/template.ts';
import type { Io } from './command.ts';
import { CommandLineError, invalidValue } from './command-line-error.ts';

/** Stands for standard input where a file is expected. */
export const STDIN = '-';

/** Stands for standard output where a file to write is expected. */
export const STDOUT = '-';

/** What the errors of file systems mean, by their code. */
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  ENOSPC: 'no space is left',
  EROFS: 'the file system is read-only',
  EEXIST: 'it exists already',
  EISDIR: 'it is a directory, not a file',
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
  ENOTDIR: 'part of the path is not a directory',
  ENAMETOOLONG: 'the path is too long',
  ELOOP: 'its symbolic links form a circle',
  ENXIO: 'it is a socket, or a device that is not there',
  ERR_FS_FILE_TOO_LARGE: 'it is larger than 256 MiB, or does not end',
  ERR_INVALID_ARG_VALUE: 'it is not a path',
};

/**
 * Reads a file, or standard input for `-`.
 *
 * @throws CommandLineError `Unreadable` if that fails.
 */
export async function readInput(io: Io, path: string): Promise<Uint8Array> {
  try {
    return await (path === STDIN ? io.readStdin() : io.readFile(path));
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** The error that reading a path failed with, for the command line. */
export function unreadable(path: string, cause: unknown): CommandLineError {
  const isLost = codeOf(cause) === 'ENOENT' && path.includes('\ufffd');
  const reason = isLost ? 'no such file; if its name is not UTF-8, rename it' : fileReason(cause);
  return new CommandLineError({ kind: 'Unreadable', path: inputName(path), reason }, { cause });
}

/**
 * Writes an output to a file, or to standard output for `-`.
 *
 * @param inputs the paths that the output was made from, none of which it may replace.
 * @throws CommandLineError `OutputIsInput`, or `Unwritable` if writing fails.
 */
export async function writeOutput(io: Io, inputs: readonly string[], path: string, bytes: Uint8Array): Promise<void> {
  if (path === STDOUT) return io.stdout.write(bytes);
  for (const input of inputs) {
    if (input !== STDIN && (await io.isSameFile(input, path)))
      throw new CommandLineError({ kind: 'OutputIsInput', path });
  }
  try {
    await io.writeFile(path, bytes);
  } catch (error) {
    throw new CommandLineError({ kind: 'Unwritable', path, reason: writeFault(error) }, { cause: error });
  }
}

/**
 * Makes a folder for a new plugin, and writes its files. Nothing that exists is changed.
 *
 * @param folder a path that does not exist, or an empty folder.
 * @throws CommandLineError `Unwritable` if the folder is not one for new files, `Unfinished` if a
 * file cannot be written.
 */
export async function writeFolder(io: Io, folder: string, files: readonly NewFile[]): Promise<void> {
  try {
    await io.makeFolder(folder);
  } catch (error) {
    throw new CommandLineError({ kind: 'Unwritable', path: folder, reason: writeFault(error) }, { cause: error });
  }
  for (const [index, { path, bytes }] of files.entries()) {
    try {
      await io.createFile(`${folder}/${path}`, bytes);
    } catch (error) {
      const written = files.slice(0, index).map((file) => file.path);
      const reason = writeFault(error);
      throw new CommandLineError({ kind: 'Unfinished', folder, path, reason, written }, { cause: error });
    }
  }
}

/**
 * Refuses standard output for a module if a person or a program would read something else there.
 *
 * @param path of the output.
 * @param json whether a JSON document is printed.
 * @throws CommandLineError `InvalidValue`.
 */
export function refuseModuleOnStdout(io: Io, path: string, json: boolean): void {
  if (path !== STDOUT || (!json && io.stdout.isTerminal !== true)) return;
  const reason = json ? 'the document of --json is on standard output' : 'standard output is a terminal';
  throw invalidValue('--output', path, `a file: ${reason}`);
}

/** How reports and messages name an input. */
export function inputName(path: string): string {
  return path === STDIN ? 'standard input' : path === '' ? "the file ''" : path;
}

/** How reports say where an output is. The text is printable. */
export function outputPlace(path: string): string {
  return path === STDOUT ? 'on standard output' : `in ${printable(path)}`;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** The file need not exist, but its folder must. */
function writeFault(error: unknown): string {
  return codeOf(error) === 'ENOENT' ? 'no such folder' : fileReason(error);
}

function fileReason(error: unknown): string {
  return REASONS[codeOf(error)] ?? reasonOf(error);
}
