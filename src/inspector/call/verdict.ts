import type { FallbackPolicy } from '../../protocol/messages/index.ts';
import type { CallOutcome } from './report.ts';

/** What a host does instead of using a response (abi/PROTOCOL.md, Layer 5). */
const POLICIES: Readonly<Record<FallbackPolicy, string>> = {
  fail_request: 'the host fails the request',
  pass_through: 'the host passes on what it had before the call',
  silent_skip: 'the host continues as if it had made no call',
  use_default: 'the host decides by its own default',
};

/** Says in a few words what came of a call, for a person. */
export function verdictOf(name: string, outcome: CallOutcome): string {
  switch (outcome.kind) {
    case 'ok':
      return `${name} answered`;
    case 'fallback':
      return `${name} failed: ${POLICIES[outcome.policy]}`;
    case 'error':
      return `${name} failed in the phase ${outcome.phase}`;
    case 'refused': {
      const why = outcome.stage === 'build' ? 'could not be built' : `failed in ${outcome.stage}`;
      return `${name} was not called: the plugin ${why}`;
    }
  }
}
