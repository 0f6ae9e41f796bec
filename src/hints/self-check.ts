import type { SelfCheckExecutionFailure, SelfCheckViolation } from '../protocol/self-check.ts';
import { buildHint } from './build.ts';
import { callHint } from './call.ts';
import { type Hints, hintIn } from './hint.ts';
import { jsonHint } from './json.ts';
import { trapHint } from './trap.ts';

const HOST_REQUEST = { none: 'the request of the host breaks a rule' } as const;

const violations: Hints<SelfCheckViolation> = {
  EmptyRequest: HOST_REQUEST,
  TooManyFunctions: ({ max }) => `List only the first ${max} failures.`,
  InvalidTimestamp: ({ field }) =>
    `Copy initiated_at of the request to ${field}: a plugin has no clock in the self-check.`,
};

/** What to do about a self-check that failed. */
const hints: Hints<SelfCheckExecutionFailure> = {
  Validation: ({ violation }) => hintIn(violations, violation),
  Instantiate: ({ build }) => buildHint(build),
  MissingSelfCheckExport:
    'Export cc_lb_self_check, without parameters and with an i32 result or none, even if the plugin checks nothing.',
  Clock: { none: 'the clock of the host failed' },
  SerializeRequest: HOST_REQUEST,
  Call: ({ call }) => {
    if (call.kind === 'PluginError') {
      return 'List what is wrong in failures, with the status failure, and set no error: the self-check has an answer.';
    }
    if (call.kind === 'OutOfFuel' || call.kind === 'Timeout') {
      return (
        'Only decode and encode the samples in cc_lb_self_check, without running handlers; look for an endless loop. ' +
        `${call.kind === 'Timeout' ? 'Its limit is wall-clock time.' : 'Its budget is the same for every host.'}`
      );
    }
    if (call.kind === 'Trap') return trapHint(call, call.reason, 'Say in failures what is wrong instead.');
    return callHint(call);
  },
  OutputTooLarge: ({ max }) => `Shorten the messages of failures: the whole answer has at most ${max} bytes.`,
  DecodeResponse: ({ fault }) =>
    fault.kind === 'UnknownField' && fault.field === '_v'
      ? 'Leave `_v` out of the answer of the self-check: only messages of wire functions have it.'
      : jsonHint(fault),
  SuccessWithFailures: 'Set the status to failure if failures is not empty.',
  FailureWithoutFailures: 'Say in failures what failed, or set the status to success.',
  FailureStatus:
    'Correct what the plugin lists in failures. Usually a sample changes when it is decoded and encoded again: ' +
    'compare the types with those of abi/PROTOCOL.md.',
};

/** Says what to do about a self-check that failed; `undefined` if the plugin cannot help it. */
export function selfCheckHint(failure: SelfCheckExecutionFailure): string | undefined {
  return hintIn(hints, failure);
}
