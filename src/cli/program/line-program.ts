import { Buffer } from 'node:buffer';
import { type ChildProcess, spawn } from 'node:child_process';
import process from 'node:process';
import type { LineProgram } from '../../conformance/index.ts';
import { tryDecodeUtf8 } from '../../json/text/utf8.ts';
import { untilSignal } from './ended-by-signal.ts';

/** What may wait to be read, so that a program cannot fill the memory. */
const WAITING_MAX = { lines: 1000, bytes: 0x400_0000 } as const;

/** The longest time that timers know, in milliseconds. */
export const TIMER_MAX_MS = 2 ** 31 - 1;

const LINE_FEED = 0x0a;

/**
 * Starts a program that reads and writes lines.
 *
 * @param command as the shell reads it.
 */
export function startLineProgram(command: string): LineProgram {
  return new ChildLines(command);
}

type Received = Awaited<ReturnType<LineProgram['receive']>>;

class ChildLines implements LineProgram {
  readonly #child: ChildProcess;
  readonly #lines: Uint8Array[] = [];
  /** The pieces of a line that has no end yet. */
  #rest: Uint8Array[] = [];
  /** How many bytes there are in the lines that wait, and in the rest. */
  #waiting = 0;
  /** Why no more lines come. */
  #ended: string | undefined;
  /** Called when a line or the end has come. */
  #wake: () => void = () => undefined;
  /** Called when it need not be ended any more if this program is. */
  readonly #forget: () => void;

  constructor(command: string) {
    // Before the start: a signal may come as soon as the program runs.
    this.#forget = untilSignal(() => this.#kill());
    // In a group of its own, so that ending it also ends what the shell has started. A signal from
    // the terminal does not reach that group.
    this.#child = spawn(command, { shell: true, stdio: ['pipe', 'pipe', 'inherit'], detached: !isWindows });
    this.#child.stdout?.on('data', (bytes: Uint8Array) => this.#take(bytes));
    // A program that has ended cannot be written to. `exit` reports that.
    this.#child.stdin?.on('error', () => undefined);
    this.#child.on('error', ({ message }) => this.#finish(`the driver cannot be started: ${message}`));
    this.#child.on('close', (code, signal) => this.#finish(`the driver ended with ${signal ?? `exit code ${code}`}`));
  }

  send(line: string): void {
    this.#child.stdin?.write(`${line}\n`);
  }

  async receive(timeoutMs: number): Promise<Received> {
    if (this.#lines.length === 0 && this.#ended === undefined) await this.#change(timeoutMs);
    const bytes = this.#lines.shift();
    if (bytes === undefined) {
      const unended = this.#rest.length === 0 ? '' : ', and its last line has no line feed';
      return { none: (this.#ended ?? `the driver did not answer within ${timeoutMs} ms`) + unended };
    }
    this.#waiting -= bytes.length;
    const line = tryDecodeUtf8(bytes);
    if (typeof line === 'string') return { line };
    return { none: `the driver wrote a line that is not UTF-8 from byte ${line} on` };
  }

  async end(timeoutMs: number): Promise<void> {
    this.#child.stdin?.end();
    const giveUpAt = performance.now() + timeoutMs;
    while (this.#ended === undefined && performance.now() < giveUpAt)
      await this.#change(Math.max(1, giveUpAt - performance.now()));
    // Also what the program has left behind. What has left the group may hold the pipes open.
    this.#kill();
    this.#child.stdin?.destroy();
    this.#child.stdout?.destroy();
    this.#forget();
  }

  /** Waits for a line or the end, at most `timeoutMs`. */
  #change(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #take(bytes: Uint8Array): void {
    this.#waiting += bytes.length;
    if (this.#waiting > WAITING_MAX.bytes || this.#lines.length > WAITING_MAX.lines) {
      this.#kill();
      this.#finish('the driver wrote without end');
      return;
    }
    let start = 0;
    for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, start)) {
      this.#lines.push(Buffer.concat([...this.#rest, bytes.subarray(start, end)]));
      this.#rest = [];
      this.#waiting--;
      start = end + 1;
    }
    if (start < bytes.length) this.#rest.push(bytes.subarray(start));
    if (start > 0) this.#wake();
  }

  #finish(reason: string): void {
    this.#ended ??= reason;
    this.#wake();
  }

  #kill(): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    try {
      if (isWindows) this.#child.kill('SIGKILL');
      else process.kill(-pid, 'SIGKILL');
    } catch (error) {
      // It has ended in the meantime.
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  }
}

const isWindows = process.platform === 'win32';
