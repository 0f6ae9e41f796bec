import { open, readdir, readFile, realpath, stat, writeFile } from 'node:fs/promises';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { type Output, wantsColor } from '../output/terminal.ts';
import { runConfined } from '../prepared/confined-run.ts';
import { type DirectoryEntry, EXIT, type ExitCode, type Io, type PathFacts, type Release } from './command.ts';
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
  let stdin: Promise<Uint8Array> | undefined;
  return {
    args: process.argv.slice(2),
    io: {
      stdout: streamOutput(process.stdout, loseOutput),
      // If standard error is lost, no stream is left to report that on.
      stderr: streamOutput(process.stderr, () => undefined),
      ...filesOf(packageFolder),
      // A child process may need it after this process has read it.
      readStdin: () => {
        // The cast: without an encoding the stream yields bytes.
        stdin ??= readToEnd(process.stdin as AsyncIterable<Uint8Array>);
        return stdin;
      },
      startProgram: startLineProgram,
      runConfined,
    },
    setExitCode: (code) => {
      process.exitCode = hasLostOutput ? EXIT.usage : code;
    },
  };
}

/** The part of {@link Io} that is about files and time. */
type Files = Pick<
  Io,
  | 'readFile'
  | 'readContract'
  | 'release'
  | 'now'
  | 'readTemplate'
  | 'makeFolder'
  | 'createFile'
  | 'writeFile'
  | 'isSameFile'
  | 'facts'
  | 'list'
  | 'realPath'
  | 'pause'
>;

/**
 * The files that a command can reach.
 *
 * @param packageFolder as of {@link thisProcess}.
 */
export function filesOf(packageFolder: URL): Files {
  return {
    readFile: async (path) => {
      // Opened first: Bun takes an empty path for a directory if the stream opens it. The stream
      // closes the file. The cast: without an encoding the stream yields bytes.
      const file = await open(path);
      return await readToEnd(file.createReadStream() as AsyncIterable<Uint8Array>);
    },
    readContract: async (path) => new Uint8Array(await readFile(new URL(`abi/${path}`, packageFolder))),
    release: async () => releaseOf(JSON.parse(await readFile(new URL('package.json', packageFolder), 'utf8'))),
    now: () => new Date(),
    readTemplate: (folder) => readFolder(new URL(`templates/${folder}/`, packageFolder)),
    makeFolder,
    createFile,
    writeFile,
    isSameFile,
    facts,
    list,
    realPath: (path) => realpath(path).catch(() => path),
    pause: async (milliseconds) => {
      await pause(milliseconds);
    },
  };
}

/**
 * Reads what a release says of itself. Its files are on the web if its repository is on GitHub.
 *
 * @param manifest the content of package.json.
 */
export function releaseOf(manifest: unknown): Release {
  const { version = '', repository } = Object(manifest);
  const page = /^git\+(https:\/\/github\.com\/.+)\.git$/.exec(String(repository?.url))?.[1];
  return { version: String(version), ...(page !== undefined && { files: `${page}/blob/v${version}/` }) };
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
