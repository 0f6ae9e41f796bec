import * as fc from 'fast-check';
import * as assert from 'uvu/assert';
import { meterModule } from '../../../src/metering/index.ts';
import { encodeProgram } from '../../metering/encode-program.ts';
import { generateProgram } from '../../metering/generate.ts';
import { Interpreter, TooLong } from '../../metering/interpreter.ts';
import { hostFunctions, type Program, typeOf, type Value } from '../../metering/program.ts';
import { RunningProgram } from '../../metering/run-program.ts';
import { unlessThrown } from '../../support/failure.ts';
import { property } from './property.ts';

const FUEL_MAX = 4_000;

interface Call {
  readonly index: number;
  readonly args: readonly Value[];
}

/** A call of each exported function, with a depth of 2. */
function callsOf(program: Program): Call[] {
  const callable = program.open ? program.functions : program.functions.slice(0, 1);
  return callable.map((_, at) => {
    const index = hostFunctions.length + at;
    const args = typeOf(program, index).params.map((type, param) => (param === 0 ? 2 : type === 'i32' ? -3 : 77n));
    return { index, args };
  });
}

/**
 * A metered program behaves as in an interpreter that counts instructions, and has the same fuel.
 */
export const meteringPrograms = property<Uint8Array>({
  name: 'metering-programs',
  oracle: 'the interpreter of test/metering',
  values: fc.uint8Array({ maxLength: 600, size: 'max' }),
  check: (tape) => {
    const program = generateProgram(tape, false);
    if (program.start !== undefined) return;
    const bytes = encodeProgram(program, 'none');
    const metered = meterModule(bytes).bytes;
    assert.ok(WebAssembly.validate(metered), 'a valid program became invalid');
    const interpreter = new Interpreter(program, 'none', FUEL_MAX);
    const running = new RunningProgram(program, new WebAssembly.Module(metered), {});
    for (const call of callsOf(program)) {
      const expected = unlessThrown(TooLong, () => interpreter.run(call.index, call.args))?.value;
      if (expected === undefined) return;
      const found = running.run(call.index, call.args);
      assert.equal(found.end, expected.end);
      assert.equal(
        found.calls,
        expected.calls.map(({ text }) => text),
      );
      assert.equal(found.memory, expected.memory);
      assert.equal(found.globals, expected.globals);
      if (expected.end.kind === 'trapped') assert.ok(found.fuel >= expected.fuel, `${found.fuel} < ${expected.fuel}`);
      else assert.is(found.fuel, expected.fuel);
    }
  },
});
