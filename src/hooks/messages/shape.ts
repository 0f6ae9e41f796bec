import { bytes, enumeration, list, option, string, struct, u16 } from '../archive/declare.ts';
import type { InferArchive } from '../archive/type.ts';
import { Header, Principal, Upstream } from './common.ts';

/** The request of the hook `shape`. */
export const ShapeRequest = struct('ShapeRequest', {
  request_id: string,
  method: string,
  path: string,
  query: option(string),
  headers: list(Header),
  body: bytes,
  principal: Principal,
  upstream: Upstream,
});
/** The TypeScript type of {@link ShapeRequest}. */
export type ShapeRequest = InferArchive<typeof ShapeRequest>;

/** The response of the hook `shape`: the request for the upstream. */
export const ShapeResponse = struct('ShapeResponse', {
  url: string,
  method: string,
  headers: list(Header),
  body: bytes,
});
/** The TypeScript type of {@link ShapeResponse}. */
export type ShapeResponse = InferArchive<typeof ShapeResponse>;

/** The request of the hook `transform_response`. */
export const TransformResponseRequest = struct('TransformResponseRequest', {
  request_id: string,
  principal: Principal,
  upstream: Upstream,
  request_method: string,
  request_path: string,
  canonical_model_id: string,
  response_status: u16,
  response_headers: list(Header),
  body: bytes,
});
/** The TypeScript type of {@link TransformResponseRequest}. */
export type TransformResponseRequest = InferArchive<typeof TransformResponseRequest>;

/**
 * The response of the hook `transform_response`. Each null of `Replace` leaves that part as it was.
 */
export const TransformResponseResult = enumeration('TransformResponseResult', {
  Unchanged: {},
  Replace: { status: option(u16), headers: option(list(Header)), body: option(bytes) },
});
/** The TypeScript type of {@link TransformResponseResult}. */
export type TransformResponseResult = InferArchive<typeof TransformResponseResult>;

/** One server-sent event. `event` is empty for an unnamed event. */
export const SseEvent = struct('SseEvent', { event: string, data: bytes });
/** The TypeScript type of {@link SseEvent}. */
export type SseEvent = InferArchive<typeof SseEvent>;

/** The request of the hook `transform_sse_event`. */
export const TransformSseEventRequest = struct('TransformSseEventRequest', {
  request_id: string,
  principal: Principal,
  upstream: Upstream,
  request_method: string,
  request_path: string,
  canonical_model_id: string,
  response_status: u16,
  response_headers: list(Header),
  event: SseEvent,
});
/** The TypeScript type of {@link TransformSseEventRequest}. */
export type TransformSseEventRequest = InferArchive<typeof TransformSseEventRequest>;

/** The response of the hook `transform_sse_event`. */
export const TransformSseEventResult = enumeration('TransformSseEventResult', {
  Unchanged: {},
  Replace: { events: list(SseEvent) },
  Drop: {},
});
/** The TypeScript type of {@link TransformSseEventResult}. */
export type TransformSseEventResult = InferArchive<typeof TransformSseEventResult>;
