import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { properties } from './properties/index.ts';

// Runs each property for a short time. `npm run fuzz -- --minutes N` runs them longer.

const fuzz = suite('properties of the code that reads untrusted bytes');

const seed = 20_260_901;
/**
 * The most milliseconds of each property, and the least number of values that it must check in that
 * time on a slow machine.
 */
const LONGEST_MS = 1_500;
const RUNS_MIN = 20;

for (const { name, oracle, values, check } of properties) {
  fuzz(`${name}, against ${oracle}`, () => {
    const { failed, numRuns, errorInstance, counterexample } = fc.check(
      fc.property(values, (value) => check(value)),
      { seed, numRuns: 400, interruptAfterTimeLimit: LONGEST_MS },
    );
    if (failed) {
      console.log(`${name} does not hold for ${fc.stringify(counterexample)}`);
      throw errorInstance;
    }
    assert.ok(numRuns >= RUNS_MIN, `only ${numRuns} values were tried`);
  });
}

fuzz.run();
