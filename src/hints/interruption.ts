import type { Interruption } from '../interruption.ts';
import type { Hints } from './hint.ts';

/** What to do about a call that the host ended. */
export const interruptionHints: Hints<Interruption> = {
  Aborted: { none: 'the host aborted the call' },
  DeadlineExceeded: {
    none: 'the budgets of a call end before its deadline: the host was busy, or a host function slow',
  },
  RunnerEnded: { none: 'the worker or process of the host ended' },
};
