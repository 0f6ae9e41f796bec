import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { admitHooks } from '../../src/hooks/admit.ts';
import { prepareHooks } from '../../src/hooks/prepare.ts';
import {
  kernelFor,
  ownTarget,
  type PreparationTargetName,
  preparationTargets,
  targetWarning,
} from '../../src/inspection/preparation-target.ts';
import { preparePlugin } from '../../src/plugin/index.ts';
import { admit } from '../../src/protocol/admit.ts';
import { EMPTY_FILTER, hookModule } from '../hooks/hook-module.ts';
import { fixture } from '../support/fixture.ts';
import { wat } from '../support/wat.ts';

const targets = suite('inspection/preparation-target');

/** Which target the runtime is that runs this. */
function ownName(): PreparationTargetName {
  if ('Deno' in globalThis) return 'deno';
  if ('Bun' in globalThis) return 'bun';
  if (!('process' in globalThis)) return 'browser';
  return process.versions.node.startsWith('20.') ? 'node20' : 'node';
}

const own = preparationTargets[ownName()];

targets(`what is prepared for ${own.title} runs on it`, async () => {
  const kernel = kernelFor(own);
  const prepared = preparePlugin(await fixture('router/router.wasm'), { kernel });
  assert.is(targetWarning(prepared, own, kernel), undefined);
  assert.is(targetWarning(prepared, ownTarget(), kernel), undefined);
  assert.ok(admit(new WebAssembly.Module(prepared)).admitted);
  const filter = prepareHooks(await hookModule({ filter: 'active' }, EMPTY_FILTER));
  assert.is(targetWarning(filter, own, undefined), undefined);
  assert.ok(admitHooks(new WebAssembly.Module(filter)).report.admitted);
});

targets(`${own.title} supports two memories if the table says so`, () => {
  if (ownName() === 'browser') return console.log('skipped: two memories: browsers differ');
  assert.is(ownTarget().multiMemory, own.multiMemory);
});

targets('of what engines with one memory cannot load, each target with one warns', async () => {
  const wasm = await fixture('router/router.wasm');
  const linked = preparePlugin(wasm, { kernel: 'linked' });
  const warned = Object.values(preparationTargets).filter(
    (each) => targetWarning(linked, each, 'linked') !== undefined,
  );
  assert.equal(
    warned.map(({ title }) => title),
    ['Node 20', 'a browser'],
  );
});

targets('a plugin that has two memories itself is not helped by the other form', async () => {
  const text = targetWarning(await wat('(module (memory 1) (memory 1))'), preparationTargets.node20, 'instance');
  assert.is(text, 'Node 20 cannot load the prepared module, because it has 2 memories');
});

targets.run();
