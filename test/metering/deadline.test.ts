import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { instantiateMetered, Meter, meterModule } from '../../src/metering/index.ts';
import { wat } from '../support/wat.ts';
import { endOf, runOf } from './running.ts';

const deadline = suite('deadline');

const WALL_MS = 100;
/** A test fails only beyond this: the machine may be busy. */
const FAR_TOO_LATE_MS = 2_000;
const TIMES = 3;

/** Programs that never come to an end by themselves. */
const endless: { readonly [name: string]: string } = {
  'plain code': '(func (export "run") loop br 0 end)',
  arithmetic:
    '(func (export "run") (local i64) loop local.get 0 i64.const 7 i64.add i64.const 3 i64.div_u local.set 0 br 0 end)',
  'memory.fill':
    '(memory 1000) (func (export "run") loop i32.const 0 i32.const 7 i32.const 65536000 memory.fill br 0 end)',
  'small memory.fill':
    '(memory 1) (func (export "run") loop i32.const 0 i32.const 7 i32.const 4096 memory.fill br 0 end)',
  'memory.copy': `(memory 1000) (func (export "run")
    loop i32.const 1 i32.const 0 i32.const 65535999 memory.copy br 0 end)`,
  'memory.init': `(memory 2) (data "${'x'.repeat(60_000)}") (func (export "run")
    loop i32.const 0 i32.const 0 i32.const 60000 memory.init 0 br 0 end)`,
  'table.fill': `(table 100000 externref) (func (export "run")
    loop i32.const 0 ref.null extern i32.const 100000 table.fill 0 br 0 end)`,
  'table.copy': `(table 100000 funcref) (func (export "run")
    loop i32.const 1 i32.const 0 i32.const 99999 table.copy br 0 end)`,
  'table.init': `(table 1000 funcref) (elem func ${'$f '.repeat(1000)}) (func $f) (func (export "run")
    loop i32.const 0 i32.const 0 i32.const 1000 table.init 0 br 0 end)`,
  'calls of a function with 2,490 locals': `(func $f (local ${'i64 '.repeat(2_490)}))
    (func (export "run") loop call $f br 0 end)`,
  'calls of the host': '(import "host" "f" (func $f)) (func (export "run") loop call $f br 0 end)',
  'a recursion that is bounded': `(func $f (param i32)
      local.get 0 if local.get 0 i32.const 1 i32.sub call $f local.get 0 i32.const 1 i32.sub call $f end)
    (func (export "run") i32.const 1000 call $f)`,
};

for (const [name, functions] of Object.entries(endless)) {
  deadline(`an endless run ends: ${name}`, async () => {
    let now = 0;
    const imports = { host: { f: () => {} } };
    const text = await wat(`(module ${functions})`);
    const { run, meter } = await runOf(text, {}, imports);
    const took = Array.from({ length: TIMES }, () => {
      const began = performance.now();
      meter.refuel({ wallMs: WALL_MS });
      assert.is(endOf(run), 'Timeout');
      return performance.now() - began;
    }).sort((a, b) => a - b);
    const median = took[Math.floor(TIMES / 2)] ?? 0;
    console.log(`${name}: ended after ${median.toFixed(1)} ms (${WALL_MS} ms allowed)`);
    assert.ok(median < FAR_TOO_LATE_MS, `${median} ms`);

    // The clock that is given is the one that is read: it stands still, until it is far ahead.
    let reads = 0;
    const clock = (): number => {
      if (++reads === 50) now = 1e6;
      return now;
    };
    const slow = await runOf(text, { clock, wallMs: WALL_MS }, imports);
    assert.is(endOf(slow.run), 'Timeout');
    assert.is(reads, 50);
  });
}

deadline('a clock that stands still lets fuel end the run', async () => {
  const { run } = await runOf('(module (func (export "run") loop br 0 end))', {
    clock: () => 5,
    wallMs: 1,
    fuel: 3_000_000,
  });
  assert.is(endOf(run), 'OutOfFuel');
});

deadline('holds for the start function', async () => {
  const meter = new Meter({ wallMs: 20 });
  const module = meterModule(await wat('(module (func $start loop br 0 end) (start $start))'));
  assert.is(
    endOf(() => instantiateMetered(module, {}, { meter })),
    'Timeout',
  );
});

deadline('is read after each call of the host, and time does not count as fuel', async () => {
  let now = 0;
  const { run, meter } = await runOf(
    '(module (import "host" "f" (func $f)) (func (export "run") call $f call $f))',
    { clock: () => now, wallMs: 15 },
    { host: { f: () => (now += 10) } },
  );
  assert.is(endOf(run), 'Timeout');
  assert.is(now, 20);
  assert.ok(meter.fuelConsumed <= 3);
});

deadline('memory.atomic.wait32 waits no longer than the deadline', async () => {
  const text = `(module (memory 1 1 shared) (func (export "run") (result i32)
    i32.const 0 i32.const 0 i64.const -1 memory.atomic.wait32))`;
  const { run } = await runOf(text, { wallMs: 50 });
  const began = performance.now();
  const end = endOf(run);
  console.log(`memory.atomic.wait32: ${end} after ${(performance.now() - began).toFixed(1)} ms`);
  // Where the thread may not block at all, as in a page, the instruction traps.
  assert.ok(['Timeout', 'returned', 'trap'].includes(end));
  assert.ok(performance.now() - began < FAR_TOO_LATE_MS);
});

deadline('a wait ends with the deadline, and is as long as it was where there is none', () => {
  let now = 0;
  const clampFor = (wallMs: number): ((nanoseconds: bigint) => bigint) => {
    const { clamp_wait: clamp } = new Meter({ clock: () => now, wallMs }).imports();
    // The cast: a module calls it with one i64, and gets one.
    return clamp as unknown as (nanoseconds: bigint) => bigint;
  };
  const bounded = clampFor(50);
  const endless = clampFor(Number.POSITIVE_INFINITY);
  now = 20;
  assert.equal([10n, 30_000_000n, 30_000_001n, -1n].map(bounded), [10n, 30_000_000n, 30_000_000n, 30_000_000n]);
  assert.equal([10n, -1n].map(endless), [10n, -1n]);
  now = 50;
  assert.equal([10n, -1n].map(bounded), [0n, 0n]);
});

deadline('memory.atomic.wait32 may be refused', async () => {
  const text =
    '(module (memory 1 1 shared) (func (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1)))))';
  const bytes = await wat(text);
  const refused = (options: object): string => {
    try {
      meterModule(bytes, options);
      return 'metered';
    } catch (error) {
      return (error as { readonly failure: { readonly kind: string } }).failure.kind;
    }
  };
  assert.is(refused({ allowWaits: false }), 'FeatureRefused');
  assert.is(refused({ allowSharedMemory: false }), 'FeatureRefused');
  assert.is(refused({}), 'metered');
});

deadline.run();
