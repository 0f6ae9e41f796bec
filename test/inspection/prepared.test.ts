import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { countMemories, isPrepared, loadPrepared } from '../../src/inspection/prepared.ts';
import { METERING_SECTION } from '../../src/metering/index.ts';
import { preparePlugin } from '../../src/plugin/index.ts';
import { custom, withSections } from '../hooks/hook-module.ts';
import { wat } from '../support/wat.ts';

const prepared = suite('inspection/prepared');

const plain = await wat('(module (memory 1))');
const honest = preparePlugin(plain, { kernel: 'instance' });

prepared('a module is prepared if it has the section', () => {
  assert.equal([honest, plain, new TextEncoder().encode('text')].map(isPrepared), [true, false, false]);
});

prepared('what is prepared is loaded, and else there is a reason', () => {
  assert.ok(loadPrepared(honest, 1) instanceof WebAssembly.Module);
  const forged = withSections(plain, custom(METERING_SECTION, '{}'));
  assert.ok(isPrepared(forged));
  for (const [bytes, generation] of [
    [forged, 1],
    [honest, 2],
    [new Uint8Array(), 1],
  ] as const) {
    const loaded = loadPrepared(bytes, generation);
    assert.ok('unusable' in loaded && loaded.unusable.length > 10);
  }
});

prepared('memories are counted, and a malformed module has none', () => {
  assert.equal([countMemories(plain), countMemories(new Uint8Array())], [1, 0]);
});

prepared.run();
