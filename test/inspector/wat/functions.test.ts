import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FOUND_MAX, findFunctions } from '../../../src/inspector/wat/functions.ts';
import { wat } from '../../support/wat.ts';

const search = suite('findFunctions');

async function found(text: string, query: string) {
  return findFunctions({ file: 'a.wasm', bytes: Uint8Array.from(await wat(text)), query });
}

const module = `(module
  (import "env" "log" (func))
  (func $small nop)
  (func $Large nop nop nop nop)
  (func (export "run") nop)
  (func nop nop))`;

search('lists all functions: exported ones first, then by size', async () => {
  assert.equal(await found(module, ''), {
    functions: [
      { index: 3, name: 'run', size: 3, isImported: false },
      { index: 2, name: '$Large', size: 6, isImported: false },
      { index: 4, name: '', size: 4, isImported: false },
      { index: 1, name: '$small', size: 3, isImported: false },
      { index: 0, name: 'env log', size: 0, isImported: true },
    ],
    found: 5,
    total: 5,
  });
});

search('finds a part of a name, in upper or lower case, and of imports', async () => {
  assert.equal(
    (await found(module, ' LARGE ')).functions.map(({ index }) => index),
    [2],
  );
  assert.equal(
    (await found(module, 'env')).functions.map(({ index }) => index),
    [0],
  );
  assert.equal(await found(module, 'nobody'), { functions: [], found: 0, total: 5 });
});

search('finds an index before names that have it', async () => {
  const text = '(module (func) (func $f1) (func (export "1")) (func $f11))';
  assert.equal(
    (await found(text, '1')).functions.map(({ index }) => index),
    [1, 2, 3],
  );
});

search('lists no more than can be read', async () => {
  const many = `(module ${'(func)'.repeat(FOUND_MAX + 5)})`;
  const { functions, found: all, total } = await found(many, '');
  assert.equal([functions.length, all, total], [FOUND_MAX, FOUND_MAX + 5, FOUND_MAX + 5]);
});

search.run();
