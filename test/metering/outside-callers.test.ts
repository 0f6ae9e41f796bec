import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { engineHas } from '../support/features.ts';
import { endOf, metered, runOf } from './running.ts';

const outside = suite('functions that are entered from outside');

outside('fuel is exact when another instance, or the host, catches what comes out', async () => {
  if (!(await engineHas('exnref'))) return;
  const thrower = await metered(`(module (tag $t (export "t"))
    (func $g (throw $t))
    (func (export "f") (call $g) ${'(drop (i32.const 1))'.repeat(100)}))`);
  const { meter } = thrower;
  const catcher = await metered(
    `(module (import "a" "f" (func $f))
      (func (export "run") (result i32) (block $l (try_table (catch_all $l) (call $f))) (i32.const 7)))`,
    { meter },
    { a: thrower.instance.exports },
  );
  const { run } = catcher.instance.exports;
  // Entry, try_table, call, i32.const; entry, call; entry, throw.
  const cost = 4 + 2 + 2;
  for (const fuel of [cost, cost + 1]) {
    meter.refuel({ fuel });
    assert.is(
      endOf(() => meter.run(() => typeof run === 'function' && run())),
      fuel > cost ? 'returned' : 'OutOfFuel',
    );
    assert.is(meter.fuelConsumed, cost);
  }
  meter.refuel({ fuel: 1000 });
  const { f } = thrower.instance.exports;
  meter.run(() => assert.throws(() => typeof f === 'function' && f()));
  assert.is(meter.fuelConsumed, 4);
});

/**
 * Ways for the host to get a reference to `$cb`, and what it makes of the export `run`, the import
 * `take` and the export `g`.
 */
const ways: readonly (readonly [name: string, fields: string])[] = [
  ['an argument', '(elem declare func $cb) (func (export "run") (call $take (ref.func $cb)))'],
  ['a result', '(elem declare func $cb) (func (export "run") (result funcref) (ref.func $cb))'],
  ['a global', '(global (export "g") funcref (ref.func $cb)) (func (export "run"))'],
  ['a table', '(table (export "t") 1 funcref) (elem (i32.const 0) $cb) (func (export "run"))'],
];
for (const [name, fields] of ways) {
  outside(`the stack is as it was after each call of a function that the host has by ${name}`, async () => {
    const text = `(module (import "h" "take" (func $take (param funcref))) (import "h" "nop" (func $nop))
      (func $cb (call $nop)) ${fields})`;
    let found: unknown;
    const take = (given: unknown): void => {
      found = given;
    };
    const imports = { h: { take, nop: () => undefined } };
    const { run, meter, exports } = await runOf(text, {}, imports);
    const result = run();
    const { g, t } = exports;
    if (g instanceof WebAssembly.Global) found = g.value;
    else if (t instanceof WebAssembly.Table) found = t.get(0);
    else found ??= result;
    const callback = found;
    assert.type(callback, 'function');
    assert.is(
      endOf(() =>
        meter.run(() => {
          for (let count = 0; count < 20_000; count++) if (typeof callback === 'function') callback();
        }),
      ),
      'returned',
    );
  });
}

outside('do nothing any more once the fuel is used up, small ones neither', async () => {
  const { instance, meter } = await metered(
    `(module (memory (export "m") 1) (global $g (export "g") (mut i32) (i32.const 0))
      (func (export "small") (i32.store (i32.const 0) (i32.const 42)) (global.set $g (i32.const 42)))
      (func (export "loops") (loop $l (br $l))))`,
    { fuel: 1000 },
  );
  const { small, loops, m, g } = instance.exports;
  assert.is(
    endOf(() => meter.run(() => typeof loops === 'function' && loops())),
    'OutOfFuel',
  );
  assert.throws(() => typeof small === 'function' && small());
  assert.is(m instanceof WebAssembly.Memory && new Uint8Array(m.buffer)[0], 0);
  assert.is(g instanceof WebAssembly.Global && g.value, 0);
});

outside.run();
