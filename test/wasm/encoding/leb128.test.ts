import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ByteReader } from '../../../src/wasm/encoding/byte-reader.ts';
import { WasmFormatError } from '../../../src/wasm/encoding/error.ts';
import {
  readS32,
  readS33,
  readS64,
  readU32,
  readU64,
  writeSigned,
  writeUnsigned,
} from '../../../src/wasm/encoding/leb128.ts';
import { failureOf } from '../../support/failure.ts';

const leb = suite('LEB128');

const readers = { u32: readU32, s32: readS32, s33: readS33, u64: readU64, s64: readS64 } as const;
type Width = keyof typeof readers;

const bytesOf = (hex: string): number[] => hex.split(' ').map((byte) => Number.parseInt(byte, 16));

/** Encoded integers and their values. The bytes ee ff follow each, and must not be read. */
const values: readonly (readonly [width: Width, hex: string, value: number | bigint])[] = [
  ['u32', '00', 0],
  ['u32', '7f', 127],
  ['u32', '80 01', 128],
  ['u32', 'e5 8e 26', 624485],
  ['u32', 'ff ff ff ff 07', 2 ** 31 - 1],
  ['u32', '80 80 80 80 08', 2 ** 31],
  ['u32', 'ff ff ff ff 0f', 2 ** 32 - 1],
  ['u32', '80 00', 0],
  ['u32', '80 80 80 80 00', 0],
  ['u32', '83 80 80 80 00', 3],
  ['s32', '00', 0],
  ['s32', '3f', 63],
  ['s32', '40', -64],
  ['s32', '7f', -1],
  ['s32', 'c0 00', 64],
  ['s32', 'bf 7f', -65],
  ['s32', 'ff ff ff ff 07', 2 ** 31 - 1],
  ['s32', '80 80 80 80 78', -(2 ** 31)],
  ['s32', 'ff ff ff ff 7f', -1],
  ['s32', '80 80 80 80 00', 0],
  ['s33', '40', -64],
  ['s33', 'ff ff ff ff 0f', 2 ** 32 - 1],
  ['s33', '80 80 80 80 70', -(2 ** 32)],
  ['s33', 'ff ff ff ff 7f', -1],
  ['u64', '00', 0n],
  ['u64', '80 00', 0n],
  ['u64', 'ff ff ff ff 0f', 2n ** 32n - 1n],
  ['u64', 'ff ff ff ff ff ff ff ff ff 01', 2n ** 64n - 1n],
  ['u64', '80 80 80 80 80 80 80 80 80 00', 0n],
  ['s64', '7f', -1n],
  ['s64', 'ff ff ff ff ff ff ff ff ff 00', 2n ** 63n - 1n],
  ['s64', '80 80 80 80 80 80 80 80 80 7f', -(2n ** 63n)],
  ['s64', 'ff ff ff ff ff ff ff ff ff 7f', -1n],
];

for (const [width, hex, value] of values) {
  leb(`${width} ${hex} is ${value}`, () => {
    const bytes = bytesOf(hex);
    const reader = new ByteReader(new Uint8Array([0xaa, ...bytes, 0xee, 0xff]), 1);
    assert.is(readers[width](reader), value);
    assert.is(reader.offset, 1 + bytes.length);
  });
}

/** Refused integers. Two bytes precede each, so offsets are 2 higher. */
const refusals: readonly (readonly [width: Width, hex: string, kind: string, offset: number])[] = [
  ['u32', 'ff ff ff ff 10', 'IntegerTooLarge', 2],
  ['u32', '80 80 80 80 70', 'IntegerTooLarge', 2],
  ['u32', '80 80 80 80 80 00', 'IntegerTooLong', 2],
  ['u32', 'ff ff ff ff 8f 00', 'IntegerTooLong', 2],
  ['u32', '80 80', 'UnexpectedEnd', 4],
  ['u32', '80 80 80 80', 'UnexpectedEnd', 6],
  ['s32', 'ff ff ff ff 08', 'IntegerTooLarge', 2],
  ['s32', '80 80 80 80 70', 'IntegerTooLarge', 2],
  ['s32', 'ff ff ff ff 77', 'IntegerTooLarge', 2],
  ['s32', '80 80 80 80 80 00', 'IntegerTooLong', 2],
  ['s32', 'ff ff ff ff ff 7f', 'IntegerTooLong', 2],
  ['s32', 'ff', 'UnexpectedEnd', 3],
  ['s33', 'ff ff ff ff 10', 'IntegerTooLarge', 2],
  ['s33', '80 80 80 80 60', 'IntegerTooLarge', 2],
  ['s33', 'ff ff ff ff ff 7f', 'IntegerTooLong', 2],
  ['s33', 'ff ff ff ff', 'UnexpectedEnd', 6],
  ['u64', 'ff ff ff ff ff ff ff ff ff 02', 'IntegerTooLarge', 2],
  ['u64', '80 80 80 80 80 80 80 80 80 7f', 'IntegerTooLarge', 2],
  ['u64', '80 80 80 80 80 80 80 80 80 80 00', 'IntegerTooLong', 2],
  ['u64', 'ff ff ff ff ff ff ff ff 80', 'UnexpectedEnd', 11],
  ['s64', 'ff ff ff ff ff ff ff ff ff 01', 'IntegerTooLarge', 2],
  ['s64', '80 80 80 80 80 80 80 80 80 7e', 'IntegerTooLarge', 2],
  ['s64', 'ff ff ff ff ff ff ff ff ff ff 7f', 'IntegerTooLong', 2],
  ['s64', '80', 'UnexpectedEnd', 3],
];

for (const [width, hex, kind, offset] of refusals) {
  leb(`${width} ${hex} is ${kind} at ${offset}`, () => {
    const bytes = new Uint8Array([0xaa, 0xaa, ...bytesOf(hex)]);
    const failure = failureOf(WasmFormatError, () => readers[width](new ByteReader(bytes, 2)));
    assert.is(failure.kind, kind);
    assert.is(failure.offset, offset);
    if ('type' in failure) assert.match(failure.type, new RegExp(`${width}$`));
  });
}

leb('an integer may not continue after the end of its reader', () => {
  const bytes = new Uint8Array([0x80, 0x80, 0x01]);
  assert.equal(
    failureOf(WasmFormatError, () => readU32(new ByteReader(bytes, 0, 2))),
    {
      kind: 'UnexpectedEnd',
      offset: 2,
      expected: 'a u32',
    },
  );
});

const written = (write: (out: number[]) => void): Uint8Array => {
  const out: number[] = [];
  write(out);
  return new Uint8Array(out);
};

/** Writes and reads a value. Checks that no shorter encoding would do. */
function roundTrip(width: Width, value: number | bigint, bytes: Uint8Array, shortest: number): void {
  const reader = new ByteReader(bytes);
  assert.is(readers[width](reader), value);
  assert.ok(reader.done);
  assert.is(bytes.length, shortest);
}

const unsignedLength = (value: bigint): number => Math.max(1, Math.ceil(value.toString(2).length / 7));
const signedLength = (value: bigint): number =>
  Math.ceil(((value < 0n ? ~value : value).toString(2).replace(/^0$/, '').length + 1) / 7);

const bounded = (bits: bigint, signed: boolean): fc.Arbitrary<bigint> => {
  const [min, max] = signed ? [-(2n ** (bits - 1n)), 2n ** (bits - 1n) - 1n] : [0n, 2n ** bits - 1n];
  // All widths are equally likely: nearly all uniform values would take the most bytes.
  return fc
    .tuple(fc.bigInt({ min, max }), fc.bigInt({ min: 0n, max: bits - 1n }))
    .map(([value, shift]) => value >> shift);
};

leb('a written integer is read back, and has the shortest form', () => {
  fc.assert(
    fc.property(bounded(32n, false), (value) => {
      const bytes = written((out) => writeUnsigned(out, Number(value)));
      roundTrip('u32', Number(value), bytes, unsignedLength(value));
      roundTrip('u64', value, bytes, unsignedLength(value));
    }),
  );
  fc.assert(
    fc.property(bounded(53n, false), (value) => {
      roundTrip(
        'u64',
        value,
        written((out) => writeUnsigned(out, Number(value))),
        unsignedLength(value),
      );
    }),
  );
  for (const width of ['s32', 's33', 's64'] as const) {
    fc.assert(
      fc.property(bounded(BigInt(width.slice(1)), true), (value) => {
        const expected = width === 's64' ? value : Number(value);
        roundTrip(
          width,
          expected,
          written((out) => writeSigned(out, value)),
          signedLength(value),
        );
      }),
    );
  }
});

leb('random bytes give an integer in range or a WasmFormatError', () => {
  const byte = fc.oneof(fc.integer({ min: 0x80, max: 0xff }), fc.integer({ min: 0, max: 0xff }));
  fc.assert(
    fc.property(
      fc.array(byte, { maxLength: 12 }),
      fc.constantFrom<Width>('u32', 's32', 's33', 'u64', 's64'),
      (bytes, width) => {
        const bits = BigInt(width.slice(1));
        try {
          const value = BigInt(readers[width](new ByteReader(new Uint8Array(bytes))));
          assert.is(
            value,
            width.startsWith('u') ? BigInt.asUintN(Number(bits), value) : BigInt.asIntN(Number(bits), value),
          );
        } catch (error) {
          assert.instance(error, WasmFormatError);
        }
      },
    ),
    { numRuns: 1000 },
  );
});

leb.run();
