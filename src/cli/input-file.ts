import type { Io } from './command.ts';
import { CommandLineError } from './command-line-error.ts';

/** What is written in the place of a file for standard input. */
export const STDIN = '-';

/** What the errors of the file systems mean, by their code. */
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
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
      { kind: 'Unreadable', path: inputName(path), reason: reasonOf(error) },
      { cause: error },
    );
  }
}

/** How an input is called in what is printed. */
export function inputName(path: string): string {
  return path === STDIN ? 'standard input' : path === '' ? "the file ''" : path;
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return REASONS[code] ?? (error instanceof Error ? error.message : String(error));
}
