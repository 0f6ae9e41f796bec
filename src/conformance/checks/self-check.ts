import { allWireFunctions, limits } from '../../protocol/messages/index.ts';
import {
  executeSelfCheck,
  SelfCheckExecutionError,
  type SelfCheckExecutionFailure,
  type SelfCheckViolation,
} from '../../protocol/self-check.ts';
import { type Check, type Finding, fail, pass } from '../check.ts';
import { ladder, type Rung } from '../layer-rules.ts';
import type { Bench } from '../test-host.ts';
import { HANDSHAKE_DONE } from './handshake.ts';

const anchor = 'self-check-order-of-checks';

const rungs: readonly Rung[] = [
  {
    id: 'self-check.export',
    rule: 'There is an export cc_lb_self_check of type () -> i32 or () -> ().',
    anchor,
    hint: 'Export cc_lb_self_check without parameters.',
  },
  {
    id: 'self-check.call',
    rule: 'cc_lb_self_check answers within 200 ms and 10,000,000 fuel: no trap, no error, code 0, output in UTF-8.',
    anchor,
    hint: 'Pass the samples through your types, set the output and return 0; report faults in failures, not as an error. Do not run handlers.',
    measure: ({ fuel }) =>
      fuel === undefined ? undefined : { value: fuel, unit: 'fuel', limit: limits.SELF_CHECK_FUEL },
  },
  {
    id: 'self-check.output-size',
    rule: 'The response has at most 8192 bytes.',
    anchor,
    hint: 'Keep the messages of failures short.',
  },
  {
    id: 'self-check.response',
    rule: 'The output is the JSON of a self-check response.',
    anchor: 'layer-3-self-check',
    hint: 'Write an object with exactly status, failures and completed_at.',
  },
  {
    id: 'self-check.completed-at',
    rule: 'completed_at is a time above 0, in Unix seconds.',
    anchor,
    hint: 'A plugin has no clock here: answer the initiated_at of the request.',
  },
  {
    id: 'self-check.failure-count',
    rule: 'At most 16 failures are listed.',
    anchor,
    hint: 'Leave off after the sixteenth.',
  },
  {
    id: 'self-check.consistent',
    rule: 'success comes without failures, failure with at least one.',
    anchor,
    hint: 'Make status follow from failures.',
  },
  {
    id: 'self-check.success',
    rule: 'The plugin finds no fault in itself.',
    anchor,
    hint: 'Look at the failures that the plugin lists: a sample does not come back through its types unchanged.',
    detail: ({ admission: { selfCheck } }) => selfCheck?.failures.map(({ message }) => message).join('; '),
  },
];

/** A module that could be built for the handshake can be built again; the request is the host's own. */
const checkOf: Readonly<Record<SelfCheckExecutionFailure['kind'] | SelfCheckViolation['kind'], string>> = {
  Validation: '',
  Clock: '',
  SerializeRequest: '',
  EmptyRequest: '',
  Instantiate: 'self-check.export',
  MissingSelfCheckExport: 'self-check.export',
  Call: 'self-check.call',
  OutputTooLarge: 'self-check.output-size',
  DecodeResponse: 'self-check.response',
  InvalidTimestamp: 'self-check.completed-at',
  TooManyFunctions: 'self-check.failure-count',
  SuccessWithFailures: 'self-check.consistent',
  FailureWithoutFailures: 'self-check.consistent',
  FailureStatus: 'self-check.success',
};

/** The check that the last rule of the self-check is. */
export const SELF_CHECK_DONE = 'self-check.success';

/** The checks of layer 3. */
export const selfCheckChecks: readonly Check[] = [
  ...ladder('self_check', rungs, checkOf, [HANDSHAKE_DONE]),
  {
    id: 'self-check.all-functions',
    rule: 'A request that names all seven wire functions succeeds too.',
    anchor: 'layer-3-self-check',
    hint: 'Pass over the functions that the plugin does not implement: a host may name every function of the protocol.',
    needs: [SELF_CHECK_DONE],
    run: checkAllForm,
  },
];

function checkAllForm({ compiled, options: { clock } }: Bench): Finding {
  try {
    executeSelfCheck(compiled, 'all', { clock });
    return pass({ value: allWireFunctions.length, unit: 'functions' });
  } catch (error) {
    if (!(error instanceof SelfCheckExecutionError)) throw error;
    const [failure] = error.response?.failures ?? [];
    return fail(failure === undefined ? error.message : `${error.message}: ${failure.message}`);
  }
}
