import { encodeBase64 } from '../../base64.ts';
import { transformedResponse, type WireBounds } from '../../hooks/index.ts';
import { wireBoundRules } from '../../hooks/policies/wire-bounds.ts';
import { checkOptions, limitRule, type OptionRules, optionsRule, telemetryRule } from '../../option-rules.ts';
import type { DispatchError, DispatchOutcome } from '../../protocol/dispatch.ts';
import type {
  NormalizeErrorRequest,
  NormalizeErrorResponse,
  UpstreamErrorCategory,
  UpstreamErrorWire,
} from '../../protocol/messages/index.ts';
import type { Telemetry } from '../../telemetry.ts';
import { readMessageBody } from './body.ts';
import { HttpMessageError, withMessageErrors } from './message-error.ts';
import { bytesOf } from './wire-form.ts';

/** An upstream's answer that says that it failed. */
export interface UpstreamFailure {
  /**
   * The answer itself, which was not read: a clone was. A host that does not pass it on cancels its
   * body, so that the connection is free.
   */
  readonly response: Response;
  /** Its body; `undefined` if plugins do not see it, because it is too large. */
  readonly body: Uint8Array<ArrayBuffer> | undefined;
}

/** How the answer of an upstream that failed is read. */
export interface ReadFailureOptions {
  /** Bytes of a body that plugins see: 262,144 (256 KiB) by default. */
  readonly bodyMaxBytes?: number | undefined;
}

const readRules: OptionRules<ReadFailureOptions> = { bodyMaxBytes: limitRule };

const BODY_MAX_BYTES = 256 * 1024;

/**
 * Reads the answer of an upstream that failed, for `normalize_error` and `on_unauthorized`.
 *
 * @param response with a status from 400 up.
 * @throws in the promise: HttpMessageError `BodyInterrupted`. TypeError if `options` is malformed,
 * or the body was read before.
 */
export async function readUpstreamFailure(
  response: Response,
  options: ReadFailureOptions = {},
): Promise<UpstreamFailure> {
  checkOptions(options, readRules);
  try {
    return {
      response,
      body: await readMessageBody(response.clone(), options.bodyMaxBytes ?? BODY_MAX_BYTES, 'response'),
    };
  } catch (error) {
    if (error instanceof HttpMessageError && error.failure.kind === 'BodyTooLarge')
      return { response, body: undefined };
    throw error;
  }
}

/** The statuses after which the same request may succeed later. 529 is Anthropic's `overloaded`. */
const RETRYABLE: readonly number[] = [408, 425, 429, 500, 502, 503, 504, 529];

/** Says what kind of failure a status is: of the credential, of the moment, or of the request. */
export function upstreamErrorCategory(status: number): UpstreamErrorCategory {
  if (status === 401) return 'unauthorized';
  return RETRYABLE.includes(status) ? 'retryable' : 'failed';
}

/** Writes the answer of an upstream that failed for `SignerFlow.onUnauthorized`. */
export function upstreamErrorWire({ response: { status }, body }: UpstreamFailure): UpstreamErrorWire {
  return {
    status,
    body_base64: body === undefined ? null : encodeBase64(body),
    category: upstreamErrorCategory(status),
  };
}

/** How a host uses the answer of `normalize_error`. */
export interface NormalizePolicyOptions {
  readonly bounds?: WireBounds | undefined;
  /** Receives a warning if an answer is not taken; nothing is reported by default. */
  readonly telemetry?: Telemetry | undefined;
}

const rules: OptionRules<NormalizePolicyOptions> = { bounds: optionsRule(wireBoundRules), telemetry: telemetryRule };

/** The response for the client after `normalize_error`. */
export interface NormalizeDecision {
  readonly response: Response;
  /** Why the answer was not used; then this is the upstream's own response. */
  readonly error?: DispatchError | HttpMessageError;
}

/** Calls `normalize_error` with what it is given. */
export type NormalizeError = (
  request: NormalizeErrorRequest,
) => DispatchOutcome<NormalizeErrorResponse> | Promise<DispatchOutcome<NormalizeErrorResponse>>;

/**
 * The policy of `normalize_error`: the plugin may replace the body of an upstream's failure. If the
 * call fails, its answer is not taken, or the body is too large for plugins, the response of the
 * upstream passes on, as the fallback `pass_through` says.
 *
 * @param normalize calls the plugin. It is not called if the plugin cannot see the body.
 * @returns the upstream's response itself if it passes on. A new one loses the headers that a
 * transformed response loses: see docs/POLICIES.md.
 * @throws TypeError if `options` is malformed. Exceptions from `normalize` and `telemetry`
 * propagate.
 *
 * @example
 * const { response } = await responseAfterNormalize(failure, (request) =>
 *   host.dispatch(dialect, wire.v1.normalizeError, request),
 * );
 */
export async function responseAfterNormalize(
  failure: UpstreamFailure,
  normalize: NormalizeError,
  options: NormalizePolicyOptions = {},
): Promise<NormalizeDecision> {
  checkOptions(options, rules);
  const { response, body } = failure;
  if (body === undefined) return { response };
  const outcome = await normalize({ status: response.status, body_base64: encodeBase64(body) });
  if (outcome.kind === 'fallback') return { response, error: outcome.error };
  try {
    return { response: withMessageErrors(() => normalized(outcome.response, response, body, options.bounds)) };
  } catch (error) {
    if (!(error instanceof HttpMessageError)) throw error;
    options.telemetry?.log({
      level: 'warn',
      target: 'cc_lb_plugin.dispatch',
      message: "a plugin's answer was not used; the policy replaces it",
      fields: { function: 'normalize_error', policy: 'pass_through', error: `${error.failure.kind}: ${error.message}` },
    });
    return { response, error };
  }
}

function normalized(
  { body_base64 }: NormalizeErrorResponse,
  original: Response,
  body: Uint8Array,
  bounds: WireBounds | undefined,
): Response {
  if (body_base64 === null) return original;
  const replaced = { kind: 'Replace', status: null, headers: null, body: bytesOf('body_base64', body_base64) } as const;
  return transformedResponse(replaced, original, body, bounds);
}
