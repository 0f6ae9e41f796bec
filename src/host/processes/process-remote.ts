import type { ChildProcess } from 'node:child_process';
import { reasonOf } from '../../failure.ts';
import type { RemoteAnswer, RemoteCommand } from '../remote/commands.ts';
import type { Remote } from '../remote/remote.ts';
import { keepProcess, type StartProcess } from './child-processes.ts';

/** What a process sends to its host: first that it is ready. */
export type FromProcess = { readonly kind: 'ready' } | RemoteAnswer;

/** For a script that does not start. */
const HINT = 'its script did not start: a bundled program must say where it is, by the option processScript';

/** A child process, as the host sees it. */
export class ProcessRemote implements Remote {
  /** Resolves when it has loaded its script. It never resolves if it ends before. */
  readonly ready: Promise<void>;
  readonly ended: Promise<string>;
  /** `undefined` if it could not be started. */
  readonly #child: ChildProcess | undefined;
  #isReady = false;
  #onReady: () => void = () => undefined;
  #onAnswer: (answer: RemoteAnswer) => void = () => undefined;
  #onEnd: (reason: string) => void = () => undefined;

  constructor(start: StartProcess) {
    this.ready = new Promise((resolve) => {
      this.#onReady = resolve;
    });
    this.ended = new Promise((resolve) => {
      this.#onEnd = resolve;
    });
    try {
      this.#child = this.#listen(start());
    } catch (error) {
      this.#onEnd(reasonOf(error));
    }
  }

  /** The number of the process; `undefined` if it could not be started. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  async ask(command: RemoteCommand): Promise<RemoteAnswer> {
    const child = this.#child;
    // Then `ended` has resolved.
    if (child === undefined) return await new Promise(() => undefined);
    keepProcess(child, true);
    try {
      await this.ready;
      return await this.#send(child, command);
    } finally {
      keepProcess(child, false);
    }
  }

  end(): void {
    this.#child?.kill('SIGKILL');
  }

  #listen(child: ChildProcess): ChildProcess {
    child.on('message', (message: FromProcess) => {
      if (message.kind !== 'ready') return this.#onAnswer(message);
      this.#isReady = true;
      this.#onReady();
    });
    child.on('exit', (code, signal) => {
      // Deno would wait for the channel of a process that is gone.
      keepProcess(child, false);
      const end = signal === null ? `it ended with the exit code ${code}` : `it ended by ${signal}`;
      this.#onEnd(this.#isReady ? end : `${end} (${HINT})`);
    });
    child.on('error', (error) => {
      if (child.pid === undefined) this.#onEnd(reasonOf(error));
      else this.end();
    });
    keepProcess(child, false);
    return child;
  }

  #send(child: ChildProcess, command: RemoteCommand): Promise<RemoteAnswer> {
    return new Promise((resolve, reject) => {
      this.#onAnswer = resolve;
      // Without a function for the error it would be an event. Runtimes do not always call it for a
      // process that is gone, but then `ended` resolves.
      child.send(command, (error) => {
        if (error !== null) reject(error);
      });
    });
  }
}
