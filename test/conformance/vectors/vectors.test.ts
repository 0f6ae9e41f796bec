import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { LAYERS, loadVectors, ownHost, runVectors } from '../../../src/conformance/vectors/index.ts';
import { contractFile } from '../../support/fixture.ts';

// Every test vector, on this package, in every runtime.
for (const layer of LAYERS) {
  const vectors = await loadVectors((path) => contractFile(`vectors/${path}`), [layer]);
  const tests = suite(`vectors: ${layer}`);
  for (const vector of vectors) {
    tests(vector.id, async () => {
      for await (const result of runVectors([vector], ownHost)) {
        if (result.status === 'unsupported') console.log(`skipped: ${vector.id}: ${result.reason}`);
        else assert.is(result.status, 'passed', result.status === 'failed' ? `${vector.rule}: ${result.reason}` : '');
      }
    });
  }
  tests.run();
}
