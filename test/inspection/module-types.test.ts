import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { exportTypeFormat, formatBytes, formatHex, formatMemory } from '../../src/inspection/module-types.ts';
import { type Limits, readModule } from '../../src/wasm/index.ts';
import { wat } from '../support/wat.ts';

const format = suite('module types');

format('writes bytes with their unit', () => {
  assert.equal([0, 1, 2, 1n].map(formatBytes), ['0 bytes', '1 byte', '2 bytes', '1 byte']);
  assert.is(formatHex([0, 0x0a, 0xff]), '00 0a ff');
});

const memory: Limits = { minimum: 1, maximum: undefined, shared: false, indexType: 'i32' };
const memories: readonly (readonly [limits: Limits, text: string])[] = [
  [memory, '1 page (65,536 bytes), may grow without a limit of its own'],
  [{ ...memory, minimum: 0, maximum: 2 }, '0 pages (0 bytes), may grow to 2 pages'],
  [{ ...memory, maximum: 1, shared: true }, '1 page (65,536 bytes), may grow to 1 page, shared'],
  [
    { minimum: 2n ** 48n, maximum: 2n ** 48n, shared: false, indexType: 'i64' },
    '281,474,976,710,656 pages (18,446,744,073,709,551,616 bytes), ' +
      'may grow to 281,474,976,710,656 pages, 64-bit addresses',
  ],
];
for (const [limits, text] of memories) {
  format(`writes a memory of ${text}`, () => {
    assert.is(formatMemory(limits), text);
  });
}

format('writes the types of many exports without reading all imports for each', async () => {
  const module = readModule(
    await wat('(module (memory (export "m") 1 2) (func (export "f")) (table (export "t") 1 funcref))'),
  );
  const typeOf = exportTypeFormat(module);
  assert.equal(module.exports.map(typeOf), ['1 page (65,536 bytes), may grow to 2 pages', '() -> ()', undefined]);
  // Counts each access to the imports.
  let looks = 0;
  const imports = new Proxy(module.imports, {
    get: (target, key, receiver) => {
      looks++;
      return Reflect.get(target, key, receiver);
    },
  });
  const many = exportTypeFormat({ ...module, imports });
  const before = looks;
  for (let count = 0; count < 1_000; count++) many({ name: 'm', kind: 'memory', index: 0 });
  assert.is(looks, before);
});

format.run();
