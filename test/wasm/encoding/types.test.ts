import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ByteReader } from '../../../src/wasm/encoding/byte-reader.ts';
import { WasmFormatError } from '../../../src/wasm/encoding/error.ts';
import { readU32 } from '../../../src/wasm/encoding/leb128.ts';
import { encodeValueType, readLimits, readValueType, readVector } from '../../../src/wasm/encoding/types.ts';
import { leb } from '../../support/bytes.ts';
import { failureOf } from '../../support/failure.ts';

const types = suite('types');

const reader = (...bytes: readonly number[]): ByteReader => new ByteReader(new Uint8Array(bytes));
const refusal = (run: () => unknown): string => {
  const failure = failureOf(WasmFormatError, run);
  return `${failure.kind} at ${failure.offset}`;
};

const valueTypes: readonly (readonly [text: string, ...bytes: readonly number[]])[] = [
  ['i32', 0x7f],
  ['i64', 0x7e],
  ['f32', 0x7d],
  ['f64', 0x7c],
  ['v128', 0x7b],
  ['nullexnref', 0x74],
  ['nullfuncref', 0x73],
  ['nullexternref', 0x72],
  ['nullref', 0x71],
  ['funcref', 0x70],
  ['externref', 0x6f],
  ['anyref', 0x6e],
  ['eqref', 0x6d],
  ['i31ref', 0x6c],
  ['structref', 0x6b],
  ['arrayref', 0x6a],
  ['exnref', 0x69],
  ['(ref 3)', 0x64, 0x03],
  ['(ref func)', 0x64, 0x70],
  ['(ref extern)', 0x64, 0x6f],
  ['(ref null 3)', 0x63, 0x03],
  ['(ref null 200)', 0x63, 0xc8, 0x01],
  // The long form of a shorthand is the same type.
  ['funcref', 0x63, 0x70],
  ['externref', 0x63, 0x6f],
  ['nullexnref', 0x63, 0x74],
];
for (const [text, ...bytes] of valueTypes) {
  types(`${bytes.map((byte) => byte.toString(16)).join(' ')} is ${text}`, () => {
    const from = reader(...bytes);
    assert.is(readValueType(from), text);
    assert.ok(from.done);
  });
}

for (const text of new Set(valueTypes.map(([type]) => type))) {
  types(`${text} is encoded in its shortest form`, () => {
    const bytes = encodeValueType(text);
    assert.is(readValueType(reader(...bytes)), text);
    const lengths = valueTypes.filter(([type]) => type === text).map((row) => row.length - 1);
    assert.is(bytes.length, Math.min(...lengths));
  });
}

const malformedValueTypes: readonly (readonly [what: string, bytes: readonly number[], expected: string])[] = [
  ['nothing', [], 'UnexpectedEnd at 0'],
  ['a packed type', [0x78], 'UnknownEncoding at 0'],
  ['an empty block type', [0x40], 'UnknownEncoding at 0'],
  ['a type index', [0x00], 'UnknownEncoding at 0'],
  ['a reference to nothing', [0x64], 'UnexpectedEnd at 1'],
  ['a reference to a number', [0x64, 0x7f], 'UnknownEncoding at 1'],
  ['a null reference to a number', [0x63, 0x7e], 'UnknownEncoding at 1'],
  // -16 is func. -144 ends in the same seven bits, but is not a heap type.
  ['a reference to a far negative number', [0x64, 0xf0, 0x7e], 'UnknownEncoding at 1'],
  ['a reference to an index over 32 bits', [0x64, 0xff, 0xff, 0xff, 0xff, 0x1f], 'IntegerTooLarge at 1'],
];
for (const [what, bytes, expected] of malformedValueTypes) {
  types(`a value type is not ${what}`, () =>
    assert.is(
      refusal(() => readValueType(reader(...bytes))),
      expected,
    ),
  );
}

const wide = [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x40];
const limits = [
  [[0, 1], { minimum: 1, maximum: undefined, shared: false, indexType: 'i32' }],
  [[1, 1, 2], { minimum: 1, maximum: 2, shared: false, indexType: 'i32' }],
  [[2, 1], { minimum: 1, maximum: undefined, shared: true, indexType: 'i32' }],
  [[3, 1, 2], { minimum: 1, maximum: 2, shared: true, indexType: 'i32' }],
  [[4, 1], { minimum: 1n, maximum: undefined, shared: false, indexType: 'i64' }],
  [[5, ...wide, ...wide], { minimum: 2n ** 48n, maximum: 2n ** 48n, shared: false, indexType: 'i64' }],
  [[7, 1, 2], { minimum: 1n, maximum: 2n, shared: true, indexType: 'i64' }],
  [[0, ...leb(2 ** 32 - 1)], { minimum: 2 ** 32 - 1, maximum: undefined, shared: false, indexType: 'i32' }],
] as const;
for (const [bytes, expected] of limits) {
  types(`limits ${bytes.join(' ')}`, () => {
    const from = reader(...bytes);
    assert.equal(readLimits(from), expected);
    assert.ok(from.done);
  });
}

const malformedLimits: readonly (readonly [what: string, bytes: readonly number[], expected: string])[] = [
  ['unknown flags', [8, 1], 'UnknownEncoding at 0'],
  ['flags with all bits', [0xff, 1], 'UnknownEncoding at 0'],
  ['no minimum', [0], 'UnexpectedEnd at 1'],
  ['no maximum', [1, 1], 'UnexpectedEnd at 2'],
  ['a minimum over 32 bits', [0, ...wide], 'IntegerTooLong at 1'],
];
for (const [what, bytes, expected] of malformedLimits) {
  types(`limits are not ${what}`, () =>
    assert.is(
      refusal(() => readLimits(reader(...bytes))),
      expected,
    ),
  );
}

types('a reader of value types shows the type index in a reference', () => {
  const shown: number[][] = [];
  const visitor = { heapTypeIndex: (...index: number[]) => shown.push(index) };
  const from = reader(0x7f, 0x64, 0x03, 0x63, 0xc8, 0x01, 0x70, 0x64, 0x70);
  while (!from.done) readValueType(from, visitor);
  assert.equal(shown, [
    [3, 2, 3],
    [200, 4, 6],
  ]);
});

types('a vector is a count, then as many elements', () => {
  const from = reader(3, 7, 8, 9, 10);
  assert.equal(readVector(from, readU32), [7, 8, 9]);
  assert.is(from.offset, 4);
});

types('a vector with more elements than allowed is refused at its count', () => {
  assert.equal(readVector(reader(2, 7, 8), readU32, 2), [7, 8]);
  assert.is(
    refusal(() => readVector(reader(3, 7, 8, 9), readU32, 2)),
    'LimitExceeded at 0',
  );
});

types.run();
