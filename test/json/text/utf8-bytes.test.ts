import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { decodeUtf8 } from '../../../src/json/text/utf8-bytes.ts';
import { JsonDecodeError } from '../../../src/protocol/messages/index.ts';

const utf8Bytes = suite('json/text/utf8-bytes');

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
  // EF BF BD is the replacement itself: what begins like it must not be taken for it.
  ['a sequence that begins as the replacement does', [0xef, 0xbf, 0x61], 0, 'byte 0xef'],
  ['the same at the end', [0x61, 0xef, 0xbf], 1, 'byte 0xef'],
  ['one after a replacement that was written', [0xef, 0xbf, 0xbd, 0xef, 0x61], 3, 'byte 0xef'],
];

for (const [name, bytes, offset, found] of invalid) {
  utf8Bytes(`refuses ${name}, and tells where it begins`, () => {
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
