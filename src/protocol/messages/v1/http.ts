import { list, option, string, stringEnum, struct, u16 } from '../../../json/declare.ts';
import type { Infer } from '../../../json/type.ts';

/** One header; its value is base64 of any bytes. */
export const headerWire = struct('HeaderWire', { name: string, value_base64: string });
/** What {@link headerWire} decodes to. */
export type HeaderWire = Infer<typeof headerWire>;

/** The request of a client, as it came in. */
export const requestWire = struct('RequestWire', {
  request_id: string,
  headers: list(headerWire),
  method: string,
  path: string,
  query: option(string),
  body_base64: string,
});
/** What {@link requestWire} decodes to. */
export type RequestWire = Infer<typeof requestWire>;

/** The request for the upstream, as a dialect shaped it. */
export const shapedRequestWire = struct('ShapedRequestWire', {
  url: string,
  method: string,
  headers: list(headerWire),
  body_base64: string,
});
/** What {@link shapedRequestWire} decodes to. */
export type ShapedRequestWire = Infer<typeof shapedRequestWire>;

/** How an upstream failed. */
export const upstreamErrorCategory = stringEnum('UpstreamErrorCategory', ['unauthorized', 'retryable', 'failed']);
/** What {@link upstreamErrorCategory} decodes to. */
export type UpstreamErrorCategory = Infer<typeof upstreamErrorCategory>;

/** An upstream's error answer. */
export const upstreamErrorWire = struct('UpstreamErrorWire', {
  status: u16,
  body_base64: option(string),
  category: upstreamErrorCategory,
});
/** What {@link upstreamErrorWire} decodes to. */
export type UpstreamErrorWire = Infer<typeof upstreamErrorWire>;
