import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { instantiateMetered, MeteringError, meterModule } from '../../src/metering/index.ts';
import { engineHas } from '../support/features.ts';
import { wat } from '../support/wat.ts';
import { endOf, metered, runOf } from './running.ts';

const stack = suite('depth');

/** Functions that call one another without end. */
const endless: { readonly [name: string]: string } = {
  'a function that calls itself': '(func $f (export "run") call $f)',
  'two functions that call each other': '(func $f (export "run") call $g) (func $g call $f)',
  'a call through a table': `(type $t (func)) (table 1 funcref) (elem (i32.const 0) $f)
      (func $f (export "run") i32.const 0 call_indirect (type $t))`,
  'many locals': `(func $f (export "run") (local ${'i64 '.repeat(1000)}) call $f)`,
  'many operands': `(func $f (export "run") (result i64) ${'i64.const 1 '.repeat(2000)} call $f
    ${'i64.add '.repeat(2000)})`,
  vectors: `(func $f (export "run") (local ${'v128 '.repeat(300)}) call $f)`,
  'many parameters and results': `(type $t (func (param ${'i64 '.repeat(500)}) (result ${'i64 '.repeat(500)})))
    (func $f (type $t) ${Array.from({ length: 500 }, (_, index) => `local.get ${index}`).join(' ')} call $f)
    (func (export "run") ${'i64.const 0 '.repeat(500)} call $f ${'drop '.repeat(500)})`,
  'through a branch of the recursion that is not taken':
    '(func $f (export "run") (local i32) local.get 0 br_if 0 call $f local.get 0 br_if 0)',
  'through a br_table that stays': '(func $f (export "run") block i32.const 0 br_table 0 1 end call $f)',
};

for (const [name, functions] of Object.entries(endless)) {
  stack(`endless recursion: ${name}`, async () => {
    const { run, meter } = await runOf(`(module ${functions})`);
    for (let times = 0; times < 3; times++) {
      assert.is(endOf(run), 'StackOverflow');
      assert.equal(meter.failure, { kind: 'StackOverflow' });
      meter.refuel();
    }
  });
}

stack('endless recursion through a function of the host', async () => {
  const bytes = await wat('(module (import "host" "again" (func $again)) (func $f (export "run") call $again))');
  const { instance, meter } = instantiateMetered(meterModule(bytes), { host: { again: () => run() } });
  const run = instance.exports.run as () => void; // exported by the module above
  // Whose frames come first to the end of the engine's stack is not told.
  assert.ok(['StackOverflow', 'HostFunction'].includes(endOf(() => meter.run(run))));
  assert.not.equal(meter.failure, undefined);
});

/**
 * What calls a function again and again, which calls another: the depth must not get lower each
 * time.
 */
const MANY = 30_000;

stack('a host may call for ever', async () => {
  const { instance, meter } = await metered(`(module (global $g (mut i32) (i32.const 0)) (func $g)
    (func (export "end") call $g)
    (func (export "return") call $g return)
    (func (export "branch") call $g br 0)
    (func (export "branchIf") call $g i32.const 1 br_if 0 call $g)
    (func (export "branchTable") block call $g i32.const 7 br_table 0 1 end call $g)
    (func (export "tableStays") block call $g i32.const 0 br_table 0 1 end call $g)
    (func (export "loopStays") loop call $g i32.const 7 br_table 0 1 end call $g)
    (func (export "trap") call $g unreachable))`);
  for (const [name, run] of Object.entries(instance.exports)) {
    if (typeof run !== 'function') continue;
    for (let times = 0; times < MANY; times++) {
      if (name !== 'trap') run();
      else
        assert.is(
          endOf(() => meter.run(() => run())),
          'trap',
        );
    }
  }
  assert.is(meter.failure, undefined);
});

stack('another instance may call for ever', async () => {
  const inner = await metered('(module (func $g) (func (export "f") call $g))');
  const outer = meterModule(
    await wat(`(module (import "inner" "f" (func $f)) (func (export "run") (local i32)
      loop call $f local.get 0 i32.const 1 i32.add local.tee 0 i32.const ${MANY} i32.lt_s br_if 0 end))`),
  );
  const { instance } = instantiateMetered(outer, { inner: inner.instance.exports }, { meter: inner.meter });
  const run = instance.exports.run as () => void; // exported by the module above
  inner.meter.run(run);
  assert.is(inner.meter.failure, undefined);
});

for (const [feature, body] of [
  ['exnref', '(block (try_table (catch_all 0) (call $down (i32.const 50))))'],
  ['legacy exceptions', 'try i32.const 50 call $down catch_all end'],
] as const) {
  stack(`the depth is right again after an exception is caught: ${feature}`, async () => {
    if (!(await engineHas(feature))) return;
    const { run } = await runOf(`(module (tag $tag)
      (func $down (param i32)
        local.get 0 i32.eqz if throw $tag end
        local.get 0 i32.const 1 i32.sub call $down)
      (func (export "run") (local i32)
        loop ${body} local.get 0 i32.const 1 i32.add local.tee 0 i32.const 100000 i32.lt_s br_if 0 end))`);
    assert.is(endOf(run), 'returned');
  });
}

stack('tail calls take no depth', async () => {
  const text = `(module (func $f (param i32) (result i32)
      local.get 0 i32.eqz if i32.const 7 return end
      local.get 0 i32.const 1 i32.sub return_call $f)
    (func (export "run") (result i32) i32.const 1000000 call $f))`;
  if (!WebAssembly.validate(new Uint8Array(await wat(text))))
    return console.log('skipped: this engine has no tail calls');
  const { instance, meter } = await metered(text);
  const run = instance.exports.run as () => number; // exported by the module above
  assert.is(meter.run(run), 7);
});

stack('a deep but bounded recursion does not overflow', async () => {
  const { instance, meter } = await metered(`(module (func $f (export "run") (param i32) (result i32)
    local.get 0 i32.eqz if (result i32) i32.const 0 else local.get 0 i32.const 1 i32.sub call $f i32.const 1
    i32.add end))`);
  const run = instance.exports.run as (depth: number) => number; // exported by the module above
  for (let times = 0; times < 3; times++)
    assert.is(
      meter.run(() => run(3000)),
      3000,
    );
});

stack('a stack overflow of host code, outside of all modules, is what the engine makes of it', async () => {
  const { meter } = await metered('(module)');
  const mistake = new RangeError('no such row');
  assert.throws(
    () =>
      meter.run(() => {
        throw mistake;
      }),
    (thrown: unknown) => thrown === mistake,
  );
});

stack('what the host throws for want of stack is its own error', async () => {
  const text = '(module (import "host" "f" (func $f)) (func (export "run") call $f))';
  const thrown = new RangeError('Maximum call stack size exceeded');
  const { instance, meter } = instantiateMetered(meterModule(await wat(text)), {
    host: {
      f: () => {
        throw thrown;
      },
    },
  });
  const run = instance.exports.run as () => void; // exported by the module above
  try {
    meter.run(run);
    assert.unreachable();
  } catch (error) {
    assert.instance(error, MeteringError);
    assert.is((error as MeteringError).failure.kind, 'HostFunction');
    assert.is((error as MeteringError).cause, thrown);
  }
});

stack('a host may give less or more, and frames of many parameters count for what engines keep of them', async () => {
  const depthOf = async (params: number, stackSlots?: number): Promise<number> => {
    const given = Array.from({ length: params }, (_, index) => `local.get ${index}`).join(' ');
    const { run, exports } = await runOf(
      `(module (global $depth (export "depth") (mut i32) (i32.const 0))
        (func $f (param ${'i64 '.repeat(params)}) global.get $depth i32.const 1 i32.add global.set $depth
        ${given} call $f)
        (func (export "run") ${'i64.const 0 '.repeat(params)} call $f))`,
      { stackSlots },
    );
    assert.is(endOf(run), 'StackOverflow');
    return (exports.depth as WebAssembly.Global).value; // exported by the module above
  };
  const usual = await depthOf(0);
  assert.is(await depthOf(0, 65_536), usual);
  const quarter = await depthOf(0, 16_384);
  assert.ok(Math.abs(quarter - usual / 4) < 50, `${quarter} frames in a quarter of what holds ${usual}`);
  // Ten slots, six parameters, four that take three each, and the operands.
  assert.ok((await depthOf(10)) <= 65_536 / (10 + 6 + 4 * 3 + 10) + 1);
});

stack('a wrong size of the stack is refused', async () => {
  for (const stackSlots of [0, 1_023, 4_194_305, 65_536.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    try {
      await metered('(module)', { stackSlots });
      assert.unreachable();
    } catch (error) {
      assert.instance(error, MeteringError);
      const expected = 'a whole number from 1024 to 4194304';
      assert.equal((error as MeteringError).failure, {
        kind: 'InvalidArgument',
        argument: 'options.stackSlots',
        expected,
      });
    }
  }
});

stack.run();
