import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  instantiateMetered,
  instantiateMeteredAsync,
  MeteringError,
  meterModule,
} from '../../../src/metering/index.ts';
import { type EngineFeature, engineHas } from '../../support/features.ts';
import { wat } from '../../support/wat.ts';
import { endOf, metered } from '../running.ts';

const hostImports = suite('imports of the host');

/** Two ways to go on whatever a call throws; `run` gives 1 when it was caught, else 0. */
const catching: readonly { readonly feature: EngineFeature; readonly around: (call: string) => string }[] = [
  {
    feature: 'exnref',
    around: (call) => `(block $handler (try_table (catch_all $handler) ${call} (return (i32.const 0))))
      (global.set $caught (i32.const 1)) (i32.const 1)`,
  },
  {
    feature: 'legacy exceptions',
    around: (call) => `try ${call} i32.const 0 return catch_all end i32.const 1 global.set $caught i32.const 1`,
  },
];

/**
 * A module that calls a function of the host in a handler, and tells whether it came to the
 * handler.
 */
function catcher(around: (call: string) => string, type: string, call: string, before = ''): string {
  return `(module ${before} (import "host" "f" (func $host ${type}))
    (global $caught (export "caught") (mut i32) (i32.const 0)) (func $call ${call})
    (func (export "run") (result i32) ${around('call $call')}))`;
}

/**
 * Imports of any values: what they are is what the tests are about, and the compiler knows the
 * right ones only.
 */
const untyped = (imports: object) => imports as WebAssembly.Imports;

function isValid(bytes: Uint8Array): boolean {
  return WebAssembly.validate(new Uint8Array(bytes));
}

interface Exports {
  readonly run: () => number;
  readonly caught: WebAssembly.Global;
}

/** Result types, some with values of theirs that are made by a module. */
const resultTypes: readonly string[] = [
  ...['i32', 'i64', 'f32', 'f64', 'externref', 'funcref', '(ref extern)', '(ref func)', 'nullexternref', 'nullfuncref'],
  ...['anyref', 'eqref', 'i31ref', 'structref', 'arrayref', 'nullref'],
  ...[
    '(ref any)',
    '(ref eq)',
    '(ref i31)',
    '(ref struct)',
    '(ref array)',
    '(ref none)',
    '(ref nofunc)',
    '(ref noextern)',
  ],
];

/** Objects of garbage collection, where the engine has them. */
async function objects(): Promise<readonly unknown[]> {
  const bytes = await wat(`(module (type $s (struct (field i32))) (type $a (array i32))
    (func (export "struct") (result structref) struct.new_default $s)
    (func (export "array") (result arrayref) i32.const 3 array.new_default $a))`);
  if (!isValid(bytes)) return [];
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(bytes)));
  return Object.values(exports).map((make) => (make as () => unknown)()); // exported by the module above
}

for (const { feature, around } of catching) {
  for (const type of resultTypes) {
    hostImports(
      `${feature}: a result is converted to ${type} as the engine does it, and cannot be caught`,
      async () => {
        if (!(await engineHas(feature))) return;
        const bytes = await wat(catcher(around, `(result ${type})`, 'call $host drop'));
        if (!isValid(bytes)) return console.log(`skipped: this engine has no ${type}`);
        let value: unknown;
        const imports = { host: { f: () => value } };
        const plain = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(bytes)), untyped(imports));
        // Exported by the module above, like those of the metered one.
        const original = plain.exports as unknown as Exports;
        const { instance, meter } = instantiateMetered(meterModule(bytes), untyped(imports));
        const exports = instance.exports as unknown as Exports;
        const ends = new Set<string>();
        const values = [null, undefined, 0, 1.5, -1, 2 ** 30, 5n, 'text', Symbol('no'), {}, [], () => 0, original.run];
        for (value of [...values, ...(await objects())]) {
          meter.refuel();
          const expected = original.run() === 0 ? 'returned' : 'HostFunction';
          const named = typeof value === 'object' ? 'an object' : String(value);
          assert.is(
            endOf(() => meter.run(exports.run)),
            expected,
            named,
          );
          assert.is(exports.caught.value, 0, named);
          ends.add(expected);
        }
        if (!['externref', 'anyref'].includes(type)) assert.ok(ends.has('HostFunction'));
      },
    );
  }

  hostImports(`${feature}: one result of several is none of its type`, async () => {
    if (!(await engineHas(feature))) return;
    const bytes = await wat(catcher(around, '(result i32 (ref extern))', 'call $host drop drop'));
    if (!isValid(bytes)) return console.log('skipped: this engine has no (ref extern)');
    const imports = { host: { f: () => [1, null] } };
    const { instance, meter } = instantiateMetered(meterModule(bytes), untyped(imports));
    const { run, caught } = instance.exports as unknown as Exports; // exported by the module above
    assert.is(
      endOf(() => meter.run(run)),
      'HostFunction',
    );
    assert.is(caught.value, 0);
  });
}

/**
 * Types of which a JavaScript function would make the engine throw, at each call or at some
 * results.
 */
const refusedTypes: readonly (readonly [type: string, before?: string])[] = [
  ['(param v128)'],
  ['(result v128)'],
  ['(param exnref)'],
  ['(result exnref)'],
  ['(param nullexnref)'],
  ['(param (ref exn))'],
  ['(param (ref noexn))'],
  ['(result (ref null $s))', '(type $s (struct))'],
  ['(result i32 (ref $s))', '(type $s (struct))'],
  ['(result (ref null $f))', '(type $f (func))'],
];

for (const [type, before = ''] of refusedTypes) {
  hostImports(`no JavaScript function is taken for ${type}, and any of WebAssembly`, async () => {
    const bytes = await wat(`(module ${before} (import "env" "f" (func ${type})))`);
    if (!isValid(bytes)) return console.log(`skipped: this engine has no ${type}`);
    const module = meterModule(bytes);
    for (const begin of [instantiateMetered, instantiateMeteredAsync]) {
      try {
        await begin(module, { env: { f: () => 0 } });
        assert.unreachable();
      } catch (error) {
        assert.instance(error, MeteringError);
        const { failure } = error as MeteringError;
        assert.is(failure.kind === 'InvalidArgument' && failure.argument, 'imports["env"]["f"]');
      }
    }
    const provider = await wat(`(module ${before} (func (export "f") ${type} unreachable))`);
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(provider)));
    instantiateMetered(module, { env: exports });
  });
}

hostImports('parameters of types that the module defines are taken', async () => {
  if (!(await engineHas('garbage collection'))) return;
  let given: unknown;
  const { instance, meter } = await metered(
    `(module (type $s (struct)) (import "env" "f" (func $f (param (ref $s))))
      (func (export "run") struct.new $s call $f))`,
    {},
    { env: { f: (value: unknown) => (given = value) } },
  );
  meter.run(instance.exports.run as () => void); // exported by the module above
  assert.type(given, 'object');
});

hostImports('an object that is not a function is refused by the engine, as without metering', async () => {
  const bytes = await wat('(module (import "env" "f" (func)))');
  for (const hostExceptions of ['end', 'propagate'] as const) {
    const begin = () => instantiateMetered(meterModule(bytes), untyped({ env: { f: {} } }), { hostExceptions });
    assert.throws(begin, (thrown: unknown) => thrown instanceof WebAssembly.LinkError);
  }
});

const thrower = (): never => {
  throw new Error('no');
};

/** An object with these properties and without a prototype. */
const bare = (properties: object): object => Object.assign(Object.create(null), properties);

/** Import objects that an engine takes, with a function that throws. */
const shapes: readonly (readonly [name: string, make: () => object])[] = [
  ['plain', () => ({ host: { f: thrower } })],
  ['frozen', () => Object.freeze({ host: Object.freeze({ f: thrower }) })],
  ['frozen, with a key that the meter uses', () => Object.freeze({ host: { f: thrower }, meter: {} })],
  [
    'accessors that make a new object each time',
    () => ({
      get host() {
        return {
          get f() {
            return () => thrower();
          },
        };
      },
    }),
  ],
  // biome-ignore format: one shape a line
  ['a class with an accessor', () => new (class { get host() { return { f: thrower }; } })()],
  ['proxies', () => new Proxy({}, { get: () => new Proxy({}, { get: () => thrower }) })],
  ['inherited', () => Object.create({ host: Object.create({ f: thrower }) })],
  ['without prototypes', () => bare({ host: bare({ f: thrower }) })],
  ['a function with properties', () => ({ host: Object.assign(() => 0, { f: thrower }) })],
];

for (const { feature, around } of catching) {
  for (const [name, make] of shapes) {
    hostImports(`${feature}: what the host throws cannot be caught, the import object being ${name}`, async () => {
      if (!(await engineHas(feature))) return;
      const module = meterModule(await wat(catcher(around, '', 'call $host')));
      for (const begin of [instantiateMetered, instantiateMeteredAsync]) {
        const { instance, meter } = await begin(module, make() as WebAssembly.Imports);
        const { run, caught } = instance.exports as unknown as Exports; // exported by the module above
        assert.is(
          endOf(() => meter.run(run)),
          'HostFunction',
        );
        assert.is(caught.value, 0);
      }
    });
  }
}

hostImports('each module and each name is read once, and nothing is written', async () => {
  const read: string[] = [];
  const watched = (object: object, path: string): object =>
    new Proxy(object, {
      get: (target, name) => {
        read.push(`${path}${String(name)}`);
        return Reflect.get(target, name);
      },
      // Such a proxy refuses to be written to, and whoever tries throws.
      set: () => false,
      defineProperty: () => false,
    });
  const env = { f: () => 7, m: new WebAssembly.Memory({ initial: 1 }), g: 3 };
  const { instance } = await metered(
    `(module (import "env" "f" (func $f (result i32))) (import "env" "m" (memory 1)) (import "env" "g" (global $g i32))
      (import "other" "f" (func)) (import "env" "f" (func))
      (func (export "run") (result i32) call $f global.get $g i32.add i32.const 0 i32.load i32.add))`,
    {},
    watched({ env: watched(env, 'env.'), other: watched({ f: () => 0 }, 'other.') }, '') as WebAssembly.Imports,
  );
  assert.is((instance.exports.run as () => number)(), 10); // exported by the module above
  assert.equal(read, ['env', 'env.f', 'env.m', 'env.g', 'other', 'other.f']);
});

hostImports('names that objects have of themselves', async () => {
  const bytes = await wat(`(module (import "__proto__" "toString" (func $a (result i32)))
    (import "env" "__proto__" (func $b (result i32))) (import "constructor" "constructor" (func $c (result i32)))
    (func (export "run") (result i32) call $a call $b call $c i32.add i32.add))`);
  const own = (name: string, value: unknown): object =>
    Object.defineProperty({}, name, { value, enumerable: true, configurable: true, writable: true });
  const imports = Object.assign(
    own(
      '__proto__',
      own('toString', () => 1),
    ),
    {
      env: own('__proto__', () => 2),
      constructor: { constructor: () => 4 },
    },
  );
  const { instance } = instantiateMetered(meterModule(bytes), imports as unknown as WebAssembly.Imports);
  assert.is((instance.exports.run as () => number)(), 7); // exported by the module above
  const inherited = meterModule(await wat('(module (import "constructor" "toString" (func)))'));
  const none = {};
  instantiateMetered(inherited, none);
  assert.equal(Object.getOwnPropertyNames(none), []);
});

hostImports('one name imported with several types', async () => {
  let value: unknown = 5;
  const { instance, meter } = await metered(
    `(module (import "env" "f" (func $a (result f64))) (import "env" "f" (func $b (result i64)))
      (import "env" "f" (func $c (result f64)))
      (func (export "f64") call $a drop call $c drop) (func (export "i64") call $b drop))`,
    {},
    untyped({ env: { f: () => value } }),
  );
  const ends = (): string[] =>
    ['f64', 'i64'].map((name) => {
      meter.refuel();
      return endOf(() => meter.run(instance.exports[name] as () => void)); // exported by the module above
    });
  assert.equal(ends(), ['returned', 'HostFunction']);
  value = 5n;
  assert.equal(ends(), ['HostFunction', 'returned']);
});

hostImports('what the import object lacks, the engine tells', async () => {
  const module = meterModule(await wat('(module (import "env" "f" (func)) (import "env" "m" (memory 1)))'));
  const tried: readonly (readonly [imports: object, error: new () => Error])[] = [
    [{}, TypeError],
    [{ env: 5 }, TypeError],
    [{ env: {} }, WebAssembly.LinkError],
    [{ env: { f: 5 } }, WebAssembly.LinkError],
    [{ env: { f: () => 0 } }, WebAssembly.LinkError],
  ];
  for (const [imports, error] of tried) {
    assert.throws(
      () => instantiateMetered(module, imports as WebAssembly.Imports),
      (thrown: unknown) => thrown instanceof error,
    );
  }
  const mistake = new Error('no');
  const failing = {
    get env(): never {
      throw mistake;
    },
  };
  assert.throws(
    () => instantiateMetered(module, failing),
    (thrown: unknown) => thrown === mistake,
  );
});

hostImports('functions that the engine has built in are not asked for', async () => {
  const bytes = await wat(`(module (import "wasm:js-string" "length" (func $length (param externref) (result i32)))
    (import "env" "f" (func $f (result i64)))
    (func (export "run") (param externref) (result i32) call $f drop local.get 0 call $length))`);
  const Compile = WebAssembly.Module as new (bytes: Uint8Array, options: object) => WebAssembly.Module;
  const module = new Compile(meterModule(bytes).bytes, { builtins: ['js-string'] });
  if (WebAssembly.Module.imports(module).some((imported) => imported.name === 'length')) {
    return console.log('skipped: this engine has no js-string builtins, or tells them among the imports');
  }
  let value: unknown = 1n;
  const { instance, meter } = instantiateMetered(module, untyped({ env: { f: () => value } }));
  const run = instance.exports.run as (text: string) => number; // exported by the module above
  assert.is(
    meter.run(() => run('four')),
    4,
  );
  value = 1;
  assert.is(
    endOf(() => meter.run(() => run('four'))),
    'HostFunction',
  );
});

const passOver = (call: () => void): void => attempt(call, () => {});

/** How a host function may go on with the trap of an export that it called. */
const nested: readonly (readonly [name: string, goOn: (call: () => void) => void])[] = [
  ['lets it go on', (call) => call()],
  ['makes an error of its own of it', (call) => attempt(call, () => thrower())],
  ['passes over it', passOver],
];

function attempt(call: () => void, otherwise: () => void): void {
  try {
    call();
  } catch {
    otherwise();
  }
}

for (const [name, goOn] of nested) {
  for (const [run, kind] of [
    ['recurse', 'StackOverflow'],
    ['allocate', 'OutOfMemory'],
    ['burn', 'OutOfFuel'],
  ] as const) {
    hostImports(`a host function calls an export that ends in ${kind}, and ${name}`, async () => {
      if (run === 'allocate' && !(await engineHas('garbage collection'))) return;
      const types = run === 'allocate' ? '(type $a (array i64))' : '';
      const allocate = run === 'allocate' ? 'i32.const 100000000 array.new_default $a drop' : '';
      const { instance, meter } = await metered(
        `(module ${types} (import "env" "f" (func $f))
          (func $recurse (export "recurse") call $recurse call $f) (func (export "allocate") ${allocate})
          (func (export "burn") loop br 0 end) (func (export "run") call $f))`,
        { fuel: 1_000_000 },
        { env: { f: () => goOn(instance.exports[run] as () => void) } }, // exported by the module
      );
      const end = endOf(() => meter.run(instance.exports.run as () => void)); // exported by the module above
      // Depth is no longer used up when the call is over.
      const over = kind === 'StackOverflow' && goOn === passOver;
      assert.is(end, over ? 'returned' : kind);
      assert.equal(meter.failure, over ? undefined : { kind });
    });
  }
}

hostImports.run();
