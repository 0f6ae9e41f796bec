import { wire } from '../../protocol/messages/index.ts';
import { sampleCheck } from '../answers.ts';
import { describeFault, faultHint } from '../call-faults.ts';
import { type Check, type Finding, fail, first, pass } from '../check.ts';
import { onUnauthorizedRequest } from '../requests/index.ts';
import type { Subject } from '../test-host.ts';

const { onUnauthorized } = wire.v1;

/** The checks of `on_unauthorized`. */
export const onUnauthorizedChecks: readonly Check[] = [
  {
    id: 'on-unauthorized.own-state',
    rule: 'on_unauthorized takes the state that it made before, and each category of errors.',
    anchor: 'opaque-values',
    hint: 'Read signer_state with the type that build_signer and on_unauthorized write, and answer every category.',
    needs: [sampleCheck('on_unauthorized')],
    function: 'on_unauthorized',
    run: (bench) => bench.withPlugin((subject) => refuseEach(subject)),
  },
  {
    id: 'on-unauthorized.decision',
    rule: 'on_unauthorized says its decision in a word.',
    anchor: 'requests-and-responses',
    hint: 'Set decision, to fail as in the sample, or to what your host understands.',
    needs: [sampleCheck('on_unauthorized')],
    function: 'on_unauthorized',
    run: (bench) =>
      bench.withPlugin((subject) => {
        const outcome = subject.dispatch(
          onUnauthorized,
          onUnauthorizedRequest().signerState(subject.signerState).build(),
        );
        if (outcome.kind === 'fallback') return fail(describeFault(outcome.error));
        return outcome.response.decision.trim() === '' ? fail('the decision is empty') : pass();
      }),
  },
];

const categories = ['unauthorized', 'retryable', 'failed'] as const;

function refuseEach(subject: Subject): Finding {
  let state = subject.signerState;
  const findings = categories.map((category): Finding => {
    const request = onUnauthorizedRequest().category(category).signerState(state).build();
    const outcome = subject.dispatch(onUnauthorized, request);
    if (outcome.kind === 'ok') state = outcome.response.signer_state;
    return judge(outcome);
  });
  return first(findings);
}

function judge(outcome: ReturnType<Subject['dispatch']>): Finding {
  return outcome.kind === 'ok' ? pass() : fail(describeFault(outcome.error), faultHint(outcome.error));
}
