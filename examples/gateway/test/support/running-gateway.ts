import { once } from 'node:events';
import { connect } from 'node:net';
import type { LogEvent } from 'cc-lb-runtime-protocol/telemetry';
import { startFake } from '../../fakes.ts';
import { createGateway, type GatewayOptions } from '../../gateway.ts';
import { type MakeHost, makeHostWith } from '../../plugin-host.ts';
import { type Fetch, type Listening, serve } from '../../serve.ts';
import type { Upstream } from '../../upstreams.ts';

const LOOPBACK = { hostname: '127.0.0.1', port: 0 };
const TOKEN = 'token-of-the-test';

/** No deadline of admissions, as a busy machine needs. */
const unhurried = {
  handshake: { wallMs: Number.POSITIVE_INFINITY },
  selfCheck: { wallMs: Number.POSITIVE_INFINITY },
  hooks: { probe: { wallMs: Number.POSITIVE_INFINITY } },
};

/** A gateway over real HTTP, and what a test does with it. */
export interface RunningGateway {
  readonly proxyUrl: string;
  readonly adminUrl: string;
  /** The warnings of the gateway so far. */
  readonly warnings: readonly LogEvent[];
  /** Sends a message of a client. */
  send(body: object, headers?: Readonly<Record<string, string>>, init?: RequestInit): Promise<Response>;
  /** Asks the admin side, with its token. */
  admin(path: string, init?: RequestInit): Promise<Response>;
  /** Announces a body of this size. @returns a promise of the first line of the answer. */
  statusLineOf(method: string, path: string, bytes: number): Promise<string>;
  /** Uploads a plugin. @returns a promise of what became of it. @throws if it was refused. */
  upload(name: string, wasm: Uint8Array, principal?: string): Promise<{ readonly module_sha256: string }>;
  /** Reads one metric. @returns a promise of its value; 0 if nothing was reported. */
  metric(series: string): Promise<number>;
}

/** What is open, the latest last. */
const open: (() => Promise<void>)[] = [];

/** Closes everything that was started. Suites call it after each test, also one that failed. */
export async function closeAll(): Promise<void> {
  for (let close = open.pop(); close !== undefined; close = open.pop()) await close();
}

/** Serves on loopback until {@link closeAll}. */
async function serveHere(answer: Fetch): Promise<Listening> {
  const listening = await serve(answer, LOOPBACK);
  open.push(listening.close);
  return listening;
}

/** The API key of a client. Each principal has one. */
export const keyOf = (principal: string): string => `key-${principal}`;

/** Starts a gateway for these clients. */
export async function startGateway(
  upstreams: readonly Upstream[],
  plugins: GatewayOptions['plugins'] = {},
  names: readonly string[] = ['a', 'b'],
  makeHost: MakeHost = makeHostWith(0, 0),
): Promise<RunningGateway> {
  const warnings: LogEvent[] = [];
  const clients = new Map(names.map((id) => [keyOf(id), { id, kind: 'api_key', claims: { team: 'test' } }] as const));
  const gateway = await createGateway({
    upstreams,
    clients,
    token: TOKEN,
    makeHost,
    plugins: { ...unhurried, ...plugins, hooks: { ...unhurried.hooks, ...plugins.hooks } },
    log: (event) => void warnings.push(event),
  });
  open.push(gateway.close);
  const proxy = await serveHere(gateway.proxy.fetch);
  const adminSide = await serveHere(gateway.admin.fetch);
  const admin = (path: string, { headers, ...init }: RequestInit = {}): Promise<Response> =>
    fetch(`${adminSide.url}${path}`, { ...init, headers: { ...headers, authorization: `Bearer ${TOKEN}` } });
  return {
    proxyUrl: proxy.url,
    adminUrl: adminSide.url,
    warnings,
    admin,
    send: (body, headers, init) =>
      fetch(`${proxy.url}/v1/messages`, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'x-api-key': keyOf('a'), 'content-type': 'application/json', ...headers },
        ...init,
      }),
    statusLineOf: async (method, path, bytes) => {
      const { hostname, port } = new URL(adminSide.url);
      const socket = connect(Number(port), hostname);
      const head = [`${method} ${path} HTTP/1.1`, 'host: test', `authorization: Bearer ${TOKEN}`];
      socket.write(`${[...head, `content-length: ${bytes}`].join('\r\n')}\r\n\r\n`);
      const [first] = await once(socket, 'data');
      socket.destroy();
      return String(first).split('\r\n')[0] ?? '';
    },
    upload: async (name, wasm, principal) => {
      const query = principal === undefined ? '' : `?principal=${principal}`;
      // A copy: the type of a body wants a buffer of its own.
      const body = new Uint8Array(wasm);
      const response = await admin(`/plugins/${encodeURIComponent(name)}${query}`, { method: 'PUT', body });
      const outcome = await response.json();
      if (!response.ok) throw new Error(`${name}: ${response.status} ${JSON.stringify(outcome)}`);
      return outcome.plugin;
    },
    metric: async (series) => {
      const text = await (await admin('/metrics')).text();
      const line = text.split('\n').find((each) => each.startsWith(`${series} `));
      return Number(line?.slice(series.length + 1) ?? 0);
    },
  };
}

/** Starts an upstream that a test wrote. */
export async function startUpstream(number: number, answer: Fetch): Promise<Upstream & Listening> {
  const { url, close } = await serveHere(answer);
  const id = `6f1c0d52-0000-4000-8000-00000000000${number}`;
  const name = `upstream-${number}`;
  return { id, name, kind: 'anthropic_api_key', baseUrl: url, apiKey: `sk-${name}`, url, close };
}

/** Starts fake upstreams, as the example does. */
export async function startFakes(numbers: readonly number[], pauseMs = 0): Promise<Upstream[]> {
  const fakes = await Promise.all(numbers.map((number) => startFake(number, pauseMs)));
  open.push(...fakes.map(({ close }) => close));
  return fakes;
}

/** Waits until something holds. @throws if it does not within ten seconds. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let waited = 0; waited < 10_000; waited += 20) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`it never came to be: ${what}`);
}
