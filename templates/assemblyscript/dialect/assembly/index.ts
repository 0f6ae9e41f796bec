import {
  failed,
  failExpected,
  fromBase64,
  handshake,
  isUtf8,
  jsonText,
  JsonWriter,
  parseJson,
  selfCheck,
  takeFailure,
  textOf,
  toBase64,
  utf8,
  WireFunction,
} from 'cc-lb-runtime-protocol/assemblyscript';
import {
  NormalizeErrorRequest,
  NormalizeErrorResponse,
  normalizeErrorFunction,
} from 'cc-lb-runtime-protocol/assemblyscript/wire/normalize-error';
import { Header, ShapedRequest } from 'cc-lb-runtime-protocol/assemblyscript/wire/parts';
import { ShapeRequest, shapeFunction } from 'cc-lb-runtime-protocol/assemblyscript/wire/shape';

// A dialect: makes the request that goes to the upstream, and turns errors of the upstream into the
// form that clients of the Anthropic API expect.

/** Every wire function that this file exports. Handshake and self-check need the list. */
const functions: WireFunction[] = [shapeFunction, normalizeErrorFunction];

export function cc_lb_handshake(): i32 {
  return handshake(functions);
}

export function cc_lb_self_check(): i32 {
  return selfCheck(functions);
}

export function shape(): i32 {
  return shapeFunction.dispatch(shapeRequest);
}

export function normalize_error(): i32 {
  return normalizeErrorFunction.dispatch(wrapError);
}

const ORIGIN = 'https://api.anthropic.com';

/** Headers of one connection only (RFC 9110, section 7.6.1), and the name of the host. */
const NOT_FORWARDED = [
  'connection',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/** Makes an absolute URL, a method, headers and a body. Header values and body are base64. */
function shapeRequest(request: ShapeRequest): ShapedRequest {
  const incoming = request.request;
  const query = incoming.query;
  const shaped = new ShapedRequest();
  shaped.url = ORIGIN + incoming.path + (query === null ? '' : `?${query}`);
  shaped.method = incoming.method;
  shaped.headers = forwarded(incoming.headers);
  shaped.bodyBase64 = incoming.bodyBase64;
  return shaped;
}

function forwarded(headers: Header[]): Header[] {
  const kept: Header[] = [];
  let hasVersion = false;
  for (let index = 0; index < headers.length; index++) {
    const name = headers[index].name.toLowerCase();
    if (name == 'anthropic-version') hasVersion = true;
    if (!NOT_FORWARDED.includes(name)) kept.push(headers[index]);
  }
  if (!hasVersion) {
    const version = new Header();
    version.name = 'anthropic-version';
    version.valueBase64 = jsonText(toBase64(utf8('2023-06-01')));
    kept.push(version);
  }
  return kept;
}

/** Wraps the body of an error that is not JSON. Null leaves a body as it is. */
function wrapError(request: NormalizeErrorRequest): NormalizeErrorResponse {
  const response = new NormalizeErrorResponse();
  const body = fromBase64(request.bodyBase64.toUtf8());
  if (body === null) {
    failExpected('$.body_base64', 'base64');
    return response;
  }
  if (body.length == 0 || isJson(body)) return response;

  const error = new JsonWriter();
  error.beginObject();
  error.name('type');
  error.text('error');
  error.name('error');
  error.beginObject();
  error.name('type');
  error.text(errorType(request.status));
  error.name('message');
  error.text(isUtf8(body) ? textOf(body) : 'the upstream sent a body that is not text');
  error.endObject();
  error.endObject();
  response.bodyBase64 = toBase64(error.toBytes());
  return response;
}

/** Whether a body is JSON. The call goes on if it is not, so the noted failure is forgotten. */
function isJson(body: StaticArray<u8>): bool {
  parseJson(body);
  if (!failed()) return true;
  takeFailure();
  return false;
}

function errorType(status: u16): string {
  if (status == 429) return 'rate_limit_error';
  if (status == 529) return 'overloaded_error';
  return status >= 400 && status < 500 ? 'invalid_request_error' : 'api_error';
}
