import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compareEnds, type End, type ExpectedEnd } from '../../../src/conformance/vectors/index.ts';
import { OpaqueJson } from '../../../src/json/opaque-json.ts';

const compare = suite('vectors: compareEnds');

const opaque = (text: string): OpaqueJson => OpaqueJson.parse(text);
const failed = (kind: string, fields: Record<string, OpaqueJson> = {}): End => ({
  layer: 'identity',
  error: { kind, fields },
});

const equal: readonly (readonly [string, ExpectedEnd, End])[] = [
  ['equal texts', { response: '{"a":1}' }, { response: '{"a":1}' }],
  ['equal bytes', { output: Uint8Array.of(1, 2) }, { output: Uint8Array.of(1, 2) }],
  ['further fields of the host', { response: '1' }, { response: '1', fuel: 3 }],
  ['further fields of the error', failed('X', { a: opaque('1') }), failed('X', { a: opaque('1'), b: opaque('2') })],
  [
    'further fields of a failure in a failure',
    failed('X', { violation: opaque('{"kind":"Y","a":1}') }),
    failed('X', { violation: opaque('{"kind":"Y","a":1,"b":2}') }),
  ],
  ['an error without fields', { error: { kind: 'X' } }, failed('X', { a: opaque('1') })],
  ['the same keys in another order', { logs: opaque('{"a":1,"b":2}') }, { logs: opaque('{"b":2,"a":1}') }],
  ['a number and the bigint of the same value', { fuel: 3 }, { fuel: 3n }],
  ['the second of several', { oneOf: [{ response: '1' }, { response: '2' }] }, { response: '2' }],
  ['null where a field is not expected', { response: '1', output: null }, { response: '1' }],
];

const different: readonly (readonly [string, ExpectedEnd, End, string])[] = [
  ['white space of a JSON text', { response: '{"a":1}' }, { response: '{"a": 1}' }, 'response'],
  ['another byte', { output: Uint8Array.of(1, 2) }, { output: Uint8Array.of(1, 3) }, 'output'],
  ['fewer bytes', { output: Uint8Array.of(1, 2) }, { output: Uint8Array.of(1) }, 'output'],
  ['no output', { output: new Uint8Array() }, {}, 'output'],
  ['an error instead of a response', { response: '1' }, failed('X'), 'response'],
  ['another kind', failed('X'), failed('Y'), 'error.kind'],
  ['another layer', { layer: 'call', error: { kind: 'X' } }, failed('X'), 'layer'],
  ['another field of the error', failed('X', { a: opaque('1') }), failed('X', { a: opaque('2') }), 'error.fields.a'],
  ['an integer and a float', failed('X', { a: opaque('1') }), failed('X', { a: opaque('1.0') }), 'error.fields.a'],
  [
    'another field of a failure in a failure',
    failed('X', { violation: opaque('{"kind":"Y","a":1}') }),
    failed('X', { violation: opaque('{"kind":"Y","a":1.0}') }),
    'error.fields.violation.a',
  ],
  ['a missing field of the error', failed('X', { a: opaque('1') }), failed('X'), 'error.fields.a'],
  ['another order of a list', { slots: ['a', 'b'] }, { slots: ['b', 'a'] }, 'slots'],
  ['none of several', { oneOf: [{ response: '1' }, { hash: '2' }] }, { response: '2' }, 'hash'],
  ['false and nothing', { expired: false }, {}, 'expired'],
];

for (const [what, expected, found] of equal)
  compare(`${what}: no difference`, () => {
    assert.is(compareEnds(expected, found), undefined);
  });
for (const [what, expected, found, path] of different)
  compare(`${what}: a difference at ${path}`, () => {
    assert.is(compareEnds(expected, found)?.path, path);
  });

compare('a difference shows both values', () => {
  const difference = compareEnds({ output: Uint8Array.of(0, 255) }, { output: Uint8Array.of(16) });
  assert.equal(difference, { path: 'output', expected: '00ff', found: '10' });
});

compare.run();
