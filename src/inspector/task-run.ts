import type { FailureReport } from '../inspection/failure-report.ts';
import { reportFailure } from '../inspection/failure-report.ts';
import type { InputOf, ProgressOf, ResultOf, TaskName } from './worker/tasks.ts';
import { TaskError, TaskStopped, type WorkerClient } from './worker/worker-client.ts';

/** How far a task is, as a panel shows it. */
export type TaskRun<Name extends TaskName> =
  | { readonly kind: 'none' }
  | { readonly kind: 'running'; readonly progress: ProgressOf<Name> | undefined }
  | { readonly kind: 'done'; readonly result: ResultOf<Name> }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly error: FailureReport };

/**
 * Runs a task and tells how far it is.
 *
 * @param onRun called at once, with each progress, and at the end.
 */
export async function followTask<Name extends TaskName>(
  worker: WorkerClient,
  name: Name,
  input: InputOf<Name>,
  onRun: (run: TaskRun<Name>) => void,
): Promise<void> {
  onRun({ kind: 'running', progress: undefined });
  try {
    const result = await worker.run(name, input, { onProgress: (progress) => onRun({ kind: 'running', progress }) });
    onRun({ kind: 'done', result });
  } catch (error) {
    onRun(taskEnd(error));
  }
}

/** What became of a task whose promise rejected. */
export function taskEnd(
  error: unknown,
): { readonly kind: 'stopped' } | { readonly kind: 'failed'; readonly error: FailureReport } {
  if (error instanceof TaskStopped) return { kind: 'stopped' };
  return { kind: 'failed', error: error instanceof TaskError ? error.report : reportFailure(error) };
}

/**
 * What is known of the open plugins, so that a panel that is shown again asks nothing again.
 */
export class TaskRuns {
  readonly #runs = new Map<string, TaskRun<TaskName>>();
  readonly #listeners = new Set<() => void>();

  /** Calls a function after each change; returns one that ends this. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** How far a task about a plugin is. */
  runOf<Name extends TaskName>(pluginId: number, name: Name): TaskRun<Name> {
    // The cast: `start` puts the run of a task under its name.
    return (this.#runs.get(`${pluginId} ${name}`) ?? { kind: 'none' }) as TaskRun<Name>;
  }

  /** Runs a task about a plugin, and keeps what comes of it. */
  start<Name extends TaskName>(worker: WorkerClient, pluginId: number, name: Name, input: InputOf<Name>): void {
    void followTask(worker, name, input, (run) => {
      this.#runs.set(`${pluginId} ${name}`, run as TaskRun<TaskName>);
      for (const listener of this.#listeners) listener();
    });
  }

  /** Forgets all that is known. */
  clear(): void {
    this.#runs.clear();
  }
}
