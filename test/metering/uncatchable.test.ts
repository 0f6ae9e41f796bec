import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { MeteringError } from '../../src/metering/index.ts';
import { type EngineFeature, engineHas } from '../support/features.ts';
import { metered } from './running.ts';

// Whatever ends a run ends it, in spite of handlers for everything in a loop around it.

/** Two ways to go on whatever happens, and count how often the handler was come to. */
const catching: readonly { readonly feature: EngineFeature; readonly around: (body: string) => string }[] = [
  {
    feature: 'exnref',
    around: (body) => `(loop $again (block $handler (try_table (catch_all $handler) ${body}) (br $again))
      (global.set $caught (i32.add (global.get $caught) (i32.const 1))) (br $again))`,
  },
  {
    feature: 'legacy exceptions',
    around: (body) => `loop $again try ${body} catch_all
      global.get $caught i32.const 1 i32.add global.set $caught end br $again end`,
  },
];

interface Case {
  readonly name: string;
  readonly body: string;
  readonly kind: string;
  readonly options?: { readonly fuel?: number; readonly wallMs?: number; readonly memoryMaxPages?: number };
  readonly throws?: () => unknown;
}

/** A value that is thrown by a function of the host. */
const thrown = (name: string, make: () => unknown): Case => ({
  name: `the host throws ${name}`,
  body: '(call $host)',
  kind: 'HostFunction',
  throws: make,
});

const { Exception, Tag } = WebAssembly as unknown as {
  // What engines with exceptions have beside the rest.
  readonly Exception: new (
    tag: object,
    payload: readonly unknown[],
  ) => object;
  readonly Tag: new (type: { readonly parameters: readonly string[] }) => object;
};

const cases: readonly Case[] = [
  { name: 'out of fuel in plain code', body: '(nop)', kind: 'OutOfFuel', options: { fuel: 100_000 } },
  { name: 'out of fuel in a function', body: '(call $leaf)', kind: 'OutOfFuel', options: { fuel: 100_000 } },
  { name: 'timeout in plain code', body: '(call $leaf)', kind: 'Timeout', options: { wallMs: 20 } },
  {
    name: 'timeout in memory.fill',
    body: '(memory.fill (i32.const 0) (i32.const 0) (i32.const 65536))',
    kind: 'Timeout',
    options: { wallMs: 20 },
  },
  {
    name: 'memory.grow',
    body: '(drop (memory.grow (i32.const 1)))',
    kind: 'OutOfMemory',
    options: { memoryMaxPages: 5 },
  },
  { name: 'table.grow', body: '(drop (table.grow (ref.null func) (i32.const 1000)))', kind: 'OutOfMemory' },
  { name: 'recursion', body: '(call $endless)', kind: 'StackOverflow' },
  thrown('an error', () => new Error('no')),
  thrown('a text', () => 'no'),
  thrown('undefined', () => undefined),
  thrown('an object that has no text', () => Object.create(null)),
  thrown('what looks like a trap', () => new WebAssembly.RuntimeError('unreachable')),
  thrown('what looks like a stack overflow', () => new RangeError('Maximum call stack size exceeded')),
  thrown('an exception of WebAssembly', () => new Exception(new Tag({ parameters: [] }), [])),
];

const uncatchable = suite('what ends a run cannot be caught');

for (const { feature, around } of catching) {
  for (const { name, body, kind, options, throws } of cases) {
    uncatchable(`${feature}: ${name}`, async () => {
      if (!(await engineHas(feature))) return;
      const value = throws?.();
      const host = (): void => {
        throw value;
      };
      const { instance, meter } = await metered(
        `(module (import "host" "f" (func $host)) (memory 1) (table 1 funcref)
          (global $caught (export "caught") (mut i32) (i32.const 0))
          (func $leaf) (func $endless call $endless)
          (func (export "run") ${around(body)}))`,
        // A run that goes on in spite of all is ended too.
        { wallMs: 5_000, ...options },
        { host: { f: host } },
      );
      const run = instance.exports.run as () => void; // exported by the module above
      for (let times = 0; times < 2; times++) {
        try {
          meter.run(run);
          assert.unreachable('the run came to its end');
        } catch (error) {
          assert.instance(error, MeteringError);
          assert.is((error as MeteringError).failure.kind, kind);
          if (value !== undefined) assert.is((error as MeteringError).cause, value);
        }
      }
      // Without the meter's help nothing goes on either.
      assert.throws(run, (error: unknown) => error instanceof WebAssembly.RuntimeError);
      assert.is((instance.exports.caught as WebAssembly.Global).value, 0);
    });
  }
}

/** What an imported function gives that the engine does not take for its result. */
const wrongResults: readonly (readonly [type: string, value: unknown])[] = [
  ['i32', 5n],
  ['i32', Symbol('no')],
  ['i64', 5],
  ['i64', undefined],
  ['f32', 1n],
  ['f64', Symbol('no')],
  ['f64', Object.create(null)],
  ['funcref', () => 0],
  ['i32 i32', 7],
  ['i32 i32', [1]],
  ['i32 i64', [1, 2]],
];

for (const { feature, around } of catching) {
  for (const [type, value] of wrongResults) {
    uncatchable(`${feature}: ${typeof value} where the module imports a function with the result ${type}`, async () => {
      if (!(await engineHas(feature))) return;
      const drops = type.split(' ').map(() => 'drop');
      const { instance, meter } = await metered(
        `(module (import "host" "f" (func $host (result ${type})))
          (global $caught (export "caught") (mut i32) (i32.const 0))
          (func $call call $host ${drops.join(' ')})
          (func (export "run") ${around('(call $call)')}))`,
        { fuel: 1_000_000 },
        { host: { f: () => value } },
      );
      const run = instance.exports.run as () => void; // exported by the module above
      assert.throws(() => meter.run(run));
      assert.is(meter.failure?.kind, 'HostFunction');
      assert.is((instance.exports.caught as WebAssembly.Global).value, 0);
    });
  }
}

uncatchable('a module catches its own exceptions still, and those of other modules', async () => {
  if (!(await engineHas('exnref'))) return;
  const thrower = await metered('(module (tag $t) (func (export "f") throw $t))');
  const { instance, meter } = await metered(
    `(module (import "other" "f" (func $f)) (tag $own)
      (func (export "run") (result i32)
        (block $a (try_table (catch_all $a) (throw $own)) (unreachable))
        (block $b (try_table (catch_all $b) (call $f)) (unreachable))
        i32.const 7))`,
    { meter: thrower.meter },
    { other: thrower.instance.exports },
  );
  const run = instance.exports.run as () => number; // exported by the module above
  assert.is(meter.run(run), 7);
});

uncatchable.run();
