// Plugins that the package admits a second time in a process: when they come from its cache.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type AdmitHooksOptions, admitHooks, admitHooksAsync, type HookAdmission } from '../../src/hooks/admit.ts';
import { encodeArchive } from '../../src/hooks/archive/encode.ts';
import { HookCompileError } from '../../src/hooks/compile-error.ts';
import { FilterResponse } from '../../src/hooks/messages/filter.ts';
import { filterSample } from '../../src/hooks/samples.ts';
import type { ModuleBytes } from '../../src/module-source.ts';
import { withoutCompiling, withoutCompilingAsync } from '../support/plugin.ts';
import { dataAt, hookModule, packed } from './hook-module.ts';

const again = suite('the same hook plugin again');

const [one, two] = ['a', 'b'].map((decision) =>
  encodeArchive(FilterResponse, { results: [{ upstream_id: 'u', decision, reason: '' }] }),
);

let modules = 0;
/** A module that no other test admits. Its answer comes from a data segment. */
async function module(answer = one, text = ''): Promise<Uint8Array> {
  const name = String(modules++).padStart(4, '0');
  return hookModule(
    { filter: 'active' },
    `${dataAt(4096, answer ?? new Uint8Array())} (data (i32.const 0) "${name}")
    (func (export "cc_lb_filter") (param i32 i32) (result i64) ${text} i64.const ${packed(4096, answer?.length ?? 0)})`,
  );
}

function decisionOf({ plugin, report }: HookAdmission): string | undefined {
  const outcome = plugin?.filter(filterSample());
  if (outcome?.kind !== 'ok') throw outcome?.error ?? new Error(JSON.stringify(report));
  return outcome.response.results[0]?.decision;
}

/** Whether a plugin is admitted without compiling it. */
function isCached(wasm: ModuleBytes, options: AdmitHooksOptions = {}): boolean {
  try {
    return withoutCompiling(() => admitHooks(wasm, options)).report.admitted;
  } catch (error) {
    if (error instanceof HookCompileError && error.failure.kind === 'CompilationRefused') return false;
    throw error;
  }
}

again('comes from the cache, admitted by either form, for either form', async () => {
  for (const admit of [admitHooks, admitHooksAsync]) {
    const wasm = await module();
    assert.not(isCached(wasm));
    await admit(wasm);
    assert.ok(isCached(wasm));
    assert.ok(
      isCached(wasm.slice(), { cache: true, limits: {}, memoryMaxPages: 9, probe: { fuel: 1e6 }, slot: 'filter' }),
    );
    const { report } = await withoutCompilingAsync(() => admitHooksAsync(wasm));
    assert.ok(report.admitted);
  }
});

again('is compiled anew with `cache: false`, and is not kept', async () => {
  const wasm = await module();
  admitHooks(wasm, { cache: false });
  await admitHooksAsync(wasm, { cache: false });
  assert.not(isCached(wasm));
  admitHooks(wasm);
  assert.ok(isCached(wasm));
  assert.not(isCached(wasm, { cache: false }));
});

again('with other limits is compiled anew, and is refused by stricter ones', async () => {
  const wasm = await module();
  admitHooks(wasm);
  for (const limits of [{ types: 999 }, { types: Number.POSITIVE_INFINITY }, { imports: 999 }])
    assert.not(isCached(wasm, { limits }), JSON.stringify(limits));
  for (let count = 0; count < 2; count++)
    assert.is(admitHooks(wasm, { limits: { functions: 2 } }).report.steps[1]?.error?.kind, 'LimitExceeded');
});

again('with one byte changed is another plugin, or none', async () => {
  const wasm = await module();
  admitHooks(wasm);
  for (let index = 0; index < wasm.length; index++) {
    const changed = wasm.slice();
    changed[index] = (changed[index] ?? 0) ^ 1;
    assert.not(isCached(changed), `byte ${index}`);
  }
  assert.ok(isCached(wasm));
});

again('bytes that change later, or while the engine compiles, change nothing', async () => {
  const [first, second] = [await module(one), await module(two)];
  const view = first.slice();
  const pending = admitHooksAsync(view);
  view.set(second);
  assert.is(decisionOf(await pending), 'a');
  assert.is(decisionOf(admitHooks(view)), 'b');
  view.fill(0);
  assert.is(decisionOf(withoutCompiling(() => admitHooks(first))), 'a');
  assert.is(decisionOf(withoutCompiling(() => admitHooks(second))), 'b');
});

again('has the limits of its own admission, and shares no state', async () => {
  const grows = `(if (i32.load (i32.const 8)) (then unreachable)) (i32.store (i32.const 8) (i32.const 1))
    (if (i32.ne (memory.size) (i32.const 1)) (then unreachable))
    (if (i32.lt_s (memory.grow (i32.const 1)) (i32.const 0)) (then unreachable))`;
  const wasm = await module(one, grows);
  const plugins = [1, 2].map(() => admitHooks(wasm, { memoryMaxPages: 2 }));
  for (const admission of [...plugins, ...plugins]) assert.is(decisionOf(admission), 'a');
  const strict = admitHooks(wasm, { memoryMaxPages: 1 });
  assert.is(strict.report.steps[2]?.error?.kind, 'GuestTrap');
});

again('a plugin that is refused is refused again', async () => {
  const threads = await hookModule(
    { filter: 'active' },
    '(memory (export "memory") 1 1 shared) (func (export "cc_lb_filter"))',
  );
  for (let count = 0; count < 2; count++) assert.is(admitHooks(threads).report.steps[1]?.error?.kind, 'FeatureRefused');
});

again.run();
