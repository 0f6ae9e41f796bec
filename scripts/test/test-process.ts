import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Report } from '../../test/support/suites.ts';
import { plainEnvironment, reportLabel } from '../child-report.ts';
import type { Runtime } from '../runtimes.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** What running one test file resulted in. */
export interface FileOutcome {
  /** Path of the test file, relative to the root of the project. */
  readonly file: string;
  readonly seconds: number;
  /** What the file printed. */
  readonly output: string;
  /** The counts of its tests, or why they are missing. */
  readonly result: Report | { readonly crash: string };
}

/** How a process runs test files. */
export interface ProcessOptions {
  /** The process is killed when it prints nothing for this many milliseconds. */
  readonly silenceMs: number;
  /** Variables that are added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** The script that runs the files; test/support/run.ts by default. */
  readonly script?: string;
}

/** A process of a runtime that runs test files, one at a time. */
export class TestProcess {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #silence: NodeJS.Timeout;
  readonly #silenceMs: number;
  readonly #closed: Promise<void>;
  #silent = false;
  #failed = 0;
  /** Why the process ended; undefined while it runs. */
  #ending: string | undefined;
  #exitCode: number | null = null;
  #output = '';
  #lastLine = '';
  /** Called with the report of the current file, or with undefined when the process has ended. */
  #settle: (report: Report | undefined) => void = () => undefined;

  /**
   * Starts the process.
   *
   * @param runtime what `findRuntime` returns.
   * @param options see {@link ProcessOptions}.
   */
  constructor(
    { command, args }: Pick<Runtime, 'command' | 'args'>,
    { silenceMs, env = {}, script = 'test/support/run.ts' }: ProcessOptions,
  ) {
    this.#child = spawn(command, [...args, script], {
      cwd: root,
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, ...plainEnvironment, ...env },
    });
    this.#silenceMs = silenceMs;
    this.#silence = setTimeout(() => {
      this.#silent = true;
      this.#child.kill('SIGKILL');
    }, silenceMs);
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => this.#read(text));
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#silence.refresh();
      this.#output += text;
    });
    // The process may have ended before a name is written; its end is reported by 'close'.
    this.#child.stdin.on('error', () => undefined);
    this.#closed = new Promise((resolve) => {
      const end = (ending: string): void => {
        clearTimeout(this.#silence);
        this.#ending ??= this.#silent ? `printed nothing for ${silenceMs / 1000} s; --timeout sets the limit` : ending;
        this.#settle(undefined);
        resolve();
      };
      this.#child.on('error', (error) => end(`could not be started: ${error.message}`));
      this.#child.on('close', (code, signal) => {
        this.#exitCode = code;
        end(`ended early with ${signal ?? `exit code ${code}`}`);
      });
    });
  }

  #read(text: string): void {
    this.#silence.refresh();
    const lines = (this.#lastLine + text).split('\n');
    this.#lastLine = lines.pop() ?? '';
    for (const line of lines) {
      // The cast: test/support/run.ts prints a `Report` there.
      if (line.startsWith(reportLabel)) this.#settle(JSON.parse(line.slice(reportLabel.length)) as Report);
      else this.#output += `${line}\n`;
    }
  }

  /**
   * Runs a file. After an outcome that is a crash the process has ended.
   *
   * @param file path of the test file, relative to the root of the project.
   * @returns the outcome of the file.
   */
  async run(file: string): Promise<FileOutcome> {
    const startedAt = performance.now();
    this.#output = '';
    const report = await new Promise<Report | undefined>((resolve) => {
      this.#settle = resolve;
      if (this.#ending !== undefined) resolve(undefined);
      else this.#child.stdin.write(`${file}\n`);
    });
    this.#settle = () => undefined;
    this.#failed += report?.failed ?? 0;
    const result = report ?? { crash: this.#ending ?? 'ended early' };
    return { file, seconds: (performance.now() - startedAt) / 1000, output: this.#output + this.#lastLine, result };
  }

  /**
   * Lets the process end.
   *
   * @returns what is wrong with its end: that it does not come, or an exit code that no failed test
   *   explains. Undefined if nothing is wrong, or if the outcome of a file has already reported the
   *   end.
   */
  async close(): Promise<string | undefined> {
    if (this.#ending !== undefined) return undefined;
    this.#ending = '';
    this.#child.stdin.end();
    await this.#closed;
    if (this.#silent) {
      return `did not end after its last test file: printed nothing for ${this.#silenceMs / 1000} s`;
    }
    if (this.#exitCode === 0 || this.#failed > 0) return undefined;
    return `exit code ${this.#exitCode} after the tests`;
  }
}
