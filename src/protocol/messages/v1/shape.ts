import { list, string, struct } from '../../../json/declare.ts';
import type { Infer } from '../../../json/type.ts';
import type { WireFunction } from '../wire-function.ts';
import { headerWire, requestWire } from './http.ts';
import { principal } from './principal.ts';
import { principalSample, requestSample, shapedRequestSample, upstreamSample } from './samples.ts';
import { upstreamWire } from './upstream.ts';

/** The fields of a shape request in every version; a later version adds to them. */
export const shapeRequestFields = { request: requestWire, upstream: upstreamWire, principal } as const;

/** What `shape` is called with. */
export const shapeRequest = struct('ShapeRequest', shapeRequestFields);
/** What {@link shapeRequest} decodes to. */
export type ShapeRequest = Infer<typeof shapeRequest>;

/** What `shape` answers. */
export const shapeResponse = struct('ShapeResponse', {
  url: string,
  method: string,
  headers: list(headerWire),
  body_base64: string,
});
/** What {@link shapeResponse} decodes to. */
export type ShapeResponse = Infer<typeof shapeResponse>;

/** Turns a client's request into the one for the upstream. */
export const shape: WireFunction<ShapeRequest, ShapeResponse> = {
  name: 'shape',
  fallback: 'fail_request',
  supportedVersions: [1],
  dryRunRequest: () => ({ request: requestSample(), upstream: upstreamSample(), principal: principalSample() }),
  dryRunResponse: shapedRequestSample,
  schemas: { request: shapeRequest, response: shapeResponse },
};
