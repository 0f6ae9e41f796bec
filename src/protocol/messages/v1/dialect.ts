import { list, option, string, struct, u16 } from '../../../json/declare.ts';
import type { Infer } from '../../../json/type.ts';
import type { WireFunction } from '../wire-function.ts';
import { principalSample, requestSample, shapedRequestSample, upstreamSample } from './samples.ts';
import { headerWire, principal, requestWire, upstreamWire } from './types.ts';

/** The fields of a shape request in every version. Later versions add to them. */
export const shapeRequestFields = { request: requestWire, upstream: upstreamWire, principal } as const;

/** The request of `shape`. */
export const shapeRequest = struct('ShapeRequest', shapeRequestFields);
/** The TypeScript type of {@link shapeRequest}. */
export type ShapeRequest = Infer<typeof shapeRequest>;

/** The response of `shape`. */
export const shapeResponse = struct('ShapeResponse', {
  url: string,
  method: string,
  headers: list(headerWire),
  body_base64: string,
});
/** The TypeScript type of {@link shapeResponse}. */
export type ShapeResponse = Infer<typeof shapeResponse>;

/** Turns a client's request into the request for the upstream. */
export const shape: WireFunction<ShapeRequest, ShapeResponse> = {
  name: 'shape',
  fallback: 'fail_request',
  supportedVersions: [1],
  dryRunRequest: () => ({ request: requestSample(), upstream: upstreamSample(), principal: principalSample() }),
  dryRunResponse: shapedRequestSample,
  schemas: { request: shapeRequest, response: shapeResponse },
};

/** The request of `normalize_error`: the answer of an upstream that failed. */
export const normalizeErrorRequest = struct('NormalizeErrorRequest', { status: u16, body_base64: string });
/** The TypeScript type of {@link normalizeErrorRequest}. */
export type NormalizeErrorRequest = Infer<typeof normalizeErrorRequest>;

/** The response of `normalize_error`. */
export const normalizeErrorResponse = struct('NormalizeErrorResponse', { body_base64: option(string) });
/** The TypeScript type of {@link normalizeErrorResponse}. */
export type NormalizeErrorResponse = Infer<typeof normalizeErrorResponse>;

/** Rewrites an upstream's error body. Null leaves it unchanged. */
export const normalizeError: WireFunction<NormalizeErrorRequest, NormalizeErrorResponse> = {
  name: 'normalize_error',
  fallback: 'pass_through',
  supportedVersions: [1],
  dryRunRequest: () => ({ status: 500, body_base64: '' }),
  dryRunResponse: () => ({ body_base64: null }),
  schemas: { request: normalizeErrorRequest, response: normalizeErrorResponse },
};
