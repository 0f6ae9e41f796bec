import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type HostAnswer,
  ownHost,
  reportVectors,
  runVectors,
  type Vector,
  type VectorHost,
  type VectorResult,
} from '../../../src/conformance/vectors/index.ts';

const run = suite('vectors: runVectors');

const one: Vector = {
  id: 'offers/one',
  layer: 'offers',
  rule: 'O-1',
  raw: '{}',
  ends: { response: '1' },
};
const stepped: Vector = {
  id: 'kernel/steps',
  layer: 'kernel',
  rule: 'K-1',
  wasm: new Uint8Array(),
  steps: [
    { call: 'a', ends: { response: '1' } },
    { call: 'b', ends: { response: '2' } },
  ],
};

async function resultOf(vector: Vector, host: VectorHost): Promise<VectorResult> {
  const results: VectorResult[] = [];
  for await (const result of runVectors([vector], host)) results.push(result);
  const [result] = results;
  if (result === undefined || results.length > 1) throw new Error(`${results.length} results for one vector`);
  return result;
}

const cases: readonly (readonly [string, Vector, HostAnswer, VectorResult['status'], string?])[] = [
  ['the end that is expected', one, { ends: [{ response: '1' }] }, 'passed'],
  ['another end', one, { ends: [{ response: '2' }] }, 'failed', 'response is "2", expected "1"'],
  ['no end', one, { ends: [] }, 'failed', 'no end, 0 answered'],
  ['two ends for one', one, { ends: [{ response: '1' }, {}] }, 'failed', '2 ends, expected 1'],
  ['what it lacks', one, { unsupported: 'no offers' }, 'unsupported', 'no offers'],
  ['the ends of all steps', stepped, { ends: [{ response: '1' }, { response: '2' }] }, 'passed'],
  ['one end for two steps', stepped, { ends: [{ response: '1' }] }, 'failed', 'step 2: no end, 1 answered'],
  [
    'another end of a step',
    stepped,
    { ends: [{ response: '1' }, { response: '1' }] },
    'failed',
    'step 2: response is "1", expected "2"',
  ],
];

for (const [what, vector, answer, status, reason] of cases)
  run(`a host that answers ${what}: ${status}`, async () => {
    const result = await resultOf(vector, () => answer);
    assert.is(result.status, status);
    assert.is('reason' in result ? result.reason : undefined, reason);
  });

run('a host that throws or rejects fails the vector', async () => {
  const throwing = await resultOf(one, () => {
    throw new Error('broken');
  });
  const rejecting = await resultOf(one, () => Promise.reject('no error'));
  assert.equal([throwing.status, rejecting.status], ['failed', 'failed']);
  assert.is('reason' in throwing && throwing.reason, 'broken');
  assert.is('reason' in rejecting && rejecting.reason, 'no error');
});

run('a report counts each layer, and a vector that was answered twice fails', () => {
  const results: VectorResult[] = [
    { vector: one, status: 'passed' },
    { vector: { ...one, id: 'offers/two' }, status: 'passed' },
    { vector: stepped, status: 'unsupported', reason: 'no kernel' },
  ];
  const report = reportVectors(results, new Set(['offers/two']));
  assert.equal(
    report.layers.map(({ layer, passed, failed, unsupported }) => [layer, passed, failed, unsupported]),
    [
      ['offers', 1, 1, 0],
      ['kernel', 0, 0, 1],
    ],
  );
  assert.equal([report.passed, report.failed, report.unsupported], [1, 1, 1]);
  assert.equal(report.vectors[1], {
    id: 'offers/two',
    layer: 'offers',
    rule: 'O-1',
    status: 'failed',
    reason: 'the driver answered more than once',
  });
});

run('a type of an archive is not a name that every object has', async () => {
  const archive = new Uint8Array();
  const vector: Vector = {
    id: 'hooks-archives/a',
    layer: 'hooks-archives',
    rule: 'HA-1',
    type: 'constructor',
    archive,
  };
  const result = await resultOf(vector, ownHost);
  assert.is('reason' in result && result.reason, 'HOOKS.md has no type constructor');
});

run.run();
