import { reasonOf } from '../../failure.ts';
import type { Io } from './command.ts';
import { CommandLineError } from './command-line-error.ts';

/** What is written in the place of a file for standard input. */
export const STDIN = '-';

/** What the errors of the file systems mean, by their code. */
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOSPC: 'no space is left',
  EROFS: 'nothing can be written there',
  EISDIR: 'it is a directory, not a file',
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
  ENOTDIR: 'part of the path is not a directory',
  ENAMETOOLONG: 'the path is too long',
  ELOOP: 'its symbolic links lead in a circle',
  ERR_FS_FILE_TOO_LARGE: 'it is too large',
  ERR_INVALID_ARG_VALUE: 'it is not a path',
};

/**
 * The bytes of a file, or of standard input for `-`.
 *
 * @throws CommandLineError `Unreadable`.
 */
export async function readInput(io: Io, path: string): Promise<Uint8Array> {
  try {
    return await (path === STDIN ? io.readStdin() : io.readFile(path));
  } catch (error) {
    throw new CommandLineError(
      { kind: 'Unreadable', path: inputName(path), reason: fileReason(error) },
      { cause: error },
    );
  }
}

/**
 * Writes the bytes of an output.
 *
 * @param input the path of what they were made from, which they may not take the place of.
 * @throws CommandLineError `InvalidValue` for standard output, `OutputIsInput`, `Unwritable`.
 */
export async function writeOutput(io: Io, input: string, path: string, bytes: Uint8Array): Promise<void> {
  if (path === STDIN) {
    const expected = 'a file: bytes are not written to standard output';
    throw new CommandLineError({ kind: 'InvalidValue', option: '-o', given: path, expected });
  }
  if (input !== STDIN && (await io.isSameFile(input, path)))
    throw new CommandLineError({ kind: 'OutputIsInput', path });
  try {
    await io.writeFile(path, bytes);
  } catch (error) {
    // A file that is to be written need not be there, but its folder must.
    const reason = codeOf(error) === 'ENOENT' ? 'there is no such folder' : fileReason(error);
    throw new CommandLineError({ kind: 'Unwritable', path, reason }, { cause: error });
  }
}

/** How an input is called in what is printed. */
export function inputName(path: string): string {
  return path === STDIN ? 'standard input' : path === '' ? "the file ''" : path;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function fileReason(error: unknown): string {
  return REASONS[codeOf(error)] ?? reasonOf(error);
}
