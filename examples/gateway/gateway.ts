import { PluginHost, type PluginHostOptions } from 'cc-lb-runtime-protocol/host';
import type { Telemetry } from 'cc-lb-runtime-protocol/telemetry';
import { Hono } from 'hono';
import { adminRoutes } from './admin.ts';
import type { Clients } from './clients.ts';
import { logToConsole } from './log.ts';
import { Metrics } from './metrics.ts';
import type { MakeHost } from './plugin-host.ts';
import { GatewayProxy } from './proxy.ts';
import type { PluginStore } from './store/store.ts';
import { PluginSync, type SyncOptions } from './sync.ts';
import { type Upstream, Upstreams } from './upstreams.ts';

/** A gateway that has not reached its store for so long should get no requests any more. */
const STALE_MS = 10_000;

/** What a gateway is made of. */
export interface GatewayOptions {
  readonly upstreams: readonly Upstream[];
  readonly clients: Clients;
  /** What the admin side wants as `authorization: Bearer`. */
  readonly token: string;
  /** Where plugins are kept, perhaps together with other gateways; in memory by default. */
  readonly store?: PluginStore | undefined;
  /** How plugins are admitted and called. */
  readonly plugins?: PluginHostOptions;
  /** Makes the host of the plugins: by default, one that runs them on this thread. */
  readonly makeHost?: MakeHost;
  /** Receives log events: by default, warnings and errors go to the console. */
  readonly log?: Telemetry['log'];
}

/** A gateway: two sides, which are served at two addresses. */
export interface Gateway {
  /** For clients. */
  readonly proxy: Hono;
  /** Uploads and metrics. Serve it on loopback only. */
  readonly admin: Hono;
  readonly plugins: PluginHost;
  /** Takes all plugins out of service. The store stays open. */
  close(): Promise<void>;
}

/** Makes a gateway, with the plugins that its store has. */
export async function createGateway(options: GatewayOptions): Promise<Gateway> {
  const { store, token, clients, log = logToConsole, makeHost = PluginHost.direct } = options;
  const metrics = new Metrics(log);
  const stores = store && { records: store.records, modules: store.modules, prepared: store.prepared };
  const plugins = makeHost({ telemetry: metrics.telemetry, ...stores, ...options.plugins });
  const sync = store && (await PluginSync.start(plugins, store.records, reportsTo(log)));
  const proxying = new GatewayProxy({ plugins, upstreams: new Upstreams(options.upstreams), clients, metrics });
  const proxy = new Hono().all('*', (c) => proxying.serve(c.req.raw));
  const admin = adminRoutes(plugins, token);
  admin.get('/metrics', async (c) => c.text(await metrics.text(), 200, { 'content-type': metrics.contentType }));
  admin.get('/health', (c) => {
    const { revision = 0, behindMs = 0, failed = [] } = sync?.state ?? {};
    return c.json({ revision, behindMs, failed: failed.length }, behindMs < STALE_MS ? 200 : 503);
  });
  const close = async (): Promise<void> => {
    await sync?.close();
    await plugins.close();
  };
  return { proxy, admin, plugins, close };
}

/** Logs the records that could not be taken over from the store. */
function reportsTo(log: Telemetry['log']): SyncOptions {
  const warn = (message: string, fields: Readonly<Record<string, string>>): void =>
    log({ level: 'warn', target: 'gateway.store', message, fields });
  return {
    onOutcome: (outcome) => {
      if (outcome.kind === 'failed') warn('a record of the store cannot be used', { error: outcome.error.message });
      if (outcome.kind === 'rejected') warn('a plugin of the store was not admitted again', { record: outcome.id });
    },
    onError: (error) => warn('the store cannot be followed', { error: String(error) }),
  };
}
