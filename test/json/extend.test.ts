import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { extend } from '../../src/json/extend.ts';

const extended = suite('json/extend');

extended('has the properties of both in their order, and the second of two with one name', () => {
  const base = { a: 1, b: 2 };
  const both = extend(base, { b: 'other', c: 3 });
  assert.equal(Object.entries(both), [
    ['a', 1],
    ['b', 'other'],
    ['c', 3],
  ]);
  assert.equal(base, { a: 1, b: 2 });
});

extended.run();
