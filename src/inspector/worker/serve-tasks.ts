import { reportFailure } from '../../inspection/failure-report.ts';
import type { TaskMessage, TaskReply } from './messages.ts';

/** A task as the worker runs it: it knows neither the input's type nor the result's. */
type AnyTask = (input: never, report: (progress: unknown) => void) => unknown;

/**
 * Makes the worker's side: a function that runs the task of a message and posts what comes of it.
 *
 * @param tasks the tasks by name.
 * @param post sends a reply to the page. It may throw for a value that cannot be cloned.
 */
export function taskServer(
  tasks: Readonly<Record<string, AnyTask>>,
  post: (reply: TaskReply) => void,
): (message: TaskMessage) => Promise<void> {
  return async ({ id, task: name, input }) => {
    try {
      const task = Object.hasOwn(tasks, name) ? tasks[name] : undefined;
      if (task === undefined) throw new TypeError(`the worker has no task ${name}`);
      // The page's client ties the names of tasks to the types of their inputs.
      const result = await task(input as never, (progress) => post({ id, kind: 'progress', progress }));
      post({ id, kind: 'done', result });
    } catch (error) {
      post({ id, kind: 'failed', error: cloneable(reportFailure(error)) });
    }
  };
}

/** A report as a message can carry it: without the failure, if that holds a function or such. */
function cloneable<Report extends { readonly failure: unknown }>(report: Report): Report {
  try {
    return structuredClone(report);
  } catch {
    return { ...report, failure: undefined };
  }
}
