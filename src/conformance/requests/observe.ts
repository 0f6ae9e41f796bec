import { type ObserveEventWire, type ObserveRequest, wire } from '../../protocol/messages/index.ts';
import { RequestBuilder } from './builder.ts';

/** A request of `observe` under construction. */
export class ObserveRequestBuilder extends RequestBuilder<ObserveRequest> {
  /** Adds an event. */
  event(event: ObserveEventWire): this {
    return this.with({ events: [...this.request.events, event] });
  }

  /** Adds events. */
  events(events: Iterable<ObserveEventWire>): this {
    return this.with({ events: [...this.request.events, ...events] });
  }
}

/** Starts a request of `observe` from the dry-run sample, which has no events. */
export function observeRequest(): ObserveRequestBuilder {
  return new ObserveRequestBuilder(wire.v1.observe.dryRunRequest());
}
