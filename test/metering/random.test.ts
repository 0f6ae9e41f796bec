import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { meterModule } from '../../src/metering/index.ts';
import { engineHas } from '../support/features.ts';
import { encodeProgram } from './encode-program.ts';
import { generateProgram } from './generate.ts';
import { Interpreter, type Outcome, TooLong } from './interpreter.ts';
import { type Exceptions, hostFunctions, type Program, typeOf, type Value } from './program.ts';
import { type Run, RunningProgram } from './run-program.ts';

// Programs are made at random, run by the engine, by the engine with metering, and by an
// interpreter that counts. A failure prints the seed and the tape that the smallest program comes
// from.

const seed = 20_260_801;
const runs = 100;
const fuelMax = 4_000;

const kinds: readonly Exceptions[] = ['none'];
const modern: Exceptions | undefined = (await engineHas('exnref')) ? 'try_table' : undefined;
const legacy: Exceptions | undefined = (await engineHas('legacy exceptions')) ? 'legacy' : undefined;
const encodings = [...kinds, modern, legacy].filter((each) => each !== undefined);

const tapes = fc.uint8Array({ minLength: 0, maxLength: 500, size: 'max' });

/** The calls that a program is tried with, one after the other. */
function callsOf(program: Program): { index: number; args: Value[] }[] {
  const callable = program.open ? program.functions : program.functions.slice(0, 1);
  return callable.flatMap((_, at) => {
    const index = hostFunctions.length + at;
    const args = (depth: number): Value[] =>
      typeOf(program, index).params.map((type, param) => (param === 0 ? depth : type === 'i32' ? -3 : 77n));
    return at === 0
      ? [
          { index, args: args(3) },
          { index, args: args(1) },
        ]
      : [{ index, args: args(2) }];
  });
}

/** What can be compared of what a run left. */
const visible = ({ globals, memory }: Outcome | Run) => ({ globals, memory });
const entries = (table: Outcome['table']) =>
  table.map((entry) => (entry !== undefined && entry < hostFunctions.length ? 'host' : entry));

/** Interprets until the program takes too long, and gives what came before. */
function interpreted(program: Program, exceptions: Exceptions) {
  const interpreter = new Interpreter(program, exceptions, fuelMax);
  const outcomes: { readonly call: { index: number; args: Value[] }; readonly outcome: Outcome }[] = [];
  let started: Outcome | undefined;
  try {
    if (program.start !== undefined) started = interpreter.start(program.start);
    if (started !== undefined && started.end.kind !== 'returned') return { started, outcomes };
    for (const call of callsOf(program)) outcomes.push({ call, outcome: interpreter.run(call.index, call.args) });
  } catch (error) {
    if (!(error instanceof TooLong)) throw error;
    if (program.start !== undefined && started === undefined) return undefined;
  }
  return { started, outcomes };
}

const random = suite('random programs, metered, against an interpreter');

for (const exceptions of encodings) {
  const program = tapes.map((tape) => generateProgram(tape, exceptions !== 'none'));

  random(`exceptions ${exceptions}: the same results and effects, and exactly the fuel`, () => {
    let returned = 0;
    const check = (made: Program): void => {
      const bytes = encodeProgram(made, exceptions);
      assert.ok(WebAssembly.validate(bytes), 'the program is valid');
      const metered = meterModule(bytes);
      assert.ok(WebAssembly.validate(metered.bytes), 'and so it is when it is metered');
      const expected = interpreted(made, exceptions);
      if (expected === undefined) return;
      const plain = new RunningProgram(made, new WebAssembly.Module(bytes), undefined);
      let now = 0;
      const clock = (): number => (now += 0.01);
      const run = new RunningProgram(made, new WebAssembly.Module(metered.bytes), { clock });
      const { started } = expected;
      if (started !== undefined) {
        assert.equal(plain.started, started.end);
        assert.equal(run.started, started.end);
        checkFuel(run.soFar.fuel, started);
        if (started.end.kind !== 'returned') return;
      }
      for (const { call, outcome } of expected.outcomes) {
        const calls = outcome.calls.map(({ text }) => text);
        const found = run.run(call.index, call.args);
        assert.equal(found.end, outcome.end);
        assert.equal(found.calls, calls);
        assert.equal(visible(found), visible(outcome));
        if (made.open) assert.equal(found.table, entries(outcome.table));
        checkFuel(found.fuel, outcome);
        if (outcome.end.kind === 'returned' && outcome.fuel > 20) returned++;
        const unmetered = plain.run(call.index, call.args);
        if (plain.trapThroughHost) return;
        assert.equal(unmetered.end, outcome.end);
        assert.equal(unmetered.calls, calls);
        assert.equal(visible(unmetered), visible(outcome));
      }
    };
    fc.assert(fc.property(program, check), { seed, numRuns: runs, includeErrorInReport: true });
    console.log(`${returned} runs of more than 20 fuel returned`);
    assert.ok(returned > runs / 10, `only ${returned} runs returned`);
  });

  random(`exceptions ${exceptions}: a budget is enough exactly when it is larger than the cost`, () => {
    const check = (made: Program): void => {
      const expected = interpreted(made, exceptions);
      const first = expected?.outcomes[0];
      if (first === undefined || made.start !== undefined) return;
      const { call, outcome } = first;
      const metered = new WebAssembly.Module(meterModule(encodeProgram(made, exceptions)).bytes);
      const unlimited = new RunningProgram(made, metered, {}).run(call.index, call.args);
      for (const fuel of budgets(unlimited.fuel)) {
        const found = new RunningProgram(made, metered, {}).run(call.index, call.args, { fuel });
        const affordable = outcome.calls.filter((each) => each.fuel < fuel).map(({ text }) => text);
        const where = `budget ${fuel}, cost ${outcome.fuel}`;
        if (found.end.kind === 'exhausted') {
          assert.is(found.end.failure, 'OutOfFuel');
          assert.ok(unlimited.fuel >= fuel, where);
          assert.is(found.fuel, fuel, where);
          // Exhaustion may be noticed ahead of a call that could still have been paid for, and
          // never behind one that could not.
          assert.equal(found.calls, affordable.slice(0, found.calls.length), where);
        } else {
          assert.equal(found.end, outcome.end, where);
          assert.equal(
            found.calls,
            outcome.calls.map(({ text }) => text),
            where,
          );
          if (outcome.end.kind === 'returned') assert.ok(outcome.fuel < fuel, where);
        }
      }
    };
    fc.assert(fc.property(program, check), { seed: seed + 1, numRuns: runs / 4, includeErrorInReport: true });
  });
}

/**
 * Every budget up to a little over the cost; of many only some, those near both ends among them.
 */
function budgets(cost: number): number[] {
  const all = Array.from({ length: cost + 3 }, (_, fuel) => fuel);
  const step = Math.ceil(all.length / 16);
  return all.filter((fuel) => fuel % step === 0 || fuel < 2 || fuel > cost - 3);
}

/** Exact when the program came to its end; after a trap not less than it was. */
function checkFuel(found: number, { end, fuel }: Outcome): void {
  if (end.kind === 'trapped')
    assert.ok(found >= fuel, `${found} fuel is less than the ${fuel} that the trap came after`);
  else assert.is(found, fuel);
}

random.run();
