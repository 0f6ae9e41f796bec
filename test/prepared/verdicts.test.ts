// A prepared module gets the verdict of the bytes that it was prepared from, in both generations:
// reports, kinds of failures and messages.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { admitHooks } from '../../src/hooks/admit.ts';
import { hookNames } from '../../src/hooks/hook.ts';
import { inspectHooks } from '../../src/hooks/inspect.ts';
import { prepareHooks } from '../../src/hooks/prepare.ts';
import { BuildPluginError, buildPlugin, compilePlugin, preparePlugin } from '../../src/plugin/index.ts';
import { canLink } from '../../src/plugin/two-memories.ts';
import * as prepared from '../../src/prepared/index.ts';
import { admit } from '../../src/protocol/admit.ts';
import { writeIdentity } from '../../src/protocol/write-identity.ts';
import { custom, EMPTY_FILTER, hookModule, withSections } from '../hooks/hook-module.ts';
import { failureOf, thrownBy } from '../support/failure.ts';
import { fixture } from '../support/fixture.ts';
import { fixturePaths } from '../support/fixtures-list.ts';
import { unhurried } from '../support/layers.ts';
import { wat } from '../support/wat.ts';

/** What differs from run to run, and the time that only compiling takes. */
const times: readonly string[] = ['durationMs', 'compileMs', 'seconds'];

/** A value as plain JSON, without times. An error is its class, failure and message. */
function plain(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, each: unknown) => {
      if (times.includes(key)) return undefined;
      if (typeof each === 'bigint') return `${each}n`;
      return each instanceof Error ? { ...each, name: each.name, message: each.message } : each;
    }),
  );
}

/** What work returns or throws. */
function outcome(work: () => unknown): unknown {
  try {
    return { returned: work() };
  } catch (thrown) {
    return { thrown };
  }
}

/** Compares the outcome from bytes with that from a prepared module. */
function same(fromBytes: () => unknown, fromModule: () => unknown, what?: string): void {
  assert.equal(plain(outcome(fromModule)), plain(outcome(fromBytes)), what);
}

const wire = suite('verdicts on prepared plugins');
const options = { ...unhurried, clock: () => 1_800_000_000_000 } as const;
/** Fuel ends a plugin that never does, also on a slow machine. */
const budget = { fuel: 1_000_000, wallMs: Number.POSITIVE_INFINITY } as const;

if (!canLink()) console.log('skipped: verdicts on prepared plugins: this engine supports one memory in a module');
else {
  for (const path of fixturePaths.filter((each) => !each.startsWith('hooks/'))) {
    wire(`${path} is reported as its bytes are`, async () => {
      const bytes = await fixture(path);
      const module = new WebAssembly.Module(preparePlugin(bytes));
      for (const more of [{}, { hostFunctions: true }, { slots: 'all' }] as const)
        same(
          () => admit(bytes, { ...options, ...more }),
          () => prepared.admit(module, { ...options, ...more }),
        );
      const [original, loaded] = [compilePlugin(bytes), prepared.loadPlugin(module)];
      for (const part of ['imports', 'hasStart'] as const) assert.equal(loaded[part], original[part]);
      assert.equal([...loaded.exports], [...original.exports]);
    });
  }

  /** Modules that are made to be judged differently, or whose report has much to tell. */
  const hostile: Readonly<Record<string, string>> = {
    'imports of all kinds that nobody provides, in any order': `(module
      (import "env" "g" (global i32)) (import "env" "f" (func)) (import "env" "m" (memory 1))
      (import "extism:host/env" "alloc" (func (param i64) (result i64)))
      (import "env" "t" (table 1 funcref)) (import "env" "h" (func (param f32) (result i64))))`,
    'a kernel function of the wrong type beside right ones': `(module
      (import "extism:host/env" "length" (func (param i64) (result i64)))
      (import "extism:host/env" "alloc" (func (param i32) (result i64)))
      (import "extism:host/env" "free" (func (param i64))))`,
    'a kernel function of the right type and of a wrong one': `(module
      (import "extism:host/env" "free" (func (param i64))) (import "extism:host/env" "free" (func (param i32))))`,
    'a kernel function as a global': '(module (import "extism:host/env" "alloc" (global i64)))',
    'a kernel function that does not exist': '(module (import "extism:host/env" "malloc" (func (param i64))))',
    'an import from the module that metering imports from': '(module (import "meter" "tick" (func)))',
    'an import from the module that the kernel imports from':
      '(module (import "kernel" "log_info" (func (param i64))))',
    'exports under the names of the kernel and the meter': `(module
      (global (export "meter counter") (mut i32) (i32.const 0)) (memory (export "kernel memory") 1))`,
    'a command that is a reactor too': '(module (func (export "_start")) (func (export "_initialize")))',
    'a table under the name _initialize': '(module (table (export "_initialize") 1 funcref))',
    'an _initialize with parameters': '(module (func (export "_initialize") (param i32 f64)))',
    'an _initialize that traps': '(module (func (export "_initialize") unreachable))',
    'a start function that traps': '(module (func $f unreachable) (start $f))',
    'a start function that never ends': '(module (func $f (loop $l (br $l))) (start $f))',
    'an hs_init of the wrong type': '(module (func (export "hs_init")) (func (export "_initialize")))',
    'more initial memory than allowed': '(module (memory 33))',
    'two memories, with more pages together than allowed': '(module (memory 20) (memory 20))',
    'two memories': '(module (memory (export "a") 1) (memory (export "b") 2))',
    'more table entries than allowed': '(module (table 60000 funcref) (table 60000 funcref))',
    'a handshake that takes parameters':
      '(module (func (export "cc_lb_handshake") (param i32) (result i32) (i32.const 0)))',
    'a handshake that returns a vector':
      '(module (func (export "cc_lb_handshake") (result v128) (v128.const i64x2 0 0)))',
    'a handshake that is a table': '(module (table (export "cc_lb_handshake") 1 funcref))',
    'a tag': '(module (tag (export "cc_lb_handshake")))',
    'a name that is nearly that of the identity':
      '(module (@custom "other" "") (@custom "cclb-plugin-v1" "") (@custom "cc_lb.plugin" ""))',
    'marks of both generations': `(module (func (export "cc_lb_alloc"))
      (func (export "cc_lb_handshake") (result i32) (i32.const 0)))`,
    nothing: '(module)',
  };
  for (const [what, text] of Object.entries(hostile)) {
    wire(`a module with ${what} is judged as its bytes are`, async () => {
      const bare = new Uint8Array(await wat(text));
      const identity = { plugin_name: 'hostile', plugin_version: '1' };
      // An identity cannot be written into a plugin of the hook ABI.
      const forms = prepared.generationOf(new WebAssembly.Module(bare)) === 2 ? [] : [writeIdentity(bare, identity)];
      for (const bytes of [bare, ...forms]) {
        const module = new WebAssembly.Module(preparePlugin(bytes));
        same(
          () => admit(bytes, options),
          () => prepared.admit(module, options),
        );
        same(
          () => buildPlugin(bytes, budget).functionExists('cc_lb_handshake'),
          () => prepared.buildPlugin(module, budget).functionExists('cc_lb_handshake'),
        );
      }
    });
  }

  for (const [what, text] of Object.entries({
    'more blocks open than allowed': `(module (func ${'(block '.repeat(4_001)} ${')'.repeat(4_001)}))`,
    'shared memory': '(module (memory 1 1 shared))',
    'an invalid body': '(module (func (result i32)))',
  }))
    wire(`a module with ${what} is refused when it is prepared, with the failure of compiling`, async () => {
      const bytes = new Uint8Array(await wat(text));
      const [compiling, preparing] = [() => compilePlugin(bytes), () => preparePlugin(bytes)].map(
        (work) => plain(thrownBy(work)) as { readonly failure: unknown; readonly message: string },
      );
      assert.equal(preparing?.failure, compiling?.failure);
      assert.is(preparing?.message, compiling?.message);
    });

  wire('each call of a prepared plugin burns the fuel of the original', async () => {
    const bytes = await fixture('router/router.wasm');
    const [original, loaded] = [buildPlugin(bytes), prepared.buildPlugin(new WebAssembly.Module(preparePlugin(bytes)))];
    for (const plugin of [original, loaded]) thrownBy(() => plugin.call('filter', '{}'));
    assert.ok(original.fuelConsumed > 0);
    assert.is(loaded.fuelConsumed, original.fuelConsumed);
  });

  wire('a budget that ends a call is the same failure', async () => {
    const bytes = await fixture('behaviour/infinite-loop.wasm');
    const module = new WebAssembly.Module(preparePlugin(bytes));
    same(
      () => buildPlugin(bytes, { fuel: 10_000 }).call('run'),
      () => prepared.buildPlugin(module, { fuel: 10_000 }).call('run'),
    );
    same(
      () => buildPlugin(bytes, { initialMemoryMaxPages: 0 }),
      () => prepared.buildPlugin(module, { initialMemoryMaxPages: 0 }),
    );
  });
}

wire('a plugin of the hook ABI is refused by each function of the other, whatever its form', async () => {
  const bytes = await fixture('hooks/filter/filter.wasm');
  const module = new WebAssembly.Module(prepareHooks(bytes));
  for (const work of [
    () => compilePlugin(bytes),
    () => compilePlugin(module),
    () => preparePlugin(bytes),
    () => buildPlugin(bytes),
    () => prepared.buildPlugin(module),
    () => prepared.loadPlugin(module),
  ])
    assert.is(failureOf(BuildPluginError, work).kind, 'OtherGeneration');
  same(
    () => admit(bytes, options),
    () => prepared.admit(module, options),
  );
  assert.match(prepared.admit(module).layers[0]?.error?.message ?? '', /speaks the hook ABI\. Give it to `admitHooks`/);
});

wire.run();

const hooks = suite('verdicts on prepared hook plugins');

const slots = [undefined, ...hookNames];

function sameHooks(bytes: Uint8Array<ArrayBuffer>): void {
  const module = new WebAssembly.Module(prepareHooks(bytes));
  const budget = { call: { fuel: 5_000_000 }, probe: { fuel: 5_000_000, wallMs: Number.POSITIVE_INFINITY } };
  for (const slot of slots) {
    same(
      () => inspectHooks(bytes, slot),
      () => prepared.inspectHooks(module, slot),
      `inspected for ${slot}`,
    );
    same(
      () => admitHooks(bytes, { ...budget, slot }).report,
      () => prepared.admitHooks(module, { ...budget, slot }).report,
      `admitted for ${slot}`,
    );
  }
}

for (const path of fixturePaths.filter((each) => each.startsWith('hooks/')))
  hooks(`${path} is reported as its bytes are`, async () => sameHooks(new Uint8Array(await fixture(path))));

hooks('repeated and unknown sections are reported in the order and at the places of the original', async () => {
  const bytes = await hookModule({ filter: 'active' }, EMPTY_FILTER);
  const schema = new Uint8Array(32);
  const bytesWith = withSections(
    bytes,
    custom('cc_lb.schema.unknown.v9', schema),
    custom('cc_lb.schema.another.v1', schema),
    custom('cc_lb.schema.unknown.v9', schema),
  );
  const { warnings } = inspectHooks(bytesWith);
  assert.ok(warnings.some(({ kind }) => kind === 'RepeatedSection'));
  sameHooks(bytesWith);
});

hooks('a plugin of the older protocol is reported as its bytes are', async () => {
  if (!canLink()) return console.log('skipped: this engine supports one memory in a module');
  const bytes = new Uint8Array(await fixture('router/router.wasm'));
  const module = new WebAssembly.Module(preparePlugin(bytes));
  same(
    () => admitHooks(bytes).report,
    () => prepared.admitHooks(module).report,
  );
  assert.is(prepared.admitHooks(module).report.steps[0]?.error?.kind, 'OtherGeneration');
  assert.is(prepared.generationOf(module), 1);
});

hooks.run();
