import { isEventStream } from '../../hooks/index.ts';
import { checkedChunk, checkUnread } from '../../hooks/policies/body-chunks.ts';
import {
  checkArgument,
  checkOptions,
  functionRule,
  limitRule,
  type OptionRules,
  telemetryRule,
} from '../../option-rules.ts';
import type { ObserveEventWire } from '../../protocol/messages/index.ts';
import type { Telemetry } from '../../telemetry.ts';
import { BatchReports, type ReportEvents } from './batch-reports.ts';
import { AnswerMeter, type BodyMeter, EventMeter } from './body-meter.ts';

/** How a response is observed. */
export interface ObserveOptions {
  /** With how many events a batch is reported: 64 by default. */
  readonly batchMaxEvents?: number | undefined;
  /** After how many milliseconds it is reported, with the next bytes: 1,000 by default. */
  readonly batchMs?: number | undefined;
  /**
   * Bytes of an event, or of an answer without events: 1,048,576 (1 MiB) by default. The tokens of
   * a larger answer stay unknown, and after a larger event only bytes are counted.
   */
  readonly eventMaxBytes?: number | undefined;
  /** Milliseconds, as `now` counts them, at which the request came: the call of this by default. */
  readonly startedAt?: number | undefined;
  /** Returns milliseconds that never go back: `performance.now` by default. */
  readonly now?: (() => number) | undefined;
  /** Receives a warning if `report` rejects; nothing is reported by default. */
  readonly telemetry?: Telemetry | undefined;
}

const rules: OptionRules<ObserveOptions> = {
  batchMaxEvents: limitRule,
  batchMs: limitRule,
  eventMaxBytes: limitRule,
  startedAt: { expected: 'a number', holds: (value) => typeof value === 'number' },
  now: functionRule,
  telemetry: telemetryRule,
};

/**
 * Tells an observer of generation 1 about a response while the client reads it. It gets one `chunk`
 * for each batch of events, and `request_finished` at the end, with the tokens that were used, as
 * Anthropic's Messages API tells them. `error` comes before it if the upstream broke off or the
 * client went away. An observer neither changes the response, nor delays it, nor makes it fail.
 *
 * @param response of the upstream, before plugins change it. It cannot be used afterwards.
 * @param report calls `observe`. It is called again only after its promise is settled.
 * @returns a response with the same bytes.
 * @throws TypeError if an argument is malformed, or the body was read before.
 *
 * @example
 * observedResponse(response, (request) => host.dispatch(observer, wire.v1.observe, request));
 */
export function observedResponse(response: Response, report: ReportEvents, options: ObserveOptions = {}): Response {
  checkOptions(options, rules);
  checkArgument('report', typeof report === 'function', 'a function that calls observe');
  checkUnread(response);
  const observation = new Observation(response, new BatchReports(report, options.telemetry), options);
  if (response.body === null) {
    observation.finish();
    return response;
  }
  const { status, statusText, headers } = response;
  // Without a queue: the upstream is read when the client reads.
  const body = new ReadableStream(new ObservedBody(response.body, observation), { highWaterMark: 0 });
  return new Response(body, { status, statusText, headers });
}

type Controller = ReadableStreamDefaultController<Uint8Array>;

/** Passes a body on, and counts what is in it. */
class ObservedBody implements UnderlyingDefaultSource<Uint8Array> {
  readonly #source: ReadableStreamDefaultReader<unknown>;
  readonly #observation: Observation;

  constructor(body: ReadableStream<unknown>, observation: Observation) {
    this.#source = body.getReader();
    this.#observation = observation;
  }

  async pull(controller: Controller): Promise<void> {
    try {
      const { done, value } = await this.#source.read();
      if (!done) {
        const chunk = checkedChunk(value);
        this.#observation.read(chunk);
        return controller.enqueue(chunk);
      }
    } catch (error) {
      this.#observation.finish(INTERRUPTED);
      throw error;
    }
    this.#observation.finish();
    controller.close();
  }

  async cancel(reason: unknown): Promise<void> {
    this.#observation.finish(CANCELLED);
    await this.#source.cancel(reason);
  }
}

const INTERRUPTED: ObserveEventWire = {
  kind: 'error',
  code: 'response_interrupted',
  message: 'the upstream broke off its response',
  source: 'upstream',
};

const CANCELLED: ObserveEventWire = {
  kind: 'error',
  code: 'response_cancelled',
  message: 'the response was not read to its end',
  source: 'downstream',
};

/** What is known of a response while it passes. */
class Observation {
  readonly #status: number;
  readonly #meter: BodyMeter;
  readonly #reports: BatchReports;
  readonly #batchMaxEvents: number;
  readonly #batchMs: number;
  readonly #now: () => number;
  readonly #startedAt: number;
  #reportedAt: number;
  #isFinished = false;

  constructor(response: Response, reports: BatchReports, options: ObserveOptions) {
    const { eventMaxBytes = 1024 * 1024, now = () => performance.now() } = options;
    this.#status = response.status;
    this.#meter = isEventStream(response) ? new EventMeter(eventMaxBytes) : new AnswerMeter(eventMaxBytes);
    this.#reports = reports;
    this.#batchMaxEvents = options.batchMaxEvents ?? 64;
    this.#batchMs = options.batchMs ?? 1000;
    this.#now = now;
    this.#reportedAt = now();
    this.#startedAt = options.startedAt ?? this.#reportedAt;
  }

  /** Takes the next bytes, and reports a batch that is full. */
  read(chunk: Uint8Array): void {
    this.#reports.add(this.#meter.push(chunk), chunk.length);
    const now = this.#now();
    if (this.#reports.events < this.#batchMaxEvents && now - this.#reportedAt < this.#batchMs) return;
    this.#reportedAt = now;
    this.#reports.flush();
  }

  /** Reports the end, unless it was reported before. */
  finish(failure?: ObserveEventWire): void {
    if (this.#isFinished) return;
    this.#isFinished = true;
    const finished: ObserveEventWire = {
      kind: 'request_finished',
      status: this.#status,
      ...this.#meter.usage(),
      duration_ms: Math.max(0, Math.round(this.#now() - this.#startedAt)),
    };
    this.#reports.end(failure === undefined ? [finished] : [failure, finished]);
  }
}
