import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ByteReader } from '../../../src/wasm/encoding/byte-reader.ts';
import { functionNames } from '../../../src/wasm/grammar/function-names.ts';
import { functionName, visitNames } from '../../../src/wasm/grammar/name-section.ts';
import { moduleOf, name, section } from '../../support/bytes.ts';
import { wat } from '../../support/wat.ts';

const names = suite('names of functions');

/** A module with a name section of these contents. */
const named = (...contents: readonly number[]): Uint8Array<ArrayBuffer> =>
  moduleOf(section(0, ...name('name'), ...contents));

names('are found by function index, imports first', async () => {
  const bytes = await wat('(module $m (import "a" "b" (func $first)) (func) (func $third (local $x i32)))');
  assert.is(functionName(bytes, 0), 'first');
  assert.is(functionName(bytes, 1), undefined);
  assert.is(functionName(bytes, 2), 'third');
  assert.is(functionName(bytes, 3), undefined);
});

names('are undefined without a name section', () => {
  assert.is(functionName(moduleOf(), 0), undefined);
  assert.is(functionName(moduleOf(section(0, ...name('other'), 1, 4, 1, 0, 1, 0x66)), 0), undefined);
});

names('are found after other subsections', () => {
  assert.is(functionName(named(0, 2, 1, 0x6d, 1, 4, 1, 0, 1, 0x66), 0), 'f');
});

names('are found before a malformed entry', () => {
  assert.is(functionName(named(1, 5, 2, 0, 1, 0x66, 9), 0), 'f');
});

names('of locals are not those of functions', () => {
  // Subsection 2: function 0 has a local 0 with the name "x".
  assert.is(functionName(named(2, 6, 1, 0, 1, 0, 1, 0x78), 0), undefined);
});

for (const [what, contents] of [
  ['ends early', [1, 9, 1, 0, 1, 0x66]],
  ['has fewer names than its count', [1, 4, 9, 7, 1, 0x66]],
  ['holds a name that is not UTF-8', [1, 4, 1, 0, 1, 0xff]],
] as const) {
  names(`are undefined if the section ${what}`, () => {
    assert.is(functionName(named(...contents), 0), undefined);
  });
}

names('of several functions are found at once, the first name of each', () => {
  const contents = [1, 13, 4, 0, 1, 0x66, 2, 1, 0x67, 2, 1, 0x68, 3, 1, 0x69];
  const found = functionNames(Uint8Array.from(contents), new Set([2, 3, 9]));
  assert.equal(
    [...found],
    [
      [2, 'g'],
      [3, 'i'],
    ],
  );
});

names('are visited until the visitor has what it wants', () => {
  const contents = new ByteReader(Uint8Array.of(3, 0, 1, 0x66, 2, 1, 0x67, 3, 1, 0x68));
  const visited: number[] = [];
  visitNames({ id: 1, space: 'function', indirect: false, contents }, (index) => visited.push(index) === 2);
  assert.equal([visited, contents.offset], [[0, 2], 7]);
});

names.run();
