import type { CallUse } from '../call-use.ts';
import { translate } from '../failure.ts';
import type { MetricOf } from '../metrics/table.ts';
import { checkArgument, checkOptions, isObject, type OptionRules, telemetryRule } from '../option-rules.ts';
import { type CallFailure, PluginCallError } from '../plugin/call-error.ts';
import type { Plugin } from '../plugin/plugin.ts';
import { noTelemetry, type Telemetry } from '../telemetry.ts';
import { DispatchError, type DispatchFailure, type DispatchStage } from './dispatch-error.ts';
import { writeRequest } from './dispatch-request.ts';
import {
  type AugmentedMetadata,
  decodeNode,
  type FallbackPolicy,
  JsonDecodeError,
  type JsonNode,
  type ObjectNode,
  parseEnvelope,
  takeEntry,
  u64,
  type WireFunction,
  type WireInput,
} from './messages/index.ts';
import { undecoded } from './undecoded.ts';

export type { CallUse } from '../call-use.ts';
export { DispatchError, type DispatchFailure, type DispatchStage } from './dispatch-error.ts';

/** Counts the dispatches that fell back, with the labels `function` and `stage`. */
const ERRORS_COUNTER: MetricOf<'counter'> = 'cc_lb_plugin_dispatch_errors_total';

/** The target of the log event of a dispatch that fell back. */
const LOG_TARGET = 'cc_lb_plugin.dispatch';

/**
 * The plugin's response; or the fallback policy of the function, and why it applies. `used` is
 * missing if the plugin was not called.
 */
export type DispatchOutcome<Res> =
  | { readonly kind: 'ok'; readonly response: Res; readonly used?: CallUse }
  | {
      readonly kind: 'fallback';
      readonly policy: FallbackPolicy;
      readonly error: DispatchError;
      readonly used?: CallUse;
    };

/** How to dispatch a call. */
export interface DispatchOptions {
  /**
   * Receives the counter and the log event of a dispatch that falls back; nothing is reported by
   * default.
   */
  readonly telemetry?: Telemetry | undefined;
}

const optionRules: OptionRules<DispatchOptions> = { telemetry: telemetryRule };

/**
 * Calls a wire function of a plugin (abi/PROTOCOL.md, Layer 5).
 *
 * If anything fails, the outcome is the function's fallback policy, counted and logged once. The
 * plugin remains usable.
 *
 * @param fn the function: one of `wire`, or the host's own.
 * @param plugin built by the host, with its own limits and host functions.
 * @param metadata the plugin's metadata, which has the negotiated version of the function.
 * @param request the request without `_v`.
 * @returns the response or the fallback policy.
 * @throws TypeError if an argument other than the request is malformed. Exceptions from `telemetry`
 * propagate.
 */
export function dispatchWireCall<Req, Res>(
  fn: WireFunction<Req, Res>,
  plugin: Plugin,
  metadata: Pick<AugmentedMetadata, 'negotiated_functions'>,
  request: WireInput<Req>,
  options: DispatchOptions = {},
): DispatchOutcome<Res> {
  checkArgument('fn', isObject(fn) && isObject(fn.schemas), 'a wire function, such as wire.v3.filter');
  checkArgument('plugin', isObject(plugin) && 'callText' in plugin, 'a Plugin, as buildPlugin returns it');
  checkArgument('metadata', isMetadata(metadata), 'the metadata of an admission');
  checkOptions(options, optionRules);
  const { telemetry = noTelemetry } = options;
  try {
    return { kind: 'ok', response: dispatch(fn, plugin, metadata, request), used: plugin.lastUse };
  } catch (thrown) {
    const error =
      thrown instanceof DispatchError
        ? thrown
        : new DispatchError({ kind: 'Panic' }, { cause: thrown, subject: fn.name });
    const policy = fallBack(fn, error, telemetry);
    return { kind: 'fallback', policy, error, ...(reachedPlugin(error) && { used: plugin.lastUse }) };
  }
}

/** The failures of calls that did not begin. */
const notBegun: readonly CallFailure['kind'][] = ['Disposed', 'Reentrant', 'InvalidArgument'];

/** The stages after the call of the plugin. */
const afterCall: readonly DispatchStage[] = ['deserialize_response', 'response_envelope', 'response_decode'];

/** Whether the plugin was called before a dispatch failed. */
function reachedPlugin({ failure, stage }: DispatchError): boolean {
  return failure.kind === 'PluginCall' ? !notBegun.includes(failure.call.kind) : afterCall.includes(stage);
}

function isMetadata(value: unknown): boolean {
  return isObject(value) && 'negotiated_functions' in value && isObject(value.negotiated_functions);
}

function dispatch<Req, Res>(
  fn: WireFunction<Req, Res>,
  plugin: Plugin,
  { negotiated_functions: versions }: Pick<AugmentedMetadata, 'negotiated_functions'>,
  request: WireInput<Req>,
): Res {
  const subject = fn.name;
  const version = Object.hasOwn(versions, subject) ? versions[subject] : undefined;
  if (version === undefined) throw new DispatchError({ kind: 'MissingNegotiatedVersion' }, { subject });
  const output = call(subject, plugin, writeRequest(fn, request, version));
  const response = openEnvelope(subject, output, version);
  return decoding(subject, 'ResponseDecode', () => decodeNode(fn.schemas.response, response));
}

function call(subject: string, plugin: Plugin, request: string): string {
  return translate(
    () => plugin.callText(subject, request),
    PluginCallError,
    ({ message: reason, failure }, options) =>
      new DispatchError({ kind: 'PluginCall', reason, call: failure }, { ...options, subject }),
  );
}

/**
 * Removes the version from an answer.
 *
 * @returns the other fields.
 */
function openEnvelope(subject: string, output: string, expected: number): ObjectNode {
  const refuse = (failure: DispatchFailure): never => {
    throw new DispatchError(failure, { subject });
  };
  const envelope: JsonNode = decoding(subject, 'DeserializeResponseEnvelope', () => parseEnvelope(output));
  if (envelope.kind !== 'object') return refuse({ kind: 'ResponseNotObject', foundType: envelope.kind });
  const { value: version, rest } = takeEntry(envelope, '_v');
  if (version === undefined) return refuse({ kind: 'ResponseVersionMissing', expected });
  const isVersion = version.kind === 'integer' && version.value >= 0;
  const actual = isVersion ? version.value : refuseVersion(subject, version, expected);
  return actual === expected ? rest : refuse({ kind: 'ResponseVersionMismatch', expected, actual });
}

/** Decodes a version that is not an unsigned integer, so that the decoder says what it is. */
function refuseVersion(subject: string, version: JsonNode, expected: number): number | bigint {
  return translate(
    () => decodeNode(u64, version),
    JsonDecodeError,
    ({ failure }, options) => {
      const fault = undecoded(new JsonDecodeError({ ...failure, path: '$._v' }));
      return new DispatchError({ kind: 'ResponseVersionInvalid', expected, ...fault }, { ...options, subject });
    },
  );
}

function decoding<T>(subject: string, kind: 'DeserializeResponseEnvelope' | 'ResponseDecode', decode: () => T): T {
  return translate(
    decode,
    JsonDecodeError,
    (error, options) => new DispatchError({ kind, ...undecoded(error) }, { ...options, subject }),
  );
}

/** Reports a dispatch that falls back. @returns the policy. */
function fallBack<Req, Res>(
  { name, fallback: policy }: WireFunction<Req, Res>,
  error: DispatchError,
  telemetry: Telemetry,
): FallbackPolicy {
  telemetry.counter(ERRORS_COUNTER, 1, { function: name, stage: error.stage });
  telemetry.log({
    level: 'warn',
    target: LOG_TARGET,
    message: 'a dispatch failed; its fallback replaces the response',
    fields: { function: name, error: `${error.failure.kind}: ${error.message}`, policy },
  });
  return policy;
}
