import { reasonOf } from '../../failure.ts';
import type { Interruption } from '../../interruption.ts';
import { PluginHostError } from '../host-error.ts';
import { timer } from '../timer.ts';
import type { AbandonedRemotes } from './abandoned.ts';
import { InterruptedCall } from './interrupted-call.ts';
import { RemoteSession, type SessionContext } from './session.ts';

/** Work for a remote. */
export interface RemoteWork<T> {
  /**
   * What must be done before: its time is that of a start. If the deadline comes meanwhile, the
   * work fails, but the remote stays: else a short deadline would end each new remote before it is
   * ready.
   */
  readonly prepare?: ((session: RemoteSession) => Promise<void>) | undefined;
  readonly run: (session: RemoteSession) => Promise<T>;
}

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
  readonly prepare: (session: RemoteSession) => Promise<void>;
  readonly run: (session: RemoteSession) => Promise<void>;
  readonly fail: (error: unknown) => void;
  /** Whether its promise is settled. It may still run. */
  isSettled: boolean;
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

/**
 * Where a remote is, and the work that waits for it: one piece runs at a time, in the order of the
 * calls. A remote that ends, or is given up, is replaced when the next piece of work begins.
 */
export class RemotePlace {
  readonly #context: SessionContext;
  readonly #startMs: number;
  readonly #abandoned: AbandonedRemotes;
  readonly #waiting: Job[] = [];
  #session: RemoteSession | undefined;
  #running: Job | undefined;
  #isPreparing = false;
  #isClosed = false;
  #onIdle: (() => void) | undefined;
  /** Stops the clock of what is prepared. */
  #stopStart: () => void = () => undefined;

  /** @param startMs how long a remote and a plugin may take to start, in milliseconds. */
  constructor(context: SessionContext, startMs: number, abandoned: AbandonedRemotes) {
    this.#context = context;
    this.#startMs = startMs;
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
   * @throws in the promise: what the work throws; InterruptedCall; PluginHostError `Saturated`
   * or `Closed`.
   */
  run<T>({ prepare, run }: RemoteWork<T>, limits: WorkLimits): Promise<T> {
    const { deadlineMs, signal, waitingMax: max = Number.POSITIVE_INFINITY } = limits;
    return new Promise<T>((resolve, reject) => {
      if (this.#isClosed) return reject(new PluginHostError({ kind: 'Closed' }));
      if (signal?.aborted === true) return reject(new InterruptedCall({ kind: 'Aborted' }, signal.reason));
      if (this.#running !== undefined && this.#waiting.length >= max)
        return reject(new PluginHostError({ kind: 'Saturated', full: 'calls', max }));
      const onAbort = (): void => this.#interrupt(job, { kind: 'Aborted' }, ABORT_GRACE_MS, signal?.reason);
      const stop = timer(deadlineMs, () => this.#interrupt(job, { kind: 'DeadlineExceeded', deadlineMs }, 0));
      signal?.addEventListener('abort', onAbort);
      const settle = (): void => {
        job.isSettled = true;
        stop();
        signal?.removeEventListener('abort', onAbort);
      };
      const job: Job = {
        prepare: async (session) => await prepare?.(session),
        run: async (session) => {
          const value = await run(session);
          settle();
          resolve(value);
        },
        fail: (error) => {
          settle();
          reject(error);
        },
        isSettled: false,
      };
      if (this.#running === undefined) this.#begin(job);
      else {
        this.#waiting.push(job);
        this.#context.metrics.waiting(1);
      }
    });
  }

  /** Takes no more work, waits for what there is, and ends the remote. It is called once. */
  async close(): Promise<void> {
    this.#isClosed = true;
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
    let stop: () => void = () => undefined;
    const late = new Promise<void>((resolve) => {
      stop = timer(END_MS, resolve);
    });
    await Promise.race([session.ended, late]);
    stop();
  }

  #begin(job: Job): void {
    this.#running = job;
    // It never rejects.
    void this.#work(job).then(() => {
      if (this.#running === job) this.#next();
    });
  }

  async #work(job: Job): Promise<void> {
    try {
      const session = this.#sessionNow();
      await this.#prepare(job, session);
      if (!job.isSettled) await job.run(session);
    } catch (error) {
      job.fail(error);
    }
  }

  async #prepare(job: Job, session: RemoteSession): Promise<void> {
    this.#isPreparing = true;
    const late = { kind: 'DeadlineExceeded', deadlineMs: this.#startMs } as const;
    const stop = timer(this.#startMs, () => {
      job.fail(new PluginHostError(late));
      this.#giveUp(job, late.kind);
    });
    this.#stopStart = stop;
    try {
      await session.open();
      await job.prepare(session);
    } finally {
      stop();
      if (this.#running === job) this.#isPreparing = false;
    }
  }

  #next(): void {
    this.#running = undefined;
    const job = this.#waiting.shift();
    if (job === undefined) this.#onIdle?.();
    else {
      this.#context.metrics.waiting(-1);
      this.#begin(job);
    }
  }

  #sessionNow(): RemoteSession {
    if (this.#session !== undefined && !this.#session.isLost) return this.#session;
    this.#abandoned.check();
    const session = this.#newSession();
    this.#session = session;
    void session.ended.then((reason) => {
      if (this.#session === session) this.#onEnded(reason);
    });
    return session;
  }

  #newSession(): RemoteSession {
    try {
      return new RemoteSession(this.#context);
    } catch (cause) {
      const remote = this.#context.kind.noun;
      throw new PluginHostError({ kind: 'RemoteEnded', remote, reason: reasonOf(cause) }, { cause });
    }
  }

  #onEnded(reason: string): void {
    this.#session = undefined;
    // What is prepared never ends. Its clock would keep the process alive.
    this.#stopStart();
    if (this.#running === undefined) return;
    this.#running.fail(new InterruptedCall({ kind: 'RunnerEnded', runner: this.#context.kind.noun, reason }));
    this.#next();
  }

  #interrupt(job: Job, interruption: Interruption, graceMs: number, cause?: unknown): void {
    job.fail(new InterruptedCall(interruption, cause));
    const at = this.#waiting.indexOf(job);
    if (at >= 0) {
      this.#waiting.splice(at, 1);
      this.#context.metrics.waiting(-1);
    }
    if (this.#running !== job || this.#isPreparing) return;
    if (graceMs === 0) this.#giveUp(job, interruption.kind);
    else setTimeout(() => this.#giveUp(job, interruption.kind), graceMs);
  }

  /** Gives the remote up, if it still works for a job. */
  #giveUp(job: Job, reason: string): void {
    const session = this.#session;
    if (this.#running !== job || session === undefined) return;
    this.#session = undefined;
    this.#abandoned.add(session);
    this.#next();
    // Last: it may throw.
    this.#abandoned.report(reason);
  }
}
