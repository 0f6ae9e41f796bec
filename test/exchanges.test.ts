// A prepared module is admitted and answers as the bytes that it was prepared from: every fixture,
// of both generations, by the functions that take bytes too, and by those of `./prepared`. In
// workerd the exchanges from bytes are those of the Node that starts it.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as preparedEntry from '../src/prepared/index.ts';
import { runsPreparedPlugins } from '../src/prepared/index.ts';
import { exchangeOf } from './support/exchange.ts';
import { fixturePaths } from './support/fixtures-list.ts';
import { exchangeFromBytes, preparedFixture } from './support/prepared-fixture.ts';
import { rootFunctions } from './support/root-functions.ts';

const exchanges = suite('exchanges with prepared fixtures');

for (const path of fixturePaths) {
  exchanges(`${path} is admitted and called as from its bytes`, async () => {
    const fromBytes = await exchangeFromBytes(path);
    const module = await preparedFixture(path);
    assert.equal(exchangeOf(rootFunctions, module), fromBytes);
    if (!runsPreparedPlugins() && !path.startsWith('hooks/')) {
      return console.log('skipped: ./prepared and plugins of generation 1: this engine takes one memory only');
    }
    assert.equal(exchangeOf(preparedEntry, module), fromBytes);
  });
}

exchanges('some plugins of each generation are admitted, and some are refused', async () => {
  const admitted = { 1: 0, 2: 0 };
  const refused = { 1: 0, 2: 0 };
  for (const path of fixturePaths) {
    const { report } = await exchangeFromBytes(path);
    // The cast: the reports of both generations have it.
    const counts = (report as { readonly admitted: boolean }).admitted ? admitted : refused;
    counts[path.startsWith('hooks/') ? 2 : 1]++;
  }
  for (const { 1: one, 2: two } of [admitted, refused]) assert.ok(one >= 3 && two >= 3, `${one}, ${two}`);
});

exchanges.run();
