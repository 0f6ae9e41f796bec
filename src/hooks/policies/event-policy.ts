import { unwrap } from '../../failure.ts';
import { checkOptions, limitRule, type OptionRules, optionsRule } from '../../option-rules.ts';
import { HookCallError } from '../call-error.ts';
import type { SseEvent, TransformSseEventRequest, TransformSseEventResult } from '../messages/shape.ts';
import type { HookOutcome } from '../plugin.ts';
import { checkedChunk, checkUnread } from './body-chunks.ts';
import { LF } from './event-lines.ts';
import { BOM, EventReader } from './event-reader.ts';
import { transformedEvents } from './event-writer.ts';
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
import { type WireBounds, wireBoundRules } from './wire-bounds.ts';
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

/**
 * Calls the hook with what it is given, and with what only the host knows. May return a promise, as
 * a host of plugins does.
 */
export type TransformEvent = (
  seen: VisibleResponse & Pick<TransformSseEventRequest, 'event'>,
) => HookOutcome<TransformSseEventResult> | Promise<HookOutcome<TransformSseEventResult>>;

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
  const take: TakeEvent = async (event) =>
    taken(await transform({ ...seen, event }), (answer) => transformedEvents(answer, bounds));
  checkUnread(response);
  // Without a queue: the plugin is called when the client reads.
  const body = new ReadableStream(new TransformedEvents(response.body, take, options), { highWaterMark: 0 });
  const headers = forwardedHeaders(wireHeaders(response.headers), RESPONSE_DROPPED_HEADERS);
  return new Response(body, { status: response.status, statusText: response.statusText, headers });
}

/** The last event of a stream that failed after something transformed was sent. */
const ERROR_FRAME = `event: error
data: {"type":"error","error":{"type":"response_transform_error","message":"the response could not be transformed"}}

`;

/** Calls the plugin. Returns what replaces an event; `undefined` for no change. */
type TakeEvent = (event: SseEvent) => Promise<Taken<Uint8Array<ArrayBuffer> | undefined>>;

/** The states of a stream: as it came, with something transformed in it, and given up. */
type State = 'original' | 'transformed' | 'raw';

/**
 * Passes a stream of events through a plugin. It calls the plugin for the next event only when the
 * client has taken what came of the last one: a chunk of the upstream can hold thousands of events,
 * and each answer can have many bytes.
 */
class TransformedEvents implements UnderlyingDefaultSource<Uint8Array> {
  readonly #source: ReadableStreamDefaultReader<unknown>;
  readonly #take: TakeEvent;
  readonly #options: EventPolicyOptions;
  readonly #reader: EventReader;
  #state: State = 'original';
  /** The block for which the plugin is called. */
  #pending: Uint8Array = new Uint8Array();
  #hasSent = false;
  #hasDropped = false;

  constructor(source: ReadableStream<unknown>, take: TakeEvent, options: EventPolicyOptions) {
    this.#source = source.getReader();
    this.#take = take;
    this.#options = options;
    this.#reader = new EventReader(options.eventMaxBytes ?? EVENT_MAX_BYTES);
  }

  /** Sends the next bytes, or ends the stream. */
  async pull(controller: Controller): Promise<void> {
    try {
      while (!(await this.#sendBuffered(controller))) {
        const { done, value } = await this.#source.read();
        if (done) {
          this.#send(controller, this.#reader.rest());
          return controller.close();
        }
        this.#reader.push(checkedChunk(value));
      }
    } catch (error) {
      this.#giveUp(error);
      throw error;
    }
  }

  cancel(reason: unknown): Promise<void> {
    return this.#source.cancel(reason);
  }

  /** Sends what came of one block, or ends the stream. @returns whether it did. */
  async #sendBuffered(controller: Controller): Promise<boolean> {
    if (this.#state === 'raw') return this.#send(controller, this.#reader.rest());
    try {
      for (let block = this.#reader.next(); block !== undefined; block = this.#reader.next()) {
        this.#pending = block.bytes;
        const replacement = block.event && unwrap(await this.#take(block.event));
        this.#pending = new Uint8Array();
        if (replacement !== undefined && replacement.length > 0) this.#state = 'transformed';
        if (this.#send(controller, replacement ?? block.bytes)) return true;
        this.#hasDropped = true;
      }
      return false;
    } catch (error) {
      if (!(error instanceof HookCallError || error instanceof HookPolicyError)) throw error;
      this.#fallBack(error, controller);
      return true;
    }
  }

  #fallBack(error: HookFallbackError, controller: Controller): void {
    const policy = this.#state === 'transformed' ? 'end_stream' : 'original_events';
    reportFallback('transform_sse_event', policy, error, this.#options);
    if (policy === 'end_stream') {
      this.#send(controller, new TextEncoder().encode(ERROR_FRAME));
      controller.close();
      this.#giveUp(error);
    } else {
      this.#state = 'raw';
      this.#send(controller, this.#pending);
      this.#send(controller, this.#reader.rest());
    }
  }

  /** Gives the upstream up. The client gets an error already, so it needs none of giving up. */
  #giveUp(reason: unknown): void {
    this.#source.cancel(reason).catch(() => undefined);
  }

  /** @returns whether there was anything to send. */
  #send(controller: Controller, bytes: Uint8Array): boolean {
    if (bytes.length === 0) return false;
    // Clients skip a byte order mark at the start of the stream. What comes after a dropped event
    // was not at the start, so no plugin has seen a field after that mark: keep it from the start.
    if (!this.#hasSent && this.#hasDropped && bytes[0] === BOM[0]) controller.enqueue(Uint8Array.of(LF));
    this.#hasSent = true;
    controller.enqueue(bytes);
    return true;
  }
}

type Controller = ReadableStreamDefaultController<Uint8Array>;
