import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { filterSample } from '../../../src/hooks/samples.ts';
import { fixturePaths } from '../../support/fixtures-list.ts';
import { admittedFixture, candidate, responseOf } from '../hook-fixture.ts';
import { hostileHooks } from './modules.ts';

const hostile = suite('hooks/hostile');

/** A plugin that exists all the time. No hostile plugin may disturb it. */
const bystander = await admittedFixture('filter/filter');

for (const { name, ends, run } of hostileHooks) {
  hostile(`${name}: ${ends.kind}`, async () => {
    assert.equal(await run(), ends);
    const { results } = responseOf(bystander.filter({ ...filterSample(), candidates: [candidate(name)] }));
    assert.equal(results, [{ upstream_id: name, decision: 'accept', reason: 'no price, call 1' }]);
  });
}

hostile('the table has a row for every module, and names none twice', () => {
  const names = hostileHooks.map(({ name }) => name);
  assert.is(new Set(names).size, names.length);
  const modules = fixturePaths.map((path) => /^hooks\/hostile\/(.*)\.wasm$/.exec(path)?.[1]);
  const found = new Set(names.map((name) => name.replace(/,.*/, '')));
  assert.equal([...found].sort(), modules.filter((name) => name !== undefined).sort());
});

hostile.run();
