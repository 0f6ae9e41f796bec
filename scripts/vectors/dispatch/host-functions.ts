import type { WrittenVector } from '../layer-vectors.ts';
import { failed } from './ends.ts';
import { functionNamed } from './wire-functions.ts';

/*
 * A plugin in dispatch has the host functions. The layer `host-functions` shows what they do.
 */

const step = (name: string, ends: object): object => ({ function: name, request: functionNamed(name).request, ends });

const signRequest = '{"_v":1,"shaped":{"body_base64":"","headers":[],"method":"m","url":"u"},"signer_state":null}';
const buildRequest = '{"_v":1,"factory_state":null,"upstream":{"kind":"anthropic_direct"}}';

const vector = (words: string, steps: readonly object[], more: object = {}): WrittenVector => ({
  id: `dispatch/host-functions-${words}`,
  rule: 'D-3.1',
  ...more,
  wasm: 'host-calls',
  negotiated: { build_signer: 1, sign: 1, on_unauthorized: 1, normalize_error: 1, observe: 1 },
  steps,
});

const state = (value: string): object => ({ response: `{"decision":"fail","signer_state":${value}}` });

/** The host functions in dispatch. */
export const hostFunctionVectors: readonly WrittenVector[] = [
  vector('storage-logs-and-counters', [
    step('build_signer', {
      response: '{"signer_state":null}',
      logs: [['warn', 'stored']],
      counters: [['requests', 3]],
    }),
    step('on_unauthorized', { ...state(buildRequest), logs: [], counters: [] }),
  ]),
  vector(
    'storage-after-a-trap',
    [
      step('sign', { ...failed('sign', 'PluginCall'), logs: [['warn', 'stored']] }),
      step('on_unauthorized', state(signRequest)),
    ],
    { rule: 'D-22' },
  ),
  vector('storage-of-the-last-put', [
    step('build_signer', { response: '{"signer_state":null}' }),
    step('sign', failed('sign', 'PluginCall')),
    step('on_unauthorized', state(signRequest)),
  ]),
  vector('storage-that-is-empty', [step('on_unauthorized', failed('on_unauthorized', 'DeserializeResponseEnvelope'))]),
  vector('clock', [step('normalize_error', { response: '{"body_base64":"1700000000000"}' })]),
  vector('clock-that-is-given', [step('normalize_error', { response: '{"body_base64":"1234567890123"}' })], {
    clock: 1_234_567_890_123,
  }),
  vector('random-bytes', [step('observe', { response: '{}' })]),
];
