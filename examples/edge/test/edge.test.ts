// The worker in workerd, over HTTP.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { findWorkerd, thisNode } from '../../../scripts/runtimes.mjs';
import { type ServedWorker, serveWorker } from '../../../scripts/workerd-process.ts';
import { preparePlugin } from '../../../src/index.ts';
import { fixture } from '../../../test/support/fixture.ts';
import { buildExample } from '../build.ts';

const edge = suite('the edge example');
const root = fileURLToPath(new URL('../../../', import.meta.url));

// The lane that has these tests runs them only if there is one.
const workerd = findWorkerd();
if (workerd === undefined) throw new Error('there is no workerd on this machine');
const runtime = workerd;

const folder = await mkdtemp(join(tmpdir(), 'edge-'));
const config = await buildExample(folder);
const workers: ServedWorker[] = [];

edge.after(async () => {
  await Promise.all(workers.map((worker) => worker.close()));
  await rm(folder, { recursive: true });
});

/** Serves the example, with some texts of its configuration replaced. */
async function served(replaced: Readonly<Record<string, string>> = {}): Promise<ServedWorker> {
  let text = await readFile(config, 'utf8');
  for (const [before, after] of Object.entries(replaced)) {
    assert.ok(text.includes(before), `config.capnp has no ${before}`);
    text = text.replace(before, after);
  }
  const path = join(folder, `config-${workers.length}.capnp`);
  await writeFile(path, text);
  const worker = await serveWorker(runtime, path);
  workers.push(worker);
  return worker;
}

const usual = await served();

/** What the upstream of the example answers. */
interface Echo {
  readonly upstream: string;
  readonly path: string;
  readonly key: string;
  readonly version: string;
  readonly bodyBytes: number;
}

/** An answer that was read: JSON, as all answers here are. */
interface Answer {
  readonly status: number;
  // The casts of callers: the worker answers errors in one form, and the upstream echoes.
  readonly body: unknown;
}

async function send(
  { address }: ServedWorker,
  {
    client = 'ada',
    body = '{"model":"m"}',
    path = '/v1/messages',
    ...init
  }: RequestInit & {
    readonly client?: string;
    readonly path?: string;
  } = {},
): Promise<Answer> {
  const headers = { 'x-api-key': `key-of-${client}`, 'content-type': 'application/json' };
  const response = await fetch(`${address}${path}`, { method: 'POST', headers, body, ...init });
  return { status: response.status, body: await response.json() };
}

function echoOf({ status, body }: Answer): Echo {
  assert.is(status, 200, JSON.stringify(body));
  return body as Echo;
}

function errorOf({ status, body }: Answer): string {
  const { type, error } = body as { readonly type: string; readonly error: { type: string; message: string } };
  assert.is(type, 'error');
  return `${status} ${error.type}: ${error.message}`;
}

edge('a request reaches an upstream as the dialect writes it', async () => {
  const echo = echoOf(await send(usual, { path: '/v1/messages?beta=true' }));
  assert.match(echo.upstream, /^(north|south)\.upstream\.example$/);
  assert.is(echo.path, '/v1/messages');
  assert.is(echo.version, '2023-06-01', 'the dialect adds it');
  assert.match(echo.key, /^credential-of-(north|south)$/);
  assert.is(echo.bodyBytes, 13);
});

edge('a client keeps its upstream, and clients are spread', async () => {
  const upstreams = new Map<string, Set<string>>();
  for (const client of ['ada', 'bob', 'ada', 'bob', 'ada']) {
    const { upstream } = echoOf(await send(usual, { client }));
    upstreams.set(client, (upstreams.get(client) ?? new Set()).add(upstream));
  }
  const [ada, bob] = [...upstreams.values()];
  assert.is(ada?.size, 1);
  assert.is(bob?.size, 1);
  assert.not.equal(ada, bob);
});

edge('an error of the upstream becomes one of the API', async () => {
  const answer = await send(usual, { body: '{"model":"limited"}' });
  assert.is(errorOf(answer), '429 rate_limit_error: slow down');
});

edge('bad requests are errors of the client, and no plugin is asked', async () => {
  const expected: readonly (readonly [RequestInit & { client?: string; path?: string }, string])[] = [
    [{ client: 'nobody' }, '401 authentication_error: send a key of this worker as x-api-key'],
    [{ path: '/v1/models' }, '404 not_found_error: ask for /v1/messages'],
    [{ method: 'PUT' }, '405 method_not_allowed: messages are sent by POST'],
    [{ body: '{"model":' }, '400 invalid_request_error: the body must be a JSON object'],
    [{ body: '[]' }, '400 invalid_request_error: the body must be a JSON object'],
    [{ body: 'null' }, '400 invalid_request_error: the body must be a JSON object'],
    [{ body: Uint8Array.of(0x22, 0xff, 0x22) }, '400 invalid_request_error: the body must be a JSON object'],
    [{ body: '' }, '400 invalid_request_error: the body must be a JSON object'],
  ];
  for (const [request, error] of expected) assert.is(errorOf(await send(usual, request)), error);
});

edge('a key that every table inherits is unknown', async () => {
  const headers = { 'x-api-key': 'constructor' };
  const answer = await send(usual, { headers });
  assert.is(answer.status, 401);
});

edge('a body that is too large is refused, whether it says its size or not', async () => {
  const large = JSON.stringify({ text: 'x'.repeat(1_000_000) });
  assert.match(errorOf(await send(usual, { body: large })), /^413 request_too_large: /);
  const chunks = new ReadableStream({
    start(controller) {
      for (let at = 0; at < large.length; at += 100_000)
        controller.enqueue(new TextEncoder().encode(large.slice(at, at + 100_000)));
      controller.close();
    },
  });
  // The types of Node's fetch know `duplex`, those of the DOM do not.
  const init = { body: chunks, duplex: 'half' } as RequestInit;
  assert.match(errorOf(await send(usual, init)), /^413 request_too_large: /);
});

edge('requests at the same time do not disturb each other', async () => {
  const clients = ['ada', 'bob', 'eve'];
  const before = new Map<string, string>();
  for (const client of clients) before.set(client, echoOf(await send(usual, { client })).upstream);
  const requests = Array.from({ length: 60 }, async (_, index) => {
    const client = clients[index % clients.length] ?? '';
    const body = JSON.stringify({ model: 'm', text: 'x'.repeat(index * 100) });
    const echo = echoOf(await send(usual, { client, body }));
    assert.is(echo.upstream, before.get(client));
    assert.is(echo.bodyBytes, body.length);
  });
  await Promise.all(requests);
});

edge('a plugin that uses up its fuel is an error of the worker, and the next request is served', async () => {
  const worker = await served({ '"200000000"': '"3000000"' });
  echoOf(await send(worker));
  const body = JSON.stringify({ model: 'm', text: 'x'.repeat(500_000) });
  const error = errorOf(await send(worker, { body }));
  assert.match(error, /^502 api_error: the dialect failed at plugin_call: .* ran out of fuel/);
  assert.match(worker.output(), /the router failed: .* ran out of fuel/);
  echoOf(await send(worker));
});

edge('a router that may not store has no say', async () => {
  const worker = await served({ '"100000"': '"10"' });
  for (const client of ['ada', 'bob']) {
    assert.is(echoOf(await send(worker, { client })).upstream, 'north.upstream.example');
  }
  assert.match(worker.output(), /the router failed: .* cc_lb_storage_put failed/);
});

edge('a plugin that is not admitted is an error that says why, for each request', async () => {
  const refused = preparePlugin(await fixture('behaviour/self-check-failure.wasm'), { kernel: 'linked' });
  await writeFile(join(folder, 'dist/refused.wasm'), refused);
  const worker = await served({ 'embed "dist/dialect.wasm"': 'embed "dist/refused.wasm"' });
  for (let count = 0; count < 2; count++) {
    const expected = '502 api_error: the dialect is not admitted: self_check: the self-check found 1 failure';
    assert.is(errorOf(await send(worker)), expected);
  }
});

edge('a module that is not prepared is a failure of the worker, which the client does not see', async () => {
  await writeFile(join(folder, 'dist/original.wasm'), await fixture('dialect/dialect.wasm'));
  const worker = await served({ 'embed "dist/dialect.wasm"': 'embed "dist/original.wasm"' });
  assert.is(errorOf(await send(worker)), '500 internal_error: the worker failed: its log says why');
  assert.match(worker.output(), /prepare/);
});

edge('npm run example:edge prints the address, and ends workerd with itself', async () => {
  const { command, args } = thisNode();
  const child = spawn(command, [...args, 'examples/edge/start.ts', '--port', '0'], { cwd: root });
  let output = '';
  const address = await new Promise<string>((resolve, reject) => {
    const read = (text: string): void => {
      output += text;
      const [, found] = /serves (http:\S+)\. /.exec(output) ?? [];
      if (found !== undefined) resolve(found);
    };
    child.stdout.setEncoding('utf8').on('data', read);
    child.stderr.setEncoding('utf8').on('data', read);
    child.on('close', (code) => reject(new Error(`ended with ${code}\n${output}`)));
  });
  const headers = { 'x-api-key': 'key-of-ada' };
  const ask = () => fetch(`${address}/v1/messages`, { method: 'POST', headers, body: '{}' });
  assert.is((await ask()).status, 200);
  const closed = new Promise((resolve) => child.on('close', resolve));
  child.kill('SIGINT');
  assert.is(await closed, 0, output);
  const refused = await ask().catch((error: unknown) => error);
  assert.instance(refused, TypeError);
});

edge.run();
