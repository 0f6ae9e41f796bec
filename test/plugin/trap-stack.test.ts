import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { StackFrame } from '../../src/metering/run/trap-stack.ts';
import { buildPlugin, type CompileOptions, compilePlugin, PluginCallError } from '../../src/plugin/index.ts';
import { canLink } from '../../src/plugin/link.ts';
import { TELLS_STACKS } from '../support/engine-stacks.ts';
import { failureOf } from '../support/failure.ts';
import { pluginModule, preparedModule } from '../support/plugin.ts';
import { wat } from '../support/wat.ts';

const stacks = suite('stacks of plugins');

const PLUGIN = `(module
  (import "extism:host/env" "input_length" (func (result i64)))
  (import "extism:host/env" "alloc" (func (param i64) (result i64)))
  (memory (export "memory") 1)
  (func $unused)
  (func $panic_fmt (param i32) local.get 0 if unreachable end)
  (func (param i32) loop local.get 0 i32.eqz br_if 0 end local.get 0 call $panic_fmt)
  (func $filter (export "filter") call 0 drop i32.const 1 call 4))`;

const frames: readonly StackFrame[] = [
  { index: 3, function: 'panic_fmt' },
  { index: 4 },
  { index: 5, function: 'filter' },
];

function stackOf(wasm: Uint8Array | WebAssembly.Module, name: string, options: CompileOptions = {}) {
  const plugin = buildPlugin(compilePlugin(wasm, options));
  const failure = failureOf(PluginCallError, () => plugin.call(name));
  assert.is(failure.kind, 'Trap');
  return failure.kind === 'Trap' ? failure.stack : undefined;
}

if (!canLink()) console.log('skipped: the linked form: this engine takes no second memory');

for (const metering of [true, false]) {
  for (const kernel of ['linked', 'instance'] as const) {
    if (kernel === 'linked' && !canLink()) continue;
    const form = `${metering ? 'metered' : 'not metered'}, the kernel ${kernel === 'linked' ? 'linked' : 'beside it'}`;
    stacks(`have the functions of the original: ${form}`, async () => {
      assert.equal(stackOf(await wat(PLUGIN), 'filter', { metering, kernel }), TELLS_STACKS ? frames : undefined);
    });
  }
}

stacks('of a prepared module, unless the engine hides the index of a function', async () => {
  const told = TELLS_STACKS && !('Deno' in globalThis);
  assert.equal(stackOf(preparedModule(await wat(PLUGIN)), 'filter'), told ? frames : undefined);
});

stacks('are without a function of metering that trapped', async () => {
  const fields = '(func $fill (export "fill") i32.const 0 i32.const 0 global.get 0 memory.fill)';
  const wasm = await pluginModule(`(global i32 (i32.const -1)) ${fields}`);
  const stack = stackOf(wasm, 'fill');
  assert.equal(
    stack?.map(({ function: name }) => name),
    TELLS_STACKS ? ['fill'] : undefined,
  );
});

stacks('are not in the message of the error', async () => {
  const plugin = buildPlugin(await wat(PLUGIN));
  assert.throws(
    () => plugin.call('filter'),
    (error: Error) => !error.message.includes('panic_fmt'),
  );
});

stacks.run();
