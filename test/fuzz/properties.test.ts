import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { properties } from './properties/index.ts';

// Each property for a moment; `npm run fuzz` goes on with them for as long as wanted.

const fuzz = suite('properties of all that reads what strangers wrote');

const seed = 20_260_901;
/** How long each property runs, in milliseconds; and how many values it must have been tried with by then, on the slowest machine. */
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
