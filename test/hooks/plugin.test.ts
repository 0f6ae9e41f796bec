import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type AdmitHooksOptions, admitHooks } from '../../src/hooks/admit.ts';
import { encodeArchive } from '../../src/hooks/archive/encode.ts';
import type { HookCallFailure } from '../../src/hooks/call-error.ts';
import { type HookName, transformSseEventHook } from '../../src/hooks/hook.ts';
import { FilterRequest, FilterResponse } from '../../src/hooks/messages/filter.ts';
import { ShapeResponse, TransformResponseResult, TransformSseEventResult } from '../../src/hooks/messages/shape.ts';
import type { HookOutcome, HookPlugin } from '../../src/hooks/plugin.ts';
import {
  filterSample,
  shapeSample,
  transformResponseSample,
  transformSseEventSample,
} from '../../src/hooks/samples.ts';
import { admitted, responseOf } from './hook-fixture.ts';
import { checkZero, constantHook, dataAt, hookModule, type Modes, packed } from './hook-module.ts';

const plugin = suite('hooks/plugin');

/** Admits a plugin of these hooks: `filter` by default. */
async function pluginOf(
  text: string,
  declared: Modes = { filter: 'active' },
  options?: AdmitHooksOptions,
): Promise<HookPlugin> {
  return admitted(await hookModule(declared, text), options);
}

/** The phase, cc-lb's kind, and the failure of a call. */
function failureOf(outcome: HookOutcome<unknown>): readonly unknown[] {
  if (outcome.kind === 'ok') throw new Error('the call succeeded');
  const { phase, upstream, failure } = outcome.error;
  return [phase, upstream, failure];
}

const results = [{ upstream_id: 'a', decision: 'accept', reason: '' }];
const accepting = encodeArchive(FilterResponse, { results });
const RIGHT = packed(4096, accepting.length);
const data = dataAt(4096, accepting);
const ACCEPTING = constantHook('filter', 4096, accepting);

/** The probe's request with a longer id, so that a plugin can tell it from the probe. */
const LONGER: FilterRequest = { ...filterSample(), request_id: `${filterSample().request_id}-and-more-of-it` };
const PROBE_SIZE = encodeArchive(FilterRequest, filterSample()).length;
const LONGER_SIZE = encodeArchive(FilterRequest, LONGER).length;

/** What runs only if the request is not the probe, so that admission passes. */
const unlessProbe = (size: string, text: string): string =>
  `(if (i32.ne (local.get ${size}) (i32.const ${PROBE_SIZE})) (then ${text}))`;

/** A plugin of `filter` that passes the probe, and then runs the text. */
const filterThat = async (text: string, options?: AdmitHooksOptions): Promise<HookPlugin> =>
  pluginOf(
    `${data} (func (export "cc_lb_filter") (param i32 i32) (result i64) (local $at i32)
      ${unlessProbe('1', text)} i64.const ${RIGHT})`,
    { filter: 'active' },
    options,
  );
/** The same for the allocator. */
const allocThat = async (text: string): Promise<HookPlugin> =>
  pluginOf(`${ACCEPTING}
    (func (export "cc_lb_alloc") (param i32 i32) (result i32) ${unlessProbe('0', text)} i32.const 1024)`);

plugin('a hook gets the archive of the request, and its answer is read', async () => {
  const expected = encodeArchive(FilterRequest, LONGER);
  const compare = `(if (i32.ne (local.get 1) (i32.const ${LONGER_SIZE})) (then unreachable))
    (loop $next
      (if (i32.ne (i32.load8_u (i32.add (local.get 0) (local.get $at)))
          (i32.load8_u offset=16384 (local.get $at))) (then unreachable))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $at) (i32.const ${LONGER_SIZE}))))`;
  const found = await pluginOf(`${data} ${dataAt(16384, expected)}
    (func (export "cc_lb_filter") (param i32 i32) (result i64) (local $at i32)
      ${unlessProbe('1', compare)} i64.const ${RIGHT})`);
  assert.equal(responseOf(found.filter(LONGER)), { results });
  assert.ok(found.fuelConsumed > LONGER_SIZE && found.fuelConsumed < 30 * LONGER_SIZE, String(found.fuelConsumed));
});

plugin('all hooks can be called', async () => {
  const shaped = { url: 'https://a.test/', method: 'POST', headers: [], body: Uint8Array.of(1, 2) };
  const replaced = { kind: 'Replace', status: 201, headers: null, body: null } as const;
  const archives: readonly (readonly [HookName, Uint8Array])[] = [
    ['filter', accepting],
    ['shape', encodeArchive(ShapeResponse, shaped)],
    ['transform_response', encodeArchive(TransformResponseResult, replaced)],
    ['transform_sse_event', encodeArchive(TransformSseEventResult, { kind: 'Drop' })],
  ];
  const text = archives.map(([hook, bytes], index) => {
    const address = 4096 * (index + 1) + index;
    return constantHook(hook, address, bytes);
  });
  const modes = {
    filter: 'active',
    shape: 'active',
    transform_response: 'active',
    transform_sse_event: 'noop',
  } as const;
  const found = await pluginOf(text.join('\n'), modes);
  assert.equal(responseOf(found.filter(filterSample())), { results });
  assert.equal(responseOf(found.shape(shapeSample())), shaped);
  assert.equal(responseOf(found.transformResponse(transformResponseSample())), replaced);
  // A hook of mode noop is called by hand only.
  assert.not(found.isActive('transform_sse_event'));
  assert.equal(responseOf(found.transformSseEvent(transformSseEventSample())), { kind: 'Drop' });
});

plugin('the pages of memory are those after the latest call, also if it failed', async () => {
  const found = await filterThat('(drop (memory.grow (i32.const 3)))');
  assert.is(found.memoryPages, 0);
  found.filter(filterSample());
  const first = found.memoryPages;
  assert.ok(first >= 1);
  found.filter(LONGER);
  assert.is(found.memoryPages, first + 3);
  found.filter(filterSample());
  assert.is(found.memoryPages, first, 'each call has a fresh state');
  const trapping = await filterThat('(drop (memory.grow (i32.const 2))) unreachable');
  trapping.filter(LONGER);
  assert.is(trapping.memoryPages, first + 2);
  // The cast: what a caller without a type checker can pass.
  trapping.filter({ ...filterSample(), path: 17 } as unknown as FilterRequest);
  assert.is(trapping.memoryPages, 0, 'nothing ran');
});

plugin('a call says what it used, whether it failed or not', async () => {
  const found = await filterThat('(i32.store (i32.const 0) (i32.const 1)) unreachable');
  const requestBytes = encodeArchive(FilterRequest, filterSample()).length;
  const good = found.filter(filterSample());
  assert.equal(good.used, { fuel: found.fuelConsumed, requestBytes, responseBytes: accepting.length });
  assert.ok(found.fuelConsumed > 0);
  const trapped = found.filter(LONGER);
  const longerBytes = encodeArchive(FilterRequest, LONGER).length;
  assert.equal(trapped.used, { fuel: found.fuelConsumed, requestBytes: longerBytes, responseBytes: 0 });
  // The cast: what a caller without a type checker can pass.
  assert.not(Object.hasOwn(found.filter({} as FilterRequest), 'used'), 'the plugin was not called');
});

plugin('no state survives a call: memory, globals, tables, segments', async () => {
  // Each part traps in the second call of one instance.
  const found = await pluginOf(`${data} (global $calls (mut i32) (i32.const 0)) (table 1 funcref) (elem declare func $f)
    (func $f) (data $once "x") (global $started (mut i32) (i32.const 0)) (start $start)
    (func $start (global.set $started (i32.add (global.get $started) (i32.const 1))))
    (func (export "cc_lb_filter") (param i32 i32) (result i64)
      (if (global.get $calls) (then unreachable)) (global.set $calls (i32.const 1))
      (if (i32.ne (global.get $started) (i32.const 1)) (then unreachable))
      (if (i32.load (i32.const 0)) (then unreachable)) (i32.store (i32.const 0) (i32.const 7))
      (if (i32.ne (memory.size) (i32.const 1)) (then unreachable)) (drop (memory.grow (i32.const 1)))
      (if (i32.eqz (ref.is_null (table.get (i32.const 0)))) (then unreachable))
      (table.set (i32.const 0) (ref.func $f))
      (memory.init $once (i32.const 8) (i32.const 0) (i32.const 1)) (data.drop $once)
      i64.const ${RIGHT})`);
  for (let call = 0; call < 3; call++) assert.equal(responseOf(found.filter(filterSample())), { results });
});

plugin('memory is as new in each call, after growth and after a trap', async () => {
  const PAGE = 65_536;
  // The probe and the other request are written at 1024, the answer is at 4096.
  const found = await pluginOf(`${data} (func (export "cc_lb_filter") (param i32 i32) (result i64) (local $at i32)
    (if (i32.ne (memory.size) (i32.const 1)) (then unreachable))
    ${checkZero(0, 1024)} ${checkZero(8192, PAGE)}
    (if (i32.ne (memory.grow (i32.const 2)) (i32.const 1)) (then unreachable))
    (if (i32.ne (memory.size) (i32.const 3)) (then unreachable))
    ${checkZero(PAGE, 3 * PAGE)}
    (memory.fill (i32.const 0) (i32.const 170) (i32.const 1024))
    (memory.fill (i32.const 8192) (i32.const 170) (i32.const ${3 * PAGE - 8192}))
    ${unlessProbe('1', '(i32.store8 (i32.const 4096) (i32.const 255)) unreachable')} i64.const ${RIGHT})`);
  for (const request of [filterSample(), LONGER, filterSample(), LONGER, filterSample()]) {
    const outcome = found.filter(request);
    assert.is(outcome.kind, request === LONGER ? 'error' : 'ok');
  }
});

plugin('a failed call does not affect the next', async () => {
  const found = await filterThat('(i32.store (i32.const 0) (i32.const 1)) unreachable');
  assert.is(found.filter(LONGER).kind, 'error');
  assert.equal(responseOf(found.filter(filterSample())), { results });
});

plugin('the response shares no memory with the plugin', async () => {
  const body = Uint8Array.of(1, 2, 3);
  const archive = encodeArchive(ShapeResponse, { url: 'u', method: 'm', headers: [], body });
  const unchanged = encodeArchive(TransformResponseResult, { kind: 'Unchanged' });
  const found = await pluginOf(
    `${constantHook('shape', 4096, archive)} ${constantHook('transform_response', 8192, unchanged)}
    (func (export "cc_lb_transform_sse_event"))`,
    { shape: 'active', transform_response: 'active', transform_sse_event: 'noop' },
  );
  const response = responseOf(found.shape(shapeSample()));
  assert.is(response.body.buffer.byteLength, 3);
});

plugin('each failure has its phase, and the kind that cc-lb has for it', async () => {
  const hook = async (text: string): Promise<readonly unknown[]> => failureOf((await filterThat(text)).filter(LONGER));
  const alloc = async (text: string): Promise<readonly unknown[]> => failureOf((await allocThat(text)).filter(LONGER));
  const shown = ([phase, upstream, failure]: readonly unknown[]): unknown => [phase, upstream, Object(failure).kind];
  assert.equal(shown(await alloc('unreachable')), ['cc_lb_alloc', 'GuestTrap', 'GuestTrap']);
  assert.equal(await alloc('(return (i32.const 0))'), [
    'cc_lb_alloc',
    'GuestTrap',
    { kind: 'NoAllocation', size: LONGER_SIZE },
  ]);
  assert.equal(await alloc('(return (i32.const -1))'), [
    'memory.write',
    'GuestTrap',
    { kind: 'AllocationOutside', address: 0xffff_ffff, size: LONGER_SIZE, memoryBytes: 65_536 },
  ]);
  const last = 65_536 - LONGER_SIZE;
  assert.equal(shown(await alloc(`(return (i32.const ${last + 1}))`)), [
    'memory.write',
    'GuestTrap',
    'AllocationOutside',
  ]);
  assert.is((await allocThat(`(return (i32.const ${last}))`)).filter(LONGER).kind, 'ok');
  assert.equal(shown(await hook('unreachable')), ['cc_lb_filter', 'GuestTrap', 'GuestTrap']);
  const answers = async (value: bigint): Promise<readonly unknown[]> => hook(`(return (i64.const ${value}))`);
  assert.equal(await answers(packed(0, 8)), ['reject', 'ModuleRejected', { kind: 'EmptyAnswer', address: 0, size: 8 }]);
  assert.equal(shown(await answers(packed(8, 0))), ['reject', 'ModuleRejected', 'EmptyAnswer']);
  assert.equal(await answers(packed(65_529, 8)), [
    'reject',
    'ModuleRejected',
    { kind: 'AnswerOutside', address: 65_529, size: 8, memoryBytes: 65_536 },
  ]);
  assert.equal(shown(await answers(-1n)), ['reject', 'ModuleRejected', 'AnswerOutside']);
  assert.equal(shown(await answers(packed(65_528, 7))), ['response', null, 'MalformedResponse']);
});

plugin('an answer of many elements is refused before their values take the memory of the host', async () => {
  // Fills the memory with pointers of no bytes, each to what lies before the list.
  const answers = (count: number): Promise<HookPlugin> =>
    filterThat(`(drop (memory.grow (i32.const 1000)))
      (local.set $at (i32.const 8388608))
      (loop $next
        (i32.store (local.get $at) (i32.const -4194304))
        (local.set $at (i32.add (local.get $at) (i32.const 8)))
        (br_if $next (i32.lt_u (local.get $at) (i32.const ${8_388_608 + count * 24}))))
      (i32.store (local.get $at) (i32.const ${-count * 24}))
      (i32.store offset=4 (local.get $at) (i32.const ${count}))
      (return (i64.const ${packed(65_536, 8_388_608 + count * 24 + 8 - 65_536)}))`);
  const accepted = responseOf((await answers(100_000)).filter(LONGER));
  assert.is(accepted.results.length, 100_000);
  const [phase, upstream, failure] = failureOf((await answers(100_001)).filter(LONGER));
  assert.equal([phase, upstream], ['response', null]);
  const found = failure as Extract<HookCallFailure, { kind: 'MalformedResponse' }>;
  assert.equal([found.kind, found.path], ['MalformedResponse', '$.results']);
  assert.match(found.reason, /at most 100000 in all lists, found 100001/);
});

plugin('budgets end a call with their kinds', async () => {
  const stopOf = async (text: string, options?: AdmitHooksOptions): Promise<unknown> => {
    const [, , failure] = failureOf((await filterThat(text, options)).filter(LONGER));
    return Object(failure).stop;
  };
  const endless = '(loop $again br $again)';
  const use = { unit: 'fuel', used: 50_000, limit: 50_000 };
  assert.equal(await stopOf(endless, { call: { fuel: 50_000 } }), { kind: 'OutOfFuel', use });
  const late = Object(await stopOf(endless, { call: { fuel: Number.POSITIVE_INFINITY, wallMs: 5 } }));
  assert.equal([late.kind, late.use.unit, late.use.limit], ['Timeout', 'ms', 5]);
  assert.ok(late.use.used >= 5, String(late.use.used));
  const grown = await pluginOf(`${data} (table $t 1 funcref) (func (export "cc_lb_filter") (param i32 i32) (result i64)
    ${unlessProbe('1', '(drop (table.grow $t (ref.null func) (i32.const 100000)))')} i64.const ${RIGHT})`);
  assert.equal(Object(failureOf(grown.filter(LONGER))[2]).stop, {
    kind: 'OutOfMemory',
    use: { unit: 'table entries', used: 100_001, limit: 100_000 },
  });
  const deep = await pluginOf(`${data} (func $deep (param i32) (call $deep (local.get 0)))
    (func (export "cc_lb_filter") (param i32 i32) (result i64)
    ${unlessProbe('1', '(call $deep (i32.const 1))')} i64.const ${RIGHT})`);
  assert.equal(Object(failureOf(deep.filter(LONGER))[2]).stop, { kind: 'StackOverflow' });
});

plugin('an answer can lie in memory that the hook grew', async () => {
  const found = await filterThat(`(drop (memory.grow (i32.const 1)))
    (memory.copy (i32.const 65537) (i32.const 4096) (i32.const ${accepting.length}))
    (return (i64.const ${packed(65_537, accepting.length)}))`);
  assert.equal(responseOf(found.filter(LONGER)), { results });
});

plugin('functions that are missing or mistyped are found when they are called', async () => {
  const found = await pluginOf(ACCEPTING);
  const missing = { kind: 'MissingExport', name: 'cc_lb_shape' };
  assert.equal(failureOf(found.shape(shapeSample())), ['exports', 'ModuleRejected', missing]);
  const noop = await hookModule(
    { shape: 'active', transform_response: 'active', transform_sse_event: 'active' },
    `(func $none) (export "cc_lb_shape" (func $none))
    (export "cc_lb_transform_response" (func $none)) (export "cc_lb_transform_sse_event" (func $none))`,
  );
  assert.equal(admitHooks(noop).report.steps[2]?.error?.failure, {
    kind: 'ExportType',
    name: 'cc_lb_shape',
    expected: 'i32,i32 -> i64',
    found: '->',
  });
});

plugin('a wrong request is refused before anything runs, without its values', async () => {
  const found = await pluginOf(ACCEPTING);
  // The cast: what a caller without a type checker can pass.
  const outcome = found.filter({ ...filterSample(), path: 17 } as unknown as FilterRequest);
  assert.equal(failureOf(outcome), ['request', null, { kind: 'InvalidRequest', path: '$.path', expected: 'a string' }]);
  assert.is(found.fuelConsumed, 0);
});

plugin("an exception of the host's own request is a Panic", async () => {
  const found = await pluginOf(ACCEPTING);
  const thrown = new Error('mine');
  const request: FilterRequest = {
    ...filterSample(),
    get path(): string {
      throw thrown;
    },
  };
  const outcome = found.filter(request);
  assert.equal(failureOf(outcome), ['host', null, { kind: 'Panic' }]);
  assert.is(outcome.kind === 'error' && outcome.error.cause, thrown);
});

plugin('a hook outside the table is a mistake of the host', async () => {
  const found = await pluginOf(ACCEPTING);
  assert.throws(() => found.call({ ...transformSseEventHook }, transformSseEventSample()), /hook must be a hook/);
});

plugin('the message begins with the hook', async () => {
  const found = await pluginOf(ACCEPTING);
  const outcome = found.call(transformSseEventHook, transformSseEventSample());
  assert.is(
    outcome.kind === 'error' && outcome.error.message,
    'transform_sse_event: the plugin exports no function cc_lb_transform_sse_event',
  );
});

plugin.run();
