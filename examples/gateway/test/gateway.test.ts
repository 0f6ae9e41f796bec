// The gateway over real HTTP: its two sides, streams, and connections that end early.
import { readFile } from 'node:fs/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  closeAll,
  keyOf,
  type RunningGateway,
  startFakes,
  startGateway,
  startUpstream,
  until,
} from './support/running-gateway.ts';

const fixture = async (path: string): Promise<Uint8Array> =>
  await readFile(new URL(`../../../fixtures/${path}`, import.meta.url));

const wireFixtures = { router: 'router', dialect: 'dialect', signer: 'signer', observer: 'observer' } as const;

/** Starts a gateway with two fakes. */
const withFakes = async (): Promise<RunningGateway> => await startGateway(await startFakes([1, 2]));

async function uploadFixtures(gateway: RunningGateway): Promise<void> {
  for (const [name, folder] of Object.entries(wireFixtures))
    await gateway.upload(name, await fixture(`${folder}/${folder}.wasm`));
}

const admin = suite('the admin side');

admin('uploads, lists, swaps and removes plugins of both generations', async () => {
  const gateway = await withFakes();
  const list = async (): Promise<unknown[]> => await (await gateway.admin('/plugins')).json();
  assert.equal(await list(), []);
  const router = await fixture('router/router.wasm');
  const first = await gateway.upload('a/b ü', router);
  const put = { method: 'PUT', body: new Uint8Array(await fixture('hooks/seal/seal.wasm')) };
  const other = await gateway.admin('/plugins/sealed?principal=a', put);
  assert.is(other.status, 201);
  assert.equal((await other.json()).kind, 'registered');
  assert.is((await gateway.admin('/plugins/sealed?principal=a', put)).status, 200);
  assert.equal(
    (await list()).map((plugin) => ({ ...Object(plugin), module_sha256: '' })),
    [
      {
        principal: '__global__',
        name: 'a/b ü',
        generation: 1,
        version: '1.0.0',
        roles: ['filter'],
        module_sha256: '',
      },
      { principal: 'a', name: 'sealed', generation: 2, version: '1.0.0', roles: ['shape'], module_sha256: '' },
    ],
  );
  const swapped = await gateway.upload('a/b ü', await fixture('dialect/dialect.wasm'));
  assert.is.not(swapped.module_sha256, first.module_sha256);
  const path = `/plugins/${encodeURIComponent('a/b ü')}`;
  assert.is((await gateway.admin(path, { method: 'DELETE' })).status, 204);
  assert.is((await gateway.admin(path, { method: 'DELETE' })).status, 404);
  assert.is((await list()).length, 1);
});

admin('refuses requests without the token and bad modules, and keeps what served', async () => {
  const gateway = await withFakes();
  for (const init of [{}, { headers: { authorization: 'Bearer wrong' } }, { method: 'PUT', body: 'x' }])
    assert.ok([400, 401].includes((await fetch(`${gateway.adminUrl}/plugins/router`, init)).status));
  assert.is((await fetch(`${gateway.adminUrl}/plugins`)).status, 401);
  await gateway.upload('router', await fixture('router/router.wasm'));
  const put = async (body: Uint8Array): Promise<Response> =>
    await gateway.admin('/plugins/router', { method: 'PUT', body: new Uint8Array(body) });
  const empty = await put(new Uint8Array());
  assert.is(empty.status, 422);
  assert.match((await empty.json()).error, /is not a cc-lb plugin/);
  const failing = await put(await fixture('behaviour/self-check-failure.wasm'));
  assert.is(failing.status, 422);
  assert.match(JSON.stringify(await failing.json()), /"self_check"/);
  assert.match(await gateway.statusLineOf('PUT', '/plugins/router', 65 * 1024 * 1024), / 413 /);
  for (const query of ['?principal=', `?principal=${'a'.repeat(1_025)}`])
    for (const method of ['PUT', 'DELETE']) {
      const malformed = await gateway.admin(`/plugins/router${query}`, { method });
      assert.is(malformed.status, 400);
      assert.match((await malformed.json()).error, /^key\.principal must be/);
    }
  const [kept] = await (await gateway.admin('/plugins')).json();
  assert.is(kept.version, '1.0.0');
  assert.is((await fetch(`${gateway.adminUrl}/metrics`)).status, 200, 'metrics need no token');
});

admin.after.each(closeAll);
admin.run();

const passing = suite('a request');

passing('needs a key', async () => {
  const gateway = await withFakes();
  for (const headers of [{ 'x-api-key': '' }, { 'x-api-key': 'wrong' }]) {
    const response = await gateway.send({ model: 'm' }, headers);
    assert.is(response.status, 401);
    assert.is((await response.json()).error.type, 'authentication_error');
  }
  const bearer = { authorization: `Bearer ${keyOf('b')}` };
  const response = await fetch(`${gateway.proxyUrl}/v1/messages`, {
    method: 'POST',
    body: '{"model":"m"}',
    headers: bearer,
  });
  assert.is(response.status, 200);
});

passing('passes without plugins, to the upstream with the fewest requests', async () => {
  const gateway = await withFakes();
  const response = await gateway.send({ model: 'm' }, { 'x-request-id': 'mine' });
  assert.is(response.status, 200);
  assert.is(response.headers.get('x-request-id'), 'mine');
  assert.is(response.headers.get('x-gateway-plugins'), '');
  assert.is((await response.json()).content[0].text, 'Hello from fake-1');
  const streams = await Promise.all([1, 2].map(() => gateway.send({ model: 'm', stream: true })));
  const names = streams.map(({ headers }) => headers.get('x-gateway-upstream'));
  assert.equal(names.sort(), ['fake-1', 'fake-2']);
  for (const stream of streams) await stream.text();
});

passing('is filtered, shaped, signed and observed by plugins of generation 1', async () => {
  const gateway = await withFakes();
  await uploadFixtures(gateway);
  const names: (string | null)[] = [];
  for (const _ of 'abcd') {
    const response = await gateway.send({ model: 'm' });
    assert.is(response.status, 200, 'the signer has the key of each upstream');
    await response.text();
    names.push(response.headers.get('x-gateway-upstream'));
  }
  assert.equal(names, ['fake-1', 'fake-2', 'fake-1', 'fake-2'], 'the router takes turns');
  const limited = await gateway.send({ model: 'fails-with-429' });
  assert.is(limited.status, 429);
  assert.equal(await limited.json(), {
    type: 'error',
    error: { type: 'rate_limit_error', message: 'fake-1 fails with 429' },
  });
  assert.match(limited.headers.get('x-gateway-plugins') ?? '', /^filter=router@\w{8}, shape=dialect@\w{8}, sign=/);
  const calls = 'cc_lb_plugin_calls_total{plugin="observer",function="observe",result="ok"}';
  await until('the observer knows', async () => (await gateway.metric(calls)) >= 5);
  assert.equal(gateway.warnings, []);
});

passing('is sent once more if the signer wants that', async () => {
  let asked = 0;
  const upstream = await startUpstream(1, () => new Response('no', { status: asked++ === 0 ? 401 : 200 }));
  const gateway = await startGateway([upstream]);
  await gateway.upload('signer', await fixture('signer/signer.wasm'));
  const response = await gateway.send({ model: 'm' });
  assert.is(response.status, 200);
  assert.is(asked, 2);
  await response.text();
  asked = 0;
  assert.is((await gateway.send({ model: 'm' })).status, 401, 'the signer retries once');
  assert.is(asked, 1);
});

passing('has its answer transformed by hook plugins, whole or event by event', async () => {
  const gateway = await withFakes();
  await gateway.upload('filter', await fixture('hooks/filter-view/filter-view.wasm'));
  await gateway.upload('shape', await fixture('hooks/shape-active/shape-active.wasm'));
  const chosen = await gateway.send({ model: 'm' }, { 'x-upstreams': 'fake-2' });
  assert.is((await chosen.json()).content[0].text, 'Hello from fake-2');
  const hidden = await gateway.send({ model: 'fails-with-500' });
  assert.is(hidden.status, 502);
  assert.equal(await hidden.json(), { type: 'error', status: 500 });
  const stream = await gateway.send({ model: 'm', stream: true });
  const text = await stream.text();
  assert.match(text, /^event: message_start\n.*\nevent: message_stop\n/s);
  assert.not.match(text, /ping/);
  const none = await gateway.send({ model: 'm' }, { 'x-upstreams': 'none' });
  assert.is(none.status, 503);
  assert.is((await none.json()).error.type, 'overloaded_error');
  assert.equal(gateway.warnings, []);
});

passing('is served by the plugins of its client first, then by those for all, by name', async () => {
  const gateway = await withFakes();
  const shapes = { b: 'seal', a: 'shape' } as const;
  for (const [name, fixtureName] of Object.entries(shapes))
    await gateway.upload(name, await fixture(`hooks/${fixtureName}/${fixtureName}.wasm`));
  await gateway.upload('z', await fixture('dialect/dialect.wasm'), 'b');
  const namesFor = async (client: string): Promise<string | null> => {
    const response = await gateway.send({ model: 'm' }, { 'x-api-key': keyOf(client) });
    await response.text();
    return response.headers.get('x-gateway-plugins');
  };
  assert.match(String(await namesFor('a')), /^shape=a@/);
  assert.match(String(await namesFor('b')), /^shape=z@/);
});

passing.after.each(closeAll);
passing.run();

const ending = suite('a connection that ends early');

const sse = { headers: { 'content-type': 'text/event-stream' } };
const event = (text: string): Uint8Array => new TextEncoder().encode(`data: ${text}\n\n`);

ending('breaks the answer off if it is that of the upstream', async () => {
  const gateway = await startGateway(await startFakes([1], 20));
  for (const plugins of [[], ['dialect/dialect'], ['hooks/shape-active/shape-active']]) {
    for (const path of plugins) await gateway.upload('shape', await fixture(`${path}.wasm`));
    const response = await gateway.send({ model: 'breaks-off', stream: true });
    assert.is(response.status, 200);
    const reader = (response.body ?? new Blob().stream()).getReader();
    const decoder = new TextDecoder();
    let text = '';
    let broke = false;
    try {
      for (let next = await reader.read(); !next.done; next = await reader.read()) text += decoder.decode(next.value);
    } catch {
      broke = true;
    }
    assert.ok(broke, `the client must see that it is not the end, after ${plugins}`);
    assert.match(text, 'Hello');
    assert.not.match(text, 'message_stop');
  }
  await until('all plugins are free', async () => (await gateway.metric('gateway_requests_active')) === 0);
});

ending('is that of HEAD, whose answer has no body', async () => {
  const gateway = await startGateway(await startFakes([1]));
  await gateway.upload('shape', await fixture('dialect/dialect.wasm'));
  const headers = { 'x-api-key': keyOf('a') };
  const response = await fetch(`${gateway.proxyUrl}/v1/messages`, { method: 'HEAD', headers });
  assert.is(response.status, 404);
  assert.is(await response.text(), '');
  await gateway.upload('filter', await fixture('behaviour/bad-answers.wasm'));
  assert.is((await fetch(`${gateway.proxyUrl}/v1/messages`, { method: 'HEAD', headers })).status, 502);
  await until('all plugins are free', async () => (await gateway.metric('gateway_requests_active')) === 0);
});

ending('is an error if the upstream does not answer', async () => {
  const gone = await startUpstream(1, () => new Response());
  await gone.close();
  const gateway = await startGateway([gone]);
  const response = await gateway.send({ model: 'm' });
  assert.is(response.status, 502);
  assert.is((await response.json()).error.type, 'api_error');
  await until('all plugins are free', async () => (await gateway.metric('gateway_requests_active')) === 0);
});

ending('ends the request of the upstream if the client goes away in a stream', async () => {
  let cancelled = 0;
  const endless = (): Response => {
    const body = new ReadableStream({
      async pull(controller) {
        await new Promise((resolve) => setTimeout(resolve, 10));
        controller.enqueue(event('more'));
      },
      cancel() {
        cancelled++;
      },
    });
    return new Response(body, sse);
  };
  const upstream = await startUpstream(1, endless);
  const gateway = await startGateway([upstream]);
  await gateway.upload('observer', await fixture('observer/observer.wasm'));
  for (const [round, plugin] of ['', 'dialect/dialect', 'hooks/shape-active/shape-active'].entries()) {
    if (plugin !== '') await gateway.upload('shape', await fixture(`${plugin}.wasm`));
    const leaving = new AbortController();
    const response = await gateway.send({ model: 'm', stream: true }, {}, { signal: leaving.signal });
    const reader = (response.body ?? new Blob().stream()).getReader();
    await reader.read();
    assert.is(await gateway.metric('gateway_requests_active'), 1);
    leaving.abort();
    await reader.closed.catch(() => undefined);
    await until(`the upstream notices, with ${plugin}`, () => cancelled === round + 1);
    await until('all plugins are free', async () => (await gateway.metric('gateway_requests_active')) === 0);
  }
});

ending('ends the request of the upstream if the client goes away before the answer', async () => {
  let aborted = 0;
  const silent = (request: Request): Promise<Response> =>
    new Promise((resolve) => {
      request.signal.addEventListener('abort', () => {
        aborted++;
        resolve(new Response());
      });
    });
  const upstream = await startUpstream(1, silent);
  const gateway = await startGateway([upstream]);
  const leaving = new AbortController();
  const response = gateway.send({ model: 'm' }, {}, { signal: leaving.signal });
  await until('it is under way', async () => (await gateway.metric('gateway_requests_active')) === 1);
  leaving.abort();
  await response.catch(() => undefined);
  await until('the upstream notices', () => aborted === 1);
  await until('all plugins are free', async () => (await gateway.metric('gateway_requests_active')) === 0);
});

ending.after.each(closeAll);
ending.run();
