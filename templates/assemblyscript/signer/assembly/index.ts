import {
  handshake,
  Json,
  JsonKind,
  jsonText,
  selfCheck,
  toBase64,
  WireFunction,
} from 'cc-lb-runtime-protocol/assemblyscript';
import { Header } from 'cc-lb-runtime-protocol/assemblyscript/wire/parts';
import {
  BuildSignerRequest,
  BuildSignerResponse,
  buildSignerFunction,
  OnUnauthorizedRequest,
  OnUnauthorizedResponse,
  onUnauthorizedFunction,
  SignRequest,
  SignResponse,
  signFunction,
} from 'cc-lb-runtime-protocol/assemblyscript/wire/signer';

// A signer: adds credentials to the request that goes to the upstream. This one adds the key of its
// factory state, `{"key": "..."}`, as the header `x-api-key`.

/** Every wire function that this file exports. Handshake and self-check need the list. */
const functions: WireFunction[] = [buildSignerFunction, signFunction, onUnauthorizedFunction];

export function cc_lb_handshake(): i32 {
  return handshake(functions);
}

export function cc_lb_self_check(): i32 {
  return selfCheck(functions);
}

export function build_signer(): i32 {
  return buildSignerFunction.dispatch(build);
}

export function sign(): i32 {
  return signFunction.dispatch(addKey);
}

export function on_unauthorized(): i32 {
  return onUnauthorizedFunction.dispatch(giveUp);
}

const HEADER = 'x-api-key';

/**
 * Makes the state that the host gives to `sign` and `on_unauthorized`, from what the operator of
 * the host has configured. The state may be any JSON value; the plugin itself keeps nothing.
 */
function build(request: BuildSignerRequest): BuildSignerResponse {
  const response = new BuildSignerResponse();
  response.signerState = request.factoryState;
  return response;
}

/**
 * What is not null in the response replaces that part of the request. Without a key the request
 * stays as it is: a host tests the plugin with the state `null`, and the upstream refuses such a
 * request. Never put a key into an error text, because hosts log it.
 */
function addKey(request: SignRequest): SignResponse {
  const response = new SignResponse();
  const key = keyOf(request.signerState);
  if (key === null) return response;

  const headers: Header[] = [];
  for (let index = 0; index < request.shaped.headers.length; index++) {
    const header = request.shaped.headers[index];
    if (header.name.toLowerCase() != HEADER) headers.push(header);
  }
  const credentials = new Header();
  credentials.name = HEADER;
  credentials.valueBase64 = jsonText(toBase64(key));
  headers.push(credentials);
  response.headers = headers;
  return response;
}

/** The key as UTF-8. */
function keyOf(state: Json): StaticArray<u8> | null {
  const key = state.member('key');
  return key !== null && key.kind == JsonKind.Text ? key.toUtf8() : null;
}

/** A host calls this when the upstream has refused the credentials. `fail` gives up. */
function giveUp(request: OnUnauthorizedRequest): OnUnauthorizedResponse {
  const response = new OnUnauthorizedResponse();
  response.decision = 'fail';
  response.signerState = request.signerState;
  return response;
}
