import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FRAME_SLOTS, STACK_SLOTS, UNCOUNTED_SLOTS } from '../../src/metering/layout.ts';
import { endOf, metered, runOf } from './running.ts';

const frames = suite('where frames are taken off the stack');

const COUNT = '(global.set $n (i32.add (global.get $n) (i32.const 1)))';
/** The greatest operand stack of `COUNT`, and of what recurses below it. */
const OPERANDS = 2;
const plainFrame = FRAME_SLOTS + OPERANDS;

/**
 * Endless recursion of `$f`, which counts how often it is entered: how many slots one turn of it
 * takes, and whether they are taken after the count.
 */
const recursions: readonly (readonly [name: string, slots: number, late: boolean, functions: string])[] = [
  ['at the entry', plainFrame, false, `(func $f ${COUNT} call $f)`],
  ['in an arm', plainFrame, true, `(func $f ${COUNT} i32.const 1 if call $f end)`],
  [
    'in an arm of an arm',
    plainFrame,
    true,
    `(func $f ${COUNT} i32.const 1 if i32.const 1 if call $f else call $f end end)`,
  ],
  ['in both arms', plainFrame, false, `(func $f ${COUNT} global.get $n if call $f else call $f end)`],
  ['in an arm that returns', plainFrame, true, `(func $f ${COUNT} i32.const 1 if call $f return end)`],
  ['in an arm in a loop', plainFrame, false, `(func $f ${COUNT} loop i32.const 1 if call $f end end)`],
  [
    'in an arm that is left by a branch',
    plainFrame,
    true,
    `(func $f ${COUNT} block i32.const 1 if call $f br 1 end end)`,
  ],
  [
    'in an arm that ends in a trap',
    plainFrame + UNCOUNTED_SLOTS,
    true,
    `(func $f ${COUNT} i32.const 1 if call $f unreachable end)`,
  ],
  [
    'in an arm that ends in a trap, of a function below one that is not counted',
    plainFrame + UNCOUNTED_SLOTS,
    true,
    `(func $f ${COUNT} call $g) (func $g i32.const 1 if call $f unreachable end i32.const 1 i32.const 1 drop drop)`,
  ],
  [
    'in an arm that ends in a trap, behind a large frame that is not counted',
    plainFrame + UNCOUNTED_SLOTS,
    true,
    `(func $f (local ${'i64 '.repeat(400)}) ${COUNT} call $g)
     (func $g i32.const 1 if call $f unreachable end i32.const 1 i32.const 1 drop drop)`,
  ],
  [
    'in arms of an arm that does not come back, of which one does',
    plainFrame,
    true,
    `(func $f ${COUNT} i32.const 1 if
      i32.const 0 if call $f return end
      i32.const 1 if call $f end
      return end)`,
  ],
  ['through two functions', plainFrame + FRAME_SLOTS, false, `(func $f ${COUNT} call $g) (func $g call $f)`],
];

for (const [name, slots, late, functions] of recursions) {
  frames(`endless recursion ${name} ends where the budget says`, async () => {
    const { run, exports } = await runOf(
      `(module (global $n (export "n") (mut i32) (i32.const 0)) ${functions} (func (export "run") call $f))`,
    );
    assert.is(endOf(run), 'StackOverflow');
    // The function that is exported takes a frame too.
    const entered = Math.floor((STACK_SLOTS - FRAME_SLOTS) / slots) + (late ? 1 : 0);
    assert.is((exports.n as WebAssembly.Global).value, entered); // exported by the module above
  });
}

/** Functions that are called again and again, and must not leave the depth lower each time. */
const repeated: readonly (readonly [name: string, functions: string])[] = [
  [
    'arms with calls, one after the other',
    '(func $f (param i32) local.get 0 if call $g end local.get 0 if call $g end)',
  ],
  ['an arm with a call, or none', '(func $f (param i32) local.get 0 i32.const 1 i32.and if call $g end)'],
  ['an arm that returns', '(func $f (param i32) local.get 0 if call $g return end call $g)'],
  ['an arm that is left by a branch', '(func $f (param i32) block local.get 0 if call $g br 1 end call $g end)'],
  ['an arm in a loop', '(func $f (param i32) loop local.get 0 i32.const 1 i32.and if call $g end end)'],
  ['many calls in a row', `(func $f (param i32) local.get 0 i32.const 3 i32.eq if ${'call $g '.repeat(8000)} end)`],
  [
    'an arm in a loop that ends in a trap, or is left by a branch before',
    `(func $f (param i32) (local i32)
      loop $again
        block $out
          local.get 0 i32.const 3 i32.lt_s if call $g i32.const 1 br_if $out unreachable end
        end
        local.get 1 i32.const 1 i32.add local.tee 1 i32.const 300 i32.lt_s br_if $again
      end)`,
  ],
  ['a call in a loop', '(func $f (param i32) loop call $g end call $g)'],
  [
    'an arm that ends in a trap and is not taken',
    '(func $f (param i32) local.get 0 i32.const 0 i32.lt_s if call $g unreachable end call $g)',
  ],
];

for (const [name, functions] of repeated) {
  frames(`calls for ever: ${name}`, async () => {
    // What $g calls is only known when the program runs, so that $g is counted.
    const { run } = await runOf(`(module (type $t (func)) (table 1 funcref) (elem (i32.const 0) $h) (func $h)
      (func $g i32.const 0 call_indirect (type $t)) ${functions}
      (func (export "run") (local i32)
        loop local.get 0 call $f local.get 0 i32.const 1 i32.add local.tee 0 i32.const 50000 i32.lt_s br_if 0 end))`);
    assert.is(endOf(run), 'returned');
  });
}

frames('functions that call one another very often, but in no circle and no loop, run out of fuel', async () => {
  const levels = 24;
  const chain = Array.from({ length: levels }, (_, at) => `(func $f${at} ${`call $f${at + 1} `.repeat(4)})`);
  const text = `(module ${chain.join(' ')} (func $f${levels}) (func (export "run") call $f0))`;
  const { run, meter } = await runOf(text, { fuel: 1_000_000, wallMs: 10_000 });
  assert.is(endOf(run), 'OutOfFuel');
  assert.is(meter.fuelConsumed, 1_000_000);
});

frames('the clock is read in the middle of calls whose fuel is charged beforehand', async () => {
  // Straight-line code, without a loop: a few bytes for each call of some hundred instructions.
  const work = 'i32.const 1 drop '.repeat(200);
  let reads = 0;
  const clock = (): number => reads++;
  for (const [name, callee] of [
    ['leaf', `(func $f ${work})`],
    ['one that charges some of it itself', `(func $f (param i32) ${work} local.get 0 if ${work} end)`],
    ['one that charges all of it itself', `(func $f (param i32) local.get 0 ${'i32.eqz '.repeat(900)} drop)`],
  ] as const) {
    const call = name === 'leaf' ? 'call $f ' : 'i32.const 1 call $f ';
    const { run } = await runOf(`(module ${callee} (func (export "run") ${call.repeat(20_000)}))`, { clock });
    reads = 0;
    run();
    assert.ok(reads > 50, `${name}: the clock was read ${reads} times in 4,000,000 instructions or more`);
  }
});

frames('what a small function costs is charged once, whoever calls it', async () => {
  const { instance, meter } =
    await metered(`(module (type $t (func (result i32))) (table 2 funcref) (elem (i32.const 0) $both)
    (func $own (result i32) i32.const 1 i32.const 2 i32.add)
    (func $both (export "both") (result i32) i32.const 1 i32.const 2 i32.add)
    (func $calling (export "calling") (result i32) call $own)
    (func (export "callingCall") (result i32) call $calling)
    (func (export "ownCall") (result i32) call $own)
    (func (export "bothCall") (result i32) call $both)
    (func (export "bothIndirect") (result i32) i32.const 0 call_indirect (type $t)))`);
  const costOf = (name: string): number => {
    meter.refuel();
    meter.run(instance.exports[name] as () => void); // exported by the module above
    return meter.fuelConsumed;
  };
  assert.equal(['both', 'ownCall', 'bothCall', 'bothIndirect'].map(costOf), [4, 6, 6, 7]);
  assert.equal(['calling', 'callingCall'].map(costOf), [6, 8]);
});

frames('what small functions charge themselves is charged in a loop too', async () => {
  const { run, meter } = await runOf(`(module
    (func $odd (param i32) local.get 0 i32.const 1 i32.and
      if i32.const 1 i32.const 2 i32.const 3 i32.add i32.add i32.eqz drop end)
    (func $through (param i32) local.get 0 call $odd)
    (func (export "run") (local i32)
      loop local.get 0 call $through local.get 0 i32.const 1 i32.add local.tee 0 i32.const 10 i32.lt_s br_if 0 end))`);
  assert.is(endOf(run), 'returned');
  const odd = 1 + 4;
  const through = 1 + 2;
  const turn = 2 + 7;
  assert.is(meter.fuelConsumed, 1 + 10 * (turn + through + odd) + 5 * 6);
});

frames.run();
