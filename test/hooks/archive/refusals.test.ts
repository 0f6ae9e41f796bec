import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  bytes,
  enumeration,
  f64,
  list,
  option,
  string,
  struct,
  u16,
  u32,
  u64,
} from '../../../src/hooks/archive/declare.ts';
import { decodeArchive } from '../../../src/hooks/archive/decode.ts';
import { ArchiveDecodeError, type ArchiveDecodeFailure } from '../../../src/hooks/archive/decode-error.ts';
import { encodeArchive, planArchive } from '../../../src/hooks/archive/encode.ts';
import { ArchiveEncodeError, type ArchiveEncodeFailure } from '../../../src/hooks/archive/encode-error.ts';
import type { ArchiveType } from '../../../src/hooks/archive/type.ts';
import { failureOf, thrownBy } from '../../support/failure.ts';
import { fromHex, toHex } from '../../support/hex.ts';

const refusals = suite('hooks/archive: refusals');

const Pair = struct('Pair', { name: string, value: bytes });
const Sample = struct('Sample', { pairs: list(Pair), maybe: option(u16) });
const Choice = enumeration('Choice', { None: {}, Some: { text: string } });

const unwritable: readonly [type: ArchiveType, value: unknown, failure: ArchiveEncodeFailure][] = [
  [string, 1, { kind: 'WrongType', path: '$', expected: 'a string', found: '1' }],
  [string, 'a\ud800b', { kind: 'LoneSurrogate', path: '$', expected: 'Unicode text', found: 'a lone surrogate' }],
  [string, '\udc00', { kind: 'LoneSurrogate', path: '$', expected: 'Unicode text', found: 'a lone surrogate' }],
  [bytes, [1], { kind: 'WrongType', path: '$', expected: 'a Uint8Array', found: 'an array' }],
  [
    bytes,
    'a',
    { kind: 'WrongType', path: '$', expected: 'a Uint8Array (TextEncoder makes one of a string)', found: 'a string' },
  ],
  [
    bytes,
    new Uint16Array(1),
    { kind: 'WrongType', path: '$', expected: 'a Uint8Array', found: 'an object of the class Uint16Array' },
  ],
  [f64, 1n, { kind: 'WrongType', path: '$', expected: 'a number', found: '1' }],
  [u16, 65536, { kind: 'IntegerOutOfRange', path: '$', expected: 'an integer from 0 to 65535', found: '65536' }],
  [
    u64,
    2 ** 53,
    {
      kind: 'IntegerOutOfRange',
      path: '$',
      expected: 'an integer from 0 to 18446744073709551615 (a bigint if a number is not exact)',
      found: '9007199254740992',
    },
  ],
  [list(u16), { length: 0 }, { kind: 'WrongType', path: '$', expected: 'an array', found: 'an object' }],
  [Pair, null, { kind: 'WrongType', path: '$', expected: 'an object (Pair)', found: 'null' }],
  [
    Sample,
    { pairs: [{ name: '', value: new Uint8Array() }, { name: '' }], maybe: null },
    { kind: 'MissingField', path: '$.pairs[1].value', expected: 'a value', found: 'undefined' },
  ],
  [
    Sample,
    { pairs: [], maybe: null, mabye: 1 },
    { kind: 'UnknownField', path: '$.mabye', expected: 'one of pairs, maybe', found: 'another property' },
  ],
  [
    Sample,
    { pairs: [] },
    { kind: 'MissingField', path: '$.maybe', expected: 'a value, or null if there is none', found: 'undefined' },
  ],
  [
    Choice,
    { kind: 'Other' },
    { kind: 'UnknownVariant', path: '$.kind', expected: 'one of None, Some', found: 'another string' },
  ],
  [Choice, {}, { kind: 'UnknownVariant', path: '$.kind', expected: 'one of None, Some', found: 'undefined' }],
  [
    Choice,
    { kind: 'None', text: '' },
    { kind: 'UnknownField', path: '$.text', expected: 'one of kind', found: 'another property' },
  ],
];

refusals('a value of another type is refused with its path', () => {
  for (const [type, value, failure] of unwritable)
    assert.equal(
      failureOf(ArchiveEncodeError, () => encodeArchive(type, value)),
      failure,
    );
});

refusals('a value that is refused has written nothing', () => {
  assert.throws(() => planArchive<unknown>(list(string), ['a', 1]), /at \$\[1\], expected a string, found 1/);
});

refusals('an archive of more than 2^31 - 1 bytes is refused', () => {
  // All elements are one array, so the value takes little memory.
  const large = new Uint8Array(2 ** 20);
  const values = Array.from({ length: 2048 }, () => large);
  const { kind, found } = failureOf(ArchiveEncodeError, () => planArchive(list(bytes), values));
  assert.equal([kind, found], ['TooLarge', `${2 ** 31 + 2048 * 8 + 8} bytes`]);
});

refusals('numbers at the ends of their ranges are written, and every NaN is the same', () => {
  const hex = (type: ArchiveType, value: unknown): string => toHex(encodeArchive(type, value));
  assert.is(hex(u16, 65535), 'ffff');
  assert.is(hex(u32, 4294967295n), 'ffffffff');
  assert.is(hex(u64, 2 ** 53 - 1), 'ffffffffffff1f00');
  assert.is(hex(u64, 2n ** 64n - 1n), 'ffffffffffffffff');
  assert.is(hex(f64, Number.NaN), '000000000000f87f');
  assert.is(hex(f64, new Float64Array(new BigUint64Array([0xfff8_dead_beef_0001n]).buffer)[0]), '000000000000f87f');
  assert.is(hex(f64, -0), '0000000000000080');
});

const unreadable: readonly [type: ArchiveType, hex: string, failure: ArchiveDecodeFailure][] = [
  [Pair, '00', { kind: 'TooShort', path: '$', offset: 1, expected: 'at least 16 bytes', found: '1' }],
  [u16, '000000', { kind: 'Misaligned', path: '$', offset: 1, expected: 'a multiple of 2', found: 'byte 1' }],
  [
    string,
    'fcffffff 04000000',
    { kind: 'OutsideArchive', path: '$', offset: 0, expected: 'bytes within 0 to 8', found: '-4 to 0' },
  ],
  [
    string,
    '00000000 ffffffff',
    { kind: 'OutsideArchive', path: '$', offset: 0, expected: 'bytes within 0 to 8', found: '0 to 4294967295' },
  ],
  [
    string,
    '00000000 01000000',
    { kind: 'OutOfOrder', path: '$', offset: 0, expected: 'bytes within 0 to 0', found: '0 to 1' },
  ],
  // Both fields share a byte.
  [
    struct('Two', { a: string, b: string }),
    '61616161 fcffffff 02000000 f5ffffff 02000000',
    { kind: 'OutOfOrder', path: '$.b', offset: 12, expected: 'bytes within 2 to 4', found: '1 to 3' },
  ],
  // The second element of the list points into the list.
  [
    list(list(u32)),
    '00000000 00000000 f8ffffff 01000000 f0ffffff 02000000',
    { kind: 'OutOfOrder', path: '$[1]', offset: 8, expected: 'bytes within 0 to 0', found: '0 to 4' },
  ],
  [
    list(u32),
    '00000000 fdffffff 00000000',
    { kind: 'Misaligned', path: '$', offset: 4, expected: 'a multiple of 4', found: 'byte 1' },
  ],
  [
    list(string),
    '6162ff63 fcffffff 04000000 f8ffffff 01000000',
    { kind: 'InvalidUtf8', path: '$[0]', offset: 2, expected: 'UTF-8', found: 'another byte' },
  ],
  [
    Sample,
    '00000000 00000000 0200 0000',
    { kind: 'UnknownTag', path: '$.maybe', offset: 8, expected: 'the tag 0 or 1', found: '2' },
  ],
  [
    Choice,
    '02000000 00000000 00000000',
    { kind: 'UnknownTag', path: '$', offset: 0, expected: 'a tag from 0 to 1', found: '2' },
  ],
];

refusals('an archive of another type is refused with path and offset', () => {
  for (const [type, hex, failure] of unreadable)
    assert.equal(
      failureOf(ArchiveDecodeError, () => decodeArchive(type, fromHex(hex))),
      failure,
      hex,
    );
});

refusals('a message repeats nothing of the archive', () => {
  const thrown = thrownBy(() => decodeArchive(string, fromHex('73656372657480 00 f8ffffff 07000000')));
  assert.is(
    String(thrown),
    'ArchiveDecodeError: a text is not valid UTF-8: at $, byte 6, expected UTF-8, found another byte',
  );
});

refusals('a text of any length must be UTF-8 throughout', () => {
  const invalid = ['80', 'c0af', 'eda080', 'f4908080', 'c3', 'f09f98', 'e0809f'];
  for (const hex of invalid)
    for (const length of [0, 1, 40, 300]) {
      const text = `${'61'.repeat(length)}${hex}`;
      const padded = text.padEnd(Math.ceil(text.length / 8) * 8, '00');
      const root = new DataView(new ArrayBuffer(8));
      root.setInt32(0, -padded.length / 2, true);
      root.setUint32(4, text.length / 2, true);
      const archive = fromHex(padded + toHex(new Uint8Array(root.buffer)));
      const { kind, offset } = failureOf(ArchiveDecodeError, () => decodeArchive(string, archive));
      assert.equal([kind, offset], ['InvalidUtf8', length], hex);
    }
});

refusals('what is read is a copy', () => {
  const archive = encodeArchive(bytes, Uint8Array.of(1, 2, 3));
  const read = decodeArchive(bytes, archive);
  archive.fill(0);
  assert.equal(read, Uint8Array.of(1, 2, 3));
  assert.is(read.buffer.byteLength, 3);
});

refusals('what is not bytes is a mistake of the host', () => {
  // The casts: what a caller without a type checker can pass.
  assert.throws(() => decodeArchive(string, 'text' as unknown as Uint8Array), /bytes must be a Uint8Array/);
  assert.throws(
    () => planArchive(string, '').writeTo(new Uint8Array(8), 1),
    /8 bytes does not fit 8 bytes at offset 1/,
  );
  assert.throws(() => planArchive(string, '').writeTo(new Uint8Array(9), -1), /at offset -1/);
  assert.throws(() => planArchive(string, '').writeTo(new Uint8Array(9), 0.5), /at offset 0.5/);
});

refusals('a list of elements without bytes is a mistake of the declaration', () => {
  const empty = list(struct('Empty', {}));
  assert.throws(() => decodeArchive(empty, new Uint8Array(8)), /at least one byte/);
  assert.throws(() => encodeArchive(empty, []), /at least one byte/);
});

refusals.run();
