import { PluginHost, type PluginHostOptions } from 'cc-lb-runtime-protocol/host';
import type { Telemetry } from 'cc-lb-runtime-protocol/telemetry';
import { Hono } from 'hono';
import { adminRoutes } from './admin.ts';
import type { Clients } from './clients.ts';
import { logToConsole } from './log.ts';
import { Metrics } from './metrics.ts';
import { GatewayProxy } from './proxy.ts';
import { type Upstream, Upstreams } from './upstreams.ts';

/** What a gateway is made of. */
export interface GatewayOptions {
  readonly upstreams: readonly Upstream[];
  readonly clients: Clients;
  /** What the admin side wants as `authorization: Bearer`. */
  readonly token: string;
  /** How plugins are admitted, stored and called. */
  readonly plugins?: PluginHostOptions;
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
}

/** Makes a gateway, with the plugins that its store has. */
export async function createGateway(options: GatewayOptions): Promise<Gateway> {
  const metrics = new Metrics(options.log ?? logToConsole);
  const plugins = PluginHost.direct({ telemetry: metrics.telemetry, ...options.plugins });
  const upstreams = new Upstreams(options.upstreams);
  const proxying = new GatewayProxy({ plugins, upstreams, clients: options.clients, metrics });
  const proxy = new Hono().all('*', (c) => proxying.serve(c.req.raw));
  const admin = adminRoutes(plugins, options.token);
  admin.get('/metrics', async (c) => c.text(await metrics.text(), 200, { 'content-type': metrics.contentType }));
  await plugins.restore();
  return { proxy, admin, plugins };
}
