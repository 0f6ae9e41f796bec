import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { findWireFunction } from '../../../src/cli/commands/wire-functions.ts';
import { CommandLineError } from '../../../src/cli/program/command-line-error.ts';
import { allWireFunctions, wire } from '../../../src/protocol/messages/index.ts';

const find = suite('findWireFunction');

for (const name of allWireFunctions) {
  find(`finds ${name}`, () => {
    assert.is(findWireFunction(name).name, name);
  });
}

find('takes the newest version that declares the function, or the one that is asked for', () => {
  assert.is(findWireFunction('filter'), wire.v3.filter);
  assert.is(findWireFunction('shape'), wire.v2.shape);
  assert.is(findWireFunction('shape', 'v1'), wire.v1.shape);
  assert.is(findWireFunction('sign', 'v1'), wire.v1.sign);
});

const refused: readonly (readonly [name: string, version: string | undefined, kind: string])[] = [
  ['Shape', undefined, 'UnknownFunction'],
  ['route', undefined, 'UnknownFunction'], // declared, but never offered
  ['toString', undefined, 'UnknownFunction'],
  ['shape', 'v3', 'InvalidValue'],
  ['filter', 'v1', 'InvalidValue'],
  ['filter', '', 'InvalidValue'],
];

for (const [name, version, kind] of refused) {
  find(`refuses ${name} ${version ?? ''}`, () => {
    try {
      findWireFunction(name, version);
    } catch (error) {
      assert.instance(error, CommandLineError);
      // The line before has checked it.
      assert.is((error as CommandLineError).failure.kind, kind);
      return;
    }
    assert.unreachable('found');
  });
}

find.run();
