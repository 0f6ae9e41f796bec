// Compares the answers of the published hosts to the test vectors with what the vectors expect.
// `npm run test:reference -- --only vectors` writes new answers.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readAnswers, runOnRecord } from '../../scripts/reference/recorded-answers.ts';
import { LAYERS, loadVectors, type VectorResult } from '../../src/conformance/index.ts';
import { contractFile, fixture } from '../support/fixture.ts';

const NEW_ANSWERS = 'npm run test:reference -- --only vectors';

const answers = readAnswers(new TextDecoder().decode(await fixture('reference/vectors.json')));

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
    const results = await runOnRecord(vectors, answers);
    assert.equal(
      results.map(faultOf).filter((fault) => fault !== undefined),
      [],
    );
  });
}

tests('each vector has an answer, and each answer a vector', () => {
  assert.equal([...answers.keys()], ids.sort(), `the vectors have changed: ${NEW_ANSWERS}`);
});

tests.run();
