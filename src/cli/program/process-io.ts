import { createReadStream } from 'node:fs';
import { readdir, readFile, realpath, stat, writeFile } from 'node:fs/promises';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { type Output, wantsColor } from '../output/terminal.ts';
import { type DirectoryEntry, EXIT, type ExitCode, type Io, type PathFacts } from './command.ts';
import { createFile, makeFolder, readFolder } from './folders.ts';
import { startLineProgram } from './line-program.ts';
import { readToEnd } from './read-to-end.ts';

/** The part of `process.stdout` that this file uses. */
interface Stream {
  readonly isTTY?: boolean;
  write(content: string | Uint8Array): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

/** The process that the program runs in. */
export interface ProgramProcess {
  /** What follows the name of the program. */
  readonly args: readonly string[];
  readonly io: Io;
  /**
   * Sets the code that the process ends with. If output could not be written, the process ends with
   * {@link EXIT}.usage instead.
   */
  setExitCode(code: ExitCode): void;
}

/**
 * The arguments, streams and files of this process.
 *
 * @param packageFolder the folder of this package.
 */
export function thisProcess(packageFolder: URL): ProgramProcess {
  let hasLostOutput = false;
  const loseOutput = (error: Error): void => {
    if (!hasLostOutput) process.stderr.write(`error: cannot write the output: ${error.message}\n`);
    hasLostOutput = true;
    process.exitCode = EXIT.usage;
  };
  return {
    args: process.argv.slice(2),
    io: {
      stdout: streamOutput(process.stdout, loseOutput),
      // If standard error is lost, no stream is left to report that on.
      stderr: streamOutput(process.stderr, () => undefined),
      // The cast: without an encoding the stream yields bytes.
      readFile: (path) => readToEnd(createReadStream(path) as AsyncIterable<Uint8Array>),
      facts,
      list,
      realPath: (path) => realpath(path).catch(() => path),
      pause: async (milliseconds) => {
        await pause(milliseconds);
      },
      readStdin: () => readToEnd(process.stdin as AsyncIterable<Uint8Array>),
      readContract: async (path) => new Uint8Array(await readFile(new URL(`abi/${path}`, packageFolder))),
      readTemplate: (folder) => readFolder(new URL(`templates/${folder}/`, packageFolder)),
      makeFolder,
      createFile,
      startProgram: startLineProgram,
      writeFile,
      isSameFile,
    },
    setExitCode: (code) => {
      process.exitCode = hasLostOutput ? EXIT.usage : code;
    },
  };
}

/**
 * Reads the version of the program.
 *
 * @param manifestUrl where package.json is.
 * @throws if package.json cannot be read.
 */
export async function programVersion(manifestUrl: URL): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(manifestUrl, 'utf8'));
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : '';
}

function streamOutput(stream: Stream, lose: (error: Error) => void): Output {
  let isClosed = false;
  const close = (error: Error): void => {
    isClosed = true;
    // EPIPE: the reader has read enough, as in `| head -1`. That does not change the exit code.
    if (!('code' in error) || error.code !== 'EPIPE') lose(error);
  };
  stream.on('error', close);
  return {
    color: wantsColor({ isTerminal: stream.isTTY === true, env: process.env }),
    isTerminal: stream.isTTY === true,
    get isClosed() {
      return isClosed;
    },
    erasesLines: stream.isTTY === true && process.env.TERM !== 'dumb',
    write: (content) => {
      if (!isClosed) writeTo(stream, content, close);
    },
  };
}

async function facts(path: string): Promise<PathFacts> {
  const found = await stat(path);
  const kind = found.isFile() ? 'file' : found.isDirectory() ? 'directory' : 'other';
  return { kind, state: [found.mtimeMs, found.ctimeMs, found.size, found.ino].join(' ') };
}

async function list(path: string): Promise<DirectoryEntry[]> {
  const entries = await readdir(path, { withFileTypes: true });
  return entries.map((entry) => ({ name: entry.name, isDirectory: entry.isDirectory() }));
}

async function isSameFile(path: string, other: string): Promise<boolean> {
  try {
    const [one, two] = await Promise.all([stat(path), stat(other)]);
    return one.dev === two.dev && one.ino === two.ino;
  } catch {
    // A file that does not exist cannot be lost. Other faults show up when it is read or written.
    return false;
  }
}

/** Most runtimes emit a failed write as an event; Deno also throws it. */
function writeTo(stream: Stream, content: string | Uint8Array, close: (error: Error) => void): void {
  try {
    stream.write(content);
  } catch (error) {
    close(error instanceof Error ? error : new Error(String(error)));
  }
}
