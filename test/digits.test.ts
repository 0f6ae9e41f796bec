import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { formatCount } from '../src/digits.ts';

const digits = suite('digits');

const counts: readonly (readonly [count: number | bigint, text: string])[] = [
  [0, '0'],
  [999, '999'],
  [1000, '1,000'],
  [1234567, '1,234,567'],
  [18446744073709551615n, '18,446,744,073,709,551,615'],
];
for (const [count, text] of counts) {
  digits(`of ${count}`, () => {
    assert.is(formatCount(count), text);
  });
}

digits.run();
