import type { Interruption } from '../../interruption.ts';
import { PluginHostError } from '../host-error.ts';
import type { AbandonedRemotes } from './abandoned.ts';
import { InterruptedCall } from './interrupted-call.ts';
import { RemoteSession, type SessionContext } from './session.ts';

/** What bounds a piece of work. */
export interface WorkLimits {
  /** How long it may take, with waiting, in milliseconds. */
  readonly deadlineMs: number;
  readonly signal?: AbortSignal | undefined;
  /** How many others may wait before it; as many as like by default. */
  readonly waitingMax?: number | undefined;
}

/** A piece of work that waits or runs. */
interface Job {
  readonly begin: (session: RemoteSession) => Promise<void>;
  readonly fail: (error: unknown) => void;
}

/**
 * How long a call that was aborted may go on before its remote is given up, in milliseconds. Most
 * calls end in less, and then the plugins there keep their state.
 */
const ABORT_GRACE_MS = 100;

/**
 * How long an idle remote may take to end when the host is closed, in milliseconds: not every
 * runtime says when a thread has ended.
 */
const END_MS = 1_000;

/** The longest time that a timer can wait. */
const TIMER_MAX_MS = 0x7fff_ffff;

/**
 * Where a remote is, and the work that waits for it: one piece runs at a time, in the order of the
 * calls. A remote that ends, or is given up, is replaced when the next piece of work begins.
 */
export class RemotePlace {
  readonly #context: SessionContext;
  readonly #abandoned: AbandonedRemotes;
  readonly #waiting: Job[] = [];
  #session: RemoteSession | undefined;
  #running: Job | undefined;
  #onIdle: (() => void) | undefined;

  constructor(context: SessionContext, abandoned: AbandonedRemotes) {
    this.#context = context;
    this.#abandoned = abandoned;
  }

  /** How many pieces of work wait or run. */
  get load(): number {
    return this.#waiting.length + (this.#running === undefined ? 0 : 1);
  }

  /** The session, if there is one. */
  get session(): RemoteSession | undefined {
    return this.#session;
  }

  /**
   * Does work when it is its turn. If its time ends while it runs, or its signal is aborted and it
   * does not end soon, the remote is given up.
   *
   * @returns a promise of what the work returns.
   * @throws in the promise: what the work throws; InterruptedCall; PluginHostError `Saturated` or
   * `TooManyAbandoned`.
   */
  run<T>(work: (session: RemoteSession) => Promise<T>, limits: WorkLimits): Promise<T> {
    const { deadlineMs, signal, waitingMax: max = Number.POSITIVE_INFINITY } = limits;
    return new Promise<T>((resolve, reject) => {
      if (signal?.aborted === true) return reject(new InterruptedCall({ kind: 'Aborted' }, signal.reason));
      if (this.#running !== undefined && this.#waiting.length >= max)
        return reject(new PluginHostError({ kind: 'Saturated', waiting: 'calls', max }));
      const onDeadline = (): void => this.#interrupt(job, { kind: 'DeadlineExceeded', deadlineMs }, 0);
      const onAbort = (): void => this.#interrupt(job, { kind: 'Aborted' }, ABORT_GRACE_MS, signal?.reason);
      const timer = deadlineMs > TIMER_MAX_MS ? undefined : setTimeout(onDeadline, deadlineMs);
      signal?.addEventListener('abort', onAbort);
      const settle = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
      };
      const job: Job = {
        begin: async (session) => {
          try {
            const value = await work(session);
            settle();
            resolve(value);
          } catch (error) {
            job.fail(error);
          }
        },
        fail: (error) => {
          settle();
          reject(error);
        },
      };
      if (this.#running === undefined) this.#begin(job);
      else this.#waiting.push(job);
    });
  }

  /** Waits for all work, and ends the remote. */
  async close(): Promise<void> {
    if (this.#running !== undefined)
      await new Promise<void>((resolve) => {
        this.#onIdle = resolve;
      });
    await this.end();
  }

  /** Ends the remote, if no work runs. */
  async end(): Promise<void> {
    const session = this.#session;
    if (this.#running !== undefined || session === undefined) return;
    this.#session = undefined;
    session.end();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, END_MS);
    });
    await Promise.race([session.ended, late]);
    clearTimeout(timer);
  }

  #begin(job: Job): void {
    this.#running = job;
    try {
      const session = this.#sessionNow();
      void job.begin(session).then(() => {
        if (this.#running === job) this.#next();
      });
    } catch (error) {
      job.fail(error);
      this.#next();
    }
  }

  #next(): void {
    this.#running = undefined;
    const job = this.#waiting.shift();
    if (job !== undefined) this.#begin(job);
    else this.#onIdle?.();
  }

  #sessionNow(): RemoteSession {
    if (this.#session !== undefined && !this.#session.isLost) return this.#session;
    this.#abandoned.check();
    const session = new RemoteSession(this.#context);
    this.#session = session;
    void session.ended.then((reason) => {
      if (this.#session === session) this.#onEnded(reason);
    });
    return session;
  }

  #onEnded(reason: string): void {
    this.#session = undefined;
    if (this.#running === undefined) return;
    this.#running.fail(new InterruptedCall({ kind: 'RunnerEnded', runner: this.#context.kind.noun, reason }));
    this.#next();
  }

  #interrupt(job: Job, interruption: Interruption, graceMs: number, cause?: unknown): void {
    job.fail(new InterruptedCall(interruption, cause));
    const at = this.#waiting.indexOf(job);
    if (at >= 0) this.#waiting.splice(at, 1);
    else if (graceMs === 0) this.#giveUp(job, interruption);
    else setTimeout(() => this.#giveUp(job, interruption), graceMs);
  }

  /** Gives the remote up, if it still works for a job. */
  #giveUp(job: Job, { kind }: Interruption): void {
    const session = this.#session;
    if (this.#running !== job || session === undefined) return;
    this.#session = undefined;
    this.#abandoned.add(session, kind);
    this.#next();
  }
}
