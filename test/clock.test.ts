import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { systemClock, unixMilliseconds, unixSeconds } from '../src/clock.ts';

const clock = suite('clock');

const whole: readonly (readonly [number, number, number])[] = [
  [1_700_000_000_999, 1_700_000_000_999, 1_700_000_000],
  [1999.9, 1999, 1],
  [0, 0, 0],
  [-1, -1, -1],
];

for (const [given, milliseconds, seconds] of whole) {
  clock(`that returns ${given}`, () => {
    assert.is(
      unixMilliseconds(() => given),
      milliseconds,
    );
    assert.is(
      unixSeconds(() => given),
      seconds,
    );
  });
}

for (const given of [Number.NaN, Number.POSITIVE_INFINITY, 2 ** 60, '1', 1n, undefined]) {
  clock(`that returns ${typeof given} ${String(given)}`, () => {
    const read = () => unixSeconds(() => given as number);
    assert.throws(
      read,
      (error: unknown) => error instanceof RangeError && /milliseconds since 1970/.test(error.message),
    );
  });
}

clock('that throws', () => {
  const thrown = new Error('no battery');
  const read = () =>
    unixMilliseconds(() => {
      throw thrown;
    });
  assert.throws(read, (error: unknown) => error === thrown);
});

clock('of the machine, read at the time of the call', () => {
  const { now } = Date;
  Date.now = () => 1234;
  try {
    assert.is(systemClock(), 1234);
  } finally {
    Date.now = now;
  }
});

clock.run();
