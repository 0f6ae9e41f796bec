import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type InstantiateOptions, instantiateMetered, meterModule } from '../../src/metering/index.ts';
import { type EngineFeature, engineHas } from '../support/features.ts';
import { wat } from '../support/wat.ts';
import { endOf, metered, runOf } from './running.ts';

const memory = suite('memory');

/** Programs that take more and more, and the budget that ends them. */
const growing: readonly {
  readonly name: string;
  readonly text: string;
  readonly options: InstantiateOptions;
  readonly feature?: EngineFeature;
}[] = [
  {
    name: 'memory.grow, a page at a time',
    text: '(memory 1) (func (export "run") loop i32.const 1 memory.grow drop br 0 end)',
    options: { memoryMaxPages: 20 },
  },
  {
    name: 'memory.grow, all at once',
    text: '(memory 1) (func (export "run") i32.const -1 memory.grow drop)',
    options: { memoryMaxPages: 20 },
  },
  {
    name: 'memory.grow of an imported memory',
    text: '(import "host" "memory" (memory 1)) (func (export "run") loop i32.const 1 memory.grow drop br 0 end)',
    options: { memoryMaxPages: 20 },
  },
  {
    name: 'memory.grow of a 64-bit memory',
    text: '(memory i64 1) (func (export "run") loop i64.const 1 memory.grow drop br 0 end)',
    options: { memoryMaxPages: 20 },
    feature: 'memory64',
  },
  {
    name: 'memory.grow of a 64-bit memory by more than there can be',
    text: '(memory i64 1) (func (export "run") i64.const -1 memory.grow drop)',
    options: { memoryMaxPages: 20 },
    feature: 'memory64',
  },
  {
    name: 'memory.grow of two memories',
    text: `(memory 1) (memory 1) (func (export "run")
      loop i32.const 1 memory.grow 0 drop i32.const 1 memory.grow 1 drop br 0 end)`,
    options: { memoryMaxPages: 20 },
    feature: 'multiple memories',
  },
  {
    name: 'table.grow',
    text: '(table 1 funcref) (func (export "run") loop ref.null func i32.const 10 table.grow drop br 0 end)',
    options: {},
  },
  {
    name: 'table.grow, all at once',
    text: '(table 1 funcref) (func (export "run") ref.null func i32.const 10000000 table.grow drop)',
    options: {},
  },
  {
    name: 'structs',
    text: '(type $s (struct (field i64))) (func (export "run") loop struct.new_default $s drop br 0 end)',
    options: { heapMaxBytes: 100_000 },
    feature: 'garbage collection',
  },
  {
    name: 'arrays',
    text: '(type $a (array i64)) (func (export "run") loop i32.const 1000 array.new_default $a drop br 0 end)',
    options: {},
    feature: 'garbage collection',
  },
  {
    name: 'one array that is too long',
    text: '(type $a (array i64)) (func (export "run") i64.const 1 i32.const -1 array.new $a drop)',
    options: {},
    feature: 'garbage collection',
  },
  {
    name: 'arrays of fixed length',
    text: '(type $a (array i64)) (func (export "run") loop i64.const 1 i64.const 1 array.new_fixed $a 2 drop br 0 end)',
    options: {},
    feature: 'garbage collection',
  },
];

for (const { name, text, options, feature } of growing) {
  memory(`out of memory: ${name}`, async () => {
    if (feature !== undefined && !(await engineHas(feature))) return;
    const imports = { host: { memory: new WebAssembly.Memory({ initial: 1 }) } };
    const { run, meter } = await runOf(`(module ${text})`, { wallMs: 5000, ...options }, imports);
    assert.is(endOf(run), 'OutOfMemory');
    assert.equal(meter.failure, { kind: 'OutOfMemory' });
    assert.is(endOf(run), 'OutOfMemory');
  });
}

memory('growth within the budget is the original', async () => {
  const { instance, meter } = await metered(
    `(module (memory (export "memory") 1 5) (table (export "table") 1 8 funcref)
      (func (export "memory.grow") (param i32) (result i32) local.get 0 memory.grow)
      (func (export "table.grow") (param i32) (result i32) ref.null func local.get 0 table.grow))`,
    { memoryMaxPages: 10, tableMaxEntries: 20 },
  );
  const grow = (name: string, by: number): unknown => {
    const run = instance.exports[name] as (by: number) => number; // exported by the module above
    return meter.run(() => run(by));
  };
  assert.equal([grow('memory.grow', 2), grow('memory.grow', 0)], [1, 3]);
  assert.is((instance.exports.memory as WebAssembly.Memory).buffer.byteLength, 3 * 65_536);
  // What the engine does not give costs nothing of the budget: 8 are left all the time.
  for (let times = 0; times < 5; times++) assert.is(grow('memory.grow', 8), -1);
  assert.is(grow('memory.grow', 2), 3);
  assert.equal([grow('table.grow', 7), grow('table.grow', 1), grow('table.grow', 0)], [1, -1, 8]);
  assert.is(
    endOf(() => grow('memory.grow', 7)),
    'OutOfMemory',
  );
});

memory('one budget for two instances', async () => {
  const text = '(module (memory 1) (func (export "run") (result i32) i32.const 6 memory.grow))';
  const first = await runOf(text, { memoryMaxPages: 10 });
  const second = await runOf(text, { meter: first.meter });
  assert.is(endOf(first.run), 'returned');
  assert.is(endOf(second.run), 'OutOfMemory');
});

memory('what a module has at first is bounded before it is made', async () => {
  const tables = await wat(`(module ${'(table 10000000 funcref)'.repeat(50)})`);
  if (WebAssembly.validate(new Uint8Array(tables))) {
    const module = meterModule(tables);
    assert.is(
      endOf(() => instantiateMetered(module)),
      'OutOfMemory',
    );
  } else console.log('skipped: this engine takes no 50 tables of 10,000,000 entries');
  const small = meterModule(await wat('(module (table 60 funcref) (table 60 externref) (memory 3))'));
  const end = (options: InstantiateOptions): string => endOf(() => instantiateMetered(small, {}, options));
  assert.is(end({ tableMaxEntries: 119 }), 'OutOfMemory');
  assert.is(end({ tableMaxEntries: 120 }), 'returned');
  assert.is(end({ memoryMaxPages: 2 }), 'OutOfMemory');
  assert.is(end({ memoryMaxPages: 3 }), 'returned');
});

memory('objects of garbage collection may be refused', async () => {
  if (!(await engineHas('garbage collection'))) return;
  for (const make of ['struct.new_default $s', 'i32.const 1 array.new_default $a', 'array.new_fixed $a 0']) {
    const bytes = await wat(`(module (type $s (struct)) (type $a (array i32)) (func ${make} drop))`);
    assert.is(
      endOf(() => meterModule(bytes, { allowGc: false })),
      'FeatureRefused',
      make,
    );
    assert.is(
      endOf(() => meterModule(bytes)),
      'returned',
      make,
    );
  }
});

/**
 * Bulk operations that pass a piece, and what is to be seen of them; and those that trap before
 * they do anything.
 */
const MIB = 1 << 20;
for (const [name, index] of [
  ['32-bit', 'i32'],
  ['64-bit', 'i64'],
] as const) {
  memory(`bulk operations in pieces do what they do at once: ${name} memory`, async () => {
    if (index === 'i64' && !(await engineHas('memory64'))) return;
    const text = `(module (memory (export "memory") ${index === 'i64' ? 'i64 ' : ''}64)
      (func (export "fill") (param ${index} i32 ${index}) local.get 0 local.get 1 local.get 2 memory.fill)
      (func (export "copy") (param ${index} ${index} ${index}) local.get 0 local.get 1 local.get 2 memory.copy))`;
    const bytes = await wat(text);
    const plain = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(bytes))).exports;
    const { exports } = instantiateMetered(meterModule(bytes)).instance;
    const number = (value: number): number | bigint => (index === 'i64' ? BigInt(value) : value);
    const both = (of: string, ...args: (number | bigint)[]): void => {
      const [found, expected] = [exports, plain].map((each) => {
        const run = each[of] as (...args: (number | bigint)[]) => void; // exported by the module above
        return endOf(() => run(...args));
      });
      assert.is(found, expected, `${of} ${args}`);
    };
    const content = (each: WebAssembly.Exports): Uint8Array =>
      new Uint8Array((each.memory as WebAssembly.Memory).buffer);
    content(plain).forEach((_, at, all) => {
      all[at] = (at * 2654435761) >>> 13;
    });
    content(exports).set(content(plain));
    const same = (): boolean => {
      const [a, b] = [new DataView(content(exports).buffer), new DataView(content(plain).buffer)];
      for (let at = 0; at < a.byteLength; at += 8) if (a.getBigUint64(at) !== b.getBigUint64(at)) return false;
      return true;
    };
    const size = 4 * MIB; // 64 pages
    for (const [to, from, length] of [
      [0, 1, size - 1],
      [1, 0, size - 1],
      [7, 3 * MIB, MIB],
      [MIB + 1, MIB, 2 * MIB + 5],
      [MIB, MIB + 1, 2 * MIB + 5],
      [0, MIB, 3 * MIB],
      [MIB, 0, 3 * MIB],
      [5, 5, 3 * MIB],
      [0, 1, size],
      [1, 0, size],
      [size, 0, 0],
      [size + 1, 0, 0],
      [0, size - 5, 6],
      [0xffff_ffff, 0, 2 * MIB],
      [0, 0xffff_0000, 2 * MIB],
    ] as const) {
      both('copy', number(to), number(from), number(length));
      assert.ok(same(), `copy ${to} ${from} ${length}`);
    }
    for (const [to, value, length] of [
      [3, 9, 3 * MIB + 17],
      [size - 2 * MIB, 8, 2 * MIB],
      [size - 2 * MIB, 7, 2 * MIB + 1],
      [size, 6, 0],
      [size + 1, 6, 0],
      [0xffff_ffff, 5, 3 * MIB],
      [MIB, 4, MIB],
    ] as const) {
      both('fill', number(to), value, number(length));
      assert.ok(same(), `fill ${to} ${value} ${length}`);
    }
  });
}

memory('table operations in pieces do what they do at once', async () => {
  const bytes = await wat(`(module (table (export "table") 20000 externref)
    (func (export "fill") (param i32 externref i32) local.get 0 local.get 1 local.get 2 table.fill 0)
    (func (export "copy") (param i32 i32 i32) local.get 0 local.get 1 local.get 2 table.copy))`);
  const plain = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(bytes))).exports;
  const { exports } = instantiateMetered(meterModule(bytes)).instance;
  const both = (of: string, ...args: unknown[]): void => {
    const [found, expected] = [exports, plain].map((each) => {
      const run = each[of] as (...args: unknown[]) => void; // exported by the module above
      return endOf(() => run(...args));
    });
    assert.is(found, expected, `${of} ${args}`);
    const [mine, theirs] = [exports.table as WebAssembly.Table, plain.table as WebAssembly.Table];
    for (let at = 0; at < theirs.length; at++)
      if (mine.get(at) !== theirs.get(at)) assert.unreachable(`${of} ${args}: ${at}`);
  };
  for (let at = 0; at < 20_000; at += 997) both('fill', at, `entry ${at}`, 500);
  both('copy', 1, 0, 19_999);
  both('copy', 0, 1, 19_999);
  both('copy', 5000, 4000, 10_000);
  both('copy', 4000, 5000, 10_000);
  both('copy', 0, 1, 20_000);
  both('fill', 10_000, 'b', 10_001);
  both('fill', 10_000, 'c', 10_000);
  both('fill', 20_001, 'd', 0);
});

memory('copies between two imports that are one are right, whichever way they overlap', async () => {
  const words = 40 * 16_384;
  const length = 2 * 1024 * 1024;
  if (await engineHas('multiple memories')) {
    const text = `(module (import "e" "a" (memory $a 40)) (import "e" "b" (memory $b 40))
      (func (export "run") (param i32 i32) (memory.copy $a $b (local.get 0) (local.get 1) (i32.const ${length}))))`;
    for (const [to, from] of [
      [4096, 0],
      [0, 4096],
    ] as const) {
      const one = new WebAssembly.Memory({ initial: 40 });
      const view = new Uint32Array(one.buffer);
      for (let at = 0; at < words; at++) view[at] = at;
      const expected = view.slice().copyWithin(to / 4, from / 4, (from + length) / 4);
      const { instance, meter } = await metered(text, {}, { e: { a: one, b: one } });
      const { run } = instance.exports;
      meter.run(() => typeof run === 'function' && run(to, from));
      assert.is(
        view.findIndex((word, at) => word !== expected[at]),
        -1,
      );
    }
  }
  const text = `(module (import "e" "a" (table $a 20000 externref)) (import "e" "b" (table $b 20000 externref))
    (func (export "run") (param i32 i32) (table.copy $a $b (local.get 0) (local.get 1) (i32.const 10000))))`;
  for (const [to, from] of [
    [1, 0],
    [0, 1],
  ] as const) {
    const one = new WebAssembly.Table({ element: 'externref', initial: 20_000 });
    for (let at = 0; at < 20_000; at++) one.set(at, at);
    const { instance, meter } = await metered(text, {}, { e: { a: one, b: one } });
    const { run } = instance.exports;
    meter.run(() => typeof run === 'function' && run(to, from));
    const wrong = Array.from({ length: 10_000 }, (_, at) => at).filter((at) => one.get(to + at) !== from + at);
    assert.equal(wrong, []);
  }
});

memory.run();
