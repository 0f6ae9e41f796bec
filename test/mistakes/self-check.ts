import type { Mistake } from './mistake.ts';
import { selfChecking } from './plugins.ts';

const failure = { stage: 'wire_function_test', message: 'filter: the sample does not come back' };

/** Mistakes in the self-check. */
export const selfCheckMistakes: readonly Mistake[] = [
  {
    id: 'scfail',
    mistake: 'The self-check answers `failure`, with a message',
    command: ['admit'],
    file: () => selfChecking({ status: 'failure', failures: [failure] }),
    told: {
      check: 'self-check.success',
      kind: 'FailureStatus',
      message: 'the self-check found 1 failure',
      hint:
        'Correct what the plugin lists in failures. Usually a sample changes when it is decoded ' +
        'and encoded again: compare the types with those of abi/PROTOCOL.md.',
      words: `${failure.stage}  ${failure.message}`,
    },
  },
  {
    id: 'sczero',
    mistake: 'The self-check answers `completed_at: 0`',
    command: ['admit'],
    file: () => selfChecking({ completed_at: 0 }),
    told: {
      check: 'self-check.completed-at',
      kind: 'Validation.InvalidTimestamp',
      message: 'completed_at must be a time after 1970',
      hint: 'Copy initiated_at of the request to completed_at: a plugin has no clock in the self-check.',
    },
  },
];
