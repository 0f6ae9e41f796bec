import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { HookFileAdmission } from '../../src/inspection/hook-admission-report.ts';
import { admissionFacts } from '../../src/inspector/admission-facts.ts';
import { tasks } from '../../src/inspector/worker/tasks.ts';
import { fixture } from '../support/fixture.ts';
import { wat } from '../support/wat.ts';

const facts = suite('inspector/admission-facts');

const factsOf = (file: string, bytes: Uint8Array) =>
  admissionFacts(tasks.admit({ file, bytes: new Uint8Array(bytes) }));
const factsOfFixture = async (path: string) => factsOf(path, await fixture(path));

facts('say of a plugin of generation 1 what it does for a host', async () => {
  assert.equal(await factsOfFixture('router/router.wasm'), [
    ['Plugin', 'router 1.0.0'],
    ['Functions', 'filter (version 1)'],
    ['Slots', 'router'],
    ['Capabilities', 'none'],
  ]);
});

facts('say of a hook plugin which hooks it has, and how many warnings there are', async () => {
  assert.equal(await factsOfFixture('hooks/filter/filter.wasm'), [
    ['Plugin', 'filter 1.0.0'],
    ['Hooks', 'filter (active, version 1)'],
    ['Warnings', '1, see Contents'],
  ]);
});

facts('leave out what the admission did not get to', async () => {
  const rejected = await factsOfFixture('behaviour/trap.wasm');
  assert.equal(
    rejected.map(([name]) => name),
    ['Plugin'],
  );
  assert.equal(factsOf('empty', await wat('(module)')), []);
  assert.equal(factsOf('hooks', await wat('(module (func (export "cc_lb_alloc")))')), []);
});

facts('are safe to show, whatever the plugin calls itself', async () => {
  const bytes = new Uint8Array(await fixture('hooks/filter/filter.wasm'));
  // The cast: the file is a hook plugin.
  const { inspection, ...report } = tasks.admit({ file: 'filter', bytes }).report as HookFileAdmission;
  assert.ok(inspection !== undefined);
  const metadata = { ...inspection.metadata, name: 'a\u202eb', version: '\n1' };
  const renamed = { ...report, inspection: { ...inspection, metadata, warnings: [] } };
  const [plugin, , warnings] = admissionFacts({ generation: 2, report: renamed, exchanges: [], logs: [], moreLogs: 0 });
  assert.equal(
    [plugin, warnings],
    [
      ['Plugin', 'a\\u{202e}b \\n1'],
      ['Warnings', 'none'],
    ],
  );
});

facts.run();
