import type { ComponentChildren, VNode } from 'preact';
import type { TaskRun } from '../task-run.ts';
import type { ResultOf, TaskName } from '../worker/tasks.ts';
import { Failure } from './failure.tsx';

/** What there is of a task that runs once for a panel: its result, or what became of it. */
export function Run<Name extends TaskName>({
  run,
  what,
  again,
  children,
}: {
  readonly run: TaskRun<Name>;
  /** What it does, as `Admitting the plugin`. */
  readonly what: string;
  /** Starts it again after it was stopped. */
  readonly again: () => void;
  readonly children: (result: ResultOf<Name>) => ComponentChildren;
}): VNode | null {
  switch (run.kind) {
    case 'none':
      return null;
    case 'running':
      return <p class="note">{what}…</p>;
    case 'done':
      return <>{children(run.result)}</>;
    case 'stopped':
      return (
        <p>
          It was stopped.{' '}
          <button type="button" onClick={again}>
            Start again
          </button>
        </p>
      );
    case 'failed':
      return <Failure error={run.error} />;
  }
}
