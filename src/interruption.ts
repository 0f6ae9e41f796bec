import type { FailureMessages } from './failure.ts';

/**
 * Why a host ended a call that had not answered.
 *
 * - `Aborted`: the signal of the call was aborted. The cause is its reason.
 * - `DeadlineExceeded`: the call as a whole, with waiting, took longer than `deadlineMs`.
 * - `RunnerEnded`: the worker or process that ran the plugin ended.
 */
export type Interruption =
  | { readonly kind: 'Aborted' }
  | { readonly kind: 'DeadlineExceeded'; readonly deadlineMs: number }
  | { readonly kind: 'RunnerEnded'; readonly runner: 'worker' | 'process'; readonly reason: string };

/** The message of each interruption. */
export const interruptionMessages: FailureMessages<Interruption> = {
  Aborted: () => 'the host aborted the call',
  DeadlineExceeded: (f) => `the call took longer than ${f.deadlineMs} ms`,
  RunnerEnded: (f) => `the ${f.runner} that ran the plugin ended: ${f.reason}`,
};
