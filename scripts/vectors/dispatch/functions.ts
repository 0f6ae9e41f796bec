import type { WrittenVector } from '../layer-vectors.ts';
import { answering, failed, fallbackOf, functions, type WireFunctionCase } from './case.ts';

/*
 * Each function: its types, and its policy for each stage.
 */

/** The vectors of one function. */
function vectorsOf(of: WireFunctionCase): readonly WrittenVector[] {
  const { name, rule, request, answer, response } = of;
  const good = answering(`{"_v":1${answer === '' ? '' : ','}${answer}}`);
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
      wasm: answering('{"_v":1,'),
      steps: step(failed(name, 'DeserializeResponseEnvelope')),
    }),
    vector('answers-another-version', {
      wasm: answering(`{"_v":2${answer === '' ? '' : ','}${answer}}`),
      steps: step(failed(name, 'ResponseVersionMismatch', { expected: 1, actual: 2 })),
    }),
    vector('answers-another-type', {
      wasm: answering('{"_v":1,"undeclared":1}'),
      steps: step(failed(name, 'ResponseDecode')),
    }),
  ];
}

const generations: readonly (readonly [name: string, types: string])[] = [
  ['shape', 'v2'],
  ['sign', 'v2'],
  ['route', 'v2'],
];

/** The types of a generation do not change what a function falls back to. */
const ofGenerations = generations.map(([name, types]): WrittenVector => {
  const { answer, response, request, rule } = functions.find((one) => one.name === name) ?? functions[0];
  return {
    id: `dispatch/${name}-${types}`,
    rule,
    wasm: answering(`{"_v":1,${answer}}`),
    negotiated: { [name]: 1 },
    steps: [
      { function: name, types, request, ends: { response } },
      { function: name, types, request: '{}', ends: { ...failed(name, 'RequestValue'), fallback: fallbackOf(name) } },
    ],
  };
});

/** All functions. */
export const functionVectors: readonly WrittenVector[] = [...functions.flatMap(vectorsOf), ...ofGenerations];
