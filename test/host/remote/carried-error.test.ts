import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { HookCallError } from '../../../src/hooks/index.ts';
import { PluginHostError } from '../../../src/host/index.ts';
import { type CarriedError, carryError, errorOf } from '../../../src/host/remote/carried-error.ts';
import { exposed, restored } from '../../../src/host/remote/located.ts';
import { MeteringError } from '../../../src/metering/index.ts';
import { withSaid, withStack } from '../../../src/metering/run/trap-stack.ts';
import { PluginCallError } from '../../../src/plugin/index.ts';

const carrying = suite('an error that is carried');

const across = (thrown: unknown): Error => errorOf(structuredClone(carryError(thrown)));

carrying('is of its class, with its failure, subject and causes', () => {
  const cause = new TypeError('no function', { cause: 'a text' });
  const error = new HookCallError(
    { kind: 'InvalidRequest', path: '$.a', expected: 'a text' },
    { cause, subject: 'filter' },
  );
  const found = across(error);
  assert.instance(found, HookCallError);
  if (!(found instanceof HookCallError)) return;
  assert.is(found.message, error.message);
  assert.is(found.phase, error.phase);
  assert.equal(found.failure, error.failure);
  assert.instance(found.cause, TypeError);
  const { cause: inner } = found.cause instanceof Error ? found : error;
  assert.is(inner instanceof Error && inner.cause instanceof Error && inner.cause.message, 'a text');
});

carrying('keeps what its failure does not show', () => {
  const failure = withSaid(
    withStack({ kind: 'Trap', reason: 'unreachable' } as const, () => [{ index: 3 }]),
    'panicked',
  );
  const found = across(new PluginCallError(failure));
  const trap = found instanceof PluginCallError && found.failure.kind === 'Trap' ? found.failure : undefined;
  assert.equal(trap?.stack, [{ index: 3 }]);
  assert.is(trap?.said, 'panicked');
  assert.equal(Object.keys(trap ?? {}), ['kind', 'reason']);
});

carrying('has no name in its failure that is lost, whatever a plugin chose', () => {
  const names = ['$located', '$$located', '$', '__proto__', 'stack', '\ud800'];
  for (const value of [[1], null, { stack: 7, said: 8 }, 'text']) {
    const given = Object.fromEntries(names.map((name) => [name, value]));
    assert.equal(Object.entries(Object(restored(structuredClone(exposed({ given })))).given), Object.entries(given));
  }
});

carrying('keeps how much of a budget was used', () => {
  const use = { used: 7, limit: 5 } as never;
  const found = across(new MeteringError({ kind: 'OutOfFuel' }, { use }));
  assert.equal(found instanceof MeteringError && found.use, use);
});

carrying('is one of JavaScript or WebAssembly, with its stack, or has the name of its class', () => {
  const trap = new WebAssembly.RuntimeError('unreachable');
  const found = across(trap);
  assert.instance(found, WebAssembly.RuntimeError);
  assert.is(found.stack, trap.stack);
  class OwnError extends Error {
    override readonly name = 'OwnError';
  }
  assert.is(String(across(new OwnError('x'))), 'OwnError: x');
});

carrying('may be anything that can be thrown', () => {
  for (const thrown of [undefined, null, 7, 'text', Object.create(null), { message: 'x' }])
    assert.is(across(thrown).name, 'Error');
  const hostile = new Proxy(new Error('x'), {
    get: () => {
      throw new Error('no property can be read');
    },
  });
  assert.is(across(hostile).name, 'Error');
  const endless = new Error('again');
  endless.cause = endless;
  let depth = 0;
  for (let error: unknown = across(endless); error instanceof Error; error = error.cause) depth++;
  assert.is(depth, 9);
});

carrying('of a class that has another form here arrives as an error', () => {
  const odd: CarriedError = { name: '__proto__', message: 'x' };
  assert.is(errorOf(odd).message, 'x');
  assert.instance(across(new PluginHostError({ kind: 'Closed' })), PluginHostError);
});

carrying.run();
