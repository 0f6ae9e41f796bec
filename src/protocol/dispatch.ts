import { type Result, resultOf, translate, unwrap } from '../failure.ts';
import type { Interruption } from '../interruption.ts';
import { checkArgument, checkOptions, isObject, type OptionRules, telemetryRule } from '../option-rules.ts';
import { PluginCallError } from '../plugin/call-error.ts';
import type { Plugin } from '../plugin/plugin.ts';
import { noTelemetry, type Telemetry } from '../telemetry.ts';
import { DispatchError, type DispatchFailure } from './dispatch-error.ts';
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

export { DispatchError, type DispatchFailure, type DispatchStage } from './dispatch-error.ts';

/** Counts the dispatches that fell back, with the labels `function` and `stage`. */
const ERRORS_COUNTER = 'cc_lb_plugin_dispatch_errors_total';

/** The target of the log event of a dispatch that fell back. */
const LOG_TARGET = 'cc_lb_plugin.dispatch';

/** The plugin's response; or the fallback policy of the function, and why it applies. */
export type DispatchOutcome<Res> =
  | { readonly kind: 'ok'; readonly response: Res }
  | { readonly kind: 'fallback'; readonly policy: FallbackPolicy; readonly error: DispatchError };

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
  return outcomeOf(fn, options, () => {
    const { text, version } = begin(fn, metadata, request);
    const output = outputOf(fn.name, () => plugin.callText(fn.name, text));
    return finish(fn, output, version);
  });
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
  call: (text: string) => Promise<Result<string>>,
  metadata: Pick<AugmentedMetadata, 'negotiated_functions'>,
  request: WireInput<Req>,
  options: DispatchOptions,
): Promise<DispatchOutcome<Res>> {
  checkFunction(fn);
  const begun = resultOf(() => begin(fn, metadata, request));
  const output: Result<string> = begun.ok ? await call(begun.value.text) : begun;
  return outcomeOf(fn, options, () => {
    const { version } = unwrap(begun);
    return finish(
      fn,
      outputOf(fn.name, () => unwrap(output)),
      version,
    );
  });
}

/** Makes the outcome of a call that the host ended, counted and logged as all that fall back. */
export function interruptedDispatch<Req, Res>(
  fn: WireFunction<Req, Res>,
  interruption: Interruption,
  cause: unknown,
  { telemetry = noTelemetry }: DispatchOptions,
): DispatchOutcome<Res> {
  return fallBack(fn, new DispatchError(interruption, { cause, subject: fn.name }), telemetry);
}

function checkFunction<Req, Res>(fn: WireFunction<Req, Res>): void {
  checkArgument('fn', isObject(fn) && isObject(fn.schemas), 'a wire function, such as wire.v3.filter');
}

/** Makes an outcome of a dispatch, whatever it throws. */
function outcomeOf<Req, Res>(
  fn: WireFunction<Req, Res>,
  { telemetry = noTelemetry }: DispatchOptions,
  dispatch: () => Res,
): DispatchOutcome<Res> {
  try {
    return { kind: 'ok', response: dispatch() };
  } catch (thrown) {
    const error =
      thrown instanceof DispatchError
        ? thrown
        : new DispatchError({ kind: 'Panic' }, { cause: thrown, subject: fn.name });
    return fallBack(fn, error, telemetry);
  }
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

function fallBack<Req, Res>(
  { name, fallback: policy }: WireFunction<Req, Res>,
  error: DispatchError,
  telemetry: Telemetry,
): DispatchOutcome<Res> {
  telemetry.counter(ERRORS_COUNTER, 1, { function: name, stage: error.stage });
  telemetry.log({
    level: 'warn',
    target: LOG_TARGET,
    message: 'a dispatch failed; its fallback replaces the response',
    fields: { function: name, error: `${error.failure.kind}: ${error.message}`, policy },
  });
  return { kind: 'fallback', policy, error };
}
