import { readFile, stat, writeFile } from 'node:fs/promises';
import process from 'node:process';
import { wantsColor } from '../output/paint.ts';
import { EXIT, type ExitCode, type Io, type Output } from './command.ts';

/** The part of `process.stdout` that is used. */
interface Stream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

/** The process that the program runs in. */
export interface ProgramProcess {
  /** The arguments, without those of the runtime. */
  readonly args: readonly string[];
  readonly io: Io;
  /** Sets the code that the process ends with, once everything is written; {@link EXIT}.usage when something could not be. */
  setExitCode(code: ExitCode): void;
}

/** This process. */
export function thisProcess(): ProgramProcess {
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
      // There is nobody left to tell that standard error is lost.
      stderr: streamOutput(process.stderr, () => undefined),
      readFile: async (path) => new Uint8Array(await readFile(path)),
      readStdin: readAllOfStdin,
      writeFile,
      isSameFile,
    },
    setExitCode: (code) => {
      process.exitCode = hasLostOutput ? EXIT.usage : code;
    },
  };
}

/** The version in package.json, which lies two folders up both from src/cli and from dist/cli. */
export async function programVersion(): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(new URL('../../../package.json', import.meta.url), 'utf8'));
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : '';
}

function streamOutput(stream: Stream, lose: (error: Error) => void): Output {
  let isClosed = false;
  const close = (error: Error): void => {
    isClosed = true;
    // Whoever read the other end has read enough: `| head -1`. That is no failure, and the exit code stays what it is.
    if (!('code' in error) || error.code !== 'EPIPE') lose(error);
  };
  stream.on('error', close);
  return {
    color: wantsColor({ isTerminal: stream.isTTY === true, env: process.env }),
    isTerminal: stream.isTTY === true && process.env.TERM !== 'dumb',
    write: (text) => {
      if (!isClosed) writeTo(stream, text, close);
    },
  };
}

async function isSameFile(path: string, other: string): Promise<boolean> {
  try {
    const [one, two] = await Promise.all([stat(path), stat(other)]);
    return one.dev === two.dev && one.ino === two.ino;
  } catch {
    // What is not there is no file that could be lost; whatever else is wrong shows when it is read or written.
    return false;
  }
}

/** Most runtimes emit what goes wrong as an event; Deno also throws it. */
function writeTo(stream: Stream, text: string, close: (error: Error) => void): void {
  try {
    stream.write(text);
  } catch (error) {
    close(error instanceof Error ? error : new Error(String(error)));
  }
}

async function readAllOfStdin(): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  // Without an encoding set, the stream gives bytes.
  for await (const chunk of process.stdin) chunks.push(chunk as Uint8Array);
  const bytes = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}
