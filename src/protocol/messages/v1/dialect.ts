import { list, option, string, struct, u16 } from '../../../json/declare.ts';
import type { Infer } from '../../../json/type.ts';
import type { WireFunction } from '../wire-function.ts';
import { principalSample, requestSample, shapedRequestSample, upstreamSample } from './samples.ts';
import { headerWire, principal, requestWire, upstreamWire } from './types.ts';

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

/** What `normalize_error` is called with: the answer of an upstream that failed. */
export const normalizeErrorRequest = struct('NormalizeErrorRequest', { status: u16, body_base64: string });
/** What {@link normalizeErrorRequest} decodes to. */
export type NormalizeErrorRequest = Infer<typeof normalizeErrorRequest>;

/** What `normalize_error` answers. */
export const normalizeErrorResponse = struct('NormalizeErrorResponse', { body_base64: option(string) });
/** What {@link normalizeErrorResponse} decodes to. */
export type NormalizeErrorResponse = Infer<typeof normalizeErrorResponse>;

/** Rewrites an upstream's error body; null leaves it as it was. */
export const normalizeError: WireFunction<NormalizeErrorRequest, NormalizeErrorResponse> = {
  name: 'normalize_error',
  fallback: 'pass_through',
  supportedVersions: [1],
  dryRunRequest: () => ({ status: 500, body_base64: '' }),
  dryRunResponse: () => ({ body_base64: null }),
  schemas: { request: normalizeErrorRequest, response: normalizeErrorResponse },
};
