import { wire } from '../../protocol/messages/index.ts';
import { sampleCheck } from '../answers.ts';
import { describeFault, faultHint } from '../call-faults.ts';
import { type Check, type Finding, fail, first, pass } from '../check.ts';
import { onUnauthorizedRequest } from '../requests/index.ts';
import type { PluginUnderTest } from '../test-host.ts';

const { onUnauthorized } = wire.v1;

/** The checks of `on_unauthorized`. */
export const onUnauthorizedChecks: readonly Check[] = [
  {
    id: 'on-unauthorized.own-state',
    rule: 'on_unauthorized accepts the state that it returned before, and each category of errors.',
    anchor: 'opaque-values',
    hint: 'Read signer_state with the type that build_signer and on_unauthorized write. Answer every category.',
    needs: [sampleCheck('on_unauthorized')],
    function: 'on_unauthorized',
    run: (host) => host.withPlugin((plugin) => refuseEach(plugin)),
  },
  {
    id: 'on-unauthorized.decision',
    rule: 'The decision of on_unauthorized is not empty.',
    anchor: 'requests-and-responses',
    hint: 'Set decision, for example to fail (as in the sample), or to another value that your host knows.',
    needs: [sampleCheck('on_unauthorized')],
    function: 'on_unauthorized',
    run: (host) =>
      host.withPlugin((plugin) => {
        const outcome = plugin.dispatch(
          onUnauthorized,
          onUnauthorizedRequest().signerState(plugin.signerState).build(),
        );
        if (outcome.kind === 'fallback') return fail(describeFault(outcome.error));
        return outcome.response.decision.trim() === '' ? fail('the decision is empty') : pass();
      }),
  },
];

const categories = ['unauthorized', 'retryable', 'failed'] as const;

function refuseEach(plugin: PluginUnderTest): Finding {
  let state = plugin.signerState;
  const findings = categories.map((category): Finding => {
    const request = onUnauthorizedRequest().category(category).signerState(state).build();
    const outcome = plugin.dispatch(onUnauthorized, request);
    if (outcome.kind === 'ok') state = outcome.response.signer_state;
    return judge(outcome);
  });
  return first(findings);
}

function judge(outcome: ReturnType<PluginUnderTest['dispatch']>): Finding {
  return outcome.kind === 'ok' ? pass() : fail(describeFault(outcome.error), faultHint(outcome.error));
}
