import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ByteReader } from '../../../src/wasm/encoding/byte-reader.ts';
import { WasmFormatError } from '../../../src/wasm/encoding/error.ts';
import { readRecursiveType, readTypes } from '../../../src/wasm/grammar/type-section.ts';
import { failureOf } from '../../support/failure.ts';

const types = suite('type section');

const reader = (...bytes: readonly number[]): ByteReader => new ByteReader(new Uint8Array(bytes));
const refusal = (run: () => unknown): string => {
  const failure = failureOf(WasmFormatError, run);
  return `${failure.kind} at ${failure.offset}`;
};

types('fields have the sizes of their types', () => {
  const fields = [0x7f, 0x7e, 0x7d, 0x7c, 0x7b, 0x78, 0x77, 0x70];
  const sizes = fields.map((byte) => readTypes(reader(1, 0x5e, byte, 1)));
  assert.equal(
    sizes,
    [4, 8, 4, 8, 16, 1, 2, 8].map((bytes) => [{ kind: 'array', bytes }]),
  );
});

types('functions, structs and arrays of all groups have consecutive indices', () => {
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

const malformed: readonly (readonly [what: string, bytes: readonly number[], expected: string])[] = [
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
for (const [what, bytes, expected] of malformed) {
  types(`a type section is not ${what}`, () =>
    assert.is(
      refusal(() => readTypes(reader(...bytes))),
      expected,
    ),
  );
}

types('a reader shows supertypes as indices, and references as heap types', () => {
  const shown: unknown[] = [];
  const visitor = {
    index: (...index: unknown[]) => shown.push(index),
    heapTypeIndex: (...index: unknown[]) => shown.push(['heap type', ...index]),
    instruction: () => {},
  };
  readRecursiveType(reader(0x4e, 2, 0x50, 1, 0x07, 0x5f, 1, 0x63, 0x05, 0, 0x60, 1, 0x64, 0x06, 0), visitor);
  assert.equal(shown, [
    ['type', 7, 4, 5],
    ['heap type', 5, 8, 9],
    ['heap type', 6, 13, 14],
  ]);
});

types.run();
