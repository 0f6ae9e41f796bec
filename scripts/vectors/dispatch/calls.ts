import type { WrittenVector } from '../layer-vectors.ts';
import { type DispatchFailureKind, failed } from './ends.ts';
import { functionNamed } from './wire-functions.ts';

/*
 * Calls: which fail, what the plugin gets, and what is left after a failure.
 */

const NAME = 'normalize_error';

/** A step that has the plugin `by-letter` do what a letter says. */
const letter = (says: string, ends: object): object => ({
  function: NAME,
  request: `{"status":500,"body_base64":"${says}"}`,
  ends,
});

const counted = (count: number): object => letter('c', { response: `{"body_base64":"${count}"}` });

/** What a letter makes of a call: the letter, a few words, the failure, and further fields. */
type LetterCase = readonly [says: string, words: string, kind: DispatchFailureKind, more?: object];

const letters: readonly LetterCase[] = [
  ['d', 'division-by-zero', 'PluginCall'],
  ['e', 'error-with-code-0', 'PluginCall'],
  ['f', 'no-fuel', 'PluginCall', { budget: { fuel: 100_000 } }],
  ['h', 'error-of-a-host-function', 'PluginCall'],
  ['j', 'no-json', 'DeserializeResponseEnvelope'],
  ['m', 'growth-past-the-budget', 'PluginCall', { flags: ['trap-on-grow'] }],
  ['n', 'no-output', 'DeserializeResponseEnvelope'],
  ['r', 'code-7', 'PluginCall'],
  ['s', 'no-stack', 'PluginCall'],
  ['t', 'unreachable', 'PluginCall'],
  ['u', 'not-utf-8', 'PluginCall'],
  ['v', 'another-version', 'ResponseVersionMismatch'],
];

const byLetter = (id: string, rule: string, steps: readonly object[], more: object = {}): WrittenVector => ({
  id: `dispatch/${id}`,
  rule,
  ...more,
  wasm: 'by-letter',
  negotiated: { [NAME]: 1 },
  steps,
});

/** The rules of failures that are not those of the call. */
const rules: Readonly<Partial<Record<DispatchFailureKind, string>>> = {
  DeserializeResponseEnvelope: 'D-14',
  ResponseVersionMismatch: 'D-18',
};

/** Each failure alone, and between two calls of the same plugin. The second one has counted it. */
const failures = letters.flatMap(([says, words, kind, more]) => [
  byLetter(`call-${words}`, rules[kind] ?? 'D-12', [letter(says, failed(NAME, kind))], more),
  byLetter(`after-${words}`, 'D-22', [counted(1), letter(says, failed(NAME, kind)), counted(3)], more),
]);

const others: readonly WrittenVector[] = [
  byLetter('call-deadline', 'D-12', [letter('f', failed(NAME, 'PluginCall'))], {
    flags: ['time'],
    budget: { fuel: 1_000_000_000_000, wall_ms: 50 },
  }),
  byLetter('fuel-is-for-each-call', 'D-22', [letter('f', failed(NAME, 'PluginCall')), counted(2), counted(3)], {
    budget: { fuel: 100_000 },
  }),
  byLetter('after-many-failures', 'D-22', [
    ...['t', 't', 'e', 'r', 'u', 't'].map((says) => letter(says, failed(NAME, 'PluginCall'))),
    counted(7),
  ]),
  byLetter('after-failures-that-run-nothing', 'D-22', [
    counted(1),
    { function: NAME, request: '{}', ends: failed(NAME, 'RequestValue') },
    { function: 'sign', request: '{}', ends: failed('sign', 'MissingNegotiatedVersion') },
    counted(2),
  ]),
];

const requestOf = (name: string): string => functionNamed(name).request;

const signature = (name: string, words: string, ends: object): WrittenVector => ({
  id: `dispatch/export-${words}`,
  rule: 'D-12',
  wasm: 'signatures',
  negotiated: { [name]: 1 },
  steps: [{ function: name, request: requestOf(name), ends }],
});

const signatures: readonly WrittenVector[] = [
  signature('shape', 'with-a-parameter', failed('shape', 'PluginCall')),
  signature(NAME, 'with-a-result-i64', failed(NAME, 'PluginCall')),
  signature('build_signer', 'without-a-result', { response: '{"signer_state":null}' }),
  signature('sign', 'with-two-results', failed('sign', 'PluginCall')),
  signature('on_unauthorized', 'that-is-a-memory', failed('on_unauthorized', 'PluginCall')),
  signature('observe', 'with-a-result-i32', { response: '{}' }),
  signature('filter', 'that-returns-a-negative-code', failed('filter', 'PluginCall')),
  signature('route', 'that-is-missing', failed('route', 'PluginCall')),
];

const build = (request: string, ends: object): object => ({ function: 'build_signer', request, ends });
const builtWith = (state: string): string => `{"upstream":{"kind":"anthropic_direct"},"factory_state":${state}}`;

/** The plugin answers with what it got. */
const inputs: readonly WrittenVector[] = [
  {
    id: 'dispatch/input-is-the-request',
    rule: 'D-3',
    wasm: 'reflect',
    negotiated: { build_signer: 1, on_unauthorized: 1 },
    steps: [
      build(builtWith('{"z":[1.0,18446744073709551615],"a":null}'), {
        response:
          '{"signer_state":{"_v":1,"factory_state":{"a":null,"z":[1.0,18446744073709551615]},' +
          '"upstream":{"kind":"anthropic_direct"}}}',
      }),
      {
        function: 'on_unauthorized',
        request: requestOf('on_unauthorized'),
        ends: {
          response:
            '{"decision":"fail","signer_state":{"_v":1,"error":{"body_base64":null,"category":"unauthorized",' +
            '"status":401},"signer_state":null}}',
        },
      },
    ],
  },
  {
    id: 'dispatch/input-of-each-call',
    rule: 'D-3',
    about: 'A short request after a long one.',
    wasm: 'reflect',
    negotiated: { build_signer: 1 },
    steps: ['"a long state, longer than the next"', '1'].map((state) =>
      build(builtWith(state), {
        response: `{"signer_state":{"_v":1,"factory_state":${state},"upstream":{"kind":"anthropic_direct"}}}`,
      }),
    ),
  },
  {
    id: 'dispatch/each-function-has-its-own-version',
    rule: 'D-1',
    wasm: 'reflect',
    negotiated: { build_signer: 2, on_unauthorized: 1 },
    steps: [
      build(builtWith('null'), failed('build_signer', 'ResponseVersionMismatch', { expected: 2, actual: 1 })),
      {
        function: 'on_unauthorized',
        request: requestOf('on_unauthorized'),
        ends: {
          response:
            '{"decision":"fail","signer_state":{"_v":1,"error":{"body_base64":null,"category":"unauthorized",' +
            '"status":401},"signer_state":null}}',
        },
      },
    ],
  },
];

const lookup = (
  words: string,
  negotiated: object,
  name: string,
  request: string,
  kind: DispatchFailureKind,
): WrittenVector => ({
  id: `dispatch/${words}`,
  rule: 'D-8',
  wasm: 'by-letter',
  negotiated,
  steps: [{ function: name, request, ends: failed(name, kind) }],
});

/** Of two faults, the one of the earlier row. */
const order: readonly WrittenVector[] = [
  lookup('no-version-and-a-bad-request', { sign: 1 }, NAME, '{}', 'MissingNegotiatedVersion'),
  lookup('no-version-and-no-export', { sign: 1 }, 'shape', requestOf('shape'), 'MissingNegotiatedVersion'),
  lookup('a-version-in-capitals', { NORMALIZE_ERROR: 1 }, NAME, requestOf(NAME), 'MissingNegotiatedVersion'),
  lookup('a-bad-request-and-no-export', { sign: 1 }, 'sign', '{"signer_state":null}', 'RequestValue'),
  lookup('a-bad-request-and-a-trap', { [NAME]: 1 }, NAME, '{"status":70000,"body_base64":"t"}', 'RequestValue'),
  lookup(
    'a-repeated-field-in-a-request',
    { [NAME]: 1 },
    NAME,
    '{"status":1,"status":1,"body_base64":"c"}',
    'RequestValue',
  ),
];

/** What calls do. */
export const callVectors: readonly WrittenVector[] = [...failures, ...others, ...signatures, ...inputs, ...order];
