import {
  type AdmittedPlugin,
  HttpMessageError,
  type PluginHost,
  PluginHostError,
  type PluginHostFailure,
  type PluginKey,
  receiveRequest,
} from 'cc-lb-runtime-protocol/host';
import { type Context, Hono } from 'hono';
import { bearerAuth } from 'hono/bearer-auth';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { rolesOf } from './request-plugins.ts';

/** The most bytes of an upload. The host has a limit of its own, and names it in its refusal. */
const UPLOAD_MAX_BYTES = 64 * 1024 * 1024;

/** The status for each refusal of the host that is not a fault of the gateway. */
const refusals: Partial<Record<PluginHostFailure['kind'], ContentfulStatusCode>> = {
  ModuleTooLarge: 413,
  NotAPlugin: 422,
  CannotStart: 422,
  TooManyPlugins: 507,
  Saturated: 503,
  StoreFailed: 503,
  Closed: 503,
};

/**
 * Makes the routes under which plugins are uploaded, listed and removed.
 *
 * @param token what `authorization: Bearer` must say.
 */
export function adminRoutes(host: PluginHost, token: string): Hono {
  const app = new Hono();
  app.use('/plugins/*', bearerAuth({ token }));

  app.get('/plugins', (c) => c.json(host.list().map(summary)));

  app.put('/plugins/:name', async (c) => {
    const key = keyOf(c, host);
    const { body } = await receiveRequest(c.req.raw, { bodyMaxBytes: UPLOAD_MAX_BYTES });
    const outcome = await host.register(key, body);
    if (outcome.kind === 'rejected') return c.json(outcome, 422);
    return c.json({ kind: outcome.kind, plugin: summary(outcome.plugin) }, outcome.kind === 'registered' ? 201 : 200);
  });

  app.delete('/plugins/:name', async (c) => ((await host.remove(keyOf(c, host))) ? c.body(null, 204) : c.notFound()));

  app.onError((error, c) => {
    if (error instanceof HTTPException) return error.getResponse();
    if (error instanceof HttpMessageError)
      return c.json({ error: error.message }, error.failure.kind === 'BodyTooLarge' ? 413 : 400);
    const status = error instanceof PluginHostError ? refusals[error.failure.kind] : undefined;
    if (status !== undefined) return c.json({ error: error.message }, status);
    console.error(error);
    return c.json({ error: 'the gateway failed: its log says why' }, 500);
  });
  return app;
}

/**
 * Reads which plugin a request is about: the name in the path, and perhaps `?principal=`.
 *
 * @throws HTTPException with the status 400 if the host takes no such key.
 */
function keyOf(c: Context<object, '/plugins/:name'>, host: PluginHost): PluginKey {
  const key = { name: c.req.param('name'), principal: c.req.query('principal') };
  try {
    host.get(key);
    return key;
  } catch (cause) {
    const error = cause instanceof Error ? cause.message : String(cause);
    throw new HTTPException(400, { cause, res: Response.json({ error }, { status: 400 }) });
  }
}

/** What the list says of a plugin. */
function summary(plugin: AdmittedPlugin) {
  const { kind, principal, name, module_sha256 } = plugin;
  const version =
    plugin.kind === 'protocol' ? plugin.record.augmented_metadata.identity.plugin_version : plugin.metadata.version;
  return { principal, name, generation: kind === 'protocol' ? 1 : 2, version, roles: rolesOf(plugin), module_sha256 };
}
