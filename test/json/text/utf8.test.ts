import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compareUtf8, decodeUtf8, isWellFormed, sortedSet, utf8Length } from '../../../src/json/text/utf8.ts';
import { JsonDecodeError } from '../../../src/protocol/messages/index.ts';

const utf8 = suite('json/text/utf8');

const text = fc.string({
  unit: fc.constantFrom('a', 'b', '\u007f', 'é', '\ud7ff', '\ue000', '\uffff', '\u{10000}', '\u{10ffff}'),
});

/** The order of the bytes. */
function compareBytes(a: string, b: string): number {
  const [left, right] = [a, b].map((one) => new TextEncoder().encode(one));
  if (left === undefined || right === undefined) throw new Error('no bytes');
  const index = left.findIndex((byte, at) => byte !== right[at]);
  return index === -1 ? left.length - right.length : (left[index] ?? 0) - (right[index] ?? -1);
}

utf8('strings are compared by their UTF-8 bytes', () => {
  assert.ok('\u{10000}' < '\uffff', 'UTF-16 has another order');
  assert.ok(compareUtf8('\u{10000}', '\uffff') > 0);
  fc.assert(
    fc.property(text, text, (a, b) => assert.is(Math.sign(compareUtf8(a, b)), Math.sign(compareBytes(a, b)))),
    { numRuns: 2000 },
  );
});

utf8('a set has each string once, sorted', () => {
  assert.equal(sortedSet(['b', '\u{10000}', 'a', '\uffff', 'b', '']), ['', 'a', 'b', '\uffff', '\u{10000}']);
});

utf8('lengths are in bytes', () => {
  assert.equal(['', 'a', 'é', '\uffff', '\u{10000}'].map(utf8Length), [0, 1, 2, 3, 4]);
});

utf8('lone surrogates are found', () => {
  assert.equal(['', 'é', '\u{10000}', '\ud7ff\ue000'].map(isWellFormed), [true, true, true, true]);
  assert.equal(['\ud800', 'a\udfff', '\udc00\ud800', '\ud800\ud800\udc00'].map(isWellFormed), [
    false,
    false,
    false,
    false,
  ]);
});

utf8.run();

const utf8Bytes = suite('json/text/utf8: decodeUtf8');

const valid: readonly (readonly [name: string, text: string])[] = [
  ['nothing', ''],
  ['characters of one to four bytes', 'a£€😀'],
  ['a byte order mark', '\ufeff{}'],
  ['a replacement character that was written', 'a\ufffdb'],
  ['one at the end', '\ufffd'],
];

for (const [name, text] of valid) {
  utf8Bytes(`reads ${name}`, () => assert.is(decodeUtf8(new TextEncoder().encode(text)), text));
}

const invalid: readonly (readonly [name: string, bytes: readonly number[], offset: number, found: string])[] = [
  ['a byte that begins nothing', [0x61, 0xff, 0x62], 1, 'byte 0xff'],
  ['a sequence that ends early', [0xe2, 0x82, 0x61], 0, 'byte 0xe2'],
  ['one that the text ends in', [0x61, 0xf0, 0x9f, 0x98], 1, 'byte 0xf0'],
  ['an encoded surrogate', [0xed, 0xa0, 0x80], 0, 'byte 0xed'],
  // EF BF BD is the replacement itself. A sequence that begins the same must not be taken for it.
  ['a sequence that begins as the replacement does', [0xef, 0xbf, 0x61], 0, 'byte 0xef'],
  ['the same at the end', [0x61, 0xef, 0xbf], 1, 'byte 0xef'],
  ['one after a replacement that was written', [0xef, 0xbf, 0xbd, 0xef, 0x61], 3, 'byte 0xef'],
];

for (const [name, bytes, offset, found] of invalid) {
  utf8Bytes(`refuses ${name}, and reports where it begins`, () => {
    try {
      decodeUtf8(new Uint8Array(bytes));
      assert.unreachable();
    } catch (error) {
      assert.ok(error instanceof JsonDecodeError);
      assert.equal(error.failure, { kind: 'InvalidUtf8', path: '$', offset, expected: 'UTF-8', found });
    }
  });
}

utf8Bytes.run();
