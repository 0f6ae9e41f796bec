import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isStackOverflow, Meter, MeteringError } from '../../../src/metering/index.ts';
import { engineHas } from '../../support/features.ts';
import { endOf, metered, runOf } from '../running.ts';

const meters = suite('the meter');

const INFINITE = Number.POSITIVE_INFINITY;

/** A function of a given cost, and one of a given number of turns. */
const working = `(module (func (export "run") ${'(drop (i32.const 1))'.repeat(50)})
  (func (export "spin") (loop br 0)))`;
const COST = 51;

meters('refuel gives what the meter was made with, where nothing else is said', async () => {
  const { run, meter } = await runOf(working, { fuel: COST + 1 });
  for (const [budget, expected] of [
    [undefined, 'returned'],
    [{}, 'returned'],
    [{ fuel: undefined }, 'returned'],
    [{ fuel: COST }, 'OutOfFuel'],
    [{ wallMs: 5_000 }, 'returned'],
  ] as const) {
    meter.refuel(budget);
    assert.is(endOf(run), expected, JSON.stringify(budget));
  }
  // Twice costs more than the budget, unless there is none.
  meter.refuel();
  assert.equal([endOf(run), endOf(run)], ['returned', 'OutOfFuel']);
  meter.refuel({ fuel: INFINITE });
  assert.equal([endOf(run), endOf(run)], ['returned', 'returned']);
});

meters('refuel gives the time that the meter was made with, where none is said', async () => {
  let now = 0;
  const { instance, meter } = await metered(working, { wallMs: 10, clock: () => now++ });
  const spin = instance.exports.spin as () => void; // exported by the module above
  const end = (): string => endOf(() => meter.run(spin));
  assert.is(end(), 'Timeout');
  for (const budget of [{}, { wallMs: undefined }]) {
    meter.refuel({ fuel: 10_000_000, ...budget });
    const began = now;
    assert.is(end(), 'Timeout');
    assert.ok(now - began < 20);
  }
  meter.refuel({ wallMs: INFINITE, fuel: 10_000_000 });
  assert.is(end(), 'OutOfFuel');
});

meters('refuel with a wrong option changes nothing', async () => {
  const { run, meter } = await runOf(working, { fuel: COST + 1 });
  run();
  assert.is(
    endOf(() => meter.refuel({ fuel: 1_000, wallMs: -1 })),
    'InvalidArgument',
  );
  assert.is(meter.fuelConsumed, COST);
  assert.is(endOf(run), 'OutOfFuel');
});

meters('with no time nothing runs, as with no fuel', async () => {
  for (const [nothing, kind] of [
    [{ wallMs: 0 }, 'Timeout'],
    [{ fuel: 0 }, 'OutOfFuel'],
  ] as const) {
    const { run: none, meter: without } = await runOf(working, nothing);
    assert.is(without.exhausted, kind);
    assert.is(endOf(none), kind);
    const { run, meter } = await runOf(working);
    meter.refuel(nothing);
    assert.is(meter.exhausted, kind);
    assert.is(endOf(run), kind);
    meter.refuel();
    assert.is(endOf(run), 'returned');
  }
  // A clock that stands still.
  const { run, meter } = await runOf(working, { clock: () => 5 });
  meter.refuel({ wallMs: 0 });
  assert.is(endOf(run), 'Timeout');
  meter.refuel({ wallMs: 1 });
  assert.is(endOf(run), 'returned');
});

/** Errors of host code, and whether they are an engine's own word for its stack. */
const errors: readonly (readonly [error: unknown, overflow: boolean])[] = [
  [new RangeError('no such stack frame id'), false],
  [new RangeError('the stack of plates'), false],
  [new RangeError('Maximum call stack size exceeded by the tenant'), false],
  [new Error('Maximum call stack size exceeded'), false],
  [new Error('too much recursion'), false],
  [new RangeError('too much recursion'), false],
  [Object.assign(new Error('no'), { name: 'constructor' }), false],
  ['Maximum call stack size exceeded', false],
  [new RangeError('Maximum call stack size exceeded'), true],
  [new RangeError('Maximum call stack size exceeded.'), true],
  [Object.assign(new Error('too much recursion'), { name: 'InternalError' }), true],
];

for (const [thrown, overflow] of errors) {
  meters(`an engine's own stack overflow: ${String(thrown)} is ${overflow ? 'one' : 'none'}`, () => {
    assert.is(isStackOverflow(thrown), overflow);
    const meter = new Meter();
    try {
      meter.run(() => {
        throw thrown;
      });
      assert.unreachable();
    } catch (error) {
      if (overflow) assert.equal((error as MeteringError).failure, { kind: 'StackOverflow' });
      else assert.is(error, thrown);
    }
    assert.equal(meter.failure, overflow ? { kind: 'StackOverflow' } : undefined);
  });
}

meters('what this engine throws for want of stack is known', () => {
  const recurse = (): number => recurse() + 1;
  const sort = (): number => {
    [2, 1].sort(sort);
    return 0;
  };
  for (const overflowing of [recurse, sort]) {
    assert.throws(overflowing, isStackOverflow);
    assert.is(
      endOf(() => new Meter().run(overflowing)),
      'StackOverflow',
    );
  }
});

/** Ways to leave a run that has cost more than its budget. */
const leaving: readonly (readonly [name: string, instruction: string])[] = [
  ['a trap', 'unreachable'],
  ['a division by zero', '(drop (i32.div_u (i32.const 1) (i32.const 0)))'],
  ['an exception', '(throw $t)'],
];

for (const [name, instruction] of leaving) {
  meters(`past the budget a run that ends in ${name} is out of fuel`, async () => {
    const tag = instruction === '(throw $t)';
    if (tag && !(await engineHas('tags'))) return;
    const work = '(drop (i32.const 1))'.repeat(50);
    const text = `(module ${tag ? '(tag $t)' : ''} (func (export "run") ${work} ${instruction}))`;
    const { run, meter } = await runOf(text, { fuel: 10 });
    assert.is(endOf(run), 'OutOfFuel');
    assert.equal(meter.failure, { kind: 'OutOfFuel' });
    assert.is(meter.fuelConsumed, 10);
    assert.is(endOf(run), 'OutOfFuel');
    meter.refuel({ fuel: 1_000 });
    assert.throws(run, (error: unknown) => !(error instanceof MeteringError));
    assert.is(meter.failure, undefined);
  });
}

meters('growth that the clock refuses takes nothing from the budget', async () => {
  let now = 0;
  const { instance, meter } = await metered(
    `(module (memory 1) (table 1 funcref)
      (func (export "memory") (param i32) (result i32) local.get 0 memory.grow)
      (func (export "table") (param i32) (result i32) ref.null func local.get 0 table.grow))`,
    { memoryMaxPages: 10, tableMaxEntries: 11, wallMs: 5, clock: () => now },
  );
  const grow = (name: string): string =>
    endOf(() => meter.run(() => (instance.exports[name] as (by: number) => number)(9))); // exported by the module above
  for (const name of ['memory', 'table']) {
    now = 10;
    assert.is(grow(name), 'Timeout');
    now = 0;
    meter.refuel();
    assert.is(grow(name), 'returned');
    assert.is(grow(name), 'OutOfMemory');
    meter.refuel();
  }
});

meters('pages are given back after the deadline too', () => {
  let now = 0;
  const meter = new Meter({ memoryMaxPages: 10, wallMs: 5, clock: () => now });
  assert.ok(meter.takePages(10));
  now = 10;
  assert.not(meter.takePages(-10));
  now = 0;
  meter.refuel();
  assert.ok(meter.takePages(10));
  assert.not(meter.takePages(1));
});

meters('an export that is called by itself ends in a trap, and the meter tells why', async () => {
  for (const [text, options, kind] of [
    [working, { fuel: 5 }, 'OutOfFuel'],
    [
      '(module (memory 1) (func (export "run") (drop (memory.grow (i32.const 5)))))',
      { memoryMaxPages: 4 },
      'OutOfMemory',
    ],
    ['(module (func $f (export "run") call $f))', {}, 'StackOverflow'],
  ] as const) {
    const { instance, meter } = await metered(text, options);
    const run = instance.exports.run as () => void; // exported by the modules above
    for (let times = 0; times < 2; times++) {
      assert.is(endOf(run), 'trap');
      assert.equal(meter.failure, { kind });
      assert.is(meter.exhausted, kind);
    }
    // And nothing runs any more in `run`.
    assert.is(
      endOf(() => meter.run(run)),
      kind,
    );
  }
});

meters.run();
