import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { properties } from './properties/index.ts';

// Runs each property for a short time. `npm run fuzz -- --minutes N` runs them longer.

const fuzz = suite('properties of the code that reads untrusted bytes');

const seed = 20_260_901;
/** Values that each property checks on any machine. */
const RUNS_MIN = 20;
/** Values that it checks at most, and for how many milliseconds after those. */
const RUNS_MAX = 400;
const LONGEST_MS = 1_500;

for (const { name, oracle, values, check } of properties) {
  fuzz(`${name}, against ${oracle}`, () => {
    const property = fc.property(values, (value) => check(value));
    for (const bounds of [{ numRuns: RUNS_MIN }, { numRuns: RUNS_MAX, interruptAfterTimeLimit: LONGEST_MS }]) {
      const { failed, numRuns, errorInstance, counterexample } = fc.check(property, { seed, ...bounds });
      if (failed) {
        console.log(`${name} does not hold for ${fc.stringify(counterexample)}`);
        throw errorInstance;
      }
      assert.ok(numRuns > 0, 'values were tried');
    }
  });
}

fuzz.run();
