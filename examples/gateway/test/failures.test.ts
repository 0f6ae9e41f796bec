// Each way in which a plugin can fail, once over HTTP: what the client gets is the fallback of the
// function, and the failure is logged with its kind.
import { readFile } from 'node:fs/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Behaviour } from '../../../test/support/guest-wat.ts';
import { closeAll, type RunningGateway, startGateway, startUpstream, until } from './support/running-gateway.ts';
import { answer, wirePlugin } from './support/wire-plugin.ts';

/** What the upstream answers for each model. */
const statuses: Readonly<Record<string, number>> = { refused: 401, limited: 429 };

const answerOf = async (request: Request): Promise<Response> => {
  const { model } = await request.json();
  const headers = { 'content-type': 'text/plain', 'x-shaped': request.headers.get('x-shaped') ?? 'no' };
  return new Response(`answer for ${model}`, { status: statuses[model] ?? 200, headers });
};

/** A fallback, as the client sees it: the model that it asks for, and the answer. */
interface Fallback {
  readonly model: string;
  readonly status: number;
  readonly body: RegExp;
}

const FAILED: Fallback = { model: 'm', status: 502, body: /"api_error","message":"the plugin failed at / };

/** The fallbacks of generation 1 (abi/PROTOCOL.md, Layer 5). */
const fallbacks: Readonly<Record<string, Fallback>> = {
  filter: { model: 'm', status: 200, body: /^answer for m$/ },
  shape: FAILED,
  build_signer: FAILED,
  sign: FAILED,
  normalize_error: { model: 'limited', status: 429, body: /^answer for limited$/ },
  on_unauthorized: { model: 'refused', status: 401, body: /^answer for refused$/ },
  observe: { model: 'm', status: 200, body: /^answer for m$/ },
};

/** What a plugin needs besides the function that fails, so that this function is called. */
const others: Readonly<Record<string, (baseUrl: string) => Readonly<Record<string, Behaviour>>>> = {
  build_signer: () => ({ sign: answer(UNSIGNED) }),
  sign: () => ({ build_signer: answer({ signer_state: null }) }),
  on_unauthorized: () => ({ build_signer: answer({ signer_state: null }), sign: answer(UNSIGNED) }),
  normalize_error: (baseUrl) => ({
    shape: answer({ url: `${baseUrl}/`, method: 'POST', headers: [], body_base64: btoa('{"model":"limited"}') }),
  }),
};

const UNSIGNED = { url: null, method: null, headers: null, body_base64: null };

/** A failure: the function that fails, what it does, and how the log names it. */
type Failure = readonly [does: string, fn: string, behaviour: Behaviour, logged: RegExp];

const loop = (body: string): Behaviour => ({ code: `(result i32) (loop $again ${body} (br $again)) (i32.const 0)` });

const failures: readonly Failure[] = [
  ['traps', 'shape', { code: '(result i32) unreachable' }, /^PluginCall: .*(trap|unreachable)/i],
  ['never returns', 'filter', loop(''), /^PluginCall: .*fuel/],
  ['takes too long', 'sign', loop('(memory.fill (i32.const 0) (i32.const 1) (i32.const 65536))'), /^PluginCall: .*ms/],
  [
    'needs more memory than it may have',
    'normalize_error',
    {
      code: `(result i32)
        (i32.store8 (i32.mul (memory.grow (i32.const 33)) (i32.const 65536)) (i32.const 1)) (i32.const 0)`,
    },
    /^PluginCall: /,
  ],
  ['overflows its stack', 'observe', { code: '(result i32) (call $deeper) (i32.const 0)' }, /^PluginCall: .*stack/],
  ['sets an error', 'build_signer', { error: 'it is broken' }, /^PluginCall: /],
  ['returns another code than 0', 'on_unauthorized', { code: '(result i32) (i32.const 7)' }, /^PluginCall: .*7/],
  ['answers what is not UTF-8', 'shape', Uint8Array.of(0xff, 0xfe), /^PluginCall: .*UTF-8/],
  ['answers what is not JSON', 'filter', '{"_v":1', /^DeserializeResponseEnvelope: /],
  ['answers nothing', 'observe', { code: '(result i32) (i32.const 0)' }, /^DeserializeResponseEnvelope: /],
  ['answers no object', 'on_unauthorized', '[1]', /^ResponseNotObject: /],
  ['answers without a version', 'build_signer', '{"signer_state":null}', /^ResponseVersionMissing: /],
  ['answers a text as version', 'sign', '{"_v":"1"}', /^ResponseVersionInvalid: /],
  ['answers another version', 'normalize_error', '{"_v":2,"body_base64":null}', /^ResponseVersionMismatch: /],
  ['answers a field too many', 'observe', '{"_v":1,"extra":0}', /^ResponseDecode: /],
  ['answers a field too few', 'shape', '{"_v":1,"url":"http://127.0.0.1/"}', /^ResponseDecode: /],
];

const [wallMs, fuel] = [2_000, 20_000_000];
const calls = { wallMs, fuel, memoryMaxPages: 32 };
const fields = '(func $deeper (result) (call $deeper) (call $deeper))';

async function started(): Promise<{ readonly gateway: RunningGateway; readonly baseUrl: string }> {
  const upstream = await startUpstream(1, answerOf);
  return {
    gateway: await startGateway([upstream], { calls, hooks: { call: { wallMs, fuel } } }),
    baseUrl: upstream.baseUrl,
  };
}

const failing = suite('a plugin of generation 1 that fails');

for (const [does, fn, behaviour, logged] of failures)
  failing(`since ${fn} ${does}: the fallback of ${fn} holds`, async () => {
    const { gateway, baseUrl } = await started();
    await gateway.upload('failing', await wirePlugin({ ...others[fn]?.(baseUrl), [fn]: behaviour }, fields));
    const { model, status, body } = fallbacks[fn] ?? FAILED;
    const response = await gateway.send({ model });
    assert.is(response.status, status);
    assert.match(await response.text(), body);
    await until('it is logged', () => gateway.warnings.length > 0);
    const said = gateway.warnings[0]?.fields ?? {};
    assert.is(said.function, fn);
    assert.match(said.error ?? '', logged);
    const failed = `cc_lb_plugin_calls_total{plugin="failing",function="${fn}",result="failed"}`;
    assert.ok((await gateway.metric(failed)) > 0);
    await until('all plugins are free', async () => (await gateway.metric('gateway_requests_active')) === 0);
  });

/** Answers that are well-formed, and that the policies of the gateway refuse. */
const refusals: readonly (readonly [does: string, fn: string, fields: object])[] = [
  ['names an unknown upstream', 'filter', { results: [{ upstream_id: 'x', decision: 'accept', reason: '' }] }],
  ['chooses another origin', 'shape', { url: 'http://127.0.0.1:1/', method: 'POST', headers: [], body_base64: '' }],
  ['answers what is not base64', 'normalize_error', { body_base64: '?' }],
];

for (const [does, fn, given] of refusals)
  failing(`since ${fn} ${does}: its answer is not used`, async () => {
    const { gateway, baseUrl } = await started();
    await gateway.upload('failing', await wirePlugin({ ...others[fn]?.(baseUrl), [fn]: answer(given) }));
    const { model, status, body } = fallbacks[fn] ?? FAILED;
    const response = await gateway.send({ model });
    assert.is(response.status, status);
    assert.match(await response.text(), fn === 'shape' ? /"api_error"/ : body);
  });

failing.after.each(closeAll);
failing.run();

const hooks = suite('a hook plugin that fails');

const fixture = async (path: string): Promise<Uint8Array> =>
  await readFile(new URL(`../../../fixtures/hooks/${path}.wasm`, import.meta.url));

/**
 * The modules of fixtures/hooks/hostile: the first letter of the request's id says what they do.
 * `A` is the first behaviour.
 */
const hostile: readonly (readonly [does: string, module: string, letter: string, kind: string])[] = [
  ['loops', 'calls', 'A', 'GuestTrap'],
  ['calls itself without end', 'calls', 'D', 'GuestTrap'],
  ['traps', 'calls', 'F', 'GuestTrap'],
  ['takes too many entries of tables', 'calls', 'I', 'GuestTrap'],
  ['takes too long', 'calls', 'K', 'GuestTrap'],
  ['answers at address 0', 'answers', 'A', 'EmptyAnswer'],
  ['answers outside of its memory', 'answers', 'C', 'AnswerOutside'],
  ['answers bytes that are no response', 'answers', 'J', 'MalformedResponse'],
];

for (const [does, module, letter, kind] of hostile)
  hooks(`since filter ${does}: all upstreams are left`, async () => {
    const { gateway } = await started();
    await gateway.upload('failing', await fixture(`hostile/${module}`));
    const response = await gateway.send({ model: 'm' }, { 'x-request-id': `${letter}-1` });
    assert.is(response.status, 200);
    assert.is(await response.text(), 'answer for m');
    assert.equal(
      gateway.warnings.map(({ fields: said }) => [said.hook, said.policy, said.error]),
      [['filter', 'keep_candidates', kind]],
    );
  });

hooks('since shape answers an unknown method: the own request of the client is sent', async () => {
  const { gateway } = await started();
  await gateway.upload('failing', await fixture('hostile/tags'));
  const response = await gateway.send({ model: 'm' }, { 'x-request-id': 'F-1' });
  assert.is(response.status, 200);
  assert.is(await response.text(), 'answer for m');
  assert.is(gateway.warnings[0]?.fields.policy, 'client_request');
});

hooks('since transform_response answers a wrong tag: the answer of the upstream passes on', async () => {
  const { gateway } = await started();
  await gateway.upload('failing', await fixture('hostile/tags'));
  const response = await gateway.send({ model: 'limited' }, { 'x-request-id': 'A-1' });
  assert.is(response.status, 429);
  assert.is(await response.text(), 'answer for limited');
  const policies = gateway.warnings.map(({ fields: said }) => said.policy);
  assert.equal(policies, ['client_request', 'original_response']);
});

hooks('since transform_sse_event answers a wrong tag: the events pass on', async () => {
  const events = 'data: one\n\ndata: two\n\n';
  const stream = (): Response => new Response(events, { headers: { 'content-type': 'text/event-stream' } });
  const gateway = await startGateway([await startUpstream(1, stream)], { hooks: { call: { wallMs, fuel } } });
  await gateway.upload('failing', await fixture('hostile/tags'));
  const response = await gateway.send({ model: 'm' }, { 'x-request-id': 'G-1' });
  assert.is(await response.text(), events);
  const policies = gateway.warnings.map(({ fields: said }) => said.policy);
  assert.equal(policies, ['client_request', 'original_events']);
});

hooks('since its memory is too small: the own request of the client is sent', async () => {
  const { gateway } = await started();
  await gateway.upload('failing', await fixture('shape/shape'));
  const response = await gateway.send({ model: 'm', text: 'x'.repeat(4 * 1024 * 1024) });
  assert.is(response.status, 200);
  assert.is(await response.text(), 'answer for m');
  assert.is(gateway.warnings[0]?.fields.policy, 'client_request');
});

hooks.after.each(closeAll);
hooks.run();
