import type { CallFailure } from '../plugin/call-error.ts';
import type { HandshakeExecutionFailure, HandshakeViolation } from '../protocol/handshake.ts';
import { allWireFunctions, HANDSHAKE_OUTPUT_MAX_BYTES } from '../protocol/messages/index.ts';
import { buildHint } from './build.ts';
import { callHint } from './call.ts';
import { type Hints, hintIn, listed, quoted } from './hint.ts';
import { jsonHint } from './json.ts';
import { trapHint } from './trap.ts';

const HOST_OFFER = { none: 'the offer of the host breaks a rule' } as const;

const violations: Hints<HandshakeViolation> = {
  FunctionCountExceeded: HOST_OFFER,
  FunctionVersionCountExceeded: HOST_OFFER,
  VersionOutOfRange: HOST_OFFER,
  CapabilityCountExceeded: HOST_OFFER,
  HandshakeSchemaVersionMismatch: ({ got, expected }) =>
    `Write ${expected} as handshake_schema_version, copied from the offer, and not ${got}.`,
  ChosenForUnknownFunction: ({ function: name }) =>
    `Choose no version of ` +
    `${quoted(name)}${isWireFunction(name) ? ', or list it in plugin_supported' : meantFunction()}.`,
  ChosenVersionNotOffered: ({ function: name, version }) =>
    `Choose a version of ${quoted(name)} that function_versions of the offer lists: ${version} is not there.`,
  DowngradeAttempt: ({ function: name, maxIntersection }) =>
    `Choose version ${maxIntersection} of ${quoted(name)}: the largest that both sides list.`,
  RequiredCapabilityUnavailable: ({ capability }) =>
    `Do not require ${quoted(capability)}; or, if your host offers it, say so: --host-capability ` +
    `${quoted(capability).slice(1, -1)} (option hostCapabilities).`,
};

function isWireFunction(name: string): boolean {
  return allWireFunctions.some((known) => known === name);
}

/** Lists all functions: the nearest name is often not what is meant, as filter for router. */
function meantFunction(): string {
  return `: the functions are ${listed(allWireFunctions)}. A router implements \`filter\``;
}

/** What to do about a handshake that failed. */
const hints: Hints<HandshakeExecutionFailure> = {
  Validation: ({ violation }) => hintIn(violations, violation),
  Instantiate: ({ build }) => buildHint(build),
  MissingHandshakeExport:
    'Export cc_lb_handshake, without parameters and with an i32 result or none: Rust #[plugin_fn] or #[no_mangle] ' +
    'pub ' +
    'extern "C" fn, AssemblyScript export function, C __attribute__((export_name("cc_lb_handshake"))), Zig export fn.',
  SerializeOffer: HOST_OFFER,
  Timeout: ({ call }) => timeoutHint(call),
  Call: ({ call }) => handshakeCallHint(call),
  OutputTooLarge: `Write only the six fields of the accept, which fit into ${HANDSHAKE_OUTPUT_MAX_BYTES} bytes.`,
  DecodeAccept: ({ fault }) =>
    fault.kind === 'UnknownField' && fault.field === '_v'
      ? 'Leave `_v` out of the accept: only requests and responses of wire functions have it.'
      : jsonHint(fault),
  ImplementedFunctionCountExceeded: ({ max }) => `List each wire function once, and at most ${max} in all.`,
  ImplementedUnknownFunction: ({ function: name }) =>
    `Take ${quoted(name)} out of implemented_functions${meantFunction()}.`,
  SupportedUnknownFunction: ({ function: name }) => `Take ${quoted(name)} out of plugin_supported${meantFunction()}.`,
  SupportedVersionOutOfRange: ({ function: name, version, min, max }) =>
    `Number the versions of ${quoted(name)} from ${min} to ${max}: not ${version}.`,
  ChosenFunctionNotImplemented: ({ function: name }) =>
    `Add ${quoted(name)} to implemented_functions, or choose no version of it.`,
  ChosenVersionNotSupported: ({ function: name, version }) =>
    `Add version ${version} of ${quoted(name)} to plugin_supported, or choose one that is there.`,
  DeclaredFunctionMissing: ({ function: name, found }) =>
    found === undefined
      ? `Export ${quoted(name)}, in Rust with #[plugin_fn] or #[no_mangle] pub extern "C" fn, or take it out of ` +
        'implemented_functions, plugin_supported and chosen_versions.'
      : `Declare ${quoted(name)} as a function without parameters and with an i32 result or none: it reads its ` +
        'request with the functions of the kernel, such as input_length.',
  UndeclaredExport: ({ function: name }) =>
    `List ${quoted(name)} in implemented_functions, plugin_supported and chosen_versions, or export it under another ` +
    'name.',
};

function timeoutHint(call: CallFailure): string {
  if (call.kind === 'OutOfFuel') {
    return (
      'Only choose versions in cc_lb_handshake: look for an endless loop there, and in constructors and static ' +
      'initialisers, which count too. The budget is the same for every host, and fuel counts instructions.'
    );
  }
  if (call.kind === 'Timeout') {
    return (
      'Do nothing in cc_lb_handshake that takes long: its limit is wall-clock time, without compiling. If fuel has ' +
      'no ' +
      'limit, look for an endless loop.'
    );
  }
  return (
    'Answer the offer instead of setting an error. A host takes this error for a timeout, because its text has ' +
    'timeout, timed out, deadline or fuel in it.'
  );
}

function handshakeCallHint(call: CallFailure): string | undefined {
  if (call.kind === 'PluginError') {
    return 'Answer this offer without an error: choose versions that both sides list, or {} if nothing is common.';
  }
  if (call.kind === 'Trap') return trapHint(call, call.reason, 'Answer this offer instead.');
  return callHint(call);
}

/** Says what to do about a handshake that failed; `undefined` if the plugin cannot help it. */
export function handshakeHint(failure: HandshakeExecutionFailure): string | undefined {
  return hintIn(hints, failure);
}
