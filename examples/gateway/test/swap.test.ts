// Plugins are swapped every 100 ms under load: no request is lost, and none is answered by two
// versions of a plugin.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type MakeHost, makeHostWith } from '../plugin-host.ts';
import type { Upstream } from '../upstreams.ts';
import { closeAll, keyOf, type RunningGateway, startGateway, startUpstream, until } from './support/running-gateway.ts';
import { stampedHookPlugin, stampedStreamPlugin, stampedWirePlugin } from './support/stamped.ts';

const SWAP_MS = 100;
const AT_ONCE = 32;
const VERSIONS = 60;
const EVENTS = 4;
/** One event of a stream after the other: a stream lasts longer than a plugin. */
const EVENT_MS = 50;

/** Each twentieth request is a stream. */
const STREAM_EVERY = 20;

/** Answers with the stamps of what it received: as an error, as a stream, or as a message. */
async function stamps(request: Request): Promise<Response> {
  const url = new URL(request.url);
  const shaped = [...request.headers.keys()].find((name) => name.startsWith('x-shaped-'));
  const headers = {
    'x-url': url.pathname.slice(1),
    'x-signed': request.headers.get('x-signed-by') ?? '',
    'x-shaped': shaped?.slice('x-shaped-'.length) ?? '',
  };
  const { kind } = await request.json();
  if (kind === 'stream') return new Response(slowEvents(), { headers: { 'content-type': 'text/event-stream' } });
  if (kind === 'message') return new Response('{}', { headers });
  return new Response('no', { status: 500, headers });
}

function slowEvents(): ReadableStream<Uint8Array> {
  let left = EVENTS;
  return new ReadableStream({
    async pull(controller) {
      await new Promise((resolve) => setTimeout(resolve, EVENT_MS));
      controller.enqueue(new TextEncoder().encode('data: {}\n\n'));
      if (--left === 0) controller.close();
    },
  });
}

/** The versions of all stamps of an answer, and the modules that the gateway names. */
interface Answered {
  readonly versions: readonly string[];
  readonly modules: readonly string[];
}

type Ask = (gateway: RunningGateway) => Promise<Answered>;

const modulesOf = (response: Response): string[] =>
  [...(response.headers.get('x-gateway-plugins') ?? '').matchAll(/@(\w+)/g)].map(([, sha256 = '']) => sha256);

/** All functions of a plugin of generation 1: filter, shape, sign and normalize_error. */
const askWire: Ask = async (gateway) => {
  const response = await gateway.send({ kind: 'error' });
  const body = await response.text();
  assert.is(response.status, 500, body);
  const { headers } = response;
  const version = headers.get('x-url') ?? '';
  const upstream = `upstream-${1 + (Number(version) % 2)}`;
  assert.is(headers.get('x-gateway-upstream'), upstream, 'the upstream is that of the version');
  return { versions: [version, headers.get('x-signed') ?? '', body], modules: modulesOf(response) };
};

/** Both functions of a hook plugin: shape and transform_response. */
const askHook: Ask = async (gateway) => {
  const response = await gateway.send({ kind: 'message' }, { 'x-api-key': keyOf('b') });
  assert.is(response.status, 200, await response.text());
  const added = [...response.headers.keys()].find((name) => name.startsWith('x-answers-')) ?? '';
  const versions = [response.headers.get('x-shaped') ?? '', added.slice('x-answers-'.length)];
  return { versions, modules: modulesOf(response) };
};

/** One function of a hook plugin, for each event of a stream. */
const askStream: Ask = async (gateway) => {
  const response = await gateway.send({ kind: 'stream' }, { 'x-api-key': keyOf('c') });
  const text = await response.text();
  assert.is(response.status, 200, text);
  const versions = [...text.matchAll(/^event: event(\d\d)$/gm)].map(([, version = '']) => version);
  assert.is(versions.length, EVENTS, text);
  return { versions, modules: modulesOf(response) };
};

const asks: readonly Ask[] = [askWire, askHook];

/** Swaps the plugins of three clients in turn. */
class Swaps {
  /** The versions of the modules, by the start of their hashes: known once they were uploaded. */
  readonly versions = new Map<string, number>();
  count = 0;
  readonly #gateway: RunningGateway;
  readonly #plugins: readonly (readonly [client: string, make: (version: number) => Promise<Uint8Array>])[];
  #isOver = false;

  constructor(gateway: RunningGateway, upstreams: readonly Upstream[]) {
    this.#gateway = gateway;
    this.#plugins = [
      ['a', (version) => stampedWirePlugin(version, upstreams)],
      ['b', async (version) => stampedHookPlugin(version)],
      ['c', async (version) => stampedStreamPlugin(version)],
    ];
  }

  /** Uploads the first plugin of each client. */
  async begin(): Promise<void> {
    for (const index of this.#plugins.keys()) await this.#upload(index, 0);
  }

  /** Swaps one plugin after the other until {@link end}. */
  async goOn(): Promise<void> {
    for (let next = performance.now(); !this.#isOver; next += SWAP_MS) {
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, next - performance.now())));
      const { length } = this.#plugins;
      await this.#upload(this.count % length, 1 + Math.floor(this.count / length));
      this.count++;
    }
  }

  end(): void {
    this.#isOver = true;
  }

  async #upload(index: number, number: number): Promise<void> {
    const [client, make] = this.#plugins[index] ?? [];
    const version = number % VERSIONS;
    const plugin = await make?.(version);
    const { module_sha256: sha256 } = await this.#gateway.upload('plugin', plugin ?? new Uint8Array(), client);
    this.versions.set(sha256.slice(0, 8), version);
  }
}

/** Sends requests while plugins are swapped. @returns a promise of what happened, in words. */
async function loadAndSwap(requests: number, makeHost: MakeHost): Promise<string> {
  const upstreams = [await startUpstream(1, stamps), await startUpstream(2, stamps)];
  const gateway = await startGateway(upstreams, {}, ['a', 'b', 'c'], makeHost);
  const swaps = new Swaps(gateway, upstreams);
  await swaps.begin();
  const seen = new Set<string>();
  let [begun, answered] = [0, 0];
  const ask = async (): Promise<void> => {
    while (begun < requests) {
      const number = begun++;
      const send = number % STREAM_EVERY === 0 ? askStream : (asks[number % asks.length] ?? askWire);
      const { versions, modules } = await send(gateway);
      assert.is(new Set(versions).size, 1, `one request was answered by the versions ${versions}`);
      assert.is(new Set(modules).size, 1, `one request was answered by the modules ${modules}`);
      const named = swaps.versions.get(modules[0] ?? '') ?? Number(versions[0]);
      assert.is(Number(versions[0]), named, 'the module that is named is the one that answered');
      seen.add(`${send.name} ${versions[0]}`);
      answered++;
      // A test that prints nothing for long is taken for one that hangs.
      if (answered % 1_000 === 0) console.log(`${answered} requests, ${swaps.count} swaps`);
    }
  };
  const load = Promise.all(Array.from({ length: AT_ONCE }, ask)).finally(() => swaps.end());
  await Promise.all([load, swaps.goOn()]);
  assert.is(answered, requests);
  assert.ok(swaps.count >= 10, `${swaps.count} swaps`);
  assert.ok(seen.size >= 10, `${seen.size} versions answered`);
  await until('all plugins are free', async () => (await gateway.metric('gateway_requests_active')) === 0);
  assert.equal(gateway.warnings, []);
  return `${answered} requests answered, ${swaps.count} swaps, ${seen.size} versions`;
}

const swapping = suite('plugins that are swapped under load');

swapping('answer all requests, each by one version', async () => {
  console.log(await loadAndSwap(10_000, makeHostWith(0, 0)));
});

swapping('answer all requests in worker threads, too', async () => {
  console.log(`in workers: ${await loadAndSwap(1_000, makeHostWith(2, 0))}`);
});

swapping.after.each(closeAll);
swapping.run();
