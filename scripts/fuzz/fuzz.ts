// Started by scripts/fuzz.ts, which describes the options.
import { parseArgs } from 'node:util';
import * as fc from 'fast-check';
import { properties } from '../../test/fuzz/properties/index.ts';
import type { Property } from '../../test/fuzz/properties/property.ts';
import { keep, readFinding } from './finding.ts';
import { takeTurns } from './turns.ts';

const names = properties.map(({ name }) => name);
const { values: options } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    seed: { type: 'string' },
    only: { type: 'string', default: names.join() },
    replay: { type: 'string' },
  },
});

/** A turn is reported if it takes longer, in milliseconds, because a finding is made smaller. */
const LONGEST_TURN_MS = 60_000;

function propertyNamed(name: string): Property {
  const found = properties.find((each) => each.name === name);
  if (found === undefined) throw new Error(`there is no property ${name}: expected some of ${names}`);
  return found;
}

const reasonOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));

function replay(path: string): void {
  const { property: name, value } = readFinding(path);
  try {
    propertyNamed(name).check(value);
    console.log(`${path}: ${name} holds`);
  } catch (error) {
    console.log(`${path}: ${name} does not hold\n${reasonOf(error)}`);
    process.exitCode = 1;
  }
}

/** Runs one turn of a property and keeps what it finds. Returns how many values were tried. */
function turn({ name, values, check }: Property, seed: number, timeMs: number): { tried: number; found: boolean } {
  const tested = fc.property(values, (value) => check(value));
  const found = fc.check(tested, {
    seed,
    numRuns: Number.MAX_SAFE_INTEGER,
    interruptAfterTimeLimit: timeMs,
    markInterruptAsFailure: false,
  });
  if (!found.failed || found.counterexample === null) return { tried: found.numRuns, found: false };
  const [value] = found.counterexample;
  const error = reasonOf(found.errorInstance);
  const path = keep({ property: name, seed, error: error.split('\n').slice(0, 12).join('\n'), value });
  console.log(`\n${name} does not hold, with seed ${seed}: ${path}\n${error}`);
  return { tried: found.numRuns, found: true };
}

/**
 * Tries the properties in turn, until the time is over. A property that was tried with no value
 * fails the run, because nothing is known about it.
 */
function run(minutes: number, firstSeed: number, chosen: readonly Property[]): void {
  let findings = 0;
  const tried = takeTurns(chosen, minutes * 60_000, (property, round, timeMs) => {
    const since = performance.now();
    const result = turn(property, firstSeed + round, timeMs);
    if (result.found) findings++;
    const took = performance.now() - since;
    if (took > LONGEST_TURN_MS) console.log(`${property.name}: a turn took ${(took / 1000).toFixed(0)} s`);
    return result.tried;
  });
  for (const [name, count] of tried) console.log(`${name}: ${count} values`);
  const untried = [...tried].filter(([, count]) => count === 0).map(([name]) => name);
  if (untried.length > 0) console.log(`not tried, for want of time: ${untried.join(', ')}`);
  console.log(`seed ${firstSeed}, ${minutes} minutes: ${findings} findings`);
  if (findings > 0 || untried.length > 0) process.exitCode = 1;
}

if (options.replay !== undefined) replay(options.replay);
else {
  const minutes = Number(options.minutes);
  const seed = options.seed === undefined ? Date.now() % 2 ** 31 : Number(options.seed);
  if (!(minutes > 0) || !Number.isInteger(seed))
    throw new Error('--minutes must be a number over 0, --seed an integer');
  run(minutes, seed, options.only.split(',').map(propertyNamed));
}
