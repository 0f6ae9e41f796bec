import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ByteReader } from '../../../src/wasm/encoding/byte-reader.ts';
import { WasmFormatError } from '../../../src/wasm/encoding/error.ts';
import { NAME_MAX_BYTES, readName } from '../../../src/wasm/encoding/names.ts';
import { leb, name } from '../../support/bytes.ts';
import { failureOf } from '../../support/failure.ts';

const names = suite('names');

const read = (...bytes: readonly number[]): string => readName(new ByteReader(new Uint8Array(bytes)));

names('are a length, then UTF-8', () => {
  const reader = new ByteReader(new Uint8Array([...name('naïve 🙂'), 0xff]));
  assert.is(readName(reader), 'naïve 🙂');
  assert.is(reader.peek(), 0xff);
  assert.is(read(0), '');
  assert.is(read(1, 0), '\0');
});

names('keep a byte order mark, also at the start', () => {
  assert.is(read(...name('\uFEFFrun')), '\uFEFFrun');
  assert.is(read(...name('a\uFEFF')), 'a\uFEFF');
  assert.is(read(...name('\uFEFF')).length, 1);
});

const notUtf8: readonly (readonly [what: string, bytes: readonly number[]])[] = [
  ['a lone continuation byte', [0x80]],
  ['an overlong slash', [0xc0, 0xaf]],
  ['a surrogate', [0xed, 0xa0, 0x80]],
  ['beyond U+10FFFF', [0xf4, 0x90, 0x80, 0x80]],
  ['a cut character', [0x61, 0xe2, 0x82]],
  ['a byte of UTF-16', [0xff, 0xfe]],
];
for (const [what, bytes] of notUtf8) {
  names(`with ${what} are refused, at the offset of the first character`, () => {
    const failure = failureOf(WasmFormatError, () => read(bytes.length, ...bytes));
    assert.equal(failure, { kind: 'MalformedName', offset: 1, reason: 'not valid UTF-8' });
  });
}

names('may have 100,000 bytes, but not one more', () => {
  assert.is(NAME_MAX_BYTES, 100_000);
  const bytes = new Uint8Array(100_010).fill(0x61);
  bytes.set(leb(100_000));
  assert.is(readName(new ByteReader(bytes)).length, 100_000);
  bytes.set(leb(100_001));
  const failure = failureOf(WasmFormatError, () => readName(new ByteReader(bytes)));
  assert.is(failure.kind, 'MalformedName');
  assert.is(failure.offset, 0);
});

names('are read from resizable and from shared memory', () => {
  // Every engine has the option, but the types of this language version do not.
  const Resizable = ArrayBuffer as new (length: number, options: object) => ArrayBuffer;
  const buffers: ArrayBufferLike[] = [new Resizable(5, { maxByteLength: 10 })];
  if (typeof SharedArrayBuffer === 'undefined') console.log('skipped: no SharedArrayBuffer here');
  else buffers.push(new SharedArrayBuffer(5));
  for (const buffer of buffers) {
    const bytes = new Uint8Array(buffer);
    bytes.set(name('name'));
    assert.is(readName(new ByteReader(bytes)), 'name');
  }
});

names('over the limit are refused for it, even if the bytes end earlier', () => {
  assert.is(failureOf(WasmFormatError, () => read(...leb(100_001))).kind, 'MalformedName');
  assert.equal(
    failureOf(WasmFormatError, () => read(...leb(100_000), 0x61)),
    {
      kind: 'UnexpectedEnd',
      offset: 4,
      expected: '100000 bytes of a name',
    },
  );
});

names('of any text are read back, and random bytes give a name or a WasmFormatError', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => assert.is(read(...name(text)), text)));
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 20 }), (bytes) => {
      try {
        readName(new ByteReader(bytes));
      } catch (error) {
        assert.instance(error, WasmFormatError);
      }
    }),
  );
});

names.run();
