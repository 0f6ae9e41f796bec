import { unwrap } from '../../failure.ts';
import { checkOptions, limitRule, type OptionRules, optionsRule } from '../../option-rules.ts';
import { HookCallError } from '../call-error.ts';
import type { SseEvent, TransformSseEventRequest, TransformSseEventResult } from '../messages/shape.ts';
import type { HookOutcome } from '../plugin.ts';
import { EventReader } from './event-reader.ts';
import { writeEvents } from './event-writer.ts';
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
import { type VisibilityOptions, type VisibleResponse, visibilityRules, visibleResponse } from './visible.ts';
import { settleBounds, type WireBounds, wireBoundRules } from './wire-bounds.ts';
import { forwardedHeaders, wireHeaders } from './wire-headers.ts';

/** How a host uses the answers of `transform_sse_event`. */
export interface EventPolicyOptions extends VisibilityOptions, FallbackOptions {
  readonly bounds?: WireBounds | undefined;
  /**
   * Bytes of one event of the upstream: 16,777,216 (16 MiB) by default. A larger one counts as a
   * failure.
   */
  readonly eventMaxBytes?: number | undefined;
}

const rules: OptionRules<EventPolicyOptions> = {
  ...visibilityRules,
  ...fallbackRules,
  bounds: optionsRule(wireBoundRules),
  eventMaxBytes: limitRule,
};

const EVENT_MAX_BYTES = 16 * 1024 * 1024;

/** Calls the hook with what it is given, and with what only the host knows. */
export type TransformEvent = (
  seen: VisibleResponse & Pick<TransformSseEventRequest, 'event'>,
) => HookOutcome<TransformSseEventResult>;

/** Whether a response is a stream of server-sent events, which `transform_sse_event` sees. */
export function isEventStream({ headers }: Response): boolean {
  return /^\s*text\/event-stream\s*(;|$)/i.test(headers.get('content-type') ?? '');
}

/**
 * The policy of `transform_sse_event` (abi/HOOKS.md, "Policies of a server"): the plugin sees one
 * event after the other. If the hook fails, its answer is not taken, or an event is too large, then
 * there is a warning, and the stream passes on as it is from that event, without further calls. But
 * if something transformed was sent before, the client gets an error frame, and the stream ends. A
 * dropped event sends nothing.
 *
 * What is not an event passes on as it is: comments, blocks without data, and what follows the last
 * blank line. A replaced event loses its fields `id` and `retry`, which plugins do not see.
 *
 * @param response of the upstream, as `fetch` returns it: its body is decoded. It cannot be used
 * afterwards.
 * @returns a response whose body calls the plugin when it is read. Exceptions from `transform` and
 * `telemetry` make it fail, and so does a TypeError if `transform` returns no outcome.
 * @throws TypeError if `options` is malformed, or the body was read before.
 *
 * @example
 * eventsAfterTransform(original, (seen) => plugin.transformSseEvent({ ...seen, ...known }));
 */
export function eventsAfterTransform(
  response: Response,
  transform: TransformEvent,
  options: EventPolicyOptions = {},
): Response {
  checkOptions(options, rules);
  if (response.body === null) return response;
  const { bounds, cookieRedaction } = options;
  const seen = visibleResponse(response, { cookieRedaction });
  const take = (event: SseEvent): Taken<Uint8Array<ArrayBuffer> | undefined> =>
    taken(transform({ ...seen, event }), (answer) => transformedEvents(answer, bounds));
  const body = response.body.pipeThrough(new TransformStream(eventTransformer(take, options)));
  const headers = forwardedHeaders(wireHeaders(response.headers), RESPONSE_DROPPED_HEADERS);
  return new Response(body, { status: response.status, statusText: response.statusText, headers });
}

/**
 * Takes the answer of `transform_sse_event`.
 *
 * @returns the bytes of the events that replace the event, which may be none; `undefined` if it is
 * unchanged.
 * @throws HookPolicyError `OutputTooLarge` or `EventName`.
 */
export function transformedEvents(
  answer: TransformSseEventResult,
  bounds?: WireBounds,
): Uint8Array<ArrayBuffer> | undefined {
  if (answer.kind === 'Unchanged') return undefined;
  return writeEvents(answer.kind === 'Drop' ? [] : answer.events, settleBounds(bounds).outputMaxBytes);
}

/** The last event of a stream that failed after something transformed was sent. */
const ERROR_FRAME = `event: error
data: {"type":"error","error":{"type":"response_transform_error","message":"the response could not be transformed"}}

`;

/**
 * Passes a stream of events through a plugin.
 *
 * @param take calls the plugin. Returns what replaces an event; `undefined` if it is unchanged.
 */
function eventTransformer(
  take: (event: SseEvent) => Taken<Uint8Array<ArrayBuffer> | undefined>,
  options: EventPolicyOptions,
): Transformer<Uint8Array, Uint8Array> {
  const reader = new EventReader(options.eventMaxBytes ?? EVENT_MAX_BYTES);
  let state: 'original' | 'transformed' | 'raw' = 'original';
  /** The block for which the plugin is called. */
  let pending: Uint8Array = new Uint8Array();

  function sendBlocks(controller: Controller): void {
    for (let block = reader.next(); block !== undefined; block = reader.next()) {
      pending = block.bytes;
      const replacement = block.event && unwrap(take(block.event));
      if (replacement !== undefined && replacement.length > 0) state = 'transformed';
      send(controller, replacement ?? block.bytes);
      pending = new Uint8Array();
    }
  }

  function fallBack(error: HookFallbackError, controller: Controller): void {
    const policy = state === 'transformed' ? 'end_stream' : 'original_events';
    reportFallback('transform_sse_event', policy, error, options);
    if (policy === 'end_stream') {
      send(controller, new TextEncoder().encode(ERROR_FRAME));
      controller.terminate();
    } else {
      state = 'raw';
      send(controller, pending);
      send(controller, reader.rest());
    }
  }

  return {
    transform(chunk, controller) {
      if (state === 'raw') return send(controller, chunk);
      reader.push(chunk);
      try {
        sendBlocks(controller);
      } catch (error) {
        if (!(error instanceof HookCallError || error instanceof HookPolicyError)) throw error;
        fallBack(error, controller);
      }
    },
    flush(controller) {
      send(controller, reader.rest());
    },
  };
}

type Controller = TransformStreamDefaultController<Uint8Array>;

function send(controller: Controller, bytes: Uint8Array): void {
  if (bytes.length > 0) controller.enqueue(bytes);
}
