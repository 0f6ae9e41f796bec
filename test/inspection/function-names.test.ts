import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FunctionNames } from '../../src/inspection/function-names.ts';
import { FunctionPrinter, readModule } from '../../src/wasm/index.ts';
import { wat } from '../support/wat.ts';

const names = suite('FunctionNames');

names('come from the name section, else from exports, else from imports', async () => {
  const bytes = await wat(`(module
    (import "env" "a" (func $own)) (import "env" "b" (func)) (import "env" "c" (func)) (import "env" "g" (global i32))
    (func (export "first") (export "second")) (func) (export "out" (func 2)) (export "g" (global 0)))`);
  const module = readModule(bytes);
  const found = new FunctionNames(module, new FunctionPrinter(bytes, module));
  assert.is(found.imported, 3);
  assert.equal(
    [0, 1, 2, 3, 4].map((index) => [found.of(index), found.isExported(index)]),
    [
      ['$own', false],
      ['env b', false],
      ['out', true],
      ['first', true],
      ['', false],
    ],
  );
});

names.run();
