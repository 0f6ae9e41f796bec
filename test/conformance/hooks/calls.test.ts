// Each plugin here breaks one rule of its hooks. It must fail the check of that rule, and no other
// check.

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { upstreamId } from '../../../src/conformance/hooks/requests/filter.ts';
import { verifyHooks } from '../../../src/conformance/index.ts';
import { encodeArchive } from '../../../src/hooks/archive/encode.ts';
import { type HookName, hookNames } from '../../../src/hooks/hook.ts';
import type { Header } from '../../../src/hooks/messages/common.ts';
import { FilterResponse } from '../../../src/hooks/messages/filter.ts';
import { ShapeResponse, TransformResponseResult, TransformSseEventResult } from '../../../src/hooks/messages/shape.ts';
import { header } from '../../hooks/hook-fixture.ts';
import { dataAt, packed } from '../../hooks/hook-module.ts';
import { utf8 } from '../../support/bytes.ts';
import { TELLS_STACKS } from '../../support/engine-stacks.ts';
import {
  burn,
  conformingPlugin,
  faults,
  faultsOf,
  formIds,
  grow,
  modesWith,
  options,
  type Special,
  unseenChecks,
} from './plugins.ts';

const calls = suite('conformance of the hooks of a plugin');

const groupOf = (hook: HookName): string => hook.replaceAll('_', '-');

/** A plugin with this hook, which does something else for the requests of some forms. */
const pluginWith = (hook: HookName, specials: Readonly<Record<string, Special>>): Promise<Uint8Array> =>
  conformingPlugin(modesWith(hook), { specials: { [hook]: specials } });

for (const hook of hookNames) {
  for (const form of formIds[hook]) {
    calls(`fails on ${groupOf(hook)}.${form} alone`, async () => {
      const wasm = await pluginWith(hook, { [form]: 'unreachable' });
      assert.equal(faults(wasm), [`fail ${groupOf(hook)}.${form}`]);
    });
  }
}

/** An answer of `filter` about the candidates of the sample. */
function results(...given: readonly (readonly [index: number, decision: string, reason?: string])[]): Uint8Array {
  return encodeArchive(FilterResponse, {
    results: given.map(([index, decision, reason = '']) => ({ upstream_id: upstreamId(index), decision, reason })),
  });
}

function shaped(changes: Partial<ShapeResponse>): Uint8Array {
  const usual = { url: 'https://example.test/', method: 'POST', headers: [], body: new Uint8Array() };
  return encodeArchive(ShapeResponse, { ...usual, ...changes });
}

function replaced(changes: Partial<Omit<Extract<TransformResponseResult, { kind: 'Replace' }>, 'kind'>>): Uint8Array {
  return encodeArchive(TransformResponseResult, {
    kind: 'Replace',
    status: null,
    headers: null,
    body: null,
    ...changes,
  });
}

function events(event: string, data: Uint8Array): Uint8Array {
  return encodeArchive(TransformSseEventResult, { kind: 'Replace', events: [{ event, data }] });
}

const many = (count: number): Header[] => Array.from({ length: count }, (_, index) => header(`x-${index}`));

/** Answers that break a rule, each to the request with every option, unless the form is given. */
const breaking: readonly (readonly [fault: string, hook: HookName, answer: Uint8Array, form?: string])[] = [
  ['fail filter.known-ids', 'filter', results([0, 'reject'], [99, 'reject'])],
  ['fail filter.known-ids', 'filter', results([0, 'accept']), 'no-candidates'],
  ['fail filter.no-duplicates', 'filter', results([0, 'accept'], [1, 'reject'], [0, 'reject'])],
  ['fail filter.decision', 'filter', results([0, ' '])],
  ['fail filter.decision', 'filter', results([0, 'Accept'])],
  ['fail filter.decision', 'filter', results([0, 'é'.repeat(129)])],
  ['warn filter.reason', 'filter', results([0, 'reject', 'é'.repeat(129)])],
  ['fail shape.url', 'shape', shaped({ url: '/v1/messages' })],
  ['fail shape.url', 'shape', shaped({ url: 'file:///etc/passwd' })],
  ['fail shape.url', 'shape', shaped({ url: 'https://example.test/a b' })],
  ['fail shape.url', 'shape', shaped({ url: 'https://user@example.test/' })],
  ['fail shape.method', 'shape', shaped({ method: 'POST /' })],
  ['fail shape.body', 'shape', shaped({ method: 'GET', body: utf8('{}') })],
  ['fail shape.headers', 'shape', shaped({ headers: [header('x a')] })],
  ['fail shape.headers', 'shape', shaped({ headers: [header('x-a', 'b\r\nx-c: d')] })],
  ['fail shape.headers', 'shape', shaped({ headers: [header('x-a', 'b\0')] })],
  ['fail shape.headers', 'shape', shaped({ headers: [header('x-a', '\u007f')] })],
  ['fail shape.header-bounds', 'shape', shaped({ headers: many(101) })],
  ['fail shape.header-bounds', 'shape', shaped({ headers: [header('x-a', 'v'.repeat(8193))] })],
  ['fail shape.hop-by-hop', 'shape', shaped({ headers: [header('Connection', 'close')] })],
  ['warn shape.dropped-headers', 'shape', shaped({ headers: [header('X-Anthropic-Beta')] })],
  ['fail transform-response.status', 'transform_response', replaced({ status: 199 })],
  ['fail transform-response.status', 'transform_response', replaced({ status: 600 })],
  ['fail transform-response.body', 'transform_response', replaced({ status: 204 })],
  ['fail transform-response.headers', 'transform_response', replaced({ headers: [header('')] })],
  ['fail transform-response.header-bounds', 'transform_response', replaced({ headers: many(101) })],
  ['fail transform-response.hop-by-hop', 'transform_response', replaced({ headers: [header('transfer-encoding')] })],
  ['warn transform-response.dropped-headers', 'transform_response', replaced({ headers: [header('content-length')] })],
  ['fail transform-sse-event.event-names', 'transform_sse_event', events('a\ndata: b', utf8('{}'))],
  ['fail transform-sse-event.event-data', 'transform_sse_event', events('a', Uint8Array.of(0xc3)), 'sample'],
];

for (const [index, [fault, hook, answer, form = 'full']] of breaking.entries()) {
  calls(`answer ${index}: ${fault} alone`, async () => {
    assert.equal(faults(await pluginWith(hook, { [form]: answer })), [fault]);
  });
}

const capitals = { upstream_id: upstreamId(0).toUpperCase(), decision: 'accept', reason: '' };

const conforming: readonly (readonly [what: string, hook: HookName, answer: Uint8Array, form?: string])[] = [
  ['a decision of another word', 'filter', results([0, 'hold'], [1, 'accept'])],
  ['an id in capitals', 'filter', encodeArchive(FilterResponse, { results: [capitals] })],
  ['a reason of 256 bytes', 'filter', results([0, 'reject', 'é'.repeat(128)])],
  ['100 headers, and a value of 8 KiB', 'shape', shaped({ headers: [...many(99), header('x-a', 'v'.repeat(8192))] })],
  ['more headers than 100 for a request with 100', 'shape', shaped({ headers: many(101) }), 'many-headers'],
  [
    'a GET without a body, and a value with a tab',
    'shape',
    shaped({ method: 'GET', headers: [header('x-a', 'b\tc')] }),
  ],
  ['a status of 204 and no body', 'transform_response', replaced({ status: 204, body: new Uint8Array() })],
  ['a status of 599', 'transform_response', replaced({ status: 599, headers: [header('retry-after', '1')] })],
  ['no events', 'transform_sse_event', encodeArchive(TransformSseEventResult, { kind: 'Replace', events: [] })],
  ['data that is not UTF-8, as in the request', 'transform_sse_event', events('', Uint8Array.of(0xff)), 'binary-data'],
];
for (const [what, hook, answer, form = 'full'] of conforming) {
  calls(`conforms with ${what}`, async () => {
    assert.equal(faults(await pluginWith(hook, { [form]: answer })), []);
  });
}

const filterThat = (specials: Readonly<Record<string, Special>>, fields = ''): Promise<Uint8Array> =>
  conformingPlugin({ filter: 'active' }, { specials: { filter: specials }, fields });

calls('an endless call is ended by fuel, and the report says so', async () => {
  const report = verifyHooks(await filterThat({ full: '(loop $again br $again)' }), { fuel: 1_000_000 });
  assert.equal(faultsOf(report), ['fail filter.full']);
  const check = report.checks.find(({ id }) => id === 'filter.full');
  assert.equal(check?.measured, { value: 1_000_000, unit: 'fuel', limit: 1_000_000 });
  assert.match(check?.found ?? '', 'GuestTrap: filter: cc_lb_filter failed: the plugin ran out of fuel');
  assert.match(check?.hint ?? '', 'endless loop');
});

const ends: readonly (readonly [code: string, found: RegExp, hint: RegExp])[] = [
  [
    'unreachable',
    TELLS_STACKS
      ? /: GuestTrap: filter: cc_lb_filter failed: the plugin trapped: .+ in function \d+$/
      : /: GuestTrap: filter: cc_lb_filter failed: the plugin trapped: .+ \(this engine gives no stack/,
    /^Read every field of the request/,
  ],
  ['(call $deep)', /ran out of stack/, /^Look for endless recursion/],
  ['(return (i64.const 0))', /: EmptyAnswer: /, /^Return address << 32 \| length of the answer/],
  ['(return (i64.const -1))', /: AnswerOutside: /, /^Return address << 32 \| length, and not/],
  [`(return (i64.const ${packed(1024, 4)}))`, /: MalformedResponse: /, /^Return the length of the whole archive/],
];
for (const [code, found, hint] of ends) {
  calls(`a call that ends with ${code} has a hint of its own`, async () => {
    const report = verifyHooks(await filterThat({ full: code }, '(func $deep (call $deep))'), options);
    assert.equal(faultsOf(report), ['fail filter.full']);
    const check = report.checks.find(({ id }) => id === 'filter.full');
    assert.match(check?.found ?? '', found);
    assert.match(check?.hint ?? '', hint);
  });
}

calls('a start function that needs more than the fuel of a call fails the sample', async () => {
  const start = `(func $start (local $n i32) ${burn(1_000)}) (start $start)`;
  const report = verifyHooks(await filterThat({}, start), { fuel: 1_000 });
  assert.equal(faultsOf(report), ['fail filter.sample']);
  const check = report.checks.find(({ id }) => id === 'filter.sample');
  assert.match(check?.found ?? '', /^the sample: InstantiateFailed: /);
  assert.match(check?.hint ?? '', 'endless loop');
});

calls('what one call needs is compared with the budget', async () => {
  assert.equal(faults(await filterThat({ sample: burn(500) }), { fuel: 10_000 }), ['warn budget.fuel']);
  assert.equal(faults(await filterThat({}), { memoryMaxPages: 30 }), ['warn budget.memory']);
  assert.equal(faults(await filterThat({ huge: grow(257) })), ['warn budget.memory-growth']);
  const quadratic = { large: burn(2_000), huge: burn(512_000) };
  assert.equal(faults(await filterThat(quadratic)), ['warn budget.fuel-growth']);
  assert.equal(faults(await filterThat({ large: burn(2_000), huge: burn(64_000) })), []);
});

calls('an answer of more than 100 MiB fails', async () => {
  // The body lies between the method and the root: 32 bytes that begin with the pointer to the URL.
  const usual = shaped({ body: Uint8Array.of(0) });
  const root = usual.length - 32;
  const bytes = 100 * 1024 * 1024 + 64;
  const view = new DataView(usual.buffer);
  const [url, urlSize, method, methodSize] = [0, 4, 8, 12].map((at) => view.getInt32(root + at, true));
  assert.ok(url !== undefined && method !== undefined);
  // Where the texts and the large answer begin: in the part that has grown.
  const at = 2_000_000;
  const end = at + bytes;
  const store = (offset: number, value: number): string =>
    `(i32.store (i32.const ${end + offset}) (i32.const ${value}))`;
  const code = [
    grow(1_610),
    `(memory.copy (i32.const ${at}) (i32.const 500000) (i32.const ${root}))`,
    store(0, (url ?? 0) + root - bytes),
    store(4, urlSize ?? 0),
    store(8, (method ?? 0) + root - bytes),
    store(12, methodSize ?? 0),
    store(16, root - bytes - 16),
    store(24, root - bytes - 24),
    store(28, bytes - root),
    `(return (i64.or (i64.shl (i64.const ${at}) (i64.const 32)) (i64.const ${bytes + 32})))`,
  ].join(' ');
  const wasm = await conformingPlugin(modesWith('shape'), {
    specials: { shape: { full: code } },
    fields: dataAt(500_000, usual.subarray(0, root)),
  });
  const report = verifyHooks(wasm, { ...options, memoryMaxPages: 4096 });
  assert.equal(faultsOf(report), ['fail budget.answer-size']);
  assert.ok((report.checks.find(({ id }) => id === 'budget.answer-size')?.measured?.value ?? 0) > bytes);
});

calls('every check of the hooks has a plugin that fails on it', () => {
  const groups = ['filter', 'shape', 'transform-response', 'transform-sse-event', 'budget'];
  assert.equal(
    unseenChecks((group) => groups.includes(group)),
    [],
  );
});

calls.run();
