import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { formatFloat, formatSingle } from '../../../src/json/text/float.ts';

const float = suite('json/text/float');

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

/**
 * What zmij 1.0.23, which serde_json 1.0.151 uses to write floats, makes of single-precision
 * numbers.
 */
const singles: readonly [value: number, text: string][] = [
  [0, '0.0'],
  [-0, '-0.0'],
  [1, '1.0'],
  [0.85, '0.85'],
  [-0.1, '-0.1'],
  [16777217, '16777216.0'],
  [123456.7, '123456.7'],
  [999999995904, '1000000000000.0'],
  [1e13, '1e+13'],
  [1.5e13, '1.5e+13'],
  [1e-5, '0.00001'],
  [1e-6, '0.000001'],
  [9.9e-7, '9.9e-7'],
  [3.4028234663852886e38, '3.4028235e+38'],
  [1.1754943508222875e-38, '1.1754944e-38'],
  [1.4e-45, '1e-45'],
  // Halfway between two texts with the fewest digits: the even one.
  [0.000244140625, '0.00024414062'],
  [2097152.25, '2097152.2'],
  [2097152.75, '2097152.8'],
  [-46787.3125, '-46787.312'],
  // Powers of two for which the nearest text with the fewest digits does not read back, but the
  // second nearest does.
  [1.262177448353619e-29, '1.2621775e-29'],
  [-1.5474250491067253e26, '-1.5474251e+26'],
  [1.2379400392853803e27, '1.2379401e+27'],
  [1e39, 'null'],
  [Number.NaN, 'null'],
];

float('numbers of single precision are written as serde_json writes an f32', () => {
  for (const [value, text] of singles) assert.is(formatSingle(value), text);
});

float('every number of single precision is read back as itself, from no more digits than it needs', () => {
  fc.assert(
    fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const text = formatSingle(value);
      assert.ok(Object.is(Math.fround(Number(text)), value), text);
      assert.match(text, /^-?[0-9]+(\.[0-9]+)?(e[+-][0-9]+)?$/);
      const digits = text.replace(/e.*|[-.]/g, '').replace(/^0+|0+$/g, '').length;
      if (digits > 1) assert.is.not(Math.fround(Number(value.toPrecision(digits - 1))), value, text);
    }),
    { numRuns: 2000 },
  );
});

float.run();
