import { resultOf, translate } from '../failure.ts';
import { withStackOf } from '../metering/run/trap-stack.ts';
import type { BuildPluginError } from '../plugin/build-error.ts';
import { PluginCallError } from '../plugin/call-error.ts';
import { type CompiledPlugin, formatFunctionType, isCompiledPlugin } from '../plugin/compiled-plugin.ts';
import type { Plugin } from '../plugin/plugin.ts';
import { noTelemetry, type Telemetry } from '../telemetry.ts';
import { validateAccept, validateAcceptShape } from './accept.ts';
import { HandshakeExecutionError } from './handshake-error.ts';
import {
  decodeAnswer,
  type LayerOptions,
  type LayerResult,
  type PluginSource,
  pluginOptions,
  reportedCall,
  withFreshPlugin,
} from './layer-call.ts';
import {
  allWireFunctions,
  encodeJson,
  HANDSHAKE_FUEL,
  HANDSHAKE_OUTPUT_MAX_BYTES,
  HANDSHAKE_WALL_MS,
  type HandshakeAccept,
  type HandshakeOffer,
  handshakeAccept,
  handshakeOffer,
  JsonEncodeError,
} from './messages/index.ts';
import { validateOffer } from './offer.ts';

/** The export that answers an offer. */
const HANDSHAKE_EXPORT = 'cc_lb_handshake';

/** Counts the handshakes that began: those with a valid offer. */
const HANDSHAKE_COUNTER = 'cc_lb_plugin_handshake_total';

/** How to make a handshake. */
export interface HandshakeOptions extends LayerOptions {
  /** Receives the counter `cc_lb_plugin_handshake_total`, and what the plugin logs. */
  readonly telemetry?: Telemetry | undefined;
}

/**
 * Runs Layer 2 for `executeHandshake` and `admit`, which have checked the plugin and the options.
 *
 * @returns the accept, or the error of `executeHandshake`; in both cases with the fuel that the
 * plugin's call burnt.
 */
export function runHandshakeLayer(
  plugin: PluginSource,
  offer: HandshakeOffer,
  options: HandshakeOptions,
): LayerResult<HandshakeAccept> {
  const { telemetry = noTelemetry } = options;
  const begun = resultOf(() => {
    validateOffer(offer);
    telemetry.counter(HANDSHAKE_COUNTER, 1, {});
  });
  if (!begun.ok) return begun;
  const refuse = (error: BuildPluginError) =>
    new HandshakeExecutionError({ kind: 'Instantiate', reason: error.message, build: error.failure }, { cause: error });
  const build = pluginOptions(options, { wallMs: HANDSHAKE_WALL_MS, fuel: HANDSHAKE_FUEL });
  return withFreshPlugin(plugin, build, refuse, (fresh) => {
    if (!fresh.functionExists(HANDSHAKE_EXPORT)) throw new HandshakeExecutionError({ kind: 'MissingHandshakeExport' });
    const accept = decodeAccept(call(fresh, writeOffer(offer)));
    validateAccept(accept, offer);
    validateAcceptShape(accept, offer);
    checkExports(fresh, exportsOf(plugin), accept);
    return accept;
  });
}

function writeOffer(offer: HandshakeOffer): string {
  return translate(
    () => encodeJson(handshakeOffer, offer, 'declared'),
    JsonEncodeError,
    ({ message: reason }, options) => new HandshakeExecutionError({ kind: 'SerializeOffer', reason }, options),
  );
}

/** Words in an error that the plugin set itself, which make the failure a timeout. */
const TIMEOUT_WORDS = /timeout|timed out|deadline|fuel/i;

/**
 * Whether a failed call exhausted its fuel or time, or the plugin says so in the error that it had
 * set when its export returned. No other text counts: that of a trap, of a kernel function or of
 * the engine may contain names that the plugin chose.
 */
function isTimeout({ failure }: PluginCallError): boolean {
  switch (failure.kind) {
    case 'OutOfFuel':
    case 'Timeout':
      return true;
    case 'PluginError':
      return TIMEOUT_WORDS.test(failure.message);
    default:
      return false;
  }
}

function call(plugin: Plugin, offer: string): string {
  return translate(
    () => plugin.callText(HANDSHAKE_EXPORT, offer),
    PluginCallError,
    (error, options) => {
      const { reason, call } = reportedCall(error);
      return new HandshakeExecutionError(
        isTimeout(error) ? { kind: 'Timeout', call } : withStackOf({ kind: 'Call', reason, call }, call),
        options,
      );
    },
  );
}

function decodeAccept(answer: string): HandshakeAccept {
  const rules = { type: handshakeAccept, max: HANDSHAKE_OUTPUT_MAX_BYTES, kind: 'DecodeAccept' } as const;
  return decodeAnswer(answer, rules, (failure, options) => new HandshakeExecutionError(failure, options));
}

type Exports = CompiledPlugin['exports'];

/** The exports of a plugin; none of one that could not be compiled. */
function exportsOf(plugin: PluginSource): Exports {
  if (isCompiledPlugin(plugin)) return plugin.exports;
  return plugin.ok ? plugin.value.exports : new Map();
}

/** Checks that the plugin exports exactly the functions that it says it implements (step 9). */
function checkExports(plugin: Plugin, exports: Exports, accept: HandshakeAccept): void {
  for (const name of accept.implemented_functions) {
    if (plugin.functionExists(name)) continue;
    const { kind, type } = exports.get(name) ?? {};
    const found = type === undefined ? kind : `${kind} ${formatFunctionType(type)}`;
    const failure = { kind: 'DeclaredFunctionMissing', function: name } as const;
    throw new HandshakeExecutionError(found === undefined ? failure : { ...failure, found });
  }
  for (const name of allWireFunctions) {
    if (!plugin.functionExists(name) || accept.implemented_functions.includes(name)) continue;
    throw new HandshakeExecutionError({ kind: 'UndeclaredExport', function: name });
  }
}
