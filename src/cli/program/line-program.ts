import { type ChildProcess, spawn } from 'node:child_process';
import process from 'node:process';
import type { LineProgram } from '../../conformance/index.ts';

/** What may wait to be read, so that a program cannot fill the memory. */
const WAITING_MAX = { lines: 1000, characters: 0x400_0000 } as const;

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
  readonly #lines: string[] = [];
  #rest = '';
  /** How many characters there are in the lines that wait, and in the rest. */
  #waiting = 0;
  /** Why no more lines come. */
  #ended: string | undefined;
  /** Called when a line or the end has come. */
  #wake: () => void = () => undefined;

  constructor(command: string) {
    // In a group of its own, so that ending it also ends what the shell has started.
    this.#child = spawn(command, { shell: true, stdio: ['pipe', 'pipe', 'inherit'], detached: !isWindows });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => this.#take(text));
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
    const line = this.#lines.shift();
    if (line !== undefined) {
      this.#waiting -= line.length;
      return { line };
    }
    return { none: this.#ended ?? `the driver did not answer within ${timeoutMs} ms` };
  }

  async end(timeoutMs: number): Promise<void> {
    this.#child.stdin?.end();
    const giveUpAt = performance.now() + timeoutMs;
    while (this.#ended === undefined && performance.now() < giveUpAt)
      await this.#change(Math.max(1, giveUpAt - performance.now()));
    if (this.#ended === undefined) this.#kill();
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

  #take(text: string): void {
    this.#waiting += text.length;
    if (this.#waiting > WAITING_MAX.characters || this.#lines.length > WAITING_MAX.lines) {
      this.#kill();
      this.#finish('the driver wrote without end');
      return;
    }
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#lines.push(line);
    if (lines.length > 0) this.#wake();
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
