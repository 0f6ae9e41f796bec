import type { FailureReport } from '../../inspection/failure-report.ts';
import type { TaskMessage, TaskReply } from './messages.ts';
import type { InputOf, ProgressOf, ResultOf, TaskName } from './tasks.ts';

/** A task that failed. `report` says why, as the command line does, with a hint if there is one. */
export class TaskError extends Error {
  override readonly name = 'TaskError';
  readonly report: FailureReport;

  constructor(report: FailureReport) {
    super(report.message);
    this.report = report;
  }
}

/** A task that was stopped by the reader. */
export class TaskStopped extends Error {
  override readonly name = 'TaskStopped';

  constructor() {
    super('it was stopped');
  }
}

/** A worker as the client sees it. */
export interface StartedWorker {
  readonly post: (message: TaskMessage) => void;
  /** Begins to end the worker: what it runs may go on for a while. */
  readonly terminate: () => void;
  /** Resolves when a worker that is being ended has ended, or is taken for ended. */
  readonly ended: () => Promise<void>;
}

/** Starts a worker. `onReply` gets its messages, `onError` that its script failed. */
export type StartWorker = (onReply: (reply: TaskReply) => void, onError: (reason: string) => void) => StartedWorker;

/** What the worker does. `stopping`: it was ended, and what it ran may go on for a moment. */
export type WorkerStatus = 'idle' | 'busy' | 'stopping';

/** How to run a task. */
export interface RunOptions<Name extends TaskName> {
  /** Called as the task goes on, if it reports progress. */
  readonly onProgress?: (progress: ProgressOf<Name>) => void;
}

/** A task that runs or waits. */
interface PendingTask {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly onProgress: (progress: unknown) => void;
}

/**
 * Runs tasks in a worker, so that nothing that a plugin does blocks the page. Tasks run one after
 * another, in the order in which they were asked for.
 */
export class WorkerClient {
  readonly #start: StartWorker;
  readonly #listeners = new Set<(status: WorkerStatus) => void>();
  readonly #pending = new Map<number, PendingTask>();
  #worker: StartedWorker | undefined;
  #lastId = 0;
  #stopping = 0;

  constructor(start: StartWorker) {
    this.#start = start;
  }

  /** What the worker does now. */
  get status(): WorkerStatus {
    if (this.#stopping > 0) return 'stopping';
    return this.#pending.size > 0 ? 'busy' : 'idle';
  }

  /**
   * Calls a function whenever the status may have changed.
   *
   * @returns a function that ends this.
   */
  subscribe(listener: (status: WorkerStatus) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Runs a task.
   *
   * @returns a promise of its result. It rejects with {@link TaskError} if the task failed, and
   * with {@link TaskStopped} if it was stopped.
   * @throws Error if no worker can be started, or the input cannot be sent.
   */
  run<Name extends TaskName>(
    name: Name,
    input: InputOf<Name>,
    { onProgress }: RunOptions<Name> = {},
  ): Promise<ResultOf<Name>> {
    const id = ++this.#lastId;
    // Before the task is noted as pending: both may throw.
    this.#worker ??= this.#begin();
    this.#worker.post({ id, task: name, input });
    const result = new Promise<unknown>((resolve, reject) => {
      // The casts: the worker answers with the progress and the result of the task of this name.
      const notify = (progress: unknown): void => onProgress?.(progress as ProgressOf<Name>);
      this.#pending.set(id, { resolve, reject, onProgress: notify });
    });
    this.#notify();
    return result as Promise<ResultOf<Name>>;
  }

  /**
   * Ends the worker. What runs or waits is rejected with {@link TaskStopped}. Later tasks get
   * another worker.
   */
  stop(): void {
    const worker = this.#worker;
    if (worker === undefined) return;
    this.#worker = undefined;
    this.#stopping++;
    worker.terminate();
    this.#rejectAll(new TaskStopped());
    void worker.ended().then(() => {
      this.#stopping--;
      this.#notify();
    });
  }

  #begin(): StartedWorker {
    const worker = this.#start(
      (reply) => this.#onReply(reply),
      (reason) => {
        // A worker whose script failed answers nothing more.
        if (this.#worker !== worker) return;
        this.#worker = undefined;
        worker.terminate();
        this.#rejectAll(new TaskError(scriptFailure(reason)));
      },
    );
    return worker;
  }

  #onReply(reply: TaskReply): void {
    const task = this.#pending.get(reply.id);
    if (task === undefined) return;
    if (reply.kind === 'progress') {
      task.onProgress(reply.progress);
      return;
    }
    this.#pending.delete(reply.id);
    if (reply.kind === 'done') task.resolve(reply.result);
    else task.reject(new TaskError(reply.error));
    this.#notify();
  }

  #rejectAll(error: Error): void {
    const tasks = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of tasks) reject(error);
    this.#notify();
  }

  #notify(): void {
    for (const listener of this.#listeners) listener(this.status);
  }
}

function scriptFailure(reason: string): FailureReport {
  return { error: 'Error', kind: 'WorkerFailed', message: `the worker failed: ${reason}`, failure: undefined };
}
