import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { onFirstUse } from '../src/first-use.ts';

const firstUse = suite('first use');

firstUse('makes the value on the first call, and only then', () => {
  let made = 0;
  const value = onFirstUse(() => {
    made++;
    return { made };
  });
  assert.is(made, 0);
  const first = value();
  assert.is(value(), first);
  assert.is(made, 1);
});

firstUse('makes a value that is undefined only once', () => {
  let made = 0;
  const value = onFirstUse(() => {
    made++;
  });
  value();
  value();
  assert.is(made, 1);
});

firstUse('tries again after it threw', () => {
  let fails = true;
  const value = onFirstUse(() => {
    if (fails) throw new RangeError('not yet');
    return 1;
  });
  assert.throws(value, /not yet/);
  fails = false;
  assert.is(value(), 1);
});

firstUse.run();
