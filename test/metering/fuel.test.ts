import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { instantiateMetered, Meter, MeteringError, meterModule } from '../../src/metering/index.ts';
import { type EngineFeature, engineHas } from '../support/features.ts';
import { wat } from '../support/wat.ts';
import { endOf, metered, runOf } from './running.ts';

const fuel = suite('fuel');

/** Programs and what they cost, counted by hand; the entry of `run` is 1. */
const costs: readonly (readonly [name: string, cost: number, functions: string, feature?: EngineFeature])[] = [
  ['nothing', 1, '(func (export "run"))'],
  [
    'wide arithmetic: each instruction 1, whatever it pops and pushes',
    12,
    `(func (export "run") i64.const 1 i64.const 2 i64.const 3 i64.const 4 i64.add128
      i64.mul_wide_s i64.const 5 i64.const 6 i64.sub128 i64.mul_wide_u i64.const 0 drop drop drop)`,
    'wide arithmetic',
  ],
  ['what is free', 1, '(func (export "run") nop block nop end loop end return)'],
  ['an addition', 4, '(func (export "run") i32.const 1 i32.const 2 i32.add drop)'],
  ['a call', 4, '(func $f nop i32.const 1 drop) (func (export "run") call $f)'],
  [
    'two calls of a function that is called through a table',
    9,
    `(type $t (func)) (table 1 funcref) (elem (i32.const 0) $f)
    (func $f i32.const 1 drop) (func (export "run") i32.const 0 call_indirect (type $t) i32.const 0
      call_indirect (type $t))`,
  ],
  [
    'the arm of an if that is taken',
    4,
    '(func (export "run") i32.const 0 if i32.const 1 drop i32.const 1 drop else i32.const 1 drop end)',
  ],
  ['an if without else', 3, '(func (export "run") i32.const 0 if i32.const 1 drop i32.const 1 drop end)'],
  ['a branch over what costs', 3, '(func (export "run") block i32.const 1 br_if 0 i32.const 1 drop end)'],
  ['a branch that is not taken', 4, '(func (export "run") block i32.const 0 br_if 0 i32.const 1 drop end)'],
  [
    'ten rounds of a loop',
    71,
    `(func (export "run") (local i32)
    loop local.get 0 i32.const 1 i32.add local.tee 0 i32.const 10 i32.lt_s br_if 0 end)`,
  ],
  [
    'code that is never reached',
    2,
    '(func (export "run") block br 0 i32.const 1 drop loop i32.const 1 drop br 0 end end)',
  ],
  [
    'bulk operations',
    9,
    `(memory 1) (func (export "run") i32.const 0 i32.const 0 i32.const 65536 memory.fill i32.const 0 i32.const 0
      i32.const 0 memory.copy)`,
  ],
  [
    'a return before blocks that are never reached',
    3,
    `(func (export "run") (local i32) i32.const 1
      if return block (result i32) i32.const 3 end drop i32.const 1 local.set 0 else i32.const 0 local.set 0 end)`,
  ],
  [
    'a return in a block, and code behind it that is never reached',
    3,
    `(func (export "run") (local i32) i32.const 1
      if block return end i32.const 1 local.set 0 else i32.const 0 local.set 0 end)`,
  ],
  [
    'a return in a loop, and code behind it that is never reached',
    3,
    `(func (export "run") (local i32) i32.const 1
      if loop return end i32.const 1 local.set 0 else i32.const 0 local.set 0 end)`,
  ],
  [
    'a branch that is never reached',
    3,
    `(func (export "run") (local i32) i32.const 1
      if block (result i32) block return end i32.const 1 i32.const 1 br_if 0 end drop i32.const 1 local.set 0
      else i32.const 0 local.set 0 end)`,
  ],
  ['growth', 3, '(memory 1) (func (export "run") i32.const 1 memory.grow drop)'],
  [
    'an exception that is caught',
    6,
    `(tag $t) (func $f i32.const 1 drop throw $t)
    (func (export "run") (block (try_table (catch_all 0) (call $f))))`,
    'exnref',
  ],
  [
    'an exception that is caught the old way',
    8,
    `(tag $t) (func $f i32.const 1 drop throw $t)
    (func (export "run") try call $f catch_all i32.const 1 drop end)`,
    'legacy exceptions',
  ],
  [
    'a try that nothing is thrown in',
    3,
    '(func (export "run") try i32.const 1 drop catch_all i32.const 1 drop i32.const 1 drop end)',
    'legacy exceptions',
  ],
];

for (const [name, cost, functions, feature] of costs) {
  fuel(`cost of ${name}`, async () => {
    if (feature !== undefined && !(await engineHas(feature))) return;
    const bytes = meterModule(await wat(`(module ${functions})`));
    const { run, meter } = await runOf(await wat(`(module ${functions})`));
    run();
    assert.is(meter.fuelConsumed, cost);
    for (const budget of [0, 1, cost - 1, cost, cost + 0.5, cost + 1, 2 ** 40]) {
      const { instance, meter } = instantiateMetered(bytes, {}, { fuel: budget });
      const run = instance.exports.run as () => void; // every program exports one
      assert.is(
        endOf(() => meter.run(run)),
        budget > cost ? 'returned' : 'OutOfFuel',
        `budget ${budget}`,
      );
      assert.is(meter.fuelConsumed, Math.min(budget, cost));
      // It stays so until there is fuel again.
      if (budget <= cost)
        assert.is(
          endOf(() => meter.run(run)),
          'OutOfFuel',
        );
      meter.refuel({ fuel: Number.POSITIVE_INFINITY });
      assert.is(
        endOf(() => meter.run(run)),
        'returned',
      );
      assert.is(meter.fuelConsumed, cost);
    }
  });
}

/**
 * Programs that never come to an end by themselves; each is given to `run`, but for the start
 * function.
 */
const endless: readonly (readonly [name: string, module: string, feature?: EngineFeature])[] = [
  ['a loop', '(func (export "run") loop br 0 end)'],
  ['a loop around a br_table', '(func (export "run") loop i32.const 0 br_table 0 0 end)'],
  [
    'a function called through a table',
    `(type $t (func)) (table 1 funcref) (elem (i32.const 0) $f)
    (func $f) (func (export "run") loop i32.const 0 call_indirect (type $t) br 0 end)`,
  ],
  [
    'handlers',
    '(tag $t) (func $f throw $t) (func (export "run") (loop (block (try_table (catch_all 0) (call $f))) (br 0)))',
    'exnref',
  ],
  [
    'a loop in a handler',
    '(tag $t) (func (export "run") (block (try_table (catch_all 0) (throw $t))) (loop (br 0)))',
    'exnref',
  ],
  [
    'a loop in a handler of old',
    '(tag $t) (func (export "run") try throw $t catch_all loop br 0 end end)',
    'legacy exceptions',
  ],
  [
    'a handler that goes to the loop around it',
    '(tag $t) (func $f throw $t) (func (export "run") (loop (try_table (catch_all 0) (call $f))))',
    'exnref',
  ],
];

for (const [name, module, feature] of endless) {
  fuel(`out of fuel in ${name}`, async () => {
    if (feature !== undefined && !(await engineHas(feature))) return;
    const { run, meter } = await runOf(`(module ${module})`, { fuel: 100_000 });
    assert.is(endOf(run), 'OutOfFuel');
    assert.is(meter.fuelConsumed, 100_000);
    assert.is(endOf(run), 'OutOfFuel');
  });
}

fuel('out of fuel in endless tail calls', async () => {
  const text = '(module (func $f return_call $f) (func (export "run") call $f))';
  if (!WebAssembly.validate(new Uint8Array(await wat(text))))
    return console.log('skipped: this engine has no tail calls');
  const { run } = await runOf(text, { fuel: 1_000_000 });
  assert.is(endOf(run), 'OutOfFuel');
});

fuel('out of fuel in a start function', async () => {
  const meter = new Meter({ fuel: 5_000 });
  const module = meterModule(await wat('(module (func $start loop br 0 end) (start $start))'));
  assert.is(
    endOf(() => instantiateMetered(module, {}, { meter })),
    'OutOfFuel',
  );
  assert.is(meter.fuelConsumed, 5_000);
});

fuel('fuel burnt before the trap of a start function is known', async () => {
  const meter = new Meter({ fuel: 5_000 });
  const module = meterModule(await wat('(module (func $start i32.const 1 drop unreachable) (start $start))'));
  assert.is(
    endOf(() => instantiateMetered(module, {}, { meter })),
    'trap',
  );
  assert.is(meter.fuelConsumed, 2);
});

fuel(
  'an exported function that is called without the meter is out of fuel at its end, whichever way it comes to it',
  async () => {
    const { instance, meter } = await metered(`(module (func $leaf) (func $burn (local i32)
      loop local.get 0 i32.const 1 i32.add local.tee 0 i32.const 10 i32.lt_s br_if 0 end)
    (func (export "end") call $burn)
    (func (export "return") call $burn return)
    (func (export "branch") call $burn br 0)
    (func (export "branchIf") call $burn i32.const 1 br_if 0 loop end)
    (func (export "arm") call $burn i32.const 0 if call $leaf loop end else return end)
    (func (export "block") call $burn block i32.const 1 br_if 0 loop end end))`);
    for (const [name, run] of Object.entries(instance.exports)) {
      if (typeof run !== 'function') continue;
      meter.refuel();
      run();
      const cost = meter.fuelConsumed;
      for (let budget = 1; budget <= cost + 1; budget++) {
        meter.refuel({ fuel: budget });
        const expected = budget > cost ? 'returned' : 'trap';
        assert.is(
          endOf(() => run()),
          expected,
          `${name} with ${budget} of ${cost}`,
        );
      }
    }
  },
);

fuel('an imported function is not called without fuel, whichever way control comes to it', async () => {
  let calls = 0;
  const { instance, meter } = await metered(
    `(module (import "host" "f" (func $f)) (func (export "run") (param i32)
      local.get 0 if loop nop end end
      block local.get 0 br_if 0 loop end end
      call $f))`,
    {},
    { host: { f: () => calls++ } },
  );
  const run = instance.exports.run as (arm: number) => void; // exported by the module above
  for (const arm of [0, 1]) {
    for (let budget = 0; budget < 12; budget++) {
      calls = 0;
      meter.refuel({ fuel: budget });
      const end = endOf(() => meter.run(() => run(arm)));
      assert.is(end, budget > 6 ? 'returned' : 'OutOfFuel', `budget ${budget}`);
      assert.is(calls, budget > 6 ? 1 : 0, `budget ${budget}`);
    }
  }
});

fuel('is the same whatever the slices are', async () => {
  const text = `(module (memory 1) (func $f (param i32) (result i32) local.get 0 if (result i32) local.get 0
    i32.const 1 i32.sub call $f else i32.const 3 end)
    (func (export "run") (local i32) loop
      i32.const 0 i32.const 7 i32.const 4096 memory.fill
      i32.const 9 call $f drop
      local.get 0 i32.const 1 i32.add local.tee 0 i32.const 3000 i32.lt_s br_if 0 end))`;
  const found = new Set<number>();
  const reads = new Set<number>();
  for (const step of [0, 0.1, 1, 100, 1e9]) {
    let now = 0;
    let read = 0;
    const clock = (): number => {
      read++;
      now += step;
      return now;
    };
    const { run, meter } = await runOf(text, { clock });
    run();
    found.add(meter.fuelConsumed);
    reads.add(read);
  }
  assert.is(found.size, 1);
  assert.ok(reads.size > 1, 'the slices differed');
});

fuel('one budget for two instances, exact in all', async () => {
  const meter = new Meter({});
  const inner = await metered('(module (func (export "f") (param i32) (result i32) local.get 0 i32.const 1 i32.add))', {
    meter,
  });
  const outer = await metered(
    `(module (import "inner" "f" (func $f (param i32) (result i32))) (func (export "run") (result i32) (local i32)
      loop local.get 0 call $f local.tee 0 i32.const 1000 i32.lt_s br_if 0 end local.get 0))`,
    { meter },
    { inner: inner.instance.exports },
  );
  const run = outer.instance.exports.run as () => number; // exported by the module above
  // Entry and last instruction; a round is 6 outside, and 1 + 3 inside.
  const cost = 2 + 1000 * 10;
  assert.is(meter.run(run), 1000);
  assert.is(meter.fuelConsumed, cost);
  for (const budget of [1, 500, cost, cost + 1]) {
    meter.refuel({ fuel: budget });
    assert.is(
      endOf(() => meter.run(run)),
      budget > cost ? 'returned' : 'OutOfFuel',
    );
    assert.is(meter.fuelConsumed, Math.min(budget, cost));
  }
});

fuel('never gets less while a program runs', async () => {
  const seen: number[] = [];
  const { run, meter } = await runOf(
    `(module (import "host" "f" (func $f)) (memory 1) (func (export "run") (local i32)
      loop call $f i32.const 0 i32.const 0 i32.const 65536 memory.fill
      local.get 0 i32.const 1 i32.add local.tee 0 i32.const 500 i32.lt_s br_if 0 end))`,
    {},
    { host: { f: () => seen.push(meter.fuelConsumed) } },
  );
  run();
  seen.push(meter.fuelConsumed);
  assert.is(seen[0], 2);
  assert.equal(
    seen.slice(1, -1).map((each, index) => each - (seen[index] ?? 0)),
    Array(499).fill(12),
  );
});

fuel('a failure of the host ends the run, and refuel begins anew', async () => {
  const { run, meter } = await runOf(
    '(module (import "host" "f" (func $f)) (func (export "run") call $f))',
    { fuel: 1000 },
    { host: { f: () => meter.fuelConsumed === 2 && first() } },
  );
  let thrown: unknown = new Error('no');
  const first = (): void => {
    if (thrown !== undefined) throw thrown;
  };
  assert.is(endOf(run), 'HostFunction');
  assert.is(endOf(run), 'HostFunction');
  assert.instance(meter.failure, Object);
  thrown = undefined;
  meter.refuel({ fuel: 1000 });
  assert.is(endOf(run), 'returned');
});

for (const options of [
  { fuel: Number.NaN },
  { fuel: -1 },
  { wallMs: '5' },
  { memoryMaxPages: {} },
  { tableMaxEntries: -0.5 },
  { heapMaxBytes: null },
  { timeout: 5 },
  { meter: {} },
  { hostExceptions: 'catch' },
]) {
  fuel(`options of a wrong type: ${JSON.stringify(options)}`, async () => {
    const module = meterModule(await wat('(module)'));
    try {
      // What a caller without types may give.
      instantiateMetered(module, {}, options as never);
      assert.unreachable();
    } catch (error) {
      assert.instance(error, MeteringError);
      const { failure } = error as MeteringError;
      assert.equal(failure.kind === 'InvalidArgument' && failure.argument, `options.${Object.keys(options)[0]}`);
    }
  });
}

/**
 * Loops around a call of the host: the engine's own, and one that takes operands. What comes before
 * the first call costs 13, a turn 10.
 */
const callingLoops: Readonly<Record<string, string>> = {
  'a loop': `(loop (local.set 1 (i32.add (local.get 1) (i32.const 1))) (call $note) nop nop
      (br_if 0 (i32.lt_s (local.get 1) (i32.const 4))))`,
  'a loop of operands': `(drop (local.get 0) (loop (param i32) (result i32)
      (local.set 1 (i32.add (local.get 1) (i32.const 1)))
      (call $note) (br_if 0 (i32.lt_s (local.get 1) (i32.const 4)))))`,
};
for (const [name, loop] of Object.entries(callingLoops)) {
  fuel(`no call of the host is made that the budget does not cover, in ${name}`, async () => {
    const bytes = meterModule(
      await wat(`(module (import "h" "note" (func $note))
        (func (export "run") (param i32) (local i32)
          (if (i32.lt_s (local.get 0) (i32.const 1)) (then return))
          (block (local.set 1 (i32.const 0)) ${loop})))`),
    );
    const costs: number[] = [];
    const calledWith = (budget: number): number => {
      let calls = 0;
      const note = (): void => {
        calls++;
        if (budget === Number.POSITIVE_INFINITY) costs.push(meter.fuelConsumed);
      };
      const { instance, meter } = instantiateMetered(bytes, { h: { note } }, { fuel: budget });
      const { run } = instance.exports;
      endOf(() => meter.run(() => typeof run === 'function' && run(3)));
      return calls;
    };
    assert.is(calledWith(Number.POSITIVE_INFINITY), 4);
    // Each call comes right after its own instruction was charged, and all before it.
    for (let budget = 0; budget < 60; budget++) {
      assert.is(
        calledWith(budget),
        costs.filter((cost) => cost < budget).length,
        `budget ${budget}, calls at ${costs}`,
      );
    }
  });
}

for (const budget of [{ fuel: -1 }, { fuel: null }, { fuel: '5' }, { wallMs: null }, { wallMs: Number.NaN }]) {
  fuel(`a budget of a wrong type: ${JSON.stringify(budget)}`, () => {
    const meter = new Meter({ fuel: 7 });
    try {
      // What a caller without types may give.
      meter.refuel(budget as never);
      assert.unreachable();
    } catch (error) {
      assert.instance(error, MeteringError);
      const { failure } = error as MeteringError;
      assert.equal(failure.kind === 'InvalidArgument' && failure.argument, `budget.${Object.keys(budget)[0]}`);
    }
    assert.is(meter.fuelConsumed, 0);
  });
}

for (const [title, metered, advice] of [
  ['bytes', new Uint8Array(8), ''],
  ['a path', 'sqlite.wasm', '; a string was given: read the file first'],
  ['a promise', Promise.resolve(), '; a promise was given: await it'],
  ['half of what meterModule returns', { bytes: new Uint8Array(8) }, ''],
] as const) {
  fuel(`${title} is not a metered module`, () => {
    try {
      // What a caller without types may give.
      instantiateMetered(metered as never);
      assert.unreachable();
    } catch (error) {
      assert.instance(error, MeteringError);
      const expected = 'what meterModule(bytes) returns, or a WebAssembly.Module made from its bytes';
      const failure = { kind: 'InvalidArgument', argument: 'metered', expected: expected + advice };
      assert.equal((error as MeteringError).failure, failure);
    }
  });
}

fuel.run();
