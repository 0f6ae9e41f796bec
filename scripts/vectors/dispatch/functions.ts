import type { WrittenVector } from '../layer-vectors.ts';
import { answering } from '../parts.ts';
import { failed } from './ends.ts';
import { functionNamed, functions, type WireFunctionCase } from './wire-functions.ts';

/*
 * Each function: its types, and its policy for each stage.
 */

/** The vectors of one function. */
function ofFunction(of: WireFunctionCase): readonly WrittenVector[] {
  const { name, rule, request, answer, response } = of;
  const good = answering('answer-functions', `{"_v":1${answer === '' ? '' : ','}${answer}}`);
  const step = (ends: object, sent = request) => [{ function: name, request: sent, ends }];
  const vector = (words: string, given: object): WrittenVector => ({
    id: `dispatch/${name}-${words}`,
    rule,
    wasm: good,
    negotiated: { [name]: 1 },
    ...given,
  });
  return [
    vector('response', { steps: step({ response, logs: [], counters: [] }) }),
    vector('without-a-version', { negotiated: {}, steps: step(failed(name, 'MissingNegotiatedVersion')) }),
    vector('with-a-bad-request', { steps: step(failed(name, 'RequestValue'), '{"x":1}') }),
    vector('not-exported', { wasm: 'answer', steps: step(failed(name, 'PluginCall')) }),
    vector('answers-no-json', {
      wasm: answering('answer-functions', '{"_v":1,'),
      steps: step(failed(name, 'DeserializeResponseEnvelope')),
    }),
    vector('answers-another-version', {
      wasm: answering('answer-functions', `{"_v":2${answer === '' ? '' : ','}${answer}}`),
      steps: step(failed(name, 'ResponseVersionMismatch', { expected: 1, actual: 2 })),
    }),
    vector('answers-another-type', {
      wasm: answering('answer-functions', '{"_v":1,"undeclared":1}'),
      steps: step(failed(name, 'ResponseDecode')),
    }),
  ];
}

/** The types of a wire version do not change what a function falls back to. */
const withTypesOfV2 = ['shape', 'sign', 'route'].map((name): WrittenVector => {
  const types = 'v2';
  const { answer, response, request, rule } = functionNamed(name);
  return {
    id: `dispatch/${name}-${types}`,
    rule,
    wasm: answering('answer-functions', `{"_v":1,${answer}}`),
    negotiated: { [name]: 1 },
    steps: [
      { function: name, types, request, ends: { response } },
      { function: name, types, request: '{}', ends: failed(name, 'RequestValue') },
    ],
  };
});

/** All functions. */
export const functionVectors: readonly WrittenVector[] = [...functions.flatMap(ofFunction), ...withTypesOfV2];
