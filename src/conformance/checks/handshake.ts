import { recover } from '../../failure.ts';
import {
  buildOffer,
  executeHandshake,
  HandshakeExecutionError,
  type HandshakeExecutionFailure,
  type HandshakeViolation,
} from '../../protocol/handshake.ts';
import { allWireFunctions, limits, utf8Length } from '../../protocol/messages/index.ts';
import { type Check, type Finding, fail, pass, warn } from '../check.ts';
import { type LayerRule, layerChecks } from '../layer-rules.ts';
import type { TestHost } from '../test-host.ts';

const anchor = 'handshake-order-of-checks';

const rules: readonly LayerRule[] = [
  {
    id: 'handshake.build',
    rule: 'The module compiles, links with extism:host/env alone, and can be instantiated.',
    anchor,
  },
  {
    id: 'handshake.export',
    rule: 'The module exports cc_lb_handshake with type () -> i32 or () -> ().',
    anchor,
  },
  {
    id: 'handshake.budget',
    rule: 'cc_lb_handshake returns within 200 ms and 10,000,000 fuel.',
    anchor,
    measure: ({ fuel }) =>
      fuel === undefined ? undefined : { value: fuel, unit: 'fuel', limit: limits.HANDSHAKE_FUEL },
    nearHint: 'Only read the offer and choose versions in the handshake, and do less in constructors and statics.',
  },
  {
    id: 'handshake.call',
    rule: 'cc_lb_handshake answers the built-in offer: no trap, no error, code 0, output in UTF-8.',
    anchor,
  },
  {
    id: 'handshake.output-size',
    rule: 'The accept has at most 32768 bytes.',
    anchor,
  },
  {
    id: 'handshake.accept',
    rule: 'The output is an accept in JSON.',
    anchor: 'layer-2-handshake',
  },
  {
    id: 'handshake.schema-version',
    rule: 'handshake_schema_version equals that of the offer.',
    anchor,
  },
  {
    id: 'handshake.chosen-known',
    rule: 'Every chosen function was offered and is among plugin_supported.',
    anchor,
  },
  {
    id: 'handshake.chosen-offered',
    rule: 'Every chosen version was offered.',
    anchor,
  },
  {
    id: 'handshake.latest-version',
    rule: 'Every chosen version is the largest that both sides list.',
    anchor,
  },
  {
    id: 'handshake.capabilities',
    rule: 'Every required capability was offered.',
    anchor,
  },
  {
    id: 'handshake.implemented-count',
    rule: 'implemented_functions lists at most 16 functions.',
    anchor,
  },
  {
    id: 'handshake.implemented-known',
    rule: 'Every implemented function was offered.',
    anchor,
  },
  {
    id: 'handshake.supported-known',
    rule: 'Every function in plugin_supported was offered.',
    anchor,
  },
  {
    id: 'handshake.supported-range',
    rule: 'Every supported version is between 1 and 65535.',
    anchor,
  },
  {
    id: 'handshake.chosen-implemented',
    rule: 'Every chosen function is among implemented_functions.',
    anchor,
  },
  {
    id: 'handshake.chosen-supported',
    rule: 'Every chosen version is among plugin_supported.',
    anchor,
  },
  {
    id: 'handshake.declared-export',
    rule: 'Every implemented function is exported with type () -> i32 or () -> ().',
    anchor,
  },
  {
    id: 'handshake.undeclared-export',
    rule: 'Every export with the name of a wire function is among implemented_functions.',
    anchor,
  },
];

/** Faults of the host's own offer have no check: `verifyPlugin` validates the offer first. */
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

/** The id of the check of the last rule of the handshake. */
export const HANDSHAKE_DONE = 'handshake.undeclared-export';

const furtherChecks: readonly Check[] = [
  {
    id: 'handshake.chosen-complete',
    rule: 'Every implemented function has a chosen version.',
    anchor: 'A-2',
    hint: 'Add the function to chosen_versions. A host cannot dispatch to a function without a negotiated version.',
    needs: [HANDSHAKE_DONE],
    run: checkComplete,
  },
  {
    id: 'handshake.capability-names',
    rule: `Names of capabilities have at most 64 bytes and match ${limits.CAPABILITY_PATTERN}.`,
    anchor: 'A-5',
    advice: true,
    hint: 'Use lower-case letters, digits and _ in the names of capabilities. A colon separates parts.',
    needs: [HANDSHAKE_DONE],
    run: checkCapabilityNames,
  },
  {
    id: 'handshake.other-offer',
    rule: 'For an offer with unknown versions only, cc_lb_handshake chooses no version that the offer does not list.',
    anchor: 'A-6',
    advice: true,
    hint:
      'Choose from the versions in the offer. If none is supported, set an error. Later hosts may offer other ' +
      'versions.',
    needs: [HANDSHAKE_DONE],
    run: checkOtherOffer,
  },
];

/** The checks of layer 2. */
export const handshakeChecks: readonly Check[] = [
  ...layerChecks('handshake', rules, checkOf, ['identity.once']),
  ...furtherChecks,
];

function checkComplete({ admission: { accept } }: TestHost): Finding {
  const implemented = accept?.implemented_functions ?? [];
  const missing = implemented.filter((name) => !Object.hasOwn(accept?.chosen_versions ?? {}, name));
  if (missing.length > 0) return fail(`no version is chosen for ${missing.join(', ')}`);
  return pass({ value: implemented.length, unit: 'functions' });
}

function checkCapabilityNames({ admission: { accept } }: TestHost): Finding {
  const pattern = new RegExp(limits.CAPABILITY_PATTERN);
  const odd = (accept?.required_capabilities ?? []).filter(
    (name) => !pattern.test(name) || utf8Length(name) > limits.CAPABILITY_NAME_MAX_BYTES,
  );
  return odd.length === 0 ? pass() : warn(`the plugin requires ${odd.map((name) => JSON.stringify(name)).join(', ')}`);
}

/** A version that no plugin supports today. */
const FOREIGN_VERSION = limits.VERSION_MAX;

function checkOtherOffer(host: TestHost): Finding {
  const offer = buildOffer(host.options.hostCapabilities);
  const versions = Object.fromEntries(allWireFunctions.map((name) => [name, [FOREIGN_VERSION]]));
  const run = (): Finding => {
    executeHandshake(host.compiled, { ...offer, function_versions: versions }, host.layerHost());
    return pass();
  };
  return recover(run, HandshakeExecutionError, ({ failure, message }) =>
    failure.kind === 'Validation'
      ? warn(`the offer lists only version ${FOREIGN_VERSION} of each function: ${message}`)
      : pass(),
  );
}
