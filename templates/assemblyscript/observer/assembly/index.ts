import { handshake, logInfo, selfCheck, WireFunction } from 'cc-lb-runtime-protocol/assemblyscript';
import {
  ObserveEvent,
  ObserveRequest,
  ObserveResponse,
  observeFunction,
} from 'cc-lb-runtime-protocol/assemblyscript/wire/observe';

// An observer: gets the events of a request, and changes nothing. This one writes a line to the
// host's log for each request that ends.

/** Every wire function that this file exports. Handshake and self-check need the list. */
const functions: WireFunction[] = [observeFunction];

export function cc_lb_handshake(): i32 {
  return handshake(functions);
}

export function cc_lb_self_check(): i32 {
  return selfCheck(functions);
}

export function observe(): i32 {
  return observeFunction.dispatch(report);
}

/** Gets a batch of events, in their order. The host ignores an error. */
function report(request: ObserveRequest): ObserveResponse {
  for (let index = 0; index < request.events.length; index++) {
    const line = lineOf(request.events[index]);
    if (line !== null) logInfo(line);
  }
  return new ObserveResponse();
}

/**
 * The line for an event, if it has one. A host may send the log anywhere, so leave out what belongs
 * to users.
 */
function lineOf(event: ObserveEvent): string | null {
  if (event.kind == 'error') return `error ${event.code} of ${event.source}`;
  if (event.kind != 'request_finished') return null;
  const line = `status ${event.status} after ${event.durationMs} ms`;
  // `outputTokens` is a JSON number or null, as it was sent.
  return event.outputTokens.isNull ? line : `${line}, ${event.outputTokens.toUnsigned()} tokens`;
}
