import { decodeBase64, encodeBase64 } from '../../base64.ts';
import type { Header, ShapeResponse as HookRequest } from '../../hooks/index.ts';
import type { HeaderWire, ShapedRequestWire } from '../../protocol/messages/index.ts';
import { HttpMessageError } from './message-error.ts';

/** Writes a list of headers as plugins of generation 1 have it. */
export function wireHeaderList(headers: readonly Header[]): HeaderWire[] {
  return headers.map(({ name, value }) => ({ name, value_base64: encodeBase64(value) }));
}

/** Writes a request for an upstream as plugins of generation 1 have it. */
export function toWire({ url, method, headers, body }: HookRequest): ShapedRequestWire {
  return { url, method, headers: wireHeaderList(headers), body_base64: encodeBase64(body) };
}

/**
 * Reads a request for an upstream as plugins of generation 1 write it.
 *
 * @throws HttpMessageError `Base64`.
 */
export function fromWire({ url, method, headers, body_base64 }: ShapedRequestWire): HookRequest {
  return {
    url,
    method,
    headers: headers.map(({ name, value_base64 }, index) => ({
      name,
      value: bytesOf(`headers[${index}].value_base64`, value_base64),
    })),
    body: bytesOf('body_base64', body_base64),
  };
}

/**
 * Reads a field of an answer.
 *
 * @param field its name, for the error.
 * @throws HttpMessageError `Base64`.
 */
export function bytesOf(field: string, base64: string): Uint8Array<ArrayBuffer> {
  const bytes = decodeBase64(base64);
  if (bytes === undefined) throw new HttpMessageError({ kind: 'Base64', field });
  return bytes;
}
