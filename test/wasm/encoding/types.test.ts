import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ByteReader } from '../../../src/wasm/encoding/byte-reader.ts';
import { WasmFormatError } from '../../../src/wasm/encoding/error.ts';
import { readU32 } from '../../../src/wasm/encoding/leb128.ts';
import { encodeValueType, readLimits, readTypes, readValueType, readVector } from '../../../src/wasm/encoding/types.ts';
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
  types(`${text} is written so that it is read again, as short as it can be`, () => {
    const bytes = encodeValueType(text);
    assert.is(readValueType(reader(...bytes)), text);
    const lengths = valueTypes.filter(([type]) => type === text).map((row) => row.length - 1);
    assert.is(bytes.length, Math.min(...lengths));
  });
}

types('fields have the sizes of their types', () => {
  const fields = [0x7f, 0x7e, 0x7d, 0x7c, 0x7b, 0x78, 0x77, 0x70];
  const sizes = fields.map((byte) => readTypes(reader(1, 0x5e, byte, 1)));
  assert.equal(
    sizes,
    [4, 8, 4, 8, 16, 1, 2, 8].map((bytes) => [{ kind: 'array', bytes }]),
  );
});

const noValueTypes: readonly (readonly [what: string, bytes: readonly number[], expected: string])[] = [
  ['nothing', [], 'UnexpectedEnd at 0'],
  ['a packed type', [0x78], 'UnknownEncoding at 0'],
  ['an empty block type', [0x40], 'UnknownEncoding at 0'],
  ['a type index', [0x00], 'UnknownEncoding at 0'],
  ['a reference to nothing', [0x64], 'UnexpectedEnd at 1'],
  ['a reference to a number', [0x64, 0x7f], 'UnknownEncoding at 1'],
  ['a null reference to a number', [0x63, 0x7e], 'UnknownEncoding at 1'],
  // -16 is func in its one byte; -144 ends in the same seven bits, and is no heap type.
  ['a reference to a far negative number', [0x64, 0xf0, 0x7e], 'UnknownEncoding at 1'],
  ['a reference to an index over 32 bits', [0x64, 0xff, 0xff, 0xff, 0xff, 0x1f], 'IntegerTooLarge at 1'],
];
for (const [what, bytes, expected] of noValueTypes) {
  types(`${what} is no value type`, () =>
    assert.is(
      refusal(() => readValueType(reader(...bytes))),
      expected,
    ),
  );
}

types('a type section holds functions, structs and arrays; groups count one by one', () => {
  const section = [
    5,
    ...[0x60, 0, 0],
    ...[0x60, 2, 0x7f, 0x63, 0x01, 1, 0x7e],
    ...[0x4e, 2, 0x50, 0, 0x5f, 2, 0x78, 1, 0x64, 0x02, 0, 0x4f, 1, 0x02, 0x5e, 0x77, 0],
    ...[0x4e, 0],
    ...[0x5f, 0],
  ];
  const from = reader(...section);
  assert.equal(readTypes(from), [
    { kind: 'func', params: [], results: [] },
    { kind: 'func', params: ['i32', '(ref null 1)'], results: ['i64'] },
    { kind: 'struct', fields: 2, bytes: 1 + 8 },
    { kind: 'array', bytes: 2 },
    { kind: 'struct', fields: 0, bytes: 0 },
  ]);
  assert.ok(from.done);
});

const noTypes: readonly (readonly [what: string, bytes: readonly number[], expected: string])[] = [
  ['a count and nothing', [1], 'UnexpectedEnd at 1'],
  ['a huge count', [0xff, 0xff, 0xff, 0xff, 0x0f], 'LimitExceeded at 0'],
  ['a value type', [1, 0x7f], 'UnknownEncoding at 1'],
  ['a group in a group', [1, 0x4e, 1, 0x4e, 0], 'UnknownEncoding at 3'],
  ['a supertype without a type', [1, 0x50, 1, 0], 'UnexpectedEnd at 4'],
  ['a function of a packed type', [1, 0x60, 1, 0x78, 0], 'UnknownEncoding at 3'],
  ['a field without mutability', [1, 0x5e, 0x7f], 'UnexpectedEnd at 3'],
  ['a field of mutability 2', [1, 0x5e, 0x7f, 2], 'UnknownEncoding at 3'],
  ['a huge count of parameters', [1, 0x60, 0xff, 0xff, 0xff, 0xff, 0x0f], 'UnexpectedEnd at 7'],
];
for (const [what, bytes, expected] of noTypes) {
  types(`${what} is no type section`, () =>
    assert.is(
      refusal(() => readTypes(reader(...bytes))),
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

const noLimits: readonly (readonly [what: string, bytes: readonly number[], expected: string])[] = [
  ['unknown flags', [8, 1], 'UnknownEncoding at 0'],
  ['flags beyond all', [0xff, 1], 'UnknownEncoding at 0'],
  ['no minimum', [0], 'UnexpectedEnd at 1'],
  ['no maximum', [1, 1], 'UnexpectedEnd at 2'],
  ['a minimum over 32 bits', [0, ...wide], 'IntegerTooLong at 1'],
];
for (const [what, bytes, expected] of noLimits) {
  types(`${what}: no limits`, () =>
    assert.is(
      refusal(() => readLimits(reader(...bytes))),
      expected,
    ),
  );
}

types('a vector hands each element its index', () => {
  assert.equal(
    readVector(reader(3, 7, 8, 9), (from, index) => [index, readU32(from)]),
    [
      [0, 7],
      [1, 8],
      [2, 9],
    ],
  );
});

types.run();
