import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  countGrowth,
  type InstantiateOptions,
  instantiateMetered,
  instantiateMeteredAsync,
  Meter,
  meterModule,
} from '../../src/metering/index.ts';
import { engineHas } from '../support/features.ts';
import { wat } from '../support/wat.ts';
import { endOf, metered } from './running.ts';

// What the JavaScript around a module does with it, such as Emscripten's or that of a shim for
// WASI.

const glue = suite('glue code around a metered module');

/** Imports of any values: the compiler knows functions, globals, memories and tables only. */
const untyped = (imports: object) => imports as WebAssembly.Imports;

/** An export that the test's own module has. */
function exported(exports: WebAssembly.Exports, name: string): (...args: unknown[]) => unknown {
  const { [name]: found } = exports;
  if (typeof found !== 'function') throw new Error(`the module exports no function ${name}`);
  return found as (...args: unknown[]) => unknown;
}

const exporting = `(module (table (export "t") 2 funcref) (memory (export "m") 1)
  (global (export "g") i32 (i32.const 5))
  (func $f (export "f") (result i32) i32.const 7) (func (export "__proto__")) (elem (i32.const 0) $f))`;

for (const [name, begin] of [
  ['instantiateMetered', instantiateMetered],
  ['instantiateMeteredAsync', instantiateMeteredAsync],
] as const) {
  glue(`${name} gives what glue code takes for an instance of WebAssembly`, async () => {
    const { instance } = await begin(meterModule(await wat(exporting)));
    assert.instance(instance, WebAssembly.Instance);
    assert.is(Object.prototype.toString.call(instance), '[object WebAssembly.Instance]');
    assert.is(instance.exports, instance.exports);
    assert.ok(Object.hasOwn(instance, 'exports'));
    assert.ok(Object.isFrozen(instance.exports));
    assert.is(Object.getPrototypeOf(instance.exports), null);
    assert.equal(Object.keys(instance.exports), ['t', 'm', 'g', 'f', '__proto__']);
    // As the engine's own, it keeps its exports.
    assert.throws(() => {
      Object.assign(instance, { exports: {} });
    }, TypeError);
  });
}

glue('a function in a table is the exported one', async () => {
  const { instance } = await metered(exporting);
  const { t, f } = instance.exports;
  assert.ok(t instanceof WebAssembly.Table);
  assert.is((t as WebAssembly.Table).get(0), f);
});

glue('memories, tables, globals and tags are imported as they are', async () => {
  if (!(await engineHas('tags'))) return;
  const text = `(module (import "env" "m" (memory 1)) (import "env" "t" (table 1 funcref))
    (import "env" "sp" (global $sp (mut i32))) (import "env" "base" (global $base i32))
    (import "env" "e" (tag $e (param i32)))
    (func $own (result i32) i32.const 3)
    (elem (global.get $base) func $own)
    (export "m" (memory 0)) (export "t" (table 0)) (export "sp" (global $sp))
    (func (export "throw") (throw $e (i32.const 9)))
    (func (export "run") (result i32)
      (global.set $sp (i32.sub (global.get $sp) (i32.const 16)))
      (i32.store (i32.const 0) (global.get $sp))
      (call_indirect (result i32) (global.get $base))))`;
  const env = {
    m: new WebAssembly.Memory({ initial: 1 }),
    t: new WebAssembly.Table({ element: 'anyfunc', initial: 4 }),
    sp: new WebAssembly.Global({ value: 'i32', mutable: true }, 1024),
    base: new WebAssembly.Global({ value: 'i32' }, 2),
    e: new WebAssembly.Tag({ parameters: ['i32'] }),
  };
  const { instance, meter } = instantiateMetered(meterModule(await wat(text)), untyped({ env }));
  assert.is(meter.run(exported(instance.exports, 'run')), 3);
  assert.is(new Int32Array(env.m.buffer)[0], 1008);
  assert.is(env.sp.value, 1008);
  const { m, t, sp } = instance.exports;
  assert.equal([m === env.m, t === env.t, sp === env.sp], [true, true, true]);
  try {
    meter.run(exported(instance.exports, 'throw'));
    assert.unreachable();
  } catch (thrown) {
    assert.ok(thrown instanceof WebAssembly.Exception && thrown.is(env.e));
    assert.is((thrown as WebAssembly.Exception).getArg(env.e, 0), 9);
  }
});

glue('an export that is called outside of a run ends by a trap, and the meter tells why', async () => {
  const { instance, meter } = await metered('(module (func (export "run") (loop $l (br $l))))', { fuel: 1000 });
  const run = exported(instance.exports, 'run');
  for (let each = 0; each < 2; each++) {
    assert.is(endOf(run), 'trap');
    assert.equal(meter.failure, { kind: 'OutOfFuel' });
  }
});

/*
 * How Emscripten unwinds without exceptions of WebAssembly: a call that may be unwound goes through
 * JavaScript, `invoke`, which catches what `longjmp` throws, and sets the stack pointer back.
 */
const jumping = `(module (import "env" "invoke" (func $invoke (param i32 i32) (result i32)))
  (import "env" "longjmp" (func $longjmp (param i32)))
  (table (export "table") 2 funcref) (elem (i32.const 0) $jump $spin)
  (global $jumps (export "jumps") (mut i32) (i32.const 0))
  (func $jump (param i32) (local i64 i64 i64 i64)
    (if (local.get 0) (then (call $jump (i32.sub (local.get 0) (i32.const 1)))) (else (call $longjmp (i32.const 4)))))
  (func $spin (param i32) (loop $again (br $again)))
  (func $try (param i32 i32) (result i32)
    (if (result i32) (call $invoke (local.get 0) (local.get 1))
      (then (global.set $jumps (i32.add (global.get $jumps) (i32.const 1))) (i32.const 1)) (else (i32.const 0))))
  (func (export "run") (param $times i32) (result i32)
    (loop $again
      (drop (call $try (i32.const 0) (i32.const 50)))
      (br_if $again (local.tee $times (i32.sub (local.get $times) (i32.const 1)))))
    (global.get $jumps))
  (func (export "spin") (loop $again (drop (call $try (i32.const 1) (i32.const 0))) (br $again)))
  (func (export "jump") (call $jump (i32.const 3))))`;

class Jump extends Error {}

/** @param catches whether what was thrown is the end of the call, and no failure of it. */
async function jumpingInstance(options: InstantiateOptions, catches: (thrown: unknown) => boolean) {
  let table: unknown;
  const env = {
    invoke: (index: number, argument: number): number => {
      try {
        if (!(table instanceof WebAssembly.Table)) throw new Error('the module has no table');
        table.get(index)(argument);
        return 0;
      } catch (thrown) {
        if (!catches(thrown)) throw thrown;
        return 1;
      }
    },
    longjmp: (): never => {
      throw new Jump();
    },
  };
  const { instance, meter } = instantiateMetered(meterModule(await wat(jumping)), { env }, options);
  table = instance.exports.table;
  return { exports: instance.exports, meter };
}

const isJump = (thrown: unknown): boolean => thrown instanceof Jump;

glue('exceptions that propagate unwind through the module to JavaScript, which goes on', async () => {
  const { exports, meter } = await jumpingInstance({ hostExceptions: 'propagate' }, isJump);
  assert.is(
    meter.run(() => exported(exports, 'run')(3)),
    3,
  );
  // Frames that were unwound take nothing from the stack: those of 10,000 jumps would not fit.
  assert.is(
    meter.run(() => exported(exports, 'run')(10_000)),
    10_003,
  );
});

glue('what propagates out of a run is what was thrown', async () => {
  const { exports, meter } = await jumpingInstance({ hostExceptions: 'propagate' }, isJump);
  assert.throws(() => meter.run(exported(exports, 'jump')), isJump);
  assert.is(meter.failure, undefined);
});

glue('exceptions end the run unless they are to propagate', async () => {
  const { exports, meter } = await jumpingInstance({}, isJump);
  assert.is(
    endOf(() => meter.run(() => exported(exports, 'run')(3))),
    'HostFunction',
  );
  meter.refuel();
  assert.throws(() => meter.run(exported(exports, 'jump')), /function longjmp threw: .*hostExceptions: 'propagate'/);
  const wrong = { hostExceptions: 'throw' } as unknown as InstantiateOptions;
  for (const begin of [instantiateMetered, instantiateMeteredAsync]) {
    try {
      await begin(meterModule(await wat('(module)')), {}, wrong);
      assert.unreachable();
    } catch (error) {
      assert.is((error as Error).message, "options.hostExceptions must be 'end' or 'propagate'");
    }
  }
});

for (const [name, budget, kind] of [
  ['fuel', { fuel: 1_000_000 }, 'OutOfFuel'],
  ['time', { wallMs: 30 }, 'Timeout'],
] as const) {
  glue(`JavaScript that catches everything does not keep a module running that is out of ${name}`, async () => {
    const { exports, meter } = await jumpingInstance({ hostExceptions: 'propagate' }, () => true);
    for (const run of ['spin', 'run']) {
      meter.refuel(budget);
      assert.is(
        endOf(() => meter.run(() => exported(exports, run)(2 ** 30))),
        kind,
      );
    }
  });
}

// No engine lets a module catch that.
glue('the engine running out of stack in JavaScript ends the run, although exceptions propagate', async () => {
  if (!(await engineHas('exnref'))) return;
  const recursive = (): number => recursive() + 1;
  const { instance, meter } = await metered(
    `(module (import "env" "f" (func $f))
      (func (export "run") (loop $again (block $handler (try_table (catch_all $handler) (call $f))) (br $again))))`,
    { hostExceptions: 'propagate', fuel: 100_000 },
    { env: { f: () => void recursive() } },
  );
  assert.is(
    endOf(() => meter.run(exported(instance.exports, 'run'))),
    'StackOverflow',
  );
});

glue('a module catches what propagates, with its value, and is charged for the handler', async () => {
  const { JSTag } = WebAssembly as { readonly JSTag?: object };
  if (!(await engineHas('exnref'))) return;
  if (JSTag === undefined) return console.log('skipped: this engine has no WebAssembly.JSTag');
  const text = `(module (import "env" "f" (func $f)) (import "env" "tag" (tag $js (param externref)))
    (func (export "run") (result externref)
      (block $handler (result externref) (try_table (catch $js $handler) (call $f)) (ref.null extern))))`;
  const given = { code: 1 };
  const f = () => {
    // Whatever an imported function throws.
    throw given as unknown as Error;
  };
  const imports = untyped({ env: { f, tag: JSTag } });
  const { instance, meter } = instantiateMetered(meterModule(await wat(text)), imports, {
    hostExceptions: 'propagate',
  });
  assert.is(meter.run(exported(instance.exports, 'run')), given);
  assert.ok(meter.fuelConsumed >= 3);
});

glue('the clock is read after a function that throws what propagates', async () => {
  let now = 0;
  const f = () => {
    now = 100;
    throw new Jump();
  };
  const text = '(module (import "env" "f" (func $f)) (func (export "run") (call $f)))';
  const options = { hostExceptions: 'propagate', clock: () => now, wallMs: 50 } as const;
  const { instance, meter } = await metered(text, options, { env: { f } });
  assert.is(
    endOf(() => meter.run(exported(instance.exports, 'run'))),
    'Timeout',
  );
});

/**
 * A main module and a side module as a dynamic linker joins them: one memory, one table, and
 * addresses that the linker chooses.
 */
async function linked(meter: Meter) {
  const main = await wat(`(module (memory (export "memory") 2) (table (export "table") 4 funcref)
    (global (export "__stack_pointer") (mut i32) (i32.const 65536))
    (func (export "twice") (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2)))
    (func (export "call") (param i32 i32) (result i32)
      (call_indirect (param i32) (result i32) (local.get 1) (local.get 0))))`);
  const side = await wat(`(module (@custom "dylink.0" (before first) "\\01\\04\\04\\02\\02\\00")
    (import "env" "memory" (memory 1)) (import "env" "table" (table 0 funcref))
    (import "env" "__stack_pointer" (global $sp (mut i32)))
    (import "env" "__memory_base" (global $memory i32)) (import "env" "__table_base" (global $table i32))
    (import "GOT.func" "spin" (global $spin (mut i32)))
    (import "env" "twice" (func $twice (param i32) (result i32)))
    (data (global.get $memory) "\\05")
    (elem (global.get $table) $six $endless)
    (func $six (param i32) (result i32) (i32.add (call $twice (local.get 0)) (i32.load8_u (global.get $memory))))
    (func $endless (param i32) (result i32) (loop $again (br $again)) unreachable)
    (func (export "spin") (result i32)
      (call_indirect (param i32) (result i32) (i32.const 0) (global.get $spin))))`);
  const options = { meter };
  const first = instantiateMetered(meterModule(main), {}, options).instance.exports;
  const global = (value: number, mutable = false) => new WebAssembly.Global({ value: 'i32', mutable }, value);
  const env = { ...first, __memory_base: global(1024), __table_base: global(1) };
  const imports = { env, 'GOT.func': { spin: global(2, true) } };
  const second = instantiateMetered(meterModule(side), imports, options).instance.exports;
  return { call: exported(first, 'call'), spin: exported(second, 'spin') };
}

glue('a side module shares memory, table and budgets with the main module', async () => {
  const meter = new Meter();
  const { call, spin } = await linked(meter);
  assert.is(
    meter.run(() => call(1, 20)),
    45,
  );
  // Entry, two local.get, call_indirect; entry, local.get, call, global.get, load, add; entry,
  // local.get, const, mul.
  assert.is(meter.fuelConsumed, 4 + 6 + 4);
  for (const run of [() => call(2, 0), spin]) {
    meter.refuel({ fuel: 10_000 });
    assert.is(
      endOf(() => meter.run(run)),
      'OutOfFuel',
    );
    assert.is(meter.fuelConsumed, 10_000);
  }
});

glue('a custom section that a linker reads is kept, and is the first', async () => {
  const side = await wat('(module (@custom "dylink.0" (before first) "\\01\\04\\04\\02\\02\\00") (func))');
  const { bytes } = meterModule(side);
  const [section] = WebAssembly.Module.customSections(new WebAssembly.Module(bytes), 'dylink.0');
  assert.equal([...new Uint8Array(section ?? new ArrayBuffer(0))], [1, 4, 4, 2, 2, 0]);
  // The section's identifier, right after the header.
  assert.is(bytes[8], 0);
  assert.is(new TextDecoder().decode(bytes.subarray(11, 19)), 'dylink.0');
});

/** How Emscripten's `malloc` gets more memory: an imported function grows it. */
const allocating = `(module (import "env" "resize" (func $resize (param i32) (result i32)))
  (memory (export "memory") 1 100)
  (func (export "resize") (param i32) (result i32) (call $resize (local.get 0)))
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))`;

async function allocatingInstance(options: InstantiateOptions) {
  let memory: unknown;
  const resize = (pages: unknown): number => {
    if (!(memory instanceof WebAssembly.Memory)) throw new Error('the module has no memory');
    try {
      memory.grow(pages as number); // whatever a test gives
      return 1;
    } catch (error) {
      return error instanceof TypeError ? -1 : 0;
    }
  };
  const { instance, meter } = await metered(allocating, options, { env: { resize } });
  memory = instance.exports.memory;
  if (!(memory instanceof WebAssembly.Memory)) throw new Error('the module has no memory');
  return { memory: memory as WebAssembly.Memory, meter, exports: instance.exports, resize };
}

glue('growth by JavaScript is counted with growth by the module', async () => {
  const { memory, meter, exports } = await allocatingInstance({ memoryMaxPages: 10 });
  const pages = (): number => memory.buffer.byteLength / 65_536;
  const run = (name: string, count: number) => meter.run(() => exported(exports, name)(count));
  assert.equal([run('resize', 4), run('grow', 4)], [1, 5]);
  assert.is(pages(), 9);
  assert.is(
    endOf(() => run('resize', 3)),
    'OutOfMemory',
  );
  assert.is(pages(), 9);
  meter.refuel();
  assert.is(run('resize', 2), 1);
  assert.is(
    endOf(() => run('grow', 1)),
    'OutOfMemory',
  );
});

glue('growth that the engine refuses is given back, and the engine refuses what is not a number of pages', async () => {
  const { memory, meter, resize } = await allocatingInstance({ memoryMaxPages: 200 });
  // More than the memory's own maximum.
  for (let each = 0; each < 10; each++) assert.is(resize(150), 0);
  assert.is(meter.failure, undefined);
  for (const wrong of [-1, Number.NaN, 'many', 2 ** 40])
    assert.is(resize(wrong), wrong === 2 ** 40 ? 0 : -1, String(wrong));
  meter.refuel();
  assert.equal([resize(0), resize(1.9), resize('2')], [1, 1, 1]);
  assert.is(memory.buffer.byteLength / 65_536, 4);
  // The last one that was given counts, alone.
  countGrowth(memory, new Meter({ memoryMaxPages: 1 }));
  assert.equal([resize(2), resize(1)], [0, 0]);
  countGrowth(memory, new Meter({ memoryMaxPages: 1 }));
  assert.is(resize(1), 1);
});

glue('growth by JavaScript of an imported memory is counted, and its importer need not call anything', async () => {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const bytes = await wat(
    '(module (import "env" "memory" (memory 1)) (func (export "size") (result i32) memory.size))',
  );
  for (const begin of [instantiateMetered, instantiateMeteredAsync]) {
    const imports = Object.freeze({ env: Object.freeze({ memory }) });
    const { instance, meter } = await begin(meterModule(bytes), imports, { memoryMaxPages: 2 });
    memory.grow(2);
    assert.throws(() => memory.grow(1), 'the meter has no 1 pages left');
    assert.is(meter.failure?.kind, 'OutOfMemory');
    assert.equal(meter.useOf('OutOfMemory'), { unit: 'pages', used: 3, limit: 2 });
    meter.refuel();
    assert.is(
      meter.run(() => exported(instance.exports, 'size')()),
      memory.buffer.byteLength / 65_536,
    );
  }
});

glue.run();
