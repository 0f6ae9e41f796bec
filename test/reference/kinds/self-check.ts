import * as fc from 'fast-check';
import { SelfCheckExecutionError } from '../../../src/index.ts';
import { toBase64 } from '../../support/base64.ts';
import { executeSelfCheck } from '../../support/layers.ts';
import { failureText } from '../failure-text.ts';
import { guestModule, type Script, scripted } from '../guest.ts';
import { kindOf, WALL_MS } from '../kind.ts';
import { damaged, isWellFormed } from './json-text.ts';

const failure = fc.record({
  stage: fc.constantFrom('request_preparation', 'wire_function_test', 'capability_verification', 'response_validation'),
  message: fc.string({ maxLength: 6 }),
});

const responses = fc
  .record({
    status: fc.constantFrom<unknown>('success', 'success', 'failure', { success: null }, { failure: null }),
    failures: fc.oneof(
      fc.constant([]),
      fc.array(failure, { maxLength: 2 }),
      fc.array(failure, { minLength: 15, maxLength: 17 }),
    ),
    completed_at: fc.oneof({ weight: 3, arbitrary: fc.integer({ min: 1 }) }, fc.constantFrom(0, -1, 1.5)),
  })
  .map((response) => JSON.stringify(response));

const scripts = fc.oneof(
  {
    weight: 8,
    arbitrary: damaged(responses)
      .filter(isWellFormed)
      .map((output): Script => ({ output })),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Script>(
      { end: 'trap' },
      { end: 'loop' },
      { code: 5 },
      {},
      { bytes: 'fffe' },
      { zeros: 8_192 },
      { zeros: 8_193 },
      { error: 'boom' },
      { output: '["success",[],1]' },
      { output: '{"status":"success","failures":[],"completed_at":9223372036854775807}' },
      { output: '{"status":"success","failures":[],"completed_at":9223372036854775808}' },
    ),
  },
);

const moduleOf = (script: Script): Uint8Array<ArrayBuffer> =>
  guestModule({ functions: [scripted('cc_lb_self_check', script)] });

/** Layer 3. */
export const selfCheck = kindOf<Script>({
  name: 'self-check',
  count: 220,
  cases: scripts,
  question: (of) => ({ kind: 'self_check', wasm: toBase64(moduleOf(of)) }),
  answer: (of) => {
    try {
      const { completed_at, ...response } = executeSelfCheck(moduleOf(of), 'all', { wallMs: WALL_MS });
      return { ok: { ...response, completed_at: Number(completed_at) } };
    } catch (error) {
      if (!(error instanceof SelfCheckExecutionError)) throw error;
      const text = failureText(error.failure);
      // In the reference, this failure has a text.
      return { error: text.replace(/^Validation\((\w+).*\)$/, 'Validation($1)') };
    }
  },
});
