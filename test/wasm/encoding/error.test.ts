import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { WasmFormatError, type WasmFormatFailure } from '../../../src/wasm/encoding/error.ts';

const error = suite('WasmFormatError');

const failures: {
  readonly [K in WasmFormatFailure['kind']]: readonly [Extract<WasmFormatFailure, { kind: K }>, RegExp];
} = {
  NotWebAssembly: [{ kind: 'NotWebAssembly', offset: 1 }, /not WebAssembly/],
  Component: [{ kind: 'Component', offset: 4 }, /component/],
  UnsupportedVersion: [{ kind: 'UnsupportedVersion', offset: 4, version: 2 }, /version 2/],
  UnexpectedEnd: [{ kind: 'UnexpectedEnd', offset: 9, expected: 'a name' }, /a name was expected/],
  IntegerTooLong: [{ kind: 'IntegerTooLong', offset: 9, type: 'a u32' }, /longer than a u32/],
  IntegerTooLarge: [{ kind: 'IntegerTooLarge', offset: 9, type: 'a u32' }, /does not fit a u32/],
  MalformedName: [{ kind: 'MalformedName', offset: 9, reason: 'not valid UTF-8' }, /not valid UTF-8/],
  SectionOutOfOrder: [{ kind: 'SectionOutOfOrder', offset: 9, section: 'tag' }, /the tag section/],
  SectionSizeMismatch: [
    { kind: 'SectionSizeMismatch', offset: 9, section: 'code', reason: '3 left' },
    /code section: 3 left/,
  ],
  CountMismatch: [{ kind: 'CountMismatch', offset: 9, reason: '1 and 2' }, /1 and 2/],
  UnknownEncoding: [
    { kind: 'UnknownEncoding', offset: 9, expected: 'a type', found: 7 },
    /a type, found the byte 0x07/,
  ],
  LimitExceeded: [{ kind: 'LimitExceeded', offset: 9, reason: 'too many' }, /too many/],
};

for (const [kind, [failure, message]] of Object.entries(failures)) {
  error(`the message of ${kind} says what is wrong, and where`, () => {
    const thrown = new WasmFormatError(failure);
    assert.is(thrown.name, 'WasmFormatError');
    assert.is(thrown.failure, failure);
    assert.match(thrown.message, message);
    assert.match(thrown.message, new RegExp(`\\(at byte ${failure.offset}\\)$`));
  });
}

error.run();
