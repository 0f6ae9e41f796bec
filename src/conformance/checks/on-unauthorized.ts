import { wire } from '../../protocol/messages/index.ts';
import { sampleCheck } from '../answers.ts';
import { dispatchFailed } from '../call-faults.ts';
import { type Check, type Finding, fail, first, pass } from '../check.ts';
import { onUnauthorizedRequest } from '../requests/index.ts';
import type { PluginUnderTest, TestHost } from '../test-host.ts';

const { onUnauthorized } = wire.v1;

/** The only decision that the published wire crate has, in its sample. */
const KNOWN = 'fail';

/** The checks of `on_unauthorized`. */
export const onUnauthorizedChecks: readonly Check[] = [
  {
    id: 'on-unauthorized.own-state',
    rule: 'on_unauthorized accepts the state that it returned before, and each category of errors.',
    anchor: 'A-10',
    hint: 'Read signer_state with the type that build_signer and on_unauthorized write. Answer every category.',
    needs: [sampleCheck('on_unauthorized')],
    function: 'on_unauthorized',
    run: (host) => host.withPlugin((plugin) => refuseEach(plugin)),
  },
  {
    id: 'on-unauthorized.decision',
    rule: 'The decision of on_unauthorized is not empty.',
    anchor: 'A-25',
    hint: 'Set decision, for example to fail (as in the sample), or to another value that your host knows.',
    needs: [sampleCheck('on_unauthorized')],
    function: 'on_unauthorized',
    run: (host) => decide(host, (word) => (word.trim() === '' ? 'is empty' : undefined)),
  },
  {
    id: 'on-unauthorized.known-decision',
    rule: `The decision of on_unauthorized is ${KNOWN}.`,
    anchor: 'A-27',
    advice: true,
    hint: 'Ask your host what it does with this word: only that of the sample is published.',
    needs: ['on-unauthorized.decision'],
    function: 'on_unauthorized',
    run: (host) => decide(host, (word) => (word === KNOWN ? undefined : `is ${JSON.stringify(word)}, not ${KNOWN}`)),
  },
];

const categories = ['unauthorized', 'retryable', 'failed'] as const;

/** Judges the decision about the sample. `faultOf` returns what is wrong with it. */
function decide(host: TestHost, faultOf: (word: string) => string | undefined): Finding {
  return host.withPlugin((plugin) => {
    const request = onUnauthorizedRequest().signerState(plugin.signerState).build();
    const outcome = plugin.dispatch(onUnauthorized, request);
    if (outcome.kind === 'fallback') return judge(outcome);
    const fault = faultOf(outcome.response.decision);
    return fault === undefined ? pass() : fail(`the decision ${fault}`);
  });
}

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
  return outcome.kind === 'ok' ? pass() : dispatchFailed(outcome.error);
}
