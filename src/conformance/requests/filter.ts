import {
  type CandidateWireV2,
  type FilterRequest,
  type HeaderWire,
  OpaqueJson,
  type Principal,
  type WireInput,
  wire,
  wireSamples,
} from '../../protocol/messages/index.ts';
import { base64, type Content, RequestBuilder } from './builder.ts';

/** A request of `filter` under construction. */
export class FilterRequestBuilder extends RequestBuilder<FilterRequest> {
  /** Sets `request_id`. */
  requestId(id: string): this {
    return this.with({ request_id: id });
  }

  /** Sets `method`. */
  method(method: string): this {
    return this.with({ method });
  }

  /** Sets `path`, and `query` without its question mark. */
  path(path: string, query: string | null = null): this {
    return this.with({ path, query });
  }

  /** Adds a header. */
  header(name: string, value: Content): this {
    return this.with({ headers: [...this.request.headers, headerOf(name, value)] });
  }

  /** Sets the body. */
  body(content: Content): this {
    return this.with({ body_base64: base64(content) });
  }

  /** Changes fields of `principal`. */
  principal(changes: Partial<WireInput<Principal>>): this {
    return this.with({ principal: principalWith(this.request.principal, changes) });
  }

  /** Adds a candidate: the sample with this id and these changes. */
  candidate(id: string, changes: Partial<Omit<CandidateWireV2, 'upstream_id'>> = {}): this {
    const candidate = { ...wireSamples.CandidateWire(), ...changes, upstream_id: id };
    return this.with({ candidates: [...this.request.candidates, candidate] });
  }
}

/** Starts a request of `filter` from the dry-run sample, which has no candidates. */
export function filterRequest(): FilterRequestBuilder {
  return new FilterRequestBuilder(wire.v3.filter.dryRunRequest());
}

/** Makes a header of the wire. */
export function headerOf(name: string, value: Content): HeaderWire {
  return { name, value_base64: base64(value) };
}

/** Copies a principal with some fields changed. */
export function principalWith(principal: Principal, { claims, ...changes }: Partial<WireInput<Principal>>): Principal {
  return { ...principal, ...changes, ...(claims !== undefined && { claims: OpaqueJson.from(claims) }) };
}
