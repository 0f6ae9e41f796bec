import { translate } from '../../failure.ts';
import { checkOptions, limitRule, type OptionRules, optionsRule } from '../../option-rules.ts';
import type { TransformResponseRequest, TransformResponseResult } from '../messages/shape.ts';
import type { HookOutcome } from '../plugin.ts';
import { bodyInit, NULL_BODY_STATUSES } from './bodies.ts';
import {
  type FallbackOptions,
  fallbackRules,
  type HookFallbackError,
  reportFallback,
  type Taken,
  taken,
} from './fallback.ts';
import { RESPONSE_DROPPED_HEADERS } from './header-rules.ts';
import { HookPolicyError } from './policy-error.ts';
import { readBody, type VisibilityOptions, type VisibleResponse, visibilityRules, visibleResponse } from './visible.ts';
import {
  checkHeaders,
  checkOutput,
  headerParts,
  settleBounds,
  type WireBounds,
  wireBoundRules,
} from './wire-bounds.ts';
import { forwardedHeaders, wireHeaders } from './wire-headers.ts';

/** How a host uses the answer of `transform_response`. */
export interface ResponsePolicyOptions extends VisibilityOptions, FallbackOptions {
  readonly bounds?: WireBounds | undefined;
  /**
   * Bytes of a body that a plugin is asked about: 33,554,432 (32 MiB) by default. A larger one
   * counts as a failure. The request must fit into the plugin's memory.
   */
  readonly bodyMaxBytes?: number | undefined;
}

const rules: OptionRules<ResponsePolicyOptions> = {
  ...visibilityRules,
  ...fallbackRules,
  bounds: optionsRule(wireBoundRules),
  bodyMaxBytes: limitRule,
};

const BODY_MAX_BYTES = 32 * 1024 * 1024;

/**
 * Calls the hook with what it is given, and with what only the host knows. May return a promise, as
 * a host of plugins does.
 */
export type TransformResponse = (
  seen: VisibleResponse & Pick<TransformResponseRequest, 'body'>,
) => HookOutcome<TransformResponseResult> | Promise<HookOutcome<TransformResponseResult>>;

/** The response for the client. */
export interface ResponseDecision {
  readonly response: Response;
  /** Why the answer was not used; then this is the original response. */
  readonly error?: HookFallbackError;
}

/**
 * The policy of `transform_response` (abi/HOOKS.md, "Policies of a server"): if the hook failed,
 * its answer is not taken, or the body is too large, the original response passes on, with a
 * warning.
 *
 * @param response of the upstream, as `fetch` returns it: its body is decoded. It is not read
 * itself, but a clone of it.
 * @returns the original response itself if it passes on.
 * @throws TypeError if `options` is malformed, the body was read before, or `transform` returns no
 * outcome. Errors of the body, and exceptions from `transform` and `telemetry`, propagate.
 *
 * @example
 * const { response } = await responseAfterTransform(original, (seen) =>
 *   plugin.transformResponse({ ...seen, ...known }),
 * );
 */
export async function responseAfterTransform(
  response: Response,
  transform: TransformResponse,
  options: ResponsePolicyOptions = {},
): Promise<ResponseDecision> {
  checkOptions(options, rules);
  const { bodyMaxBytes = BODY_MAX_BYTES, cookieRedaction, bounds } = options;
  const body = await bodyUpTo(response.clone(), bodyMaxBytes);
  const result = body.ok
    ? taken(await transform({ ...visibleResponse(response, { cookieRedaction }), body: body.value }), (answer) =>
        transformedResponse(answer, response, body.value, bounds),
      )
    : body;
  if (result.ok) return { response: result.value };
  const { error } = result;
  reportFallback('transform_response', 'original_response', error, options);
  return { response, error };
}

async function bodyUpTo(response: Response, max: number): Promise<Taken<Uint8Array>> {
  try {
    return { ok: true, value: await readBody(response, max) };
  } catch (error) {
    if (error instanceof HookPolicyError) return { ok: false, error };
    throw error;
  }
}

/**
 * Takes the answer of `transform_response`. What it does not replace stays as it was. A new
 * response gets a new `content-length`.
 *
 * @param original the response that the plugin was asked about.
 * @param body the body of it.
 * @returns `original` itself if it is unchanged.
 * @throws HookPolicyError for the first rule that is broken: size, status, headers.
 */
export function transformedResponse(
  answer: TransformResponseResult,
  original: Response,
  body: Uint8Array,
  bounds?: WireBounds,
): Response {
  if (answer.kind === 'Unchanged') return original;
  const settled = settleBounds(bounds);
  checkOutput([...headerParts(answer.headers ?? []), answer.body ?? ''], settled);
  const status = answer.status ?? original.status;
  const bytes = answer.body ?? body;
  checkStatus(status, bytes.length);
  checkHeaders(answer.headers ?? [], settled);
  return translate(
    () => {
      const headers = forwardedHeaders(answer.headers ?? wireHeaders(original.headers), RESPONSE_DROPPED_HEADERS);
      if (!NULL_BODY_STATUSES.includes(status)) headers.set('content-length', String(bytes.length));
      const statusText = status === original.status ? original.statusText : '';
      return new Response(bodyInit(bytes), { status, statusText, headers });
    },
    TypeError,
    (_error, options) => new HookPolicyError({ kind: 'NotConstructible' }, options),
  );
}

/** @param bytes the size of the body. */
function checkStatus(status: number, bytes: number): void {
  if (status < 200 || status > 599) throw new HookPolicyError({ kind: 'Status', status });
  if (NULL_BODY_STATUSES.includes(status) && bytes > 0)
    throw new HookPolicyError({ kind: 'BodyNotAllowed', bytes, of: status });
}
