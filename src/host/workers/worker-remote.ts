import { isArrayBuffer } from '../../realms.ts';
import type { RemoteAnswer, RemoteCall, RemoteCommand } from '../remote/commands.ts';
import type { Remote } from '../remote/remote.ts';
import type { Report } from '../remote/reports.ts';
import {
  ANSWER,
  type Channel,
  channelOf,
  createChannel,
  REQUEST,
  readAnswer,
  signal,
  WORD,
  writeCall,
} from './channel.ts';
import type { FromWorker, ToWorker } from './messages.ts';
import type { StartThread, Thread } from './thread.ts';

/** How long browsers take at most to end a worker, in milliseconds: Chromium needs two seconds. */
const BROWSER_END_MS = 5_000;

/** For a script that does not start. */
const HINT = 'its script did not start: a bundled program must say where it is, by the option workerScript';

/** A worker thread, as the host sees it. */
export class WorkerRemote implements Remote {
  readonly ended: Promise<string>;
  readonly #thread: Thread;
  readonly #channel: Channel | undefined;
  /** The name of the lock that the worker holds as long as it lives, where there are locks. */
  readonly #life: string | undefined;
  readonly #ready: Promise<void>;
  #isReady = false;
  #isEnding = false;
  #onReady: () => void = () => undefined;
  #onAnswer: (answer: RemoteAnswer) => void = () => undefined;
  #onEnd: (reason: string) => void = () => undefined;

  constructor(start: StartThread) {
    this.ended = new Promise((resolve) => {
      this.#onEnd = resolve;
    });
    this.#ready = new Promise((resolve) => {
      this.#onReady = resolve;
    });
    const memory = createChannel();
    this.#channel = memory && channelOf(memory);
    this.#thread = start({
      message: (message) => this.#onMessage(message),
      error: (reason) => {
        this.end();
        this.#onEnd(this.#isReady ? reason : `${reason} (${HINT})`);
      },
      end: (reason) => this.#onEnd(reason),
    });
    const hasLocks = !this.#thread.saysWhenEnded && globalThis.navigator?.locks !== undefined;
    this.#life = hasLocks ? `cc-lb-runtime-protocol worker ${globalThis.crypto.randomUUID()}` : undefined;
    this.#post({ kind: 'channel', memory, life: this.#life });
  }

  async ask(command: RemoteCommand): Promise<RemoteAnswer> {
    this.#thread.keepProcess(true);
    try {
      if (!this.#isReady) await this.#ready;
      const channel = this.#channel;
      if (command.kind === 'call' && channel !== undefined && writeCall(channel, command))
        return await this.#call(channel);
      return await this.#posted(command);
    } finally {
      this.#thread.keepProcess(false);
    }
  }

  end(): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    const channel = this.#channel;
    const isBusy = channel === undefined || Atomics.load(channel.words, WORD.busy) === 1;
    if (channel !== undefined) {
      signal(channel, WORD.answer, ANSWER.never);
      signal(channel, WORD.request, REQUEST.end);
    }
    this.#thread.terminate();
    if (!this.#thread.saysWhenEnded) void this.#watchEnd(channel, isBusy);
  }

  /** Finds out when the thread is gone, where the runtime does not say so. */
  async #watchEnd(channel: Channel | undefined, isBusy: boolean): Promise<void> {
    if (this.#life !== undefined) await globalThis.navigator.locks.request(this.#life, () => undefined);
    else if (channel !== undefined && 'Deno' in globalThis) {
      // The command ends some time, or never.
      if (isBusy) await changed(channel, WORD.busy, 1);
    } else await new Promise((resolve) => setTimeout(resolve, BROWSER_END_MS));
    this.#onEnd('it was ended');
  }

  /** Calls through shared memory. An answer that has no room there is posted. */
  async #call(channel: Channel): Promise<RemoteAnswer> {
    const posted = this.#nextAnswer();
    Atomics.store(channel.words, WORD.answer, ANSWER.none);
    signal(channel, WORD.request, REQUEST.call);
    await changed(channel, WORD.answer, ANSWER.none);
    if (Atomics.load(channel.words, WORD.answer) !== ANSWER.channel) return await posted;
    const { reports, ...answer } = readAnswer(channel);
    // The cast: the worker wrote them.
    return { kind: 'answered', ...answer, reports: reports === '' ? [] : (JSON.parse(reports) as Report[]) };
  }

  #posted(command: RemoteCommand): Promise<RemoteAnswer> {
    const answer = this.#nextAnswer();
    this.#post({ kind: 'command', command }, command.kind === 'call' ? transferOf(command) : []);
    if (this.#channel !== undefined) signal(this.#channel, WORD.request, REQUEST.message);
    return answer;
  }

  #nextAnswer(): Promise<RemoteAnswer> {
    return new Promise((resolve) => {
      this.#onAnswer = resolve;
    });
  }

  #post(message: ToWorker, transfer: ArrayBuffer[] = []): void {
    this.#thread.post(message, transfer);
  }

  #onMessage(message: FromWorker): void {
    if (message.kind === 'answer') this.#onAnswer(message.answer);
    else {
      this.#isReady = true;
      this.#onReady();
    }
  }
}

/**
 * Waits until a word has another value, without blocking. Bun sometimes wakes who waits too early.
 */
async function changed({ words }: Channel, word: number, value: number): Promise<void> {
  while (Atomics.load(words, word) === value) {
    const waiting = Atomics.waitAsync(words, word, value);
    if (waiting.async) await waiting.value;
  }
}

function transferOf({ request: { buffer } }: RemoteCall): ArrayBuffer[] {
  return isArrayBuffer(buffer) ? [buffer] : [];
}
