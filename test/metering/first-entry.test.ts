import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { MeteringError } from '../../src/metering/index.ts';
import { endOf, metered, runOf } from './running.ts';

/*
 * Some engines compile a function when it is first called. So a function looks at the clock when it
 * is first entered, unless it is so small that compiling it takes no time worth mentioning.
 */

const firstEntry = suite('the first entry of a function');

/** A clock that counts its reads, and shows the time that a test sets. */
function clockOf(): { readonly clock: () => number; reads: number; now: number } {
  const state = { clock: () => 0, reads: 0, now: 0 };
  state.clock = () => {
    state.reads++;
    return state.now;
  };
  return state;
}

/** Instructions that take the given number of bytes, or up to two more. */
const code = (bytes: number): string => 'i32.const 0 drop '.repeat(Math.ceil(bytes / 3));

firstEntry('the clock is read when a function is first entered, and not again', async () => {
  const time = clockOf();
  const { run, meter } = await runOf(`(module (func (export "run") ${code(100)}))`, { clock: time.clock });
  for (const reads of [1, 0, 0]) {
    meter.refuel();
    time.reads = 0;
    run();
    assert.is(time.reads, reads);
  }
});

firstEntry('a function that took the whole deadline to compile does nothing', async () => {
  const time = clockOf();
  const text = `(module (global $done (export "done") (mut i32) (i32.const 0))
    (func $late ${code(100)} i32.const 1 global.set $done)
    (func (export "run") call $late))`;
  const { run, meter, exports } = await runOf(text, { clock: time.clock, wallMs: 50 });
  time.now = 60;
  assert.is(endOf(run), 'Timeout');
  const done = exports.done as WebAssembly.Global; // exported by the module above
  assert.is(done.value, 0);
  // The deadline of the next run is its own, and the function is compiled.
  meter.refuel();
  run();
  assert.is(done.value, 1);
});

firstEntry('small functions do not look', async () => {
  const time = clockOf();
  const { run, meter } = await runOf(`(module (func (export "run") ${code(30)}))`, { clock: time.clock });
  meter.refuel();
  time.reads = 0;
  run();
  assert.is(time.reads, 0);
});

firstEntry('the look costs no fuel', async () => {
  const fuels: number[] = [];
  const { run, meter } = await runOf(`(module (func $f ${code(100)}) (func (export "run") call $f call $f))`);
  for (let times = 0; times < 2; times++) {
    meter.refuel();
    run();
    fuels.push(meter.fuelConsumed);
  }
  assert.is(fuels[0], fuels[1]);
});

firstEntry('it is recorded for each instance', async () => {
  const time = clockOf();
  const text = `(module (func (export "run") ${code(100)}))`;
  for (let instance = 0; instance < 2; instance++) {
    const { run, meter } = await runOf(text, { clock: time.clock });
    meter.refuel();
    time.reads = 0;
    run();
    assert.is(time.reads, 1);
  }
});

firstEntry('of instances that share a meter each has its look, and fuel is right', async () => {
  const time = clockOf();
  const text = `(module (func $f ${code(100)}) (func (export "run") call $f))`;
  const one = await metered(text, { clock: time.clock, fuel: 1_000_000 });
  const other = await metered(text, { meter: one.meter });
  // The cast: the module above exports it.
  const run = (instance: typeof one) => one.meter.run(() => (instance.instance.exports.run as () => void)());
  run(one);
  const fuel = one.meter.fuelConsumed;
  run(other);
  run(one);
  run(other);
  assert.is(one.meter.fuelConsumed, 4 * fuel);
});

firstEntry('a long chain of calls is counted to its end', async () => {
  // Each of 100 functions calls the next, the last calls one that has a thousand instructions ten
  // times; 200 calls of the first in a turn.
  const chain = Array.from({ length: 100 }, (_, index) => `(func $f${index} call $f${index + 1})`).join(' ');
  const text = `(module (global $turns (export "turns") (mut i32) (i32.const 0)) ${chain}
    (func $f100 ${'call $leaf '.repeat(10)})
    (func $leaf ${'i32.const 1 drop '.repeat(300)} global.get $turns i32.const 1 i32.add global.set $turns)
    (func (export "run") loop ${'call $f0 '.repeat(200)} br 0 end))`;
  const { run, exports, meter } = await runOf(text, { fuel: 100_000 });
  const turns = exports.turns as WebAssembly.Global; // exported by the module above
  assert.throws(run, (error: unknown) => error instanceof MeteringError && error.failure.kind === 'OutOfFuel');
  // A leaf costs 305 and more, so a budget of 100,000 has room for 328; a few thousand bytes may
  // run past it.
  assert.ok(turns.value <= 400, `the leaf ran ${turns.value} times`);
  assert.is(meter.fuelConsumed, 100_000);
});

firstEntry.run();
