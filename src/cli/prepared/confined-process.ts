import { Buffer } from 'node:buffer';
import { writeSync } from 'node:fs';
import process from 'node:process';
import { watchRuns } from '../../metering/run/run-watch.ts';
import { PROGRAM } from '../program/command.ts';
import { startLineProgram } from '../program/line-program.ts';
import { filesOf, type ProgramProcess } from '../program/process-io.ts';
import { CONFINED, type ConfinedOrder, frameLine, ORDER_LENGTH_BYTES } from './frames.ts';

/** Whether this process is the child of a confined run. */
export function isConfined(): boolean {
  return process.argv[2] === CONFINED;
}

/**
 * The arguments, streams and files of the child of a confined run. It announces each run of the
 * plugin to its parent. All writes are synchronous, because the event loop stands still while a
 * plugin runs.
 *
 * @param packageFolder the folder of this package.
 */
export async function confinedProcess(packageFolder: URL): Promise<ProgramProcess> {
  const input = new Input();
  writeText(STDOUT_FD, frameLine('ready'));
  const length = (await input.take(ORDER_LENGTH_BYTES)).readUInt32LE();
  // The cast: the parent is this program too, and writes a ConfinedOrder.
  const order = JSON.parse((await input.take(length)).toString()) as ConfinedOrder;
  const plugin = new Uint8Array(await input.take(order.pluginBytes));
  watchRuns(announcer());
  let hasAnswered = false;
  const writeError = (content: string | Uint8Array): void => {
    if (!hasAnswered) writeFully(STDERR_FD, Buffer.from(content));
  };
  return {
    args: process.argv.slice(3),
    io: {
      ...filesOf(packageFolder),
      // The parent prints and writes the outcome.
      writeFile: async () => undefined,
      stdout: { ...order.stdout, write: () => undefined },
      stderr: { ...order.stderr, write: writeError },
      readStdin: async () => {
        writeText(STDOUT_FD, frameLine('stdin'));
        return new Uint8Array(await input.rest());
      },
      startProgram: startLineProgram,
      confinement: {
        file: order.file,
        plugin,
        answer: (text) => {
          hasAnswered = true;
          answer(text);
        },
      },
      runConfined: async () => ({ kind: 'NoChildProcess', reason: `${PROGRAM} runs confined already` }),
    },
    // Everything is written. Standard input may still be open, and would keep the process.
    setExitCode: (code) => process.exit(code),
  };
}

const STDOUT_FD = 1;
const STDERR_FD = 2;

/** A run is not announced if one of the same length was announced within this time. */
const SAME_RUN_MS = 100;

/** Announces runs to the parent. There may be a hundred thousand in a second. */
function announcer(): (wallMs: number) => void {
  let toldAt = Number.NEGATIVE_INFINITY;
  let told = Number.NEGATIVE_INFINITY;
  return (wallMs) => {
    const now = performance.now();
    if (wallMs === told && now - toldAt < SAME_RUN_MS) return;
    writeText(STDOUT_FD, frameLine('run', wallMs));
    toldAt = now;
    told = wallMs;
  };
}

function answer(text: string): void {
  const bytes = Buffer.from(text);
  writeText(STDOUT_FD, frameLine('answer', bytes.length));
  writeFully(STDOUT_FD, bytes);
}

function writeText(fd: number, text: string): void {
  writeFully(fd, Buffer.from(text));
}

/** Never changes, so waiting for it only sleeps. */
const never = /* @__PURE__ */ new Int32Array(new SharedArrayBuffer(4));

/** Writes all bytes to a pipe, and waits while it is full. */
function writeFully(fd: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(fd, bytes, at);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error;
      Atomics.wait(never, 0, 0, 1);
    }
  }
}

/** Standard input, of which the parent writes one part after the other. */
class Input {
  // The cast: without an encoding the stream yields bytes.
  readonly #chunks = process.stdin[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  #unread: Uint8Array[] = [];

  /** The next bytes; fewer at the end. */
  async take(count: number): Promise<Buffer> {
    let length = this.#unread.reduce((sum, chunk) => sum + chunk.length, 0);
    while (length < count) {
      const { value, done } = await this.#chunks.next();
      if (done === true) break;
      this.#unread.push(value);
      length += value.length;
    }
    const all = Buffer.concat(this.#unread);
    this.#unread = [all.subarray(count)];
    return all.subarray(0, count);
  }

  /** All bytes up to the end. */
  rest(): Promise<Buffer> {
    return this.take(Number.POSITIVE_INFINITY);
  }
}
