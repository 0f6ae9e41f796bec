import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { instantiateMetered, instantiateMeteredAsync, isMetered, meterModule } from '../../src/metering/index.ts';
import { customSection, customSections, readSections } from '../../src/wasm/index.ts';
import { type EngineFeature, engineHas } from '../support/features.ts';
import { print } from '../support/print.ts';
import { wat } from '../support/wat.ts';
import { metered, runOf } from './running.ts';

const invisible = suite('what metering adds is invisible');

invisible('exports are the original ones, in their order', async () => {
  const text = `(module (memory (export "memory") 1) (table (export "table") 1 funcref)
    (global (export "b") i32 (i32.const 5)) (global (export "a") (mut i64) (i64.const 6))
    (func (export "run")) (func (export "") ) (func (export "__proto__")) (func $start) (start $start))`;
  const bytes = await wat(text);
  const plain = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(bytes))).exports;
  const { exports } = (await metered(bytes)).instance;
  assert.equal(Object.keys(exports), Object.keys(plain));
  assert.is(Object.getPrototypeOf(exports), null);
  assert.ok(Object.isFrozen(exports));
  assert.equal(
    Object.values(exports).map((each) => Object.prototype.toString.call(each)),
    Object.values(plain).map((each) => Object.prototype.toString.call(each)),
  );
});

invisible('names that metering would take are left to the module', async () => {
  const names = ['counter', 'time', 'stack', 'heap', 'start'].flatMap((name) => [`meter ${name}`, `meter ${name}'`]);
  const functions = names.map((name, index) => `(func (export "${name}") (result i32) i32.const ${index})`);
  const text = `(module (import "meter" "tick" (func $tick (param i32) (result i32)))
    (import "meter'" "x" (global $x i32))
    ${functions.join(' ')} (global $g (mut i32) (i32.const 0))
    (func $start i32.const 4 call $tick global.set $g) (start $start)
    (func (export "run") (result i32) global.get $g global.get $x i32.add))`;
  const { instance, meter } = await metered(
    text,
    {},
    { meter: { tick: (value: number) => value + 1 }, "meter'": { x: 100 } },
  );
  assert.equal(Object.keys(instance.exports), [...names, 'run']);
  names.forEach((name, index) => {
    const run = instance.exports[name] as () => number; // exported by the module above
    assert.is(run(), index);
  });
  const run = instance.exports.run as () => number; // exported by the module above
  assert.is(meter.run(run), 105);
});

invisible('names of functions are those of the right ones', async () => {
  const text = `(module $whole (type $t (func (param i32))) (import "a" "b" (func $imported (param $p i32)))
    (global $number (mut i32) (i32.const 0))
    (memory $bytes 1) (table $entries 1 funcref) (func $first (param $x i32) (local $y i32) local.get $y call $imported)
    (func $second (export "run") i32.const 1 call $first) (elem (i32.const 0) $second))`;
  const printed = await print(meterModule(await wat(text)).bytes);
  assert.match(printed, /\(module \$whole/);
  assert.match(printed, /\(func \$first [^\n]*\(param \$x i32\)/);
  assert.match(printed, /\(local \$y i32\)/);
  assert.match(printed, /\(func \$second /);
  assert.match(printed, /\(export "run" \(func \$second\)\)/);
  assert.match(printed, /\(elem [^\n]*func \$second\)/);
  assert.match(printed, /\(import "a" "b" \(func \$imported /);
  assert.match(printed, /call \$first/);
  assert.match(printed, /\(memory \$bytes /);
  assert.match(printed, /\(table \$entries /);
  assert.match(printed, /\(global \$number /);
});

invisible('custom sections stay, but for those that hold offsets into the code', async () => {
  const contents = new TextEncoder().encode('contents');
  const names = [
    'before',
    'metadata.code.branch_hint',
    '.debug_info',
    '.debug_line',
    'producers',
    'linking',
    'reloc.CODE',
  ];
  const module = await wat('(module (func (export "run")))');
  const bytes = new Uint8Array([...module, ...names.flatMap((name) => [...customSection(name, contents)])]);
  const { bytes: rewritten } = meterModule(bytes);
  const kept = customSections(rewritten, readSections(rewritten)).filter(({ name }) => names.includes(name));
  assert.equal(
    kept.map(({ name }) => name),
    ['before', 'producers'],
  );
  for (const each of kept) assert.equal([...each.contents], [...contents]);
});

/** Modules that compute a number from things of every index space; the same without metering. */
const programs: readonly (readonly [name: string, text: string, feature?: EngineFeature])[] = [
  [
    'imported and own functions in tables',
    `(import "host" "f" (func $f (result i32))) (import "host" "g" (func $g (result i32)))
    (type $t (func (result i32))) (table 6 funcref) (elem (i32.const 1) $g $own $f) (elem $passive func $own $g)
    (func $own (result i32) i32.const 100)
    (func $call (param i32) (result i32) local.get 0 call_indirect (type $t))
    (func (export "run") (result i32)
      i32.const 4 i32.const 0 i32.const 2 table.init $passive
      i32.const 1 call $call i32.const 10 i32.mul i32.const 2 call $call i32.add i32.const 3 call $call i32.add
      i32.const 4 call $call i32.sub i32.const 5 call $call i32.const 1000 i32.mul i32.add)`,
  ],
  [
    'ref.func',
    `(import "host" "f" (func $f (result i32))) (type $t (func (result i32))) (table 2 funcref)
      (elem declare func $f $own)
    (func $own (result i32) i32.const 3) (global $r funcref (ref.func $own))
    (func (export "run") (result i32) i32.const 0 ref.func $f table.set i32.const 1 global.get $r table.set
      i32.const 0 call_indirect (type $t) i32.const 1 call_indirect (type $t) i32.const 10 i32.mul i32.add)`,
  ],
  [
    'imported and own globals',
    `(import "host" "number" (global $n i32)) (global $own (mut i32) (global.get $n)) (global $last i32 (i32.const 2))
    (func (export "run") (result i32) global.get $own i32.const 5 i32.add global.set $own global.get $own
      global.get $last i32.mul)`,
  ],
  [
    'numbers of 128 bits',
    `(func $sum (result i64 i64) i64.const -1 i64.const 1 i64.const 2 i64.const 3 i64.add128)
    (func (export "run") (result i32) (local i64)
      call $sum i64.const 5 i64.const 1 i64.sub128 i64.mul_wide_s local.set 0
      i64.const -7 i64.mul_wide_u i64.xor local.get 0 i64.add i32.wrap_i64)`,
    'wide arithmetic',
  ],
  [
    'a start function and data',
    `(memory 1) (data (i32.const 0) "\\07") (func $start i32.const 4 i32.const 0 i32.load8_u i32.store) (start $start)
    (func (export "run") (result i32) i32.const 4 i32.load i32.const 1 i32.add)`,
  ],
  [
    'an imported start function',
    `(import "host" "count" (func $count)) (import "host" "counted" (func $counted (result i32))) (start $count)
      (func (export "run") (result i32) call $counted)`,
  ],
  [
    'passive data',
    `(memory 1) (data $a "abc") (data $b "xyz")
    (func (export "run") (result i32) i32.const 8 i32.const 1 i32.const 2 memory.init $b i32.const 8 i32.load)`,
  ],
  [
    'several memories',
    `(memory $a 1) (memory $b 1) (data (memory $b) (i32.const 0) "\\2a")
    (func (export "run") (result i32) i32.const 0 i32.load $a i32.const 0 i32.load $b i32.add
      i32.const 8 i32.const 0 i32.const 4 memory.copy $a $b i32.const 8 i32.load $a i32.add memory.size $b i32.add)`,
    'multiple memories',
  ],
  [
    'a 64-bit memory',
    `(memory i64 1) (func (export "run") (result i32) i64.const 8 i32.const 77 i32.store i64.const 8 i32.load
      i64.const 1 memory.grow i32.wrap_i64 i32.add)`,
    'memory64',
  ],
  [
    'a 64-bit table',
    `(table i64 2 funcref) (elem (table 0) (i64.const 1) func $f) (type $t (func (result i32)))
      (func $f (result i32) i32.const 8)
    (func (export "run") (result i32) i64.const 1 call_indirect (type $t) ref.null func i64.const 3 table.grow 0
      i32.wrap_i64 i32.add)`,
    'memory64',
  ],
  [
    'objects',
    `(type $s (struct (field i32) (field (mut i32)))) (type $a (array (mut i32)))
    (func (export "run") (result i32) (local (ref null $s)) i32.const 4 i32.const 5 struct.new $s local.set 0
      local.get 0 struct.get $s 1 i32.const 9 i32.const 3 array.new $a i32.const 2 array.get $a i32.add)`,
    'garbage collection',
  ],
  [
    'typed references',
    `(type $t (func (param i32) (result i32))) (elem declare func $f)
      (func $f (type $t) local.get 0 i32.const 1 i32.add)
    (func (export "run") (result i32) i32.const 6 ref.func $f call_ref $t)`,
    'garbage collection',
  ],
  [
    'tags',
    `(tag $a (param i32)) (tag $b (param i64)) (func $f i32.const 5 throw $a)
    (func (export "run") (result i32) (block $h (result i32) (try_table (catch $a $h) (call $f)) (i32.const 0)))`,
    'exnref',
  ],
];

for (const [name, text, feature] of programs) {
  invisible(`the same with metering: ${name}`, async () => {
    if (feature !== undefined && !(await engineHas(feature))) return;
    const bytes = await wat(`(module ${text})`);
    if (!WebAssembly.validate(new Uint8Array(bytes))) return console.log(`skipped: this engine does not take ${name}`);
    const host = () => {
      let count = 0;
      return { host: { f: () => 1, g: () => 2, number: 20, count: () => void count++, counted: () => count } };
    };
    const plain = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(bytes)), host()).exports;
    const expected = plain.run as () => number; // exported by every program
    const { run } = await runOf(bytes, {}, host());
    const [found, wanted] = [run(), expected()];
    assert.is(found, wanted);
    assert.ok(wanted !== 0, 'the program computes something');
  });
}

invisible('values of every type cross to the host and back', async () => {
  const types = ['i32', 'i64', 'f32', 'f64', 'externref', 'funcref'];
  const { run, exports } = await runOf(
    `(module (import "host" "f" (func $f (param ${types.join(' ')}) (result ${types.join(' ')})))
      (func (export "run") (result ${types.join(' ')})
        i32.const -1 i64.const -1 f32.const 0.5 f64.const -0.1 ref.null extern ref.null func call $f))`,
    {},
    {
      host: {
        f: (...values: unknown[]) =>
          [values[0], 2n ** 63n, '1.5', -0, exports_, null].map((each, at) => (at === 0 ? values[0] : each)),
      },
    },
  );
  const exports_ = exports;
  const given = run() as unknown[];
  assert.equal(given.slice(0, 4), [-1, -(2n ** 63n), 1.5, -0]);
  assert.is(given[4], exports);
  assert.is(given[5], null);
});

invisible('a compiled module tells what it is, and runs like the bytes', async () => {
  const bytes = await wat('(module (func $start) (start $start) (func (export "run") (result i32) i32.const 7))');
  const module = new WebAssembly.Module(meterModule(bytes).bytes);
  assert.ok(isMetered(module));
  assert.not(isMetered(new WebAssembly.Module(new Uint8Array(bytes))));
  const made = [
    instantiateMetered(module),
    await instantiateMeteredAsync(module),
    await instantiateMeteredAsync(meterModule(bytes)),
  ];
  for (const { instance, meter } of made) {
    const run = instance.exports.run as () => number; // exported by the module above
    assert.is(meter.fuelConsumed, 1);
    assert.is(meter.run(run), 7);
    assert.is(meter.fuelConsumed, 3);
  }
  assert.throws(() => instantiateMetered(new WebAssembly.Module(new Uint8Array(bytes))), /meterModule/);
});

invisible('what is imported may be inherited', async () => {
  class Host {
    readonly number = 5;
    f(): number {
      return 6;
    }
  }
  const { run } = await runOf(
    `(module (import "host" "f" (func $f (result i32))) (import "host" "number" (global $n i32))
      (func (export "run") (result i32) call $f global.get $n i32.mul))`,
    {},
    { host: new Host() as unknown as WebAssembly.ModuleImports },
  );
  assert.is(run(), 30);
});

invisible.run();
