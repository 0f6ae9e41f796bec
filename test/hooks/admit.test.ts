import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AdmitHooksOptions,
  admitHooks,
  admitHooksAsync,
  type HookAdmission,
  type HookStepReport,
} from '../../src/hooks/admit.ts';
import { encodeArchive } from '../../src/hooks/archive/encode.ts';
import { hasWideArithmetic } from '../../src/hooks/features.ts';
import { ShapeResponse, TransformResponseResult } from '../../src/hooks/messages/shape.ts';
import { fromBase64 } from '../support/base64.ts';
import { fixture } from '../support/fixture.ts';
import { withoutCompilingAsync } from '../support/plugin.ts';
import { recordedAdmissions, withoutTimes } from './hook-fixture.ts';
import { constantHook, EMPTY_FILTER, filterWith, growingOnce, hookModule } from './hook-module.ts';

const admission = suite('hooks/admit');

/** The first step that failed, or `ok`. */
function endOf(wasm: Uint8Array, options?: AdmitHooksOptions): string {
  const { report, plugin } = admitHooks(wasm, options);
  const failed = report.steps.find(({ status }) => status === 'failed');
  assert.equal([report.admitted, plugin !== undefined], [failed === undefined, failed === undefined]);
  return failed === undefined ? 'ok' : `${failed.step} ${failed.error?.kind}`;
}

admission('the verdicts are those of the published host', async () => {
  for (const { case: title, slot, admit, wasm } of await recordedAdmissions()) {
    const { report } = admitHooks(fromBase64(wasm), { slot });
    const error = report.steps.find(({ status }) => status === 'failed')?.error;
    const found = error === undefined ? 'ok' : error.upstream;
    // cc-lb has no limit of tables.
    if (title === 'table of 20 million') assert.not(report.admitted);
    else if (title === 'feature: wide arithmetic' && !hasWideArithmetic()) assert.is(error?.kind, 'FeatureUnsupported');
    else assert.is(found, admit, `${title}: ${error?.message}`);
  }
});

admission('each active hook is probed, and no other', async () => {
  const shape = encodeArchive(ShapeResponse, { url: '', method: '', headers: [], body: new Uint8Array() });
  const unchanged = encodeArchive(TransformResponseResult, { kind: 'Unchanged' });
  const wasm = await hookModule(
    { shape: 'active', transform_response: 'active', transform_sse_event: 'noop' },
    `${constantHook('shape', 4096, shape)} ${constantHook('transform_response', 8192, unchanged)}
    (func (export "cc_lb_transform_sse_event"))`,
  );
  const { report, plugin } = admitHooks(wasm, { slot: 'shape' });
  const shown = ({ step, hook, status, error }: HookStepReport): unknown => [step, hook, status, error?.kind];
  assert.equal(report.steps.map(shown), [
    ['inspect', undefined, 'passed', undefined],
    ['compile', undefined, 'passed', undefined],
    ['probe', 'shape', 'passed', undefined],
    ['probe', 'transform_response', 'passed', undefined],
  ]);
  assert.equal(JSON.parse(JSON.stringify(report)).admitted, true);
  assert.equal([plugin?.isActive('shape'), plugin?.isActive('transform_sse_event')], [true, false]);
});

admission('after a failed step the others are skipped', async () => {
  const wasm = await hookModule(
    { shape: 'active', transform_response: 'active', transform_sse_event: 'active' },
    `(func $hook (param i32 i32) (result i64) unreachable) (export "cc_lb_shape" (func $hook))
    (export "cc_lb_transform_response" (func $hook)) (export "cc_lb_transform_sse_event" (func $hook))`,
  );
  const { report } = admitHooks(wasm);
  assert.equal(
    report.steps.map(({ status }) => status),
    ['passed', 'passed', 'failed', 'skipped', 'skipped'],
  );
  assert.is(report.steps[2]?.error?.upstream, 'ProbeFailed');
});

admission('an endless plugin is refused by fuel, wherever it loops', async () => {
  const loops = '(loop $again br $again)';
  const declared = { filter: 'active' } as const;
  const inHook = await filterWith(`${loops} i64.const 0`);
  const inStart = await hookModule(declared, `${EMPTY_FILTER} (func $start ${loops}) (start $start)`);
  const inAlloc = await hookModule(
    declared,
    `${EMPTY_FILTER}
    (func (export "cc_lb_alloc") (param i32 i32) (result i32) ${loops} i32.const 16)`,
  );
  const stop = { kind: 'OutOfFuel', use: { unit: 'fuel', used: 100_000, limit: 100_000 } };
  const failure = (wasm: Uint8Array, options?: AdmitHooksOptions): unknown =>
    admitHooks(wasm, options).report.steps.find(({ status }) => status === 'failed')?.error?.failure;
  const unlimited = { probe: { fuel: 100_000, wallMs: Number.POSITIVE_INFINITY } };
  assert.equal(failure(inHook, unlimited), { kind: 'GuestTrap', phase: 'cc_lb_filter', stop });
  assert.equal(failure(inStart, unlimited), { kind: 'InstantiateFailed', stop });
  assert.equal(failure(inAlloc, unlimited), { kind: 'GuestTrap', phase: 'cc_lb_alloc', stop });
  const byTime = { probe: { fuel: Number.POSITIVE_INFINITY, wallMs: 5 } };
  const late = Object(failure(inHook, byTime));
  assert.equal([late.phase, late.stop.kind, late.stop.use.limit], ['cc_lb_filter', 'Timeout', 5]);
  for (const wasm of [inHook, inStart, inAlloc]) {
    const { report } = admitHooks(wasm, unlimited);
    assert.equal([report.steps[2]?.fuel, report.steps[2]?.error?.upstream], [100_000, null]);
  }
});

admission('memory and tables are bounded, and growth beyond the bound returns -1', async () => {
  const declared = { filter: 'active' } as const;
  const grows = await growingOnce();
  assert.is(endOf(grows, { memoryMaxPages: 2 }), 'ok');
  assert.is(endOf(grows, { memoryMaxPages: 3 }), 'probe GuestTrap');
  assert.is(endOf(grows, { memoryMaxPages: 1 }), 'probe GuestTrap');
  assert.is(endOf(grows, { memoryMaxPages: 0 }), 'probe InstantiateFailed');
  const large = await hookModule(declared, `(memory (export "memory") 2049) ${EMPTY_FILTER}`);
  assert.is(endOf(large), 'probe InstantiateFailed');
  assert.is(endOf(large, { memoryMaxPages: Number.POSITIVE_INFINITY }), 'ok');
  const table = await hookModule(declared, `(table 100001 funcref) ${EMPTY_FILTER}`);
  assert.is(endOf(table), 'probe InstantiateFailed');
  assert.is(endOf(table, { tableMaxEntries: Number.POSITIVE_INFINITY }), 'ok');
});

admission('a module beyond a limit of structure is refused', async () => {
  const wasm = await hookModule({ filter: 'active' }, EMPTY_FILTER);
  assert.is(endOf(wasm, { limits: { functions: 2 } }), 'compile LimitExceeded');
});

admission('a plugin of the older protocol is sent to its own function', async () => {
  const { report } = admitHooks(await fixture('router/router.wasm'));
  assert.is(report.steps[0]?.error?.kind, 'OtherGeneration');
});

admission('both forms report the same', async () => {
  const untimed = ({ report, plugin }: HookAdmission): unknown => [withoutTimes(report), plugin === undefined];
  const wasm = await hookModule({ filter: 'active' }, EMPTY_FILTER);
  const traps = await filterWith('unreachable');
  const cases: readonly (readonly [Uint8Array, AdmitHooksOptions])[] = [
    [wasm, {}],
    [wasm, { cache: false, slot: 'filter' }],
    [wasm, { slot: 'shape' }],
    [wasm, { limits: { functions: 2 } }],
    [traps, {}],
    [await fixture('router/router.wasm'), {}],
  ];
  const admitted: boolean[] = [];
  for (const [bytes, options] of cases) {
    const ahead = await admitHooksAsync(bytes, options);
    assert.equal(untimed(ahead), untimed(admitHooks(bytes, options)));
    admitted.push(ahead.report.admitted);
  }
  assert.equal(admitted, [true, true, false, false, false, false]);
});

admission('the asynchronous form rejects with what the other throws', async () => {
  const rejection = (promise: Promise<unknown>): Promise<unknown> =>
    promise.then(
      () => assert.unreachable('it did not reject'),
      (error) => error,
    );
  const wasm = await hookModule({ filter: 'active' }, EMPTY_FILTER);
  const refused = withoutCompilingAsync(() => admitHooksAsync(wasm, { cache: false }));
  assert.is(Object(await rejection(refused)).failure.kind, 'CompilationRefused');
  // The cast: what a caller without a type checker can pass.
  assert.instance(await rejection(admitHooksAsync('x' as unknown as Uint8Array)), TypeError);
});

admission('malformed arguments are mistakes of the host', () => {
  // The casts: what a caller without a type checker can pass.
  assert.throws(() => admitHooks('x' as unknown as Uint8Array), /wasm must be/);
  assert.throws(
    () => admitHooks(new Uint8Array(), { probe: { wallMS: 1 } } as unknown as AdmitHooksOptions),
    /options\.probe\.wallMS must be left out: .*wallMs/,
  );
});

admission.run();
