import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { watchRuns } from '../../src/metering/run/run-watch.ts';
import { buildPlugin } from '../../src/plugin/index.ts';
import { guest } from '../support/guest-wat.ts';

const watch = suite('watchRuns');

/** What a watcher is called with while something is done. */
function toldDuring(work: () => void): number[] {
  const told: number[] = [];
  watchRuns((wallMs) => told.push(wallMs));
  try {
    work();
  } finally {
    watchRuns(undefined);
  }
  return told;
}

watch('is called before each run, with its time', async () => {
  const plugin = buildPlugin(await guest({ exports: { run: 'answer' } }), { wallMs: 70 });
  assert.equal(
    toldDuring(() => plugin.call('run')),
    [70],
  );
  const unlimited = buildPlugin(await guest({ exports: { run: 'answer' } }), { wallMs: Number.POSITIVE_INFINITY });
  assert.equal(
    toldDuring(() => unlimited.call('run')),
    [Number.POSITIVE_INFINITY],
  );
});

watch('is called before the start function', async () => {
  const wasm = await guest({ fields: '(func $start) (start $start)' });
  const told = toldDuring(() => buildPlugin(wasm, { wallMs: 70 }).dispose());
  assert.ok(told.length > 0);
  assert.ok(told.every((wallMs) => wallMs === 70));
});

watch('ends with undefined', async () => {
  const plugin = buildPlugin(await guest({ exports: { run: 'answer' } }));
  const told = toldDuring(() => undefined);
  plugin.call('run');
  assert.equal(told, []);
});

watch.run();
