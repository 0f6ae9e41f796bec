import { FailureError } from '../../failure.ts';
import type { ObserveEventWire, ObserveRequest } from '../../protocol/messages/index.ts';
import type { Telemetry } from '../../telemetry.ts';

/** Calls `observe` with what it is given. */
export type ReportEvents = (request: ObserveRequest) => Promise<unknown>;

/** What plugins of 32 bits take as a count. */
const COUNT_MAX = 0xffff_ffff;

/**
 * Tells an observer about a stream, one report at a time. What comes while a report is under way
 * goes into the next one. So a slow observer gets larger batches: it neither delays the client, nor
 * does the host hold more the slower it is.
 */
export class BatchReports {
  readonly #report: ReportEvents;
  readonly #telemetry: Telemetry | undefined;
  #index = 0;
  #events = 0;
  #bytes = 0;
  #last: readonly ObserveEventWire[] = [];
  #isDue = false;
  #isReporting = false;

  constructor(report: ReportEvents, telemetry: Telemetry | undefined) {
    this.#report = report;
    this.#telemetry = telemetry;
  }

  /** How many events are not reported yet. */
  get events(): number {
    return this.#events;
  }

  /** Counts events and bytes for the next batch. */
  add(events: number, bytes: number): void {
    this.#events += events;
    this.#bytes += bytes;
  }

  /** Reports the batch, as soon as no other report is under way. */
  flush(): void {
    this.#isDue = true;
    this.#reportNext();
  }

  /** Reports the last batch, and these events after it. */
  end(last: readonly ObserveEventWire[]): void {
    this.#last = last;
    this.flush();
  }

  #reportNext(): void {
    if (!this.#isDue || this.#isReporting) return;
    const events = this.#takeEvents();
    if (events.length === 0) return;
    this.#isReporting = true;
    const next = (): void => {
      this.#isReporting = false;
      this.#reportNext();
    };
    // It rejects only if the telemetry throws, and there is no caller left to tell.
    this.#tell(events).then(next, next);
  }

  #takeEvents(): ObserveEventWire[] {
    const [event_count, total_bytes] = [Math.min(this.#events, COUNT_MAX), Math.min(this.#bytes, COUNT_MAX)];
    const isBatch = event_count > 0 || total_bytes > 0;
    const chunk = { kind: 'chunk', batch_index: this.#index, event_count, total_bytes } as const;
    const events = isBatch ? [chunk, ...this.#last] : [...this.#last];
    this.#index++;
    this.#events = this.#bytes = 0;
    this.#last = [];
    this.#isDue = false;
    return events;
  }

  /** An observer that fails does not concern the client. */
  async #tell(events: ObserveEventWire[]): Promise<void> {
    try {
      await this.#report({ events });
    } catch (error) {
      // Other errors are not of this package, and their messages may have anything.
      const reason = error instanceof FailureError ? `${error.name}: ${error.message}` : 'not an error of this package';
      this.#telemetry?.log({
        level: 'warn',
        target: 'cc_lb_plugin.host',
        message: 'an observer could not be told about a response, which goes on',
        fields: { function: 'observe', error: reason },
      });
    }
  }
}
