// The gateway with the plugins of fixtures/ and two fake upstreams: `npm run example:gateway`.
//   npm run example:gateway -- --port 8080 --admin-port 8081
//   npm run example:gateway -- --store postgres://USER@HOST/DATABASE
// --store: where plugins are kept; a file of SQLite in this folder by default; `memory`: nowhere;
// --token: what the admin side wants; by default a new one, which is printed; --workers: in how
// many threads plugins run, --processes: in how many processes; by default on the server's thread.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { AdmittedPlugin } from 'cc-lb-runtime-protocol/host';
import { startFake } from './fakes.ts';
import { createGateway } from './gateway.ts';
import { logToConsole } from './log.ts';
import { makeHostWith } from './plugin-host.ts';
import { rolesOf } from './request-plugins.ts';
import { serve } from './serve.ts';
import { openStore } from './store/open.ts';
import type { PluginStore } from './store/store.ts';

/**
 * The plugins that are uploaded at a start, by their names. They are for all clients. A name that
 * serves already stays as it is: its plugin may have been swapped before.
 */
const fixtures = {
  router: 'router/router.wasm',
  dialect: 'dialect/dialect.wasm',
  signer: 'signer/signer.wasm',
  observer: 'observer/observer.wasm',
} as const;

const clients = new Map([['demo-key', { id: 'demo', kind: 'api_key', claims: { team: 'search' } }]] as const);

const { values: options } = parseArgs({
  options: {
    port: { type: 'string', default: '8080' },
    'admin-port': { type: 'string', default: '8081' },
    store: { type: 'string', default: `sqlite:${fileURLToPath(new URL('plugins.db', import.meta.url))}` },
    workers: { type: 'string', default: '0' },
    processes: { type: 'string', default: '0' },
    token: { type: 'string', default: crypto.randomUUID() },
  },
});

const fixture = async (path: string): Promise<Uint8Array> =>
  await readFile(new URL(`../../fixtures/${path}`, import.meta.url));

/** Opens the store. On a runtime without SQLite, the error says what is needed. */
async function storeAt(address: string): Promise<PluginStore | undefined> {
  if (address === 'memory') return undefined;
  const onError = ({ message }: Error): void =>
    logToConsole({ level: 'warn', target: 'gateway.store', message, fields: {} });
  try {
    return await openStore(address, { onError });
  } catch (error) {
    throw new Error(`${String(error)}\nOr keep the plugins in memory: npm run example:gateway -- --store memory`);
  }
}

function announce(what: string, plugin: AdmittedPlugin): void {
  const owner = plugin.principal === '__global__' ? '' : ` of ${plugin.principal}`;
  console.log(`${what.padEnd(12)}${plugin.name}${owner}: ${rolesOf(plugin).join(', ')}`);
}

async function start(): Promise<void> {
  const store = await storeAt(options.store);
  const makeHost = makeHostWith(Number(options.workers), Number(options.processes));
  const upstreams = [await startFake(1, 50), await startFake(2, 50)];
  const gateway = await createGateway({ upstreams, clients, token: options.token, store, makeHost });
  for (const plugin of gateway.plugins.list()) announce('restored', plugin);
  for (const [name, path] of Object.entries(fixtures)) {
    if (gateway.plugins.get({ name }) !== undefined) continue;
    const outcome = await gateway.plugins.register({ name }, await fixture(path));
    if (outcome.kind === 'rejected') throw new Error(`${name} was not admitted: ${JSON.stringify(outcome.report)}`);
    announce(outcome.kind, outcome.plugin);
  }
  const local = (port: string) => ({ hostname: '127.0.0.1', port: Number(port) });
  const proxy = await serve(gateway.proxy.fetch, local(options.port));
  const admin = await serve(gateway.admin.fetch, local(options['admin-port']));
  console.log(`
Requests to ${proxy.url} pass through these plugins, to two fake upstreams.
Try, in another terminal:

  curl ${proxy.url}/v1/messages -H 'x-api-key: demo-key' -d '{"model":"any"}' -i
  curl ${proxy.url}/v1/messages -H 'x-api-key: demo-key' -d '{"model":"any","stream":true}' -N
  curl -X PUT ${admin.url}/plugins/dialect -H 'authorization: Bearer ${options.token}' \\
    --data-binary @fixtures/hooks/shape-active/shape-active.wasm

The third one swaps a plugin of generation 1 for a hook plugin: the stream then has no pings.
The plugins: ${admin.url}/plugins (with the token). The metrics: ${admin.url}/metrics.
Ctrl+C ends it.`);
  const end = async (): Promise<void> => {
    await proxy.close();
    await admin.close();
    await gateway.close();
    await store?.close();
    process.exit();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, end);
}

try {
  await start();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
