import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { admitHooks } from '../../src/hooks/admit.ts';
import type { HookCallFailure } from '../../src/hooks/call-error.ts';
import { prepareHooks } from '../../src/hooks/prepare.ts';
import { trapOf, type WithStack } from '../../src/metering/run/trap-stack.ts';
import { TELLS_STACKS } from '../support/engine-stacks.ts';
import { hookModule } from './hook-module.ts';

const stacks = suite('stacks of hooks');

const TRAPPING = `
  (func $panic_fmt (param i32) local.get 0 if unreachable end)
  (func (param i32) i32.const 1 memory.grow drop loop local.get 0 i32.eqz br_if 0 end local.get 0 call $panic_fmt)
  (func $filter (export "cc_lb_filter") (param i32 i32) (result i64) i32.const 1 call 3 i64.const 0)`;

const frames = [{ index: 2, function: 'panic_fmt' }, { index: 3 }, { index: 4, function: 'filter' }];

/** The failure of the probe. */
function probeFailure(wasm: Uint8Array | WebAssembly.Module): HookCallFailure | undefined {
  const { steps } = admitHooks(wasm).report;
  // A probe fails as a call does.
  return steps.find(({ step }) => step === 'probe')?.error?.failure as HookCallFailure | undefined;
}

/** The stack of a trap. */
function stackOf(failure: HookCallFailure | undefined): WithStack['stack'] {
  assert.ok(failure !== undefined && 'stop' in failure && failure.stop.kind === 'Trap');
  return trapOf(failure)?.stack;
}

stacks('have the functions of the original', async () => {
  const failure = probeFailure(await hookModule({ filter: 'active' }, TRAPPING));
  assert.is(failure?.kind, 'GuestTrap');
  assert.equal(stackOf(failure), TELLS_STACKS ? frames : undefined);
});

stacks('of a prepared module, unless the engine hides the index of a function', async () => {
  const prepared = new WebAssembly.Module(prepareHooks(await hookModule({ filter: 'active' }, TRAPPING)));
  const told = TELLS_STACKS && !('Deno' in globalThis);
  assert.equal(stackOf(probeFailure(prepared)), told ? frames : undefined);
});

stacks('of a start function that traps', async () => {
  const text = `(func $begin unreachable) (start $begin)
    (func (export "cc_lb_filter") (param i32 i32) (result i64) i64.const 0)`;
  const failure = probeFailure(await hookModule({ filter: 'active' }, text));
  assert.is(failure?.kind, 'InstantiateFailed');
  assert.equal(stackOf(failure), TELLS_STACKS ? [{ index: 2, function: 'begin' }] : undefined);
});

stacks.run();
