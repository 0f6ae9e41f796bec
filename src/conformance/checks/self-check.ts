import { recover } from '../../failure.ts';
import { hintFor } from '../../hints/index.ts';
import { withStackText } from '../../metering/run/stack-text.ts';
import { allWireFunctions, limits } from '../../protocol/messages/index.ts';
import {
  executeSelfCheck,
  SelfCheckExecutionError,
  type SelfCheckExecutionFailure,
  type SelfCheckViolation,
} from '../../protocol/self-check.ts';
import { type Check, type Finding, fail, pass } from '../check.ts';
import { type LayerRule, layerChecks } from '../layer-rules.ts';
import type { TestHost } from '../test-host.ts';
import { HANDSHAKE_DONE } from './handshake.ts';

const anchor = 'self-check-order-of-checks';

const rules: readonly LayerRule[] = [
  {
    id: 'self-check.export',
    rule: 'The module exports cc_lb_self_check with type () -> i32 or () -> ().',
    anchor,
  },
  {
    id: 'self-check.call',
    rule: 'cc_lb_self_check answers within 200 ms and 10,000,000 fuel: no trap, no error, code 0, output in UTF-8.',
    anchor,
    measure: ({ fuel }) =>
      fuel === undefined ? undefined : { value: fuel, unit: 'fuel', limit: limits.SELF_CHECK_FUEL },
    nearHint: 'Only decode and encode the samples in the self-check, and run no handlers.',
  },
  {
    id: 'self-check.output-size',
    rule: 'The response has at most 8192 bytes.',
    anchor,
  },
  {
    id: 'self-check.response',
    rule: 'The output is a self-check response in JSON.',
    anchor: 'layer-3-self-check',
  },
  {
    id: 'self-check.completed-at',
    rule: 'completed_at is above 0, in Unix seconds.',
    anchor,
  },
  {
    id: 'self-check.failure-count',
    rule: 'The response lists at most 16 failures.',
    anchor,
  },
  {
    id: 'self-check.consistent',
    rule: 'failures is empty if status is success, and not empty if it is failure.',
    anchor,
  },
  {
    id: 'self-check.success',
    rule: 'The status is success.',
    anchor,
    detail: ({ admission: { selfCheck } }) => selfCheck?.failures.map(({ message }) => message).join('; '),
  },
];

/**
 * Faults of the request have no check: the host makes it. `Instantiate` cannot occur: the handshake
 * built the same module.
 */
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

/** The id of the check of the last rule of the self-check. */
export const SELF_CHECK_DONE = 'self-check.success';

/** The checks of layer 3. */
export const selfCheckChecks: readonly Check[] = [
  ...layerChecks('self_check', rules, checkOf, [HANDSHAKE_DONE]),
  {
    id: 'self-check.all-functions',
    rule: 'A request that names all seven wire functions succeeds.',
    anchor: 'A-3',
    hint: 'Ignore functions that the plugin does not implement. A host may name every function of the protocol.',
    needs: [SELF_CHECK_DONE],
    run: checkAllForm,
  },
];

function checkAllForm(host: TestHost): Finding {
  const run = (): Finding => {
    executeSelfCheck(host.compiled, 'all', { clock: host.options.clock, ...host.layerHost() });
    return pass({ value: allWireFunctions.length, unit: 'functions' });
  };
  return recover(run, SelfCheckExecutionError, (error) => {
    const { response, message, failure } = error;
    const [first] = response?.failures ?? [];
    const found = first === undefined ? withStackText(message, failure) : `${message}: ${first.message}`;
    // With a plain request it succeeded, so its own failures are about a function that it lacks.
    return fail(found, failure.kind === 'FailureStatus' ? undefined : hintFor(error));
  });
}
