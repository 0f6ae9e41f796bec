// Slots and policies together, with plugins that were built with the published guest library.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { HookSlotKind } from '../../../src/hooks/hook.ts';
import type { HookPlugin } from '../../../src/hooks/plugin.ts';
import { eventsAfterTransform } from '../../../src/hooks/policies/event-policy.ts';
import { candidatesAfterFilter } from '../../../src/hooks/policies/filter-policy.ts';
import { type ResponseDecision, responseAfterTransform } from '../../../src/hooks/policies/response-policy.ts';
import { requestAfterShape } from '../../../src/hooks/policies/shape-policy.ts';
import { readBody, visibleRequest } from '../../../src/hooks/policies/visible.ts';
import { filterSample } from '../../../src/hooks/samples.ts';
import { HookSlots } from '../../../src/hooks/slots/hook-slots.ts';
import { fixture } from '../../support/fixture.ts';

const host = suite('a host with slots and policies');

const slots = new HookSlots();

/** Registers a fixture, and returns its plugin. */
async function pluginOf(name: string, kind: HookSlotKind): Promise<HookPlugin> {
  await slots.register({ name, kind }, await fixture(`hooks/${name}/${name}.wasm`));
  const slot = slots.get({ name });
  if (slot === undefined) throw new Error(`${name} is not admitted`);
  return slot.plugin;
}

const upstream = { kind: 'AnthropicDirect', base_url: 'https://up.test' } as const;
const about = { request_id: 'r', principal: { id: 'p', kind: 'api_key', claims: [] }, upstream } as const;
const aboutResponse = { ...about, request_method: 'POST', request_path: '/', canonical_model_id: 'm' };

host('a filter keeps the candidates that it accepts', async () => {
  const filter = await pluginOf('filter', 'filter');
  const candidate = (digit: string, plan_capacity_ratio: number) => ({
    upstream_id: `0000000${digit}-0000-4000-8000-000000000000`,
    name: digit,
    kind: 'k',
    observed_at_unix_secs: 1000n,
    predicted_cache_read_tokens: 0,
    predicted_cache_creation_tokens_5m: 0,
    predicted_cache_creation_tokens_1h: 0,
    predicted_uncached_input_tokens: 0,
    plan_capacity_ratio,
    organization_type: '',
    rate_limit_tier: '',
    seat_tier: '',
  });
  const candidates = [candidate('1', 1), candidate('2', 0), candidate('3', 0.5)];
  const seen = visibleRequest(new Request('https://lb.test/v1/messages'));
  const decision = candidatesAfterFilter(filter.filter({ ...filterSample(), ...seen, candidates }), candidates);
  assert.equal(
    decision.candidates.map(({ name }) => name),
    ['1', '3'],
  );
  assert.is(decision.results[1]?.reason, 'too little capacity');
});

host('a shape makes the request, without what it did not see', async () => {
  const shape = await pluginOf('shape', 'shape');
  const request = new Request('https://lb.test/v1/messages?beta=true', {
    method: 'POST',
    headers: { authorization: 'Bearer s', 'x-latin': 'caf\xe9' },
    body: '{"a":1}',
  });
  const body = await readBody(request, 100);
  const outcome = shape.shape({ ...visibleRequest(request), body, ...about });
  const { request: shaped, error } = requestAfterShape(outcome, { request, body, upstream });
  assert.is(error, undefined);
  assert.is(shaped.url, 'https://up.test/v1/messages?beta=true');
  assert.equal([shaped.headers.get('x-latin'), shaped.headers.has('authorization')], ['caf\xe9', false]);
  assert.is(shaped.headers.get('anthropic-version'), '2023-06-01');
  assert.is(await shaped.text(), '{"metadata":{"user_id":"p"},"a":1}');
});

host('a response is changed as a whole', async () => {
  const shape = await pluginOf('shape-active', 'shape');
  const after = (status: number): Promise<ResponseDecision> =>
    responseAfterTransform(new Response('body', { status, headers: { 'x-ratelimit-a': '1' } }), (seen) =>
      shape.transformResponse({ ...seen, ...aboutResponse }),
    );
  const { response: hidden } = await after(503);
  assert.equal([hidden.status, await hidden.text()], [502, '{"type":"error","status":503}']);
  const { response: limited } = await after(429);
  assert.equal([limited.status, limited.headers.get('retry-after'), await limited.text()], [429, '1', 'body']);
  assert.not(limited.headers.has('x-ratelimit-a'));
  const { response: unchanged } = await after(200);
  assert.equal([unchanged.status, unchanged.headers.get('x-ratelimit-a'), await unchanged.text()], [200, '1', 'body']);
});

host('a stream is changed event by event', async () => {
  const shape = await pluginOf('shape-active', 'shape');
  const stream = new Response(
    'event: ping\ndata: {}\n\nevent: a\r\ndata: 1\r\n\r\ndata: 2\n\nevent: error\ndata: {}\n\n',
  );
  const found = eventsAfterTransform(stream, (seen) => shape.transformSseEvent({ ...seen, ...aboutResponse }));
  assert.is(
    await found.text(),
    'event: a\r\ndata: 1\r\n\r\nevent: message\ndata: 2\n\n' +
      'event: error\ndata: {}\n\nevent: message_stop\ndata: {"type":"message_stop"}\n\n',
  );
});

host('a plugin that is not admitted leaves the one that serves', async () => {
  const key = { name: 'filter', kind: 'filter' } as const;
  const before = await pluginOf('filter', 'filter');
  for (const name of ['loop-in-hook', 'loop-in-start', 'alloc-traps', 'start-traps']) {
    const outcome = await slots.register(key, await fixture(`hooks/hostile/${name}.wasm`), {
      probe: { fuel: 100_000 },
    });
    assert.is(outcome.kind, 'rejected', name);
  }
  assert.is(slots.get(key)?.plugin, before);
});

host.run();
