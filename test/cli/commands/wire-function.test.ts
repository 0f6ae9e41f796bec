import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { findWireFunction } from '../../../src/cli/commands/wire-function.ts';
import { CommandLineError } from '../../../src/cli/program/command-line-error.ts';
import { allWireFunctions, wire } from '../../../src/protocol/messages/index.ts';
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

find.run();
