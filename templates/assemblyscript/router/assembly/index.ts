import { handshake, selfCheck, WireFunction } from 'cc-lb-runtime-protocol/assemblyscript';
import {
  Candidate,
  FilterRequest,
  FilterResponse,
  FilterResult,
  filterFunction,
} from 'cc-lb-runtime-protocol/assemblyscript/wire/filter';

// A router: says of each candidate whether the request may go to it. This one rejects a candidate
// that has used up one of its rate limits.

/** Every wire function that this file exports. Handshake and self-check need the list. */
const functions: WireFunction[] = [filterFunction];

export function cc_lb_handshake(): i32 {
  return handshake(functions);
}

export function cc_lb_self_check(): i32 {
  return selfCheck(functions);
}

export function filter(): i32 {
  return filterFunction.dispatch(filterCandidates);
}

/** Makes exactly one result for each candidate. After an error the host ignores the plugin. */
function filterCandidates(request: FilterRequest): FilterResponse {
  const response = new FilterResponse();
  for (let index = 0; index < request.candidates.length; index++) {
    response.results.push(judge(request.candidates[index]));
  }
  return response;
}

/** The decision is `accept` or `reject`. The reason is for people, and may be empty. */
function judge(candidate: Candidate): FilterResult {
  const result = new FilterResult();
  result.upstreamId = candidate.upstreamId;
  result.decision = 'accept';
  for (let index = 0; index < candidate.observedRateLimits.length; index++) {
    const limit = candidate.observedRateLimits[index];
    // `remaining` is a JSON number or null, as it was sent: 0 is the only unsigned integer up to 0.
    if (!limit.remaining.isUnsigned(0)) continue;
    result.decision = 'reject';
    result.reason = `no ${limit.kind} left in ${limit.window}`;
    break;
  }
  return result;
}
