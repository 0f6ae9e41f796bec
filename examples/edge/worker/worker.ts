// A load balancer in an edge worker. A router chooses the upstream of a request, and a dialect
// shapes the request for it. Both plugins are modules that were prepared before the worker was
// deployed: a worker may not compile.
import { HttpMessageError, receiveRequest } from 'cc-lb-runtime-protocol/host';
import { answered } from './answering.ts';
import { errorAnswer } from './answers.ts';
import { clientOf, type Environment } from './environment.ts';
import { type OpenPlugins, openPlugins } from './plugins.ts';
import { PluginRefusal } from './refusal.ts';
import { chosenUpstream } from './routing.ts';
import { sentToUpstream } from './shaping.ts';

/** What goes on after the answer of a request; workerd provides it. */
interface ExecutionContext {
  /** Keeps the worker alive until a promise is settled. */
  waitUntil(promise: Promise<unknown>): void;
}

/**
 * The plugins, from the first request on: at module scope a worker has neither the time nor random
 * values, nor could it wait for the storage.
 */
let opened: Promise<OpenPlugins> | undefined;

/** Opens the plugins once. After a failure, the next request tries again. */
function plugins(environment: Environment): Promise<OpenPlugins> {
  opened ??= openPlugins(environment).catch((error: unknown) => {
    opened = undefined;
    throw error;
  });
  return opened;
}

async function answer(request: Request, environment: Environment, context: ExecutionContext): Promise<Response> {
  const client = clientOf(request, environment);
  if (client === undefined) return errorAnswer('authentication_error', 'send a key of this worker as x-api-key');
  if (new URL(request.url).pathname !== '/v1/messages') return errorAnswer('not_found_error', 'ask for /v1/messages');
  if (request.method !== 'POST') return errorAnswer('method_not_allowed', 'messages are sent by POST');
  const received = await receiveRequest(request, { bodyMaxBytes: environment.BODY_MAX_BYTES });
  if (!isJsonObject(received.body)) return errorAnswer('invalid_request_error', 'the body must be a JSON object');

  const open = await plugins(environment);
  const exchange = { id: crypto.randomUUID(), client, received };
  const upstream = chosenUpstream(exchange, open, environment.UPSTREAMS);
  context.waitUntil(open.storage.save());
  if (upstream === undefined) return errorAnswer('overloaded_error', 'no upstream may serve this request');
  return await answered(await sentToUpstream(exchange, open, upstream), open);
}

function isJsonObject(body: Uint8Array): boolean {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/** Says a failure as HTTP. What is not known goes to the log, and the client learns only that. */
function failureAnswer(error: unknown): Response {
  if (error instanceof PluginRefusal) return errorAnswer('api_error', error.message);
  if (error instanceof HttpMessageError) {
    const isTooLarge = error.failure.kind === 'BodyTooLarge';
    return errorAnswer(isTooLarge ? 'request_too_large' : 'invalid_request_error', error.message);
  }
  console.error(error instanceof Error ? error.stack : error);
  return errorAnswer('internal_error', 'the worker failed: its log says why');
}

// biome-ignore lint/style/noDefaultExport: a worker is the default export of its first module
export default {
  async fetch(request: Request, environment: Environment, context: ExecutionContext): Promise<Response> {
    try {
      return await answer(request, environment, context);
    } catch (error) {
      return failureAnswer(error);
    }
  },
};
