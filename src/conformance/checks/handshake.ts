import {
  buildOffer,
  executeHandshake,
  HandshakeExecutionError,
  type HandshakeExecutionFailure,
  type HandshakeViolation,
} from '../../protocol/handshake.ts';
import { allWireFunctions, limits, utf8Length } from '../../protocol/messages/index.ts';
import { type Check, type Finding, fail, pass, warn } from '../check.ts';
import { ladder, type Rung } from '../layer-rules.ts';
import type { Bench } from '../test-host.ts';

const anchor = 'handshake-order-of-checks';

const rungs: readonly Rung[] = [
  {
    id: 'handshake.build',
    rule: 'The module can be compiled, linked with extism:host/env alone, and instantiated.',
    anchor,
    hint: 'Import nothing but functions of extism:host/env: no WASI (build for wasm32-unknown-unknown), and nothing of extism:host/user, which exists in dispatch only.',
  },
  {
    id: 'handshake.export',
    rule: 'There is an export cc_lb_handshake of type () -> i32 or () -> ().',
    anchor,
    hint: 'Export cc_lb_handshake without parameters: #[no_mangle] pub extern "C" fn in Rust, export function in AssemblyScript.',
  },
  {
    id: 'handshake.budget',
    rule: 'cc_lb_handshake is done within 200 ms and 10,000,000 fuel.',
    anchor,
    hint: 'Do nothing in the handshake but choose versions; constructors and static initialisers count too.',
    measure: ({ fuel }) =>
      fuel === undefined ? undefined : { value: fuel, unit: 'fuel', limit: limits.HANDSHAKE_FUEL },
  },
  {
    id: 'handshake.call',
    rule: 'cc_lb_handshake answers the built-in offer: no trap, no error, code 0, output in UTF-8.',
    anchor,
    hint: 'Read the offer, choose versions, set the output and return 0; nothing in the built-in offer may make it fail.',
  },
  {
    id: 'handshake.output-size',
    rule: 'The accept has at most 32768 bytes.',
    anchor,
    hint: 'Put nothing into the accept but its fields.',
  },
  {
    id: 'handshake.accept',
    rule: 'The output is the JSON of an accept.',
    anchor: 'layer-2-handshake',
    hint: 'Write an object with exactly handshake_schema_version, envelope_version, chosen_versions, plugin_supported, implemented_functions and required_capabilities.',
  },
  {
    id: 'handshake.schema-version',
    rule: "handshake_schema_version is the offer's.",
    anchor,
    hint: 'Answer the handshake_schema_version of the offer: 1.',
  },
  {
    id: 'handshake.chosen-known',
    rule: 'Every chosen function was offered and is among plugin_supported.',
    anchor,
    hint: 'Choose versions of functions only that are in both function_versions of the offer and plugin_supported.',
  },
  {
    id: 'handshake.chosen-offered',
    rule: 'Every chosen version was offered.',
    anchor,
    hint: 'Choose from the versions that the offer lists.',
  },
  {
    id: 'handshake.latest-version',
    rule: 'Of each function the largest version that both sides list is chosen.',
    anchor,
    hint: 'Take the maximum of the versions that both sides list; for now that is 1.',
  },
  {
    id: 'handshake.capabilities',
    rule: 'Every required capability was offered.',
    anchor,
    hint: 'Require less, or verify with the capabilities that your host offers: option hostCapabilities, or --cap NAME.',
  },
  {
    id: 'handshake.implemented-count',
    rule: 'At most 16 functions are implemented.',
    anchor,
    hint: 'List the wire functions only, each once.',
  },
  {
    id: 'handshake.implemented-known',
    rule: 'Every implemented function was offered.',
    anchor,
    hint: `List only names out of ${allWireFunctions.join(', ')} in implemented_functions.`,
  },
  {
    id: 'handshake.supported-known',
    rule: 'Every function in plugin_supported was offered.',
    anchor,
    hint: `List only names out of ${allWireFunctions.join(', ')} in plugin_supported.`,
  },
  {
    id: 'handshake.supported-range',
    rule: 'Every supported version is within 1 to 65535.',
    anchor,
    hint: 'Number versions from 1.',
  },
  {
    id: 'handshake.chosen-implemented',
    rule: 'Every chosen function is among implemented_functions.',
    anchor,
    hint: 'Add the function to implemented_functions, or do not choose a version of it.',
  },
  {
    id: 'handshake.chosen-supported',
    rule: 'Every chosen version is among those supported.',
    anchor,
    hint: 'Choose from the versions that plugin_supported lists.',
  },
  {
    id: 'handshake.declared-export',
    rule: 'Every implemented function is an export of type () -> i32 or () -> ().',
    anchor,
    hint: 'Export the function under its wire name and without parameters, or take it out of implemented_functions.',
  },
  {
    id: 'handshake.undeclared-export',
    rule: 'Every export that is named as a wire function is among implemented_functions.',
    anchor,
    hint: 'Add the function to implemented_functions, or do not export it under that name.',
  },
];

/** Faults of the host's own offer have no check: options that would make them are refused before. */
const checkOf: Readonly<Record<HandshakeExecutionFailure['kind'] | HandshakeViolation['kind'], string>> = {
  Validation: '',
  SerializeOffer: '',
  FunctionCountExceeded: '',
  FunctionVersionCountExceeded: '',
  VersionOutOfRange: '',
  CapabilityCountExceeded: '',
  Instantiate: 'handshake.build',
  MissingHandshakeExport: 'handshake.export',
  Timeout: 'handshake.budget',
  Call: 'handshake.call',
  OutputTooLarge: 'handshake.output-size',
  DecodeAccept: 'handshake.accept',
  HandshakeSchemaVersionMismatch: 'handshake.schema-version',
  ChosenForUnknownFunction: 'handshake.chosen-known',
  ChosenVersionNotOffered: 'handshake.chosen-offered',
  DowngradeAttempt: 'handshake.latest-version',
  RequiredCapabilityUnavailable: 'handshake.capabilities',
  ImplementedFunctionCountExceeded: 'handshake.implemented-count',
  ImplementedUnknownFunction: 'handshake.implemented-known',
  SupportedUnknownFunction: 'handshake.supported-known',
  SupportedVersionOutOfRange: 'handshake.supported-range',
  ChosenFunctionNotImplemented: 'handshake.chosen-implemented',
  ChosenVersionNotSupported: 'handshake.chosen-supported',
  DeclaredFunctionMissing: 'handshake.declared-export',
  UndeclaredExport: 'handshake.undeclared-export',
};

/** The check that the last rule of the handshake is. */
export const HANDSHAKE_DONE = 'handshake.undeclared-export';

const furtherChecks: readonly Check[] = [
  {
    id: 'handshake.chosen-complete',
    rule: 'A version is chosen of every implemented function.',
    anchor: 'layer-2-handshake',
    hint: 'Add the function to chosen_versions: a host cannot dispatch to one without a negotiated version.',
    needs: [HANDSHAKE_DONE],
    run: checkComplete,
  },
  {
    id: 'handshake.capability-names',
    rule: 'Names of capabilities have at most 64 bytes and match ^[a-z][a-z0-9_]*$.',
    anchor: 'limits',
    hint: 'Name capabilities in lower-case letters, digits and _.',
    needs: [HANDSHAKE_DONE],
    run: checkCapabilityNames,
  },
  {
    id: 'handshake.other-offer',
    rule: 'An offer without a common version is not answered with a version that it does not list.',
    anchor: 'layer-2-handshake',
    hint: 'Choose from the versions that this offer lists, and set an error when none will do: a later host may offer other versions.',
    needs: [HANDSHAKE_DONE],
    run: checkOtherOffer,
  },
];

/** The checks of layer 2. */
export const handshakeChecks: readonly Check[] = [
  ...ladder('handshake', rungs, checkOf, ['identity.once']),
  ...furtherChecks,
];

function checkComplete({ admission: { accept } }: Bench): Finding {
  const implemented = accept?.implemented_functions ?? [];
  const missing = implemented.filter((name) => !Object.hasOwn(accept?.chosen_versions ?? {}, name));
  if (missing.length > 0) return fail(`no version is chosen of ${missing.join(', ')}`);
  return pass({ value: implemented.length, unit: 'functions' });
}

function checkCapabilityNames({ admission: { accept } }: Bench): Finding {
  const pattern = new RegExp(limits.CAPABILITY_PATTERN);
  const odd = (accept?.required_capabilities ?? []).filter(
    (name) => !pattern.test(name) || utf8Length(name) > limits.CAPABILITY_NAME_MAX_BYTES,
  );
  return odd.length === 0 ? pass() : warn(`the plugin requires ${odd.map((name) => JSON.stringify(name)).join(', ')}`);
}

/** Nothing that a plugin speaks today. */
const FOREIGN_VERSION = limits.VERSION_MAX;

function checkOtherOffer({ compiled, options }: Bench): Finding {
  const offer = buildOffer(options.hostCapabilities);
  const versions = Object.fromEntries(allWireFunctions.map((name) => [name, [FOREIGN_VERSION]]));
  try {
    executeHandshake(compiled, { ...offer, function_versions: versions });
    return pass();
  } catch (error) {
    if (!(error instanceof HandshakeExecutionError)) throw error;
    const { failure } = error;
    if (failure.kind !== 'Validation') return pass();
    return warn(`offered version ${FOREIGN_VERSION} of each function: ${error.message}`);
  }
}
