import { encodeBase64 } from '../../base64.ts';
import { type VisibilityOptions, visibleRequest } from '../../hooks/index.ts';
import { checkMethod } from '../../hooks/policies/outgoing-request.ts';
import { checkOptions, limitRule, type OptionRules } from '../../option-rules.ts';
import type { RequestWire } from '../../protocol/messages/index.ts';
import { readMessageBody } from './body.ts';
import { withMessageErrors } from './message-error.ts';
import { wireHeaderList } from './wire-form.ts';

/** A client's request, whose body was read. */
export interface ReceivedRequest {
  readonly request: Request;
  /** The whole body: plugins see it, and it may be sent more than once. */
  readonly body: Uint8Array<ArrayBuffer>;
}

/** How a request is received. */
export interface ReceiveOptions {
  /** Bytes of a body: 33,554,432 (32 MiB) by default. */
  readonly bodyMaxBytes?: number | undefined;
}

const rules: OptionRules<ReceiveOptions> = { bodyMaxBytes: limitRule };

const BODY_MAX_BYTES = 32 * 1024 * 1024;

/**
 * Reads a client's request: its body once, up to a limit. One that says that it is larger is not
 * read at all.
 *
 * @throws in the promise: HttpMessageError `Method` if not all runtimes send the method to an
 * upstream; `BodyTooLarge`; `BodyInterrupted` if the client went away. TypeError if `options` is
 * malformed, or the body was read before.
 *
 * @example
 * const received = await receiveRequest(request);
 * const seen = requestWire(received, crypto.randomUUID());
 * await host.dispatch(router, wire.v3.filter, { ...seen, principal, candidates });
 */
export async function receiveRequest(request: Request, options: ReceiveOptions = {}): Promise<ReceivedRequest> {
  checkOptions(options, rules);
  withMessageErrors(() => checkMethod(request.method, 0));
  return { request, body: await readMessageBody(request, options.bodyMaxBytes ?? BODY_MAX_BYTES, 'request') };
}

/**
 * Returns what plugins of generation 1 may see of a client's request, as `visibleRequest` does for
 * hook plugins: not its credentials, and not the name of this host.
 *
 * @throws TypeError if `options` is malformed.
 */
export function requestWire(
  { request, body }: ReceivedRequest,
  requestId: string,
  options: VisibilityOptions = {},
): RequestWire {
  const { headers, ...seen } = visibleRequest(request, options);
  return { request_id: requestId, headers: wireHeaderList(headers), ...seen, body_base64: encodeBase64(body) };
}
