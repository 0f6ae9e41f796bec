import { translate } from '../../failure.ts';
import { NULL_BODY_STATUSES } from '../../hooks/policies/bodies.ts';
import type { HeaderRules } from '../../hooks/policies/header-rules.ts';
import { forwardedHeaders, wireHeaders } from '../../hooks/policies/wire-headers.ts';
import { checkOptions, functionRule, type OptionRules } from '../../option-rules.ts';
import { isAbortSignal } from '../../realms.ts';
import { HttpMessageError } from './message-error.ts';

/** How an upstream is asked. */
export interface AskOptions {
  /** Ends the request: that of the client's request ends it when the client goes away. */
  readonly signal?: AbortSignal | undefined;
  /** Sends the request: the `fetch` of the runtime by default. */
  readonly fetch?: ((request: Request, init: { readonly signal?: AbortSignal }) => Promise<Response>) | undefined;
}

const rules: OptionRules<AskOptions> = {
  signal: { expected: 'an AbortSignal', holds: isAbortSignal },
  fetch: functionRule,
};

/** The encodings that `fetch` of every runtime decodes. Deno decodes no `deflate`, Bun no list. */
const DECODED: readonly string[] = ['gzip', 'br'];

/**
 * Sends a request to an upstream.
 *
 * @param request whose `accept-encoding` is replaced by what every runtime decodes.
 * @returns a promise of the response, as {@link forwardedResponse} makes it. If its body is
 * cancelled, so is the request.
 * @throws in the promise: HttpMessageError `UpstreamUnreachable`, `Aborted` if the signal ended
 * it, and what `forwardedResponse` throws. TypeError if `options` is malformed.
 *
 * @example
 * const response = await askUpstream(signedRequest(signed), { signal: received.request.signal });
 */
export async function askUpstream(request: Request, options: AskOptions = {}): Promise<Response> {
  checkOptions(options, rules);
  request.headers.set('accept-encoding', DECODED.join(', '));
  return forwardedResponse(await answerOf(request, options));
}

async function answerOf(request: Request, { signal, fetch = globalThis.fetch }: AskOptions): Promise<Response> {
  try {
    return await fetch(request, signal === undefined ? {} : { signal });
  } catch (cause) {
    throw new HttpMessageError({ kind: signal?.aborted ? 'Aborted' : 'UpstreamUnreachable' }, { cause });
  }
}

/** The headers of a body that `fetch` has decoded. */
const ENCODED_HEADERS: HeaderRules = {
  'content-encoding': 'the body is decoded',
  'content-length': 'the length of the encoded body',
};

/**
 * Makes the response that a host passes on: without the headers of the connection, and without
 * those of an encoding that `fetch` has undone. Each `set-cookie` stays a header of its own. The
 * body is a stream: it is read as fast as the client takes it, and cancelled when the client goes
 * away.
 *
 * @param response as `fetch` returns it. It cannot be used afterwards.
 * @throws HttpMessageError `ContentEncoding`; `Status` if it is outside 200 to 599;
 * `NotConstructible`. The body is then given up.
 */
export function forwardedResponse(response: Response): Response {
  try {
    return forwarded(response);
  } catch (error) {
    giveUp(response.body);
    throw error;
  }
}

function forwarded({ status, statusText, headers, body }: Response): Response {
  if (status < 200 || status > 599) throw new HttpMessageError({ kind: 'Status', status });
  const encoding = headers.get('content-encoding')?.trim().toLowerCase() ?? 'identity';
  const isEncoded = encoding !== 'identity' && encoding !== '';
  if (isEncoded && body !== null && !DECODED.includes(encoding))
    throw new HttpMessageError({ kind: 'ContentEncoding' });
  const kept = forwardedHeaders(wireHeaders(headers), isEncoded ? ENCODED_HEADERS : {});
  const allowed = NULL_BODY_STATUSES.includes(status) ? null : body;
  if (allowed === null) giveUp(body);
  return translate(
    () => new Response(allowed, { status, statusText, headers: kept }),
    TypeError,
    (_error, options) => new HttpMessageError({ kind: 'NotConstructible' }, options),
  );
}

/** Gives a body up. Nobody reads on, so nobody misses an error of giving up. */
export function giveUp(body: ReadableStream | null): void {
  body?.cancel().catch(() => undefined);
}
