import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { verdictOf } from '../../../src/inspector/call/verdict.ts';

const verdict = suite('verdictOf');

const fault = { error: '', kind: '', message: '', details: [] };

verdict('says what came of a call, and what a host does then', () => {
  const texts = (
    [
      { kind: 'ok', response: { text: '{}', more: 0 } },
      { kind: 'fallback', policy: 'silent_skip', stage: 'plugin_call', fault },
      { kind: 'error', phase: 'cc_lb_alloc', upstream: null, fault },
      { kind: 'refused', stage: 'handshake', fault },
      { kind: 'refused', stage: 'build', fault },
    ] as const
  ).map((outcome) => verdictOf('filter', outcome));
  assert.equal(texts, [
    'filter answered',
    'filter failed: the host continues as if it had made no call',
    'filter failed in the phase cc_lb_alloc',
    'filter was not called: the plugin failed in handshake',
    'filter was not called: the plugin could not be built',
  ]);
});

verdict.run();
