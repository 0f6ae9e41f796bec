// Compares the answers of the published hosts to the test vectors with what the vectors expect.
// `npm run test:reference -- --only vectors` writes new answers.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type HostAnswer,
  LAYERS,
  loadVectors,
  readAnswer,
  runVectors,
  type VectorResult,
} from '../../src/conformance/index.ts';
import { contractFile, fixture } from '../support/fixture.ts';
import { withToldFields } from './told-fields.ts';

const NEW_ANSWERS = 'npm run test:reference -- --only vectors';

/** The answers by the ids of the vectors. Each has a line of its own in the record. */
const answers: ReadonlyMap<string, HostAnswer> = new Map(
  new TextDecoder()
    .decode(await fixture('reference/vectors.json'))
    .split('\n')
    .slice(1, -2)
    .map((line) => readAnswer(line.replace(/,$/, '')))
    .map(({ id, answer }) => [id, answer]),
);

/** The most characters of what was compared that a failure shows. */
const SHOWN = 500;

/** What is wrong with the marks of a vector; `undefined` if nothing is. */
function faultOf(result: VectorResult): string | undefined {
  const { vector, status } = result;
  const { deviation } = vector;
  const isMarked = typeof deviation === 'string';
  if (status === 'failed' && !isMarked) return `${vector.id}: ${result.reason.slice(0, SHOWN)}`;
  if (status === 'passed' && isMarked) return `${vector.id}: the published host does not deviate in "${deviation}"`;
  return undefined;
}

const tests = suite('the published hosts and the test vectors');

const ids: string[] = [];
for (const layer of LAYERS) {
  const vectors = await loadVectors((path) => contractFile(`vectors/${path}`), [layer]);
  ids.push(...vectors.map(({ id }) => id));
  tests(`${layer}: the published host differs where a deviation is declared, and only there`, async () => {
    const faults: string[] = [];
    for (const vector of vectors) {
      const answer = answers.get(vector.id);
      if (answer === undefined) continue;
      for await (const result of runVectors([withToldFields(vector, answer)], () => answer)) {
        const fault = faultOf(result);
        if (fault !== undefined) faults.push(fault);
      }
    }
    assert.equal(faults, []);
  });
}

tests('each vector has an answer, and each answer a vector', () => {
  assert.equal([...answers.keys()], ids.sort(), `the vectors have changed: ${NEW_ANSWERS}`);
});

tests.run();
