import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ByteReader } from '../../../src/wasm/encoding/byte-reader.ts';
import { WasmFormatError } from '../../../src/wasm/encoding/error.ts';
import { failureOf } from '../../support/failure.ts';

const byteReader = suite('ByteReader');

const bytes = new Uint8Array([10, 11, 12, 13, 14]);

byteReader('reads bytes in order, and throws after the last', () => {
  const reader = new ByteReader(bytes, 3);
  assert.is(reader.peek(), 13);
  assert.is(reader.byte('x'), 13);
  assert.not(reader.done);
  assert.is(reader.byte('x'), 14);
  assert.ok(reader.done);
  assert.is(reader.peek(), undefined);
  const failure = failureOf(WasmFormatError, () => reader.byte('a thing'));
  assert.equal(failure, { kind: 'UnexpectedEnd', offset: 5, expected: 'a thing' });
  assert.is(reader.offset, 5);
});

byteReader('stops at its own end if the bytes continue', () => {
  const reader = new ByteReader(bytes, 1, 2);
  assert.is(reader.byte('x'), 11);
  assert.ok(reader.done);
  assert.is(reader.peek(), undefined);
  assert.is(failureOf(WasmFormatError, () => reader.byte('x')).offset, 2);
});

byteReader('the offsets of a part count from the start of the module', () => {
  const reader = new ByteReader(bytes, 1);
  const part = reader.part(3, 'a part');
  assert.is(reader.offset, 4);
  assert.equal([part.offset, part.end], [1, 4]);
  assert.equal([...part.rest()], [11, 12, 13]);
  assert.is(part.byte('x'), 11);
  assert.equal([...part.rest()], [12, 13]);
});

byteReader('a part may have all bytes that are left, but no more', () => {
  const reader = new ByteReader(bytes, 1, 4);
  const failure = failureOf(WasmFormatError, () => reader.part(4, 'the rest'));
  assert.equal(failure, { kind: 'UnexpectedEnd', offset: 4, expected: '4 bytes of the rest' });
  assert.is(reader.offset, 1);
  assert.is(reader.part(3, 'the rest').end, 4);
  assert.ok(reader.done);
});

byteReader.run();
