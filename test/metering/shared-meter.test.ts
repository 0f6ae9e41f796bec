import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type InstantiateOptions, type MeteredInstance, MeteringError } from '../../src/metering/index.ts';
import { engineHas } from '../support/features.ts';
import { endOf, metered, runOf } from './running.ts';

const shared = suite('a meter for several instances');

/** Allocates an array, alone in its function, or with a loop around it. */
const allocating = `(module (type $a (array i8))
  (func (export "leaf") (param i32) local.get 0 array.new_default $a drop)
  (func (export "loop") (param i32) (local $turns i32)
    i32.const 10 local.set $turns
    loop local.get 0 i32.const 10 i32.div_u array.new_default $a drop
      local.get $turns i32.const 1 i32.sub local.tee $turns br_if 0 end))`;

/** How an instantiation ends: `returned`, or the kind of failure. */
function instantiated(text: string, options: InstantiateOptions): Promise<string> {
  return metered(text, options).then(
    () => 'returned',
    (error: unknown) => (error instanceof MeteringError ? error.failure.kind : String(error)),
  );
}

/** A function that an instance of the test exports. */
function exportOf({ instance }: MeteredInstance, name: string): (...args: readonly number[]) => unknown {
  const { [name]: found } = instance.exports;
  if (typeof found !== 'function') throw new Error(`the module exports no function ${name}`);
  return found as (...args: readonly number[]) => unknown;
}

type Allocate = (bytes: number) => void;

/** The bytes left are known to a hundred: an array takes some for itself. */
const BUDGET = 1_000_000;

for (const name of ['leaf', 'loop']) {
  shared(`one heap budget for instances that run one after another: ${name}`, async () => {
    if (!(await engineHas('garbage collection'))) return;
    const first = await metered(allocating, { heapMaxBytes: BUDGET });
    const { meter } = first;
    const instances = [first];
    while (instances.length < 4) instances.push(await metered(allocating, { meter }));
    const allocate = (index: number, bytes: number): string => {
      const run = instances[index]?.instance.exports[name] as Allocate; // exported by the module above
      return endOf(() => meter.run(() => run(bytes)));
    };
    const ends = [0, 1, 2, 0].map((index) => allocate(index, 240_000));
    assert.equal(ends, ['returned', 'returned', 'returned', 'returned']);
    assert.is(allocate(3, 30_000), 'returned');
    assert.is(allocate(3, 20_000), 'OutOfMemory');
    assert.is(allocate(0, 20_000), 'OutOfMemory');
  });

  shared(`one heap budget for instances that run in one run: ${name}`, async () => {
    if (!(await engineHas('garbage collection'))) return;
    const instances = [await metered(allocating, { heapMaxBytes: BUDGET })];
    const [first] = instances;
    while (instances.length < 4) instances.push(await metered(allocating, { meter: first?.meter }));
    const runs = instances.map(({ instance }) => instance.exports[name] as Allocate); // exported by the module above
    const each = (run: Allocate): void => run(200_000);
    assert.is(
      endOf(() => first?.meter.run(() => runs.forEach(each))),
      'returned',
    );
    let turns = 0;
    const again = (run: Allocate): void => {
      run(90_000);
      turns++;
    };
    assert.throws(() => first?.meter.run(() => runs.forEach(again)));
    assert.is(turns, 2);
    assert.equal(first?.meter.failure, { kind: 'OutOfMemory' });
  });
}

shared('an instance that another calls takes from the same heap', async () => {
  if (!(await engineHas('garbage collection'))) return;
  const callee = await metered(allocating, { heapMaxBytes: BUDGET });
  const { run, meter } = await runOf(
    `(module (type $a (array i8)) (import "callee" "leaf" (func $leaf (param i32)))
      (global $turns (export "turns") (mut i32) (i32.const 0))
      (func (export "run")
        loop
          i32.const 100000 array.new_default $a drop  i32.const 100000 call $leaf
          global.get $turns i32.const 1 i32.add global.set $turns
          br 0
        end))`,
    { meter: callee.meter },
    { callee: callee.instance.exports },
  );
  assert.is(endOf(run), 'OutOfMemory');
  assert.equal(meter.failure, { kind: 'OutOfMemory' });
});

shared('what instances took of the heap counts for those that come later', async () => {
  if (!(await engineHas('garbage collection'))) return;
  const text = '(type $a (array i8)) (func (export "run") i32.const 600000 array.new_default $a drop)';
  const first = await runOf(`(module ${text})`, { heapMaxBytes: BUDGET });
  assert.is(endOf(first.run), 'returned');
  const second = await runOf(`(module ${text})`, { meter: first.meter });
  assert.is(endOf(second.run), 'OutOfMemory');
  const unlimited = await runOf(`(module ${text})`, { heapMaxBytes: Number.POSITIVE_INFINITY });
  for (let times = 0; times < 3; times++) {
    const other = await runOf(`(module ${text})`, { meter: unlimited.meter });
    assert.equal([endOf(unlimited.run), endOf(other.run)], ['returned', 'returned']);
  }
});

shared('instances that ask for slices in turn lose nothing of the heap', async () => {
  if (!(await engineHas('garbage collection'))) return;
  const first = await metered(allocating, { heapMaxBytes: BUDGET });
  const second = await metered(allocating, { meter: first.meter });
  for (let times = 0; times < 50; times++) {
    for (const { instance } of [first, second]) {
      const run = instance.exports.loop as Allocate; // exported by the module above
      first.meter.refuel();
      assert.is(
        endOf(() => first.meter.run(() => run(8_000))),
        'returned',
      );
    }
  }
  const run = second.instance.exports.leaf as Allocate; // exported by the module above
  assert.is(
    endOf(() => first.meter.run(() => run(220_000))),
    'OutOfMemory',
  );
});

shared('the pages that an instance has at first are held against the budget of the meter', async () => {
  const { meter } = await metered('(module (memory 4))', { memoryMaxPages: 4 });
  for (const [pages, expected] of [
    [4, 'returned'],
    [5, 'OutOfMemory'],
    [1000, 'OutOfMemory'],
  ] as const) {
    // The options beside a meter are ignored.
    const end = await instantiated(`(module (memory ${pages}))`, { meter, memoryMaxPages: 10_000 });
    assert.is(end, expected, `${pages} pages`);
  }
  // What was not made has used nothing up.
  assert.is(meter.failure, undefined);
  await metered('(module (memory 3))', { meter, memoryMaxPages: 1 });
});

shared('tables that are too large at first use nothing up', async () => {
  const { run, meter } = await runOf('(module (table 60 funcref) (func (export "run")))', { tableMaxEntries: 100 });
  const end = (entries: number): Promise<string> => instantiated(`(module (table ${entries} funcref))`, { meter });
  assert.equal([await end(41), await end(40), await end(1)], ['OutOfMemory', 'returned', 'OutOfMemory']);
  assert.is(endOf(run), 'returned');
});

shared('a stack overflow in one instance fails the run in another', async () => {
  const callee = await metered('(module (func $f (export "f") call $f))');
  const text = '(module (import "host" "f" (func $f)) (func (export "run") call $f))';
  const f = (): unknown => (callee.instance.exports.f as () => unknown)(); // exported by the module above
  const { run } = await runOf(text, { meter: callee.meter }, { host: { f } });
  assert.is(endOf(run), 'StackOverflow');
});

/** Calls imports, `a` in each turn and `b` in every sixteenth, and counts the turns. */
const caller = `(module (import "e" "a" (func $a)) (import "e" "b" (func $b))
  (global $turned (export "turned") (mut i32) (i32.const 0))
  (func (export "run") (param $turns i32)
    (global.set $turned (i32.const 0))
    (loop $again
      (global.set $turned (i32.add (global.get $turned) (i32.const 1)))
      (call $a)
      (if (i32.eqz (i32.and (local.get $turns) (i32.const 15))) (then (call $b)))
      (br_if $again (local.tee $turns (i32.sub (local.get $turns) (i32.const 1)))))))`;

/**
 * Functions of other instances: so small that they do not look at the counter; with a loop; that
 * calls another small one.
 */
const callees: readonly (readonly [name: string, text: string])[] = [
  ['a function without a look at the counter', `(module (func (export "f") ${'nop '.repeat(40)}))`],
  [
    'a loop',
    `(module (func (export "f") (local $i i32) (loop $l
      (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 9))))))`,
  ],
  ['a call', `(module (func $g ${'nop '.repeat(9)}) (func (export "f") (call $g) (call $g)))`],
];
for (const [nameA, a] of callees) {
  for (const [nameB, b] of callees) {
    shared(`fuel of instances that call each other is exact: ${nameA}, now and then ${nameB}`, async () => {
      const first = await metered(a);
      const { meter } = first;
      const second = await metered(b, { meter });
      const imports = { e: { a: exportOf(first, 'f'), b: exportOf(second, 'f') } };
      const calling = await metered(caller, { meter }, imports);
      const run = exportOf(calling, 'run');
      const cost = (turns: number): number => {
        meter.refuel();
        meter.run(() => run(turns));
        return meter.fuelConsumed;
      };
      const perSixteen = cost(32) - cost(16);
      const turns = 16 * 4000;
      const total = cost(16) + (turns / 16 - 1) * perSixteen;
      assert.is(cost(turns), total);
      for (const [fuel, end] of [
        [total, 'OutOfFuel'],
        [total + 1, 'returned'],
      ] as const) {
        meter.refuel({ fuel });
        assert.is(
          endOf(() => meter.run(() => run(turns))),
          end,
        );
        assert.is(meter.fuelConsumed, total);
      }
      // It ends at once: what another instance used is known before the next turn.
      meter.refuel({ fuel: total });
      assert.is(
        endOf(() => meter.run(() => run(turns * 10))),
        'OutOfFuel',
      );
      const { turned } = calling.instance.exports;
      assert.is(turned instanceof WebAssembly.Global && turned.value, turns);
    });
  }
}

shared.run();
