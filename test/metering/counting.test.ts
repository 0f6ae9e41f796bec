import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { KERNEL_NAMESPACE, Kernel } from '../../src/kernel/index.ts';
import { instantiateMetered, meterModule, NO_LIMITS } from '../../src/metering/index.ts';
import { engineHas } from '../support/features.ts';
import { fixture } from '../support/fixture.ts';
import { COUNTED, countFuel } from './counting-rewriter.ts';
import { encodeProgram } from './encode-program.ts';
import { generateProgram } from './generate.ts';
import { type Exceptions, hostFunctions, type Program, typeOf, type Value } from './program.ts';

// The same module is run twice: metered, and with the plain count of counting-rewriter.ts. Each
// call that returns must cost the same, whatever regions metering found.

const counting = suite('metered fuel, against a plain count of instructions');

/** An instance whose fuel is read in one way or the other. */
interface Running {
  readonly exports: WebAssembly.Exports;
  /** Runs a call. Gives its result and its fuel; `undefined` for one that does not return. */
  run(name: string, args: readonly Value[]): { readonly result: unknown; readonly fuel: number } | undefined;
}

function called(exports: WebAssembly.Exports, name: string, args: readonly Value[]): unknown {
  const callee = exports[name];
  if (typeof callee !== 'function') throw new Error(`there is no function ${name}`);
  return callee(...args);
}

/** What a call gives; `undefined` if it traps or throws. */
function returned<T>(call: () => T): { readonly value: T } | undefined {
  try {
    return { value: call() };
  } catch {
    // How it ends otherwise is for other tests: fuel is exact where a call returns.
    return undefined;
  }
}

function metered(bytes: Uint8Array, imports: WebAssembly.Imports): Running {
  const { instance, meter } = instantiateMetered(meterModule(bytes, { limits: NO_LIMITS }), imports);
  const { exports } = instance;
  return {
    exports,
    run: (name, args) => {
      meter.refuel({});
      const end = returned(() => meter.run(() => called(exports, name, args)));
      return end === undefined ? undefined : { result: end.value, fuel: meter.fuelConsumed };
    },
  };
}

function counted(bytes: Uint8Array, imports: WebAssembly.Imports): Running {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(countFuel(bytes)), imports);
  const global = exports[COUNTED] as WebAssembly.Global; // `countFuel` exports it
  return {
    exports,
    run: (name, args) => {
      global.value = 0n;
      const end = returned(() => called(exports, name, args));
      return end === undefined ? undefined : { result: end.value, fuel: Number(global.value) };
    },
  };
}

const plugins: readonly (readonly [path: string, exported: string, input: string])[] = [
  ['router/router.wasm', 'cc_lb_self_check', '{}'],
  ['router/router.wasm', 'filter', '{"_v":1,"candidates":[]}'],
  ['rust/router/router.wasm', 'cc_lb_self_check', '{}'],
  ['rust/router/router.wasm', 'filter', '{"_v":1,"candidates":[]}'],
  ['dialect/dialect.wasm', 'shape', '{"_v":1}'],
  ['rust/dialect/dialect.wasm', 'shape', '{"_v":1}'],
  ['c/observer/observer.wasm', 'observe', '{"_v":1,"events":[]}'],
];

for (const [path, exported, input] of plugins) {
  counting(`${exported} of ${path}`, async () => {
    const bytes = await fixture(path);
    const [expected, found] = [counted, metered].map((start) => {
      const kernel = new Kernel();
      kernel.instantiate();
      const { memory: _, ...functions } = kernel.exports;
      const running = start(bytes, { [KERNEL_NAMESPACE]: functions });
      if (typeof running.exports._initialize === 'function') running.run('_initialize', []);
      return [1, 2].map(() => {
        kernel.begin(input);
        const end = running.run(exported, []);
        return { end, output: new TextDecoder().decode(kernel.output()) };
      });
    });
    assert.equal(found, expected);
    const fuel = expected?.map(({ end }) => end?.fuel ?? 0) ?? [];
    assert.ok(
      fuel.every((each) => each > 100),
      `the calls return, and do something: ${fuel.join()}`,
    );
  });
}

const kinds: readonly Exceptions[] = ['none'];
const modern: Exceptions | undefined = (await engineHas('exnref')) ? 'try_table' : undefined;
const legacy: Exceptions | undefined = (await engineHas('legacy exceptions')) ? 'legacy' : undefined;

const argumentsOf = (program: Program, index: number): Value[] =>
  typeOf(program, index).params.map((type, param) => (param === 0 ? 2 : type === 'i32' ? -3 : 77n));

for (const exceptions of [...kinds, modern, legacy].filter((each) => each !== undefined)) {
  counting(`random programs, exceptions ${exceptions}`, () => {
    let compared = 0;
    const tapes = fc.uint8Array({ minLength: 0, maxLength: 500, size: 'max' });
    const check = (tape: Uint8Array): void => {
      const program = generateProgram(tape, exceptions !== 'none');
      if (program.start !== undefined) return;
      const bytes = encodeProgram(program, exceptions);
      const host = { note: () => undefined, twice: (value: bigint) => value * 2n, again: () => 7 };
      const [plain, ours] = [counted(bytes, { host }), metered(bytes, { host })];
      const callable = program.open ? program.functions.length : 1;
      for (let at = 0; at < callable; at++) {
        const args = argumentsOf(program, hostFunctions.length + at);
        const expected = plain.run(`f${at}`, args);
        const found = ours.run(`f${at}`, args);
        // One that does not return may leave behind what the other does not.
        if (expected === undefined || found === undefined) {
          assert.is(found === undefined, expected === undefined);
          return;
        }
        assert.equal(found, expected);
        compared++;
      }
    };
    fc.assert(fc.property(tapes, check), { seed: 20_261_128, numRuns: 150, includeErrorInReport: true });
    assert.ok(compared > 50, `only ${compared} calls returned`);
  });
}

counting.run();
