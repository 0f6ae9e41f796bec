import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { measure, type Sample } from '../../scripts/soak/measure.ts';
import { Soak } from '../../scripts/soak/mix.ts';
import { picture } from '../../scripts/soak/picture.ts';
import { soakPlugins } from '../../scripts/soak/plugins.ts';
import { buildPlugin } from '../../src/plugin/index.ts';

const soak = suite('a short soak');

soak('loses nothing, and crosses nothing', async () => {
  const since = performance.now();
  const samples: Sample[] = [];
  const counts = await new Soak({ minutes: 2, dispatches: 3_000, admissions: 60 }).run(() => {
    samples.push(measure((performance.now() - since) / 1000));
  });
  assert.equal(counts.faults, []);
  assert.is(counts.lost, 0);
  assert.is(counts.crossed, 0);
  assert.ok(counts.dispatches >= 3_000 && counts.admissions >= 60, JSON.stringify(counts));
  assert.ok(
    counts.slow > 0 && counts.slow <= counts.dispatches / 100,
    `${counts.slow} calls were ended by the deadline`,
  );
  assert.match(picture('title', samples), /<polyline points="[\d.]+,[\d.]+ /);
});

soak('thousands of plugins can be built and let go in one turn of the process: engines find their memories', () => {
  // Each has memories for which engines reserve gigabytes of address space, until they are
  // collected.
  const turncoat = soakPlugins.find(({ name }) => name === 'turncoat');
  if (turncoat?.compiled === undefined) throw new Error('the mix has no turncoat');
  for (let count = 0; count < 2_000; count++) {
    const plugin = buildPlugin(turncoat.compiled, turncoat.options);
    assert.is(turncoat.dispatch(plugin, 'm0m'), 'right');
    plugin.dispose();
  }
});

soak.run();
