import type { FailureReport } from '../../inspection/failure-report.ts';

/** What the page sends to the worker: a task to run. */
export interface TaskMessage {
  readonly id: number;
  /** The name of the task. */
  readonly task: string;
  readonly input: unknown;
}

/** What the worker sends to the page about a task. */
export type TaskReply =
  | { readonly id: number; readonly kind: 'progress'; readonly progress: unknown }
  | { readonly id: number; readonly kind: 'done'; readonly result: unknown }
  | { readonly id: number; readonly kind: 'failed'; readonly error: FailureReport };
