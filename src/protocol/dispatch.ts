import { type Plugin, PluginCallError } from '../plugin/index.ts';
import { noTelemetry, type Telemetry } from '../telemetry.ts';
import { DispatchError, type DispatchFailure } from './dispatch-error.ts';
import {
  type AugmentedMetadata,
  decodeNode,
  encodeEnvelope,
  type FallbackPolicy,
  JsonDecodeError,
  JsonEncodeError,
  type JsonNode,
  type ObjectNode,
  parseEnvelope,
  takeEntry,
  type WireFunction,
  type WireInput,
} from './messages/index.ts';

export { DispatchError, type DispatchFailure, type DispatchStage } from './dispatch-error.ts';

/** The counter of dispatches that fell back, with the labels `function` and `stage`. */
const ERRORS_COUNTER = 'cc_lb_plugin_dispatch_errors_total';

/** Where a dispatch that fell back is logged to. */
const LOG_TARGET = 'cc_lb_plugin.dispatch';

/** What came of a dispatch: the plugin's response, or the policy that the function falls back to, and why. */
export type DispatchOutcome<Res> =
  | { readonly kind: 'ok'; readonly response: Res }
  | { readonly kind: 'fallback'; readonly policy: FallbackPolicy; readonly error: DispatchError };

/** How a call is dispatched. */
export interface DispatchOptions {
  /** Gets the counter and the log event of a dispatch that falls back; nothing is reported by default. */
  readonly telemetry?: Telemetry | undefined;
}

/**
 * Calls a wire function of a plugin (abi/PROTOCOL.md, Layer 5).
 *
 * Whatever goes wrong becomes the function's fallback policy, counted and logged once; nothing is thrown but what the telemetry throws.
 * The plugin is usable afterwards.
 *
 * @param fn the function: one of `wire`, or the host's own.
 * @param plugin built by the host, with its own limits and host functions.
 * @param metadata of the plugin: tells the version that was negotiated for the function.
 */
export function dispatchWireCall<Req, Res>(
  fn: WireFunction<Req, Res>,
  plugin: Plugin,
  metadata: Pick<AugmentedMetadata, 'negotiated_functions'>,
  request: WireInput<Req>,
  { telemetry = noTelemetry }: DispatchOptions = {},
): DispatchOutcome<Res> {
  try {
    return { kind: 'ok', response: dispatch(fn, plugin, metadata, request) };
  } catch (thrown) {
    const error = thrown instanceof DispatchError ? thrown : panic(fn.name, thrown);
    return fallBack(fn, error, telemetry);
  }
}

function dispatch<Req, Res>(
  fn: WireFunction<Req, Res>,
  plugin: Plugin,
  { negotiated_functions: versions }: Pick<AugmentedMetadata, 'negotiated_functions'>,
  request: WireInput<Req>,
): Res {
  const version = Object.hasOwn(versions, fn.name) ? versions[fn.name] : undefined;
  if (version === undefined) throw new DispatchError(fn.name, { kind: 'MissingNegotiatedVersion' });
  const output = call(fn.name, plugin, writeRequest(fn, request, version));
  const response = openEnvelope(fn.name, output, version);
  return decoding(fn.name, 'ResponseDecode', () => decodeNode(fn.schemas.response, response));
}

function writeRequest<Req, Res>(fn: WireFunction<Req, Res>, request: WireInput<Req>, version: number): string {
  const text = encodeRequest(fn, request, version);
  if (Number.isInteger(version) && version >= 0 && version <= 0xffff_ffff) return text;
  const reason = 'the negotiated version must be an integer from 0 to 4294967295';
  throw new DispatchError(fn.name, { kind: 'SerializeRequestEnvelope', reason });
}

function encodeRequest<Req, Res>(fn: WireFunction<Req, Res>, request: WireInput<Req>, version: number): string {
  try {
    return encodeEnvelope(fn.schemas.request, request, version);
  } catch (error) {
    if (!(error instanceof JsonEncodeError)) throw error;
    // Without a cause: the encoder's own message may hold names and numbers of the request.
    if (error.failure.kind === 'NotAnObject') throw new DispatchError(fn.name, { kind: 'RequestNotObject' });
    throw new DispatchError(fn.name, { kind: 'RequestValue', reason: describeRequestFault(error) });
  }
}

/** Where a request is wrong, and what was expected there; not what was found, nor the name of a property that is not declared. */
function describeRequestFault({ failure: { kind, path, expected } }: JsonEncodeError): string {
  return `${kind} at ${kind === 'UnknownField' ? '$' : path}, expected ${expected}`;
}

function call(name: string, plugin: Plugin, request: string): string {
  try {
    return plugin.callText(name, request);
  } catch (error) {
    if (!(error instanceof PluginCallError)) throw error;
    const failure: DispatchFailure = { kind: 'PluginCall', reason: error.message, call: error.failure };
    throw new DispatchError(name, failure, { cause: error });
  }
}

/** Takes the version out of an answer, and gives the rest. */
function openEnvelope(name: string, output: string, expected: number): ObjectNode {
  const refuse = (failure: DispatchFailure): never => {
    throw new DispatchError(name, failure);
  };
  const envelope: JsonNode = decoding(name, 'DeserializeResponseEnvelope', () => parseEnvelope(output));
  if (envelope.kind !== 'object') return refuse({ kind: 'ResponseNotObject' });
  const { value: version, rest } = takeEntry(envelope, '_v');
  if (version === undefined) return refuse({ kind: 'ResponseVersionMissing' });
  if (version.kind !== 'integer' || version.value < 0) return refuse({ kind: 'ResponseVersionInvalid' });
  const actual = version.value;
  return actual === expected ? rest : refuse({ kind: 'ResponseVersionMismatch', expected, actual });
}

function decoding<T>(name: string, kind: 'DeserializeResponseEnvelope' | 'ResponseDecode', decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    if (!(error instanceof JsonDecodeError)) throw error;
    const { path, offset } = error.failure;
    throw new DispatchError(name, { kind, path, offset, reason: error.message }, { cause: error });
  }
}

function panic(name: string, thrown: unknown): DispatchError {
  return new DispatchError(name, { kind: 'Panic' }, { cause: thrown });
}

function fallBack<Req, Res>(
  { name, fallback: policy }: WireFunction<Req, Res>,
  error: DispatchError,
  telemetry: Telemetry,
): DispatchOutcome<Res> {
  telemetry.counter(ERRORS_COUNTER, 1, { function: name, stage: error.stage });
  telemetry.log({
    level: 'warn',
    target: LOG_TARGET,
    message: 'a dispatch failed; its fallback takes the place of the response',
    fields: { function: name, error: `${error.failure.kind}: ${error.message}`, policy },
  });
  return { kind: 'fallback', policy, error };
}
