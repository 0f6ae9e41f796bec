import type { CallUse, UsedResult } from '../call-use.ts';
import { resultOf, translate, unwrap } from '../failure.ts';
import type { Interruption } from '../interruption.ts';
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
  checkFunction(fn);
  checkArgument('plugin', isObject(plugin) && 'callText' in plugin, 'a Plugin, as buildPlugin returns it');
  checkArgument('metadata', isMetadata(metadata), 'the metadata of an admission');
  checkOptions(options, optionRules);
  const dispatch = (): Res => {
    const { text, version } = begin(fn, metadata, request);
    const output = outputOf(fn.name, () => plugin.callText(fn.name, text));
    return finish(fn, output, version);
  };
  return outcomeOf(fn, options, dispatch, () => plugin.lastUse);
}

/**
 * {@link dispatchWireCall} for a plugin on another thread or in another process.
 *
 * @param call calls the plugin with the text of a request. Its promise resolves with the plugin's
 * output, or with what the call threw. If it rejects, so does the dispatch: the host itself failed.
 * @returns a promise of the outcome.
 */
export async function dispatchRemoteCall<Req, Res>(
  fn: WireFunction<Req, Res>,
  call: (text: string) => Promise<UsedResult<string>>,
  metadata: Pick<AugmentedMetadata, 'negotiated_functions'>,
  request: WireInput<Req>,
  options: DispatchOptions,
): Promise<DispatchOutcome<Res>> {
  checkFunction(fn);
  const begun = resultOf(() => begin(fn, metadata, request));
  const output: UsedResult<string> = begun.ok ? await call(begun.value.text) : begun;
  const dispatch = (): Res => {
    const { version } = unwrap(begun);
    const text = outputOf(fn.name, () => unwrap(output));
    return finish(fn, text, version);
  };
  return outcomeOf(fn, options, dispatch, () => output.used);
}

/** Makes the outcome of a call that the host ended, counted and logged as all that fall back. */
export function interruptedDispatch<Req, Res>(
  fn: WireFunction<Req, Res>,
  interruption: Interruption,
  cause: unknown,
  { telemetry = noTelemetry }: DispatchOptions,
): DispatchOutcome<Res> {
  const error = new DispatchError(interruption, { cause, subject: fn.name });
  return { kind: 'fallback', policy: fallBack(fn, error, telemetry), error };
}

function checkFunction<Req, Res>(fn: WireFunction<Req, Res>): void {
  checkArgument('fn', isObject(fn) && isObject(fn.schemas), 'a wire function, such as wire.v3.filter');
}

/**
 * Makes an outcome of a dispatch, whatever it throws.
 *
 * @param useOf returns what the plugin used. It is only asked if the plugin was called.
 */
function outcomeOf<Req, Res>(
  fn: WireFunction<Req, Res>,
  { telemetry = noTelemetry }: DispatchOptions,
  dispatch: () => Res,
  useOf: () => CallUse | undefined,
): DispatchOutcome<Res> {
  const withUse = <O extends object>(outcome: O, used: CallUse | undefined): O & { used?: CallUse } =>
    used === undefined ? outcome : { ...outcome, used };
  try {
    const response = dispatch();
    return withUse({ kind: 'ok', response }, useOf());
  } catch (thrown) {
    const error =
      thrown instanceof DispatchError
        ? thrown
        : new DispatchError({ kind: 'Panic' }, { cause: thrown, subject: fn.name });
    const policy = fallBack(fn, error, telemetry);
    return withUse({ kind: 'fallback', policy, error }, reachedPlugin(error) ? useOf() : undefined);
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

/** A request that is written for a version of its function. */
interface WrittenRequest {
  readonly text: string;
  readonly version: number;
}

/** Does what comes before the plugin is called. */
function begin<Req, Res>(
  fn: WireFunction<Req, Res>,
  { negotiated_functions: versions }: Pick<AugmentedMetadata, 'negotiated_functions'>,
  request: WireInput<Req>,
): WrittenRequest {
  const subject = fn.name;
  const version = Object.hasOwn(versions, subject) ? versions[subject] : undefined;
  if (version === undefined) throw new DispatchError({ kind: 'MissingNegotiatedVersion' }, { subject });
  return { text: writeRequest(fn, request, version), version };
}

/** Runs the call of the plugin, and says which failure of a dispatch a failed call is. */
function outputOf(subject: string, call: () => string): string {
  return translate(
    call,
    PluginCallError,
    ({ message: reason, failure }, options) =>
      new DispatchError({ kind: 'PluginCall', reason, call: failure }, { ...options, subject }),
  );
}

/** Does what comes after the plugin has answered. */
function finish<Req, Res>(fn: WireFunction<Req, Res>, output: string, version: number): Res {
  const subject = fn.name;
  const response = openEnvelope(subject, output, version);
  return decoding(subject, 'ResponseDecode', () => decodeNode(fn.schemas.response, response));
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
