// The plugins of fixtures/hooks/, each with what its description says that it answers.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { admitHooks } from '../../src/hooks/admit.ts';
import type { HookName } from '../../src/hooks/hook.ts';
import type { FilterRequest, UpstreamCandidate } from '../../src/hooks/messages/filter.ts';
import type {
  ShapeRequest,
  TransformResponseRequest,
  TransformResponseResult,
  TransformSseEventResult,
} from '../../src/hooks/messages/shape.ts';
import type { HookPlugin } from '../../src/hooks/plugin.ts';
import {
  filterSample,
  shapeSample,
  transformResponseSample,
  transformSseEventSample,
} from '../../src/hooks/samples.ts';
import { utf8 } from '../support/bytes.ts';
import { fixture } from '../support/fixture.ts';
import { admittedFixture, candidate, header, responseOf, untimed } from './hook-fixture.ts';

const fixtures = suite('hooks/fixtures');

type Step = readonly [step: string, hook: HookName | undefined];
const FILTER: readonly Step[] = [['probe', 'filter']];
const SHAPE: readonly Step[] = [['probe', 'shape']];
const ALL_OF_SHAPE: readonly Step[] = [...SHAPE, ['probe', 'transform_response'], ['probe', 'transform_sse_event']];

const plugins: readonly (readonly [path: string, slot: HookName, other: HookName, probes: readonly Step[]])[] = [
  ['filter/filter', 'filter', 'shape', FILTER],
  ['filter-view/filter-view', 'filter', 'shape', FILTER],
  ['sticky/sticky', 'filter', 'shape', FILTER],
  ['shape/shape', 'shape', 'filter', SHAPE],
  ['shape-active/shape-active', 'shape', 'filter', ALL_OF_SHAPE],
  ['seal/seal', 'shape', 'filter', ALL_OF_SHAPE],
];

for (const [path, slot, other, probes] of plugins) {
  fixtures(`${path} is admitted to its slot and to no other`, async () => {
    const wasm = await fixture(`hooks/${path}.wasm`);
    for (const options of [{ ...untimed, slot }, untimed]) {
      const { report } = admitHooks(wasm, options);
      const steps: readonly Step[] = [['inspect', undefined], ['compile', undefined], ...probes];
      assert.equal(
        report.steps.map(({ step, hook, status }) => [step, hook, status]),
        steps.map((step) => [...step, 'passed']),
      );
      const kinds = new Set(report.inspection?.warnings.map(({ kind }) => kind));
      assert.equal([...kinds], ['UnprotectedTypes']);
      assert.is(report.inspection?.metadata.name, path.replace(/.*\//, ''));
      const fuel = report.steps.map((step) => step.fuel ?? 0);
      assert.ok(Math.max(...fuel) < 100_000, `a probe burns a hundredth of its budget at most: ${fuel}`);
    }
    assert.is(admitHooks(wasm, { slot: other }).report.steps[0]?.error?.kind, 'MissingHook');
  });
}

/** The results of a filter as texts: id, decision, reason. */
function results(plugin: HookPlugin, more: Partial<FilterRequest>): readonly (readonly string[])[] {
  const response = responseOf(plugin.filter({ ...filterSample(), ...more }));
  return response.results.map(({ upstream_id, decision, reason }) => [upstream_id, decision, reason]);
}

const NEWEST = 1_800_000_000;

fixtures('filter: the first rule that a candidate breaks rejects it', async () => {
  const plugin = await admittedFixture('filter/filter');
  const candidates = [
    candidate('good'),
    candidate('stale', { observed_at_unix_secs: NEWEST - 301, rate_limit_tier: 'free' }),
    candidate('old', { observed_at_unix_secs: NEWEST - 300 }),
    candidate('free', { rate_limit_tier: 'free', kind: 'direct' }),
    candidate('direct', { kind: 'direct', plan_capacity_ratio: 0 }),
    candidate('used up', { plan_capacity_ratio: 0.09999999999999999 }),
    candidate('no number', { plan_capacity_ratio: Number.NaN }),
    candidate('nearly used up', { plan_capacity_ratio: 0.1 }),
  ];
  const claims = [
    { key: 'other', value: utf8('7') },
    { key: 'upstream_kind', value: utf8('"oauth"') },
  ];
  const principal = { ...filterSample().principal, claims };
  assert.equal(results(plugin, { candidates, principal, service_tier: 'priority' }), [
    ['good', 'accept', 'no price, call 1'],
    ['stale', 'reject', 'observed 301 s before the newest'],
    ['old', 'accept', 'no price, call 1'],
    ['free', 'reject', 'no priority on the tier free'],
    ['direct', 'reject', 'of the kind direct'],
    ['used up', 'reject', 'too little capacity'],
    ['no number', 'reject', 'too little capacity'],
    ['nearly used up', 'accept', 'no price, call 1'],
  ]);
  // Without a tier and a claim their rules do not apply, so others reject.
  assert.equal(results(plugin, { candidates: candidates.slice(3, 5), service_tier: null }), [
    ['free', 'accept', 'no price, call 1'],
    ['direct', 'reject', 'too little capacity'],
  ]);
});

fixtures('filter: the cheapest that breaks no rule is kept, with prices of 64 bits', async () => {
  const plugin = await admittedFixture('filter/filter');
  const tokens = (uncached: number, fiveMinutes: number, hour: number, read: number): Partial<UpstreamCandidate> => ({
    predicted_uncached_input_tokens: uncached,
    predicted_cache_creation_tokens_5m: fiveMinutes,
    predicted_cache_creation_tokens_1h: hour,
    predicted_cache_read_tokens: read,
  });
  const pricing = {
    status: 'known',
    input_micros_per_million: 2n ** 64n - 1n,
    cache_creation_5m_micros_per_million: 3_000_000,
    cache_creation_1h_micros_per_million: 6_000_001,
    cache_read_micros_per_million: 2n ** 53n + 1n,
  };
  const candidates = [
    candidate('a', tokens(2 ** 32 - 1, 2 ** 32 - 1, 2 ** 32 - 1, 2 ** 32 - 1)),
    candidate('b', tokens(0, 5, 7, 3)),
    candidate('c', { ...tokens(0, 0, 0, 0), observed_at_unix_secs: NEWEST - 1000 }),
    candidate('d', tokens(0, 5, 7, 3)),
  ];
  const all = 2n ** 32n - 1n;
  const a = all * (2n ** 64n - 1n) + all * 3_000_000n + all * 6_000_001n + all * (2n ** 53n + 1n);
  const b = 5n * 3_000_000n + 7n * 6_000_001n + 3n * (2n ** 53n + 1n);
  assert.equal(results(plugin, { candidates, cache_pricing: pricing }), [
    ['a', 'reject', `costs ${a}`],
    ['b', 'accept', `costs ${b}, call 1`],
    ['c', 'reject', 'observed 1000 s before the newest'],
    ['d', 'accept', `costs ${b}, call 1`],
  ]);
});

fixtures('filter: none, one and many candidates, and each call is the first', async () => {
  const plugin = await admittedFixture('filter/filter');
  for (const count of [0, 1, 1000, 1, 0]) {
    const candidates = Array.from({ length: count }, (_, index) => candidate(`upstream ${index} ✓`));
    const expected = candidates.map(({ upstream_id }) => [upstream_id, 'accept', 'no price, call 1']);
    assert.equal(results(plugin, { candidates }), expected);
  }
});

fixtures('filter-view: the header says which are kept, and in which order', async () => {
  const plugin = await admittedFixture('filter-view/filter-view');
  const candidates = [candidate('1', { name: 'a' }), candidate('2', { name: 'b' }), candidate('3', { name: 'a' })];
  const named = (value: Uint8Array): unknown =>
    results(plugin, { candidates, headers: [header('accept', '*/*'), { name: 'X-Upstreams', value }] });
  const every = ['1', '2', '3'].map((id) => [id, 'accept', '']);
  assert.equal(results(plugin, { candidates }), every);
  assert.equal(named(utf8('b, x ,a')), [
    ['2', 'accept', 'name 1 of the header'],
    ['1', 'accept', 'name 3 of the header'],
    ['3', 'accept', 'name 3 of the header'],
  ]);
  assert.equal(named(utf8('none')), []);
  assert.equal(named(Uint8Array.of(0xff)), every);
});

fixtures('filter-view: fuel does not depend on the body, which nobody reads', async () => {
  const plugin = await admittedFixture('filter-view/filter-view');
  const fuelOf = (size: number): number => {
    assert.equal(results(plugin, { candidates: [candidate('a')], body: new Uint8Array(size).fill(0xff) }).length, 1);
    return plugin.fuelConsumed;
  };
  const [small, large] = [fuelOf(1_000), fuelOf(1_000_000)];
  assert.ok(large - small < 1_000, `${small} for 1 KB, ${large} for 1 MB`);
});

/** FNV-1a of 64 bits. */
function fnv1a(bytes: Uint8Array): bigint {
  return bytes.reduce((hash, byte) => BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n), 0xcbf29ce484222325n);
}

fixtures('FNV-1a here is that of its authors', () => {
  assert.is(fnv1a(utf8('foobar')), 0x85944171f73967e8n);
});

fixtures('sticky: a thread stays on the upstream of the highest hash, whatever else comes and goes', async () => {
  const plugin = await admittedFixture('sticky/sticky');
  const ids = Array.from({ length: 20 }, (_, index) => `upstream-${index}-ü`);
  for (const thread of ['t', 'another thread', '', '日本']) {
    const hashes = new Map(ids.map((id) => [id, fnv1a(utf8(thread + id))]));
    const expected = (chosen: readonly string[]): unknown => {
      const best = [...chosen].sort((a, b) => ((hashes.get(a) ?? 0n) < (hashes.get(b) ?? 0n) ? 1 : -1))[0];
      return chosen.map((id) => [id, id === best ? 'accept' : 'reject', `hash ${hashes.get(id)}`]);
    };
    for (const chosen of [ids, ids.slice(0, 3), [...ids].reverse(), ids.slice(7, 8), []]) {
      const request = { thread_id: thread, candidates: chosen.map((id) => candidate(id)) };
      assert.equal(results(plugin, request), expected(chosen));
    }
  }
});

fixtures('sticky: without a thread, the first of those with most in their cache', async () => {
  const plugin = await admittedFixture('sticky/sticky');
  const counts = [0, 4_294_967_295, 7, 4_294_967_295];
  const candidates = counts.map((count, index) => candidate(`${index}`, { predicted_cache_read_tokens: count }));
  assert.equal(
    results(plugin, { candidates }),
    counts.map((count, index) => [`${index}`, index === 1 ? 'accept' : 'reject', `cached ${count}`]),
  );
  const many = Array.from({ length: 1000 }, (_, index) => candidate('x'.repeat(index % 50)));
  assert.is(results(plugin, { candidates: many }).length, 1000);
});

fixtures('shape: URL, headers and body are rewritten', async () => {
  const plugin = await admittedFixture('shape/shape');
  const request: ShapeRequest = {
    ...shapeSample(),
    method: 'PATCH',
    path: '/v1/messages/x',
    query: 'beta=true&x=%20',
    headers: [header('Connection', 'close'), header('x-a', '1'), header('TE', 'trailers'), header('x-a', '2')],
    body: utf8('{"model":"m"}'),
    principal: { id: 'a"b\\c\n\u{1f600}', kind: 'api_key', claims: [] },
    upstream: { kind: 'AnthropicDirect', base_url: 'https://up.test/base/' },
  };
  assert.equal(responseOf(plugin.shape(request)), {
    url: 'https://up.test/base/v1/messages/x?beta=true&x=%20',
    method: 'PATCH',
    headers: [header('x-a', '1'), header('x-a', '2'), header('anthropic-version', '2023-06-01')],
    body: utf8('{"metadata":{"user_id":"a\\"b\\\\c\\u000a\u{1f600}"},"model":"m"}'),
  });
});

fixtures('shape: what needs no change stays', async () => {
  const plugin = await admittedFixture('shape/shape');
  const version = header('Anthropic-Version', '2020-01-01');
  const base: ShapeRequest = {
    ...shapeSample(),
    headers: [version],
    principal: { id: 'p', kind: 'k', claims: [] },
    upstream: { kind: 'AnthropicDirect', base_url: null },
  };
  const bodies: readonly (readonly [Uint8Array, Uint8Array])[] = [
    [utf8('{ }'), utf8('{"metadata":{"user_id":"p"} }')],
    [utf8('[1]'), utf8('[1]')],
    [new Uint8Array(), new Uint8Array()],
    [Uint8Array.from({ length: 256 }, (_, index) => index), Uint8Array.from({ length: 256 }, (_, index) => index)],
    [new Uint8Array(1_000_000).fill(7), new Uint8Array(1_000_000).fill(7)],
  ];
  for (const [body, expected] of bodies) {
    const response = responseOf(plugin.shape({ ...base, body }));
    assert.equal([response.url, response.headers], ['https://api.anthropic.com/v1/messages', [version]]);
    assert.ok(expected.length === response.body.length && expected.every((byte, at) => byte === response.body[at]));
  }
});

fixtures('shape: its response hooks are not for hosts to call, but can be called', async () => {
  const plugin = await admittedFixture('shape/shape');
  assert.not(plugin.isActive('transform_response') || plugin.isActive('transform_sse_event'));
  assert.equal(responseOf(plugin.transformResponse(transformResponseSample())), { kind: 'Unchanged' });
  assert.equal(responseOf(plugin.transformSseEvent(transformSseEventSample())), { kind: 'Unchanged' });
});

const respond = (plugin: HookPlugin, more: Partial<TransformResponseRequest>): TransformResponseResult =>
  responseOf(plugin.transformResponse({ ...transformResponseSample(), ...more }));

const emit = (plugin: HookPlugin, event: string, data: string): TransformSseEventResult =>
  responseOf(plugin.transformSseEvent({ ...transformSseEventSample(), event: { event, data: utf8(data) } }));

fixtures('shape-active: the request stays as it is', async () => {
  const plugin = await admittedFixture('shape-active/shape-active');
  const { method, headers, body, path } = shapeSample();
  const url = `https://example.test${path}`;
  assert.equal(responseOf(plugin.shape(shapeSample())), { url, method, headers, body });
});

fixtures('shape-active: errors are replaced, refusals get a header, all else is unchanged', async () => {
  const plugin = await admittedFixture('shape-active/shape-active');
  for (const status of [0, 200, 428, 430, 499])
    assert.equal(respond(plugin, { response_status: status }), { kind: 'Unchanged' });
  for (const status of [500, 529, 65_535])
    assert.equal(respond(plugin, { response_status: status }), {
      kind: 'Replace',
      status: 502,
      headers: [header('content-type', 'application/json')],
      body: utf8(`{"type":"error","status":${status}}`),
    });
  const response_headers = [header('a', ''), header('', 'b')];
  assert.equal(respond(plugin, { response_status: 429, response_headers }), {
    kind: 'Replace',
    status: null,
    headers: [...response_headers, header('retry-after', '1')],
    body: null,
  });
});

fixtures('shape-active: events are dropped, renamed, doubled or left', async () => {
  const plugin = await admittedFixture('shape-active/shape-active');
  const event = (name: string, data: string) => ({ event: name, data: utf8(data) });
  assert.equal(emit(plugin, 'ping', '{}'), { kind: 'Drop' });
  assert.equal(emit(plugin, 'message_start', '{}'), { kind: 'Unchanged' });
  assert.equal(emit(plugin, '', 'x'), { kind: 'Replace', events: [event('message', 'x')] });
  const stop = event('message_stop', '{"type":"message_stop"}');
  assert.equal(emit(plugin, 'error', 'y'), { kind: 'Replace', events: [event('error', 'y'), stop] });
});

fixtures('seal: the request gets a hash of its body and its principal', async () => {
  const plugin = await admittedFixture('seal/seal');
  const bodies = [new Uint8Array(), utf8('foobar'), new Uint8Array(200_000).map((_, index) => index)];
  for (const body of bodies)
    for (const query of [null, '', 'q=1'])
      for (const headers of [[], [header('a', 'b'), header('', '')]]) {
        const request: ShapeRequest = { ...shapeSample(), method: 'PUT', body, query, headers };
        const response = responseOf(plugin.shape(request));
        assert.equal(response, {
          url: `https://example.test/v1/messages${query === null ? '' : `?${query}`}`,
          method: 'PUT',
          headers: [
            ...headers,
            header('x-body-fnv1a64', fnv1a(body).toString(16)),
            header('x-principal', 'probe-principal'),
          ],
          body,
        });
      }
  const direct: ShapeRequest = { ...shapeSample(), upstream: { kind: 'AnthropicDirect', base_url: null } };
  assert.is(responseOf(plugin.shape(direct)).url, 'https://api.anthropic.com/v1/messages');
});

fixtures('seal: a response with a body gets its size', async () => {
  const plugin = await admittedFixture('seal/seal');
  assert.equal(respond(plugin, { body: new Uint8Array() }), { kind: 'Unchanged' });
  for (const size of [1, 12_345]) {
    const response_headers = size === 1 ? [] : [header('odd', 'x'), header('y', 'zz')];
    const headers = [...response_headers, header('x-body-bytes', `${size}`)];
    const expected = { kind: 'Replace', status: null, headers, body: null };
    assert.equal(respond(plugin, { body: new Uint8Array(size), response_headers }), expected);
  }
});

fixtures('seal: each line of an event becomes an event', async () => {
  const plugin = await admittedFixture('seal/seal');
  const event = (data: string) => ({ event: 'e', data: utf8(data) });
  assert.equal(emit(plugin, 'e', ''), { kind: 'Drop' });
  assert.equal(emit(plugin, 'e', 'one line'), { kind: 'Unchanged' });
  assert.equal(emit(plugin, 'e', 'one\n\nthree'), {
    kind: 'Replace',
    events: [event('one'), event(''), event('three')],
  });
  assert.equal(emit(plugin, 'e', '\n'), { kind: 'Replace', events: [event(''), event('')] });
  const lines = Array.from({ length: 2_000 }, (_, index) => `line ${index}`);
  assert.equal(emit(plugin, 'e', lines.join('\n')), { kind: 'Replace', events: lines.map(event) });
});

fixtures.run();
