import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { formatFloat } from '../../../src/wire/json/float.ts';

const float = suite('wire/json/float');

/** What serde_json 1.0.150 and 1.0.154 write. */
const table: readonly [value: number, text: string][] = [
  [0, '0.0'],
  [-0, '-0.0'],
  [1, '1.0'],
  [-1, '-1.0'],
  [0.1, '0.1'],
  [100, '100.0'],
  [1.5, '1.5'],
  [Math.fround(0.85), '0.8500000238418579'],
  [0.00001, '0.00001'],
  [0.00001234, '0.00001234'],
  [9.99e-6, '9.99e-6'],
  [1e-6, '1e-6'],
  [1e-7, '1e-7'],
  [1.2345e-7, '1.2345e-7'],
  [-1e-7, '-1e-7'],
  [1e15, '1000000000000000.0'],
  [9007199254740991, '9007199254740991.0'],
  [1e16, '1e+16'],
  [-1e16, '-1e+16'],
  [123456789012345680, '1.2345678901234568e+17'],
  [2 ** 64, '1.8446744073709552e+19'],
  [1e20, '1e+20'],
  [1e21, '1e+21'],
  [1e22, '1e+22'],
  [1.5e300, '1.5e+300'],
  [5e-324, '5e-324'],
  [Number.MAX_VALUE, '1.7976931348623157e+308'],
  [Number.NaN, 'null'],
  [Number.POSITIVE_INFINITY, 'null'],
  [Number.NEGATIVE_INFINITY, 'null'],
];

float('floats are written as serde_json writes them', () => {
  for (const [value, text] of table) assert.is(formatFloat(value), text);
});

float('every double is read back as itself, and no text can be taken for an integer', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const text = formatFloat(value);
      assert.ok(Object.is(Number(text), value), text);
      assert.match(text, /^-?[0-9]+(\.[0-9]+)?(e[+-]?[0-9]+)?$/);
      assert.match(text, /[.e]/);
    }),
  );
});

float.run();
