import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { assembleWithIndices } from '../../../src/wasm/emit/assembler.ts';
import { ModuleBuilder } from '../../../src/wasm/emit/module-builder.ts';
import { encodeRelocatable, MEMARG_SYMBOL, writeRelocatable } from '../../../src/wasm/emit/relocatable.ts';
import { ByteSink } from '../../../src/wasm/encoding/byte-sink.ts';
import { thrownBy } from '../../support/failure.ts';

const relocatable = suite('relocatable code');

function written(code: string, indices: readonly number[]): number[] {
  const sink = new ByteSink();
  writeRelocatable(code, indices, sink);
  return [...sink.view()];
}

relocatable('keeps every byte', () => {
  const bytes = Array.from({ length: 256 }, (_, byte) => byte);
  assert.equal(written(encodeRelocatable(bytes, []), []), bytes);
  assert.equal(written(encodeRelocatable([], []), []), []);
});

relocatable('replaces a symbol by its index, however long', () => {
  const open = [
    { start: 0, end: 1, symbol: 1 },
    { start: 1, end: 3, symbol: 2 },
    { start: 5, end: 6, symbol: 1 },
  ];
  const code = encodeRelocatable([9, 9, 9, 0x1a, 0x0b, 9], open);
  assert.equal(written(code, [0, 3, 300]), [3, 0xac, 0x02, 0x1a, 0x0b, 3]);
});

relocatable('names the memory of a memarg unless it is the first', () => {
  const code = encodeRelocatable([0x28, 0, 5], [{ start: 1, end: 2, symbol: MEMARG_SYMBOL }]);
  assert.equal(written(code, [0]), [0x28, 0, 5]);
  assert.equal(written(code, [2]), [0x28, 0x40, 2, 5]);
});

relocatable('refuses a symbol without an index', () => {
  const code = encodeRelocatable([0x10, 0], [{ start: 1, end: 2, symbol: 4 }]);
  assert.instance(
    thrownBy(() => written(code, [0, 1, 2, 3])),
    RangeError,
  );
});

relocatable('the assembler says where indices are', () => {
  const scope = {
    locals: new Map([['x', 0]]),
    globals: new Map([['g', 200]]),
    functions: new Map([['f', 3]]),
    memory: 1,
  };
  const text = 'local.get $x  global.set $g  call $f  i32.load offset=300  memory.copy 2 0  table.size 4  data.drop 1';
  const { bytes, indices } = assembleWithIndices(text, scope);
  assert.equal(
    indices.map(({ space, index, start, end }) => [space, index, bytes.slice(start, end)]),
    [
      ['global', 200, [0xc8, 0x01]],
      ['function', 3, [3]],
      ['memarg', 1, [0x40, 1]],
      ['memory', 2, [2]],
      ['memory', 0, [0]],
      ['table', 4, [4]],
    ],
  );
});

relocatable('a module gets the function with its types', () => {
  const module = new ModuleBuilder();
  const code = encodeRelocatable([0, 0x10, 0, 0x0b], [{ start: 2, end: 3, symbol: 1 }]);
  assert.is(module.relocatable(['', '', code], [0, 1]), 0);
  assert.is(module.relocatable(['i64,i32', 'i64', encodeRelocatable([0, 0x20, 0, 0x0b], [])], []), 1);
  const { types, functions, bodies } = module.additions();
  assert.equal(types, [
    [0x60, 0, 0],
    [0x60, 2, 0x7e, 0x7f, 1, 0x7e],
  ]);
  assert.equal(functions, [[0], [1]]);
  const expected = [
    [4, 0, 0x10, 1, 0x0b],
    [4, 0, 0x20, 0, 0x0b],
  ];
  assert.equal([...bodies], expected.flat());
});

relocatable.run();
