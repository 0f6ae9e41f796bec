import {
  handshake,
  hostStorageGet,
  hostStoragePut,
  selfCheck,
  textOf,
  utf8,
  WireFunction,
} from 'cc-lb-runtime-protocol/assemblyscript';
import {
  Candidate,
  FilterRequest,
  FilterResponse,
  FilterResult,
  filterFunction,
} from 'cc-lb-runtime-protocol/assemblyscript/wire/filter';

// A router that keeps a client with its upstream, whose prompt cache knows the client then. Which
// upstream that is, it keeps in the host's storage: the memory of a plugin ends with its instance.

const functions: WireFunction[] = [filterFunction];

export function cc_lb_handshake(): i32 {
  return handshake(functions);
}

export function cc_lb_self_check(): i32 {
  return selfCheck(functions);
}

export function filter(): i32 {
  return filterFunction.dispatch(keepUpstream);
}

/** The key under which the number of clients is stored. */
const CLIENTS = 'clients';

function keepUpstream(request: FilterRequest): FilterResponse {
  const response = new FilterResponse();
  if (request.candidates.length == 0) return response;
  const key = `upstream of ${request.principal.id}`;
  const kept = textOf(hostStorageGet(key));
  let chosen = indexOf(kept, request.candidates);
  if (chosen < 0) {
    chosen = nextTurn() % request.candidates.length;
    hostStoragePut(key, utf8(request.candidates[chosen].upstreamId));
  }
  for (let index = 0; index < request.candidates.length; index++) {
    const result = new FilterResult();
    result.upstreamId = request.candidates[index].upstreamId;
    result.decision = index == chosen ? 'accept' : 'reject';
    result.reason = index == chosen ? 'the upstream of this client' : 'the client has another upstream';
    response.results.push(result);
  }
  return response;
}

/** The place of a candidate, or -1: it may be gone since it was stored. */
function indexOf(upstreamId: string, candidates: Candidate[]): i32 {
  for (let index = 0; index < candidates.length; index++) {
    if (candidates[index].upstreamId == upstreamId) return index;
  }
  return -1;
}

/** Counts clients, so that they are spread over the upstreams. */
function nextTurn(): i32 {
  const text = textOf(hostStorageGet(CLIENTS));
  const count: i32 = text.length == 0 ? 0 : <i32>parseInt(text);
  hostStoragePut(CLIENTS, utf8((count + 1).toString()));
  return count;
}
