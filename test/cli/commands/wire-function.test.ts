import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { findWireFunction, requestReader } from '../../../src/cli/commands/wire-function.ts';
import { CommandLineError } from '../../../src/cli/program/command-line-error.ts';
import { allWireFunctions, JsonDecodeError, wire } from '../../../src/protocol/messages/index.ts';
import { failureOf } from '../../support/failure.ts';

const find = suite('findWireFunction');

for (const name of allWireFunctions) {
  find(`finds ${name}`, () => {
    assert.is(findWireFunction(name).name, name);
  });
}

find('takes the newest version that declares the function, or the given one', () => {
  assert.is(findWireFunction('filter'), wire.v3.filter);
  assert.is(findWireFunction('shape'), wire.v2.shape);
  assert.is(findWireFunction('shape', 'v1'), wire.v1.shape);
  assert.is(findWireFunction('sign', 'v1'), wire.v1.sign);
});

for (const [name, version] of [
  ['shape', 'v3'],
  ['filter', 'v1'],
] as const) {
  find(`refuses ${name} of ${version}, which does not declare it`, () => {
    const failure = failureOf(CommandLineError, () => findWireFunction(name, version));
    assert.is(failure.kind, 'InvalidValue');
  });
}

const read = suite('the reader of a request');

read('takes a request with the version of the wire or without', () => {
  const { decode } = requestReader(wire.v1.normalizeError);
  assert.equal(decode('{"_v":7,"status":1,"body_base64":""}'), { status: 1, body_base64: '' });
  assert.equal(decode('{"status":1,"body_base64":""}'), { status: 1, body_base64: '' });
});

read('refuses a repeated field, as decodeJson does', () => {
  const { decode } = requestReader(wire.v1.normalizeError);
  const failure = failureOf(JsonDecodeError, () => decode('{"status":1,"status":2,"body_base64":""}'));
  assert.is(failure.kind, 'RepeatedField');
  assert.is(failure.path, '$.status');
});

find.run();
read.run();
