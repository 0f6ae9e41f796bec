import { checkOptions, flagRule, type OptionRules } from '../../option-rules.ts';
import type { Header } from '../messages/common.ts';
import type { FilterRequest } from '../messages/filter.ts';
import type { ShapeRequest, TransformResponseRequest, TransformSseEventRequest } from '../messages/shape.ts';
import { checkedChunk, checkUnread, joinedChunks } from './body-chunks.ts';
import { HIDDEN_COOKIES, HIDDEN_HEADERS, hasHeader } from './header-rules.ts';
import { HookPolicyError } from './policy-error.ts';
import { wireHeaders } from './wire-headers.ts';

/** What plugins may see. */
export interface VisibilityOptions {
  /** Whether `cookie` is hidden from plugins: false by default, as in cc-lb. */
  readonly cookieRedaction?: boolean | undefined;
}

/** The rules of {@link VisibilityOptions}. */
export const visibilityRules: OptionRules<VisibilityOptions> = { cookieRedaction: flagRule };

/** The part of a request to `filter` and `shape` that the client's request decides. */
export type VisibleRequest = Pick<FilterRequest & ShapeRequest, 'method' | 'path' | 'query' | 'headers'>;

/** The part of a request to the response hooks that the upstream's response decides. */
export type VisibleResponse = Pick<
  TransformResponseRequest & TransformSseEventRequest,
  'response_status' | 'response_headers'
>;

/**
 * Returns what `filter` and `shape` may see of a client's request: not its credentials, and not the
 * name of this host. The body is added by the caller, who reads it once: see {@link readBody}.
 *
 * @throws TypeError if `options` is malformed.
 *
 * @example
 * const body = await readBody(request, 32 * 1024 * 1024);
 * plugin.shape({ ...visibleRequest(request), body, request_id, principal, upstream });
 */
export function visibleRequest(request: Request, options: VisibilityOptions = {}): VisibleRequest {
  checkOptions(options, visibilityRules);
  const { pathname, search } = new URL(request.url);
  return {
    method: request.method,
    path: pathname,
    query: search === '' ? null : search.slice(1),
    headers: visibleHeaders(request.headers, options),
  };
}

/**
 * Returns what the response hooks may see of an upstream's response, besides its body or event.
 *
 * @throws TypeError if `options` is malformed.
 */
export function visibleResponse(response: Response, options: VisibilityOptions = {}): VisibleResponse {
  checkOptions(options, visibilityRules);
  return { response_status: response.status, response_headers: visibleHeaders(response.headers, options) };
}

function visibleHeaders(headers: Headers, { cookieRedaction = false }: VisibilityOptions): Header[] {
  const hidden = cookieRedaction ? { ...HIDDEN_HEADERS, ...HIDDEN_COOKIES } : HIDDEN_HEADERS;
  return wireHeaders(headers).filter(({ name }) => !hasHeader(hidden, name));
}

/**
 * Reads the body of a message, up to a limit.
 *
 * @param max the most bytes.
 * @returns the bytes; none if there is no body.
 * @throws HookPolicyError `BodyTooLarge`; the rest of the body is then given up. TypeError if the
 * body was read before. Errors of the body pass unchanged.
 */
export async function readBody(message: Request | Response, max: number): Promise<Uint8Array<ArrayBuffer>> {
  if (message.body === null) return new Uint8Array();
  checkUnread(message);
  const reader: ReadableStreamDefaultReader<unknown> = message.body.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
    const chunk = checkedChunk(value);
    size += chunk.length;
    if (size > max) {
      // Not awaited: a clone's body is cancelled only when the original's is. Nobody reads on, so
      // nobody misses an error of giving up.
      reader.cancel().catch(() => undefined);
      throw new HookPolicyError({ kind: 'BodyTooLarge', max });
    }
    chunks.push(chunk);
  }
  return joinedChunks(chunks, size);
}
