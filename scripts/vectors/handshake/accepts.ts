import { type Row, vectorsOf } from '../layer-vectors.ts';
import { answering } from '../parts.ts';
import { accepted, refused, violation } from './ends.ts';
import { accept, acceptAll, acceptNothing, numbered, offer } from './messages.ts';

/** Versions of `shape` and a capability, for accepts that choose among them. */
const wide = offer({
  function_versions: { shape: [1, 2, 3], sign: [1], filter: [1] },
  host_capabilities: ['storage', 'network'],
});

/** An accept that chooses a version of `shape`, and supports these. */
const choosing = (version: number, supported: readonly number[]): string =>
  accept({ chosen_versions: { shape: version }, plugin_supported: { shape: supported } });

const schema = (got: number, expected: number) => violation('HandshakeSchemaVersionMismatch', { got, expected });
const unknown = (name: string) => violation('ChosenForUnknownFunction', { function: name });
const notOffered = (name: string, version: number) => violation('ChosenVersionNotOffered', { function: name, version });
const downgrade = (chosen: number, maxIntersection: number) =>
  violation('DowngradeAttempt', { function: 'shape', chosen, maxIntersection });
const unavailable = (capability: string) => violation('RequiredCapabilityUnavailable', { capability });
const supportedOutOfRange = (version: number) =>
  refused('SupportedVersionOutOfRange', { function: 'shape', version, min: 1, max: 65535 });
const notSupported = (version: number) => refused('ChosenVersionNotSupported', { function: 'shape', version });

/** An answer to an offer, by the module that exports `shape`. */
const answers = (rule: string, written: string, ends: object, given?: string, about?: string): Row => ({
  rule,
  ...(about !== undefined && { about }),
  wasm: answering('answer-shape', written),
  ...(given !== undefined && { offer: given }),
  ends,
});
/** The same, for an answer that is accepted as it is written. */
const takes = (rule: string, written: string, given?: string): Row =>
  answers(rule, written, accepted(written, 'shape'), given);

const f = numbered('f', 17);
const numberedOffer = offer({ function_versions: Object.fromEntries(f.map((name) => [name, [1]])) });

/** Accepts that a host takes. */
const taken: Readonly<Record<string, Row>> = {
  'accept-of-shape': takes('H-4.3', accept()),
  'accept-of-nothing': { rule: 'H-4.5', wasm: answering('answer', acceptNothing), ends: accepted(acceptNothing) },
  'accept-with-another-envelope': takes('H-4.2', accept({ envelope_version: 9 })),
  'accept-with-the-greatest-version-of-both': takes('H-12.4', choosing(3, [1, 2, 3]), wide),
  'accept-with-the-greatest-version-of-the-plugin': takes('H-12.4', choosing(2, [1, 2]), wide),
  'accept-that-supports-versions-beyond-the-offer': takes('H-4.4', choosing(3, [3, 99, 65535]), wide),
  'accept-that-supports-versions-in-any-order': takes('H-4.4', choosing(3, [2, 3, 1, 3]), wide),
  'accept-that-chooses-nothing': takes('H-4.3', accept({ chosen_versions: {} })),
  'accept-that-supports-more-than-it-implements': takes(
    'H-4.4',
    accept({ plugin_supported: { filter: [1], shape: [1], sign: [] } }),
  ),
  'accept-that-supports-nothing-and-chooses-nothing': takes(
    'H-4.4',
    accept({ chosen_versions: {}, plugin_supported: {} }),
  ),
  'accept-that-requires-a-capability': takes('H-4.6', accept({ required_capabilities: ['network', 'storage'] }), wide),
  'accept-with-sets-in-any-order': {
    rule: 'H-4.5',
    about: 'Sets are written sorted, each string once.',
    wasm: answering('answer-signer', acceptAll('sign', 'build_signer', 'on_unauthorized', 'sign')),
    ends: accepted(
      accept({
        chosen_versions: { build_signer: 1, on_unauthorized: 1, sign: 1 },
        plugin_supported: { build_signer: [1], on_unauthorized: [1], sign: [1] },
        implemented_functions: ['build_signer', 'on_unauthorized', 'sign'],
      }),
    ),
  },
  'accept-as-an-array': {
    rule: 'H-11',
    wasm: answering('answer-shape', ' [1, 1, {"shape":1}, {"shape":[1]}, ["shape"], []] '),
    ends: accepted(accept(), 'shape'),
  },
  'accept-with-a-repeated-name': {
    rule: 'H-11',
    about: 'In a map the last of repeated keys wins.',
    wasm: answering('answer-shape', accept().replace('{"shape":1}', '{"shape":9,"shape":1}')),
    ends: accepted(accept(), 'shape'),
  },
  'accept-with-a-bad-value-of-a-repeated-name': answers(
    'H-11',
    accept().replace('{"shape":1}', '{"shape":"1","shape":1}'),
    refused('DecodeAccept'),
  ),
  'accept-to-another-schema-version': takes(
    'H-4.1',
    accept({ handshake_schema_version: 2 }),
    offer({ handshake_schema_version: 2 }),
  ),
  'accept-of-16-functions': {
    rule: 'L-7.12',
    wasm: answering('answer-own-functions', acceptAll(...f.slice(0, 16))),
    offer: numberedOffer,
    ends: accepted(acceptAll(...f.slice(0, 16))),
  },
  'accept-of-16-functions-and-a-repeated-one': {
    rule: 'H-13.1',
    wasm: answering('answer-own-functions', acceptAll(...f.slice(0, 16)).replace('["f01","f02"', '["f02","f01","f02"')),
    offer: numberedOffer,
    ends: accepted(acceptAll(...f.slice(0, 16))),
  },
};

/** Accepts that do not fit the offer. */
const unfit: Readonly<Record<string, Row>> = {
  'schema-version-2': answers('H-12.1', accept({ handshake_schema_version: 2 }), schema(2, 1)),
  'schema-version-0': answers('H-12.1', accept({ handshake_schema_version: 0 }), schema(0, 1)),
  'schema-version-1-to-an-offer-of-2': answers(
    'H-12.1',
    accept(),
    schema(1, 2),
    offer({ handshake_schema_version: 2 }),
  ),
  'chosen-function-that-was-not-offered': answers('H-12.2', acceptAll('rank'), unknown('rank')),
  'chosen-function-that-is-not-supported': answers('H-12.2', accept({ plugin_supported: {} }), unknown('shape')),
  'chosen-function-that-is-neither': answers(
    'H-12.2',
    accept({ chosen_versions: { rank: 1 }, plugin_supported: {} }),
    unknown('rank'),
  ),
  'chosen-function-named-constructor': answers(
    'H-12.2',
    accept({ chosen_versions: { constructor: 1 }, plugin_supported: {} }),
    unknown('constructor'),
  ),
  'chosen-function-named-proto': answers(
    'H-12.2',
    accept().replace('{"shape":1}', '{"__proto__":1}'),
    unknown('__proto__'),
  ),
  'chosen-function-with-another-case': answers('H-12.2', acceptAll('Shape'), unknown('Shape')),
  'chosen-version-that-was-not-offered': answers('H-12.3', choosing(2, [1, 2]), notOffered('shape', 2)),
  'chosen-version-0': answers('H-12.3', choosing(0, [0, 1]), notOffered('shape', 0)),
  'chosen-version-that-is-offered-to-another-function': answers(
    'H-12.3',
    accept({ chosen_versions: { sign: 2 }, plugin_supported: { sign: [2] }, implemented_functions: ['sign'] }),
    notOffered('sign', 2),
    wide,
  ),
  'chosen-version-below-the-greatest-of-both': answers('H-12.4', choosing(1, [1, 2]), downgrade(1, 2), wide),
  'chosen-version-far-below-the-greatest-of-both': answers('H-12.4', choosing(1, [3, 2, 99, 1]), downgrade(1, 3), wide),
  'chosen-version-between': answers('H-12.4', choosing(2, [3, 2, 1]), downgrade(2, 3), wide),
  'chosen-version-that-is-not-supported-below-one-that-is': answers('H-12.4', choosing(1, [2]), downgrade(1, 2), wide),
  'required-capability-that-was-not-offered': answers(
    'H-12.5',
    accept({ required_capabilities: ['storage', 'clock'] }),
    unavailable('clock'),
    wide,
  ),
  'required-capability-with-another-case': answers(
    'H-12.5',
    accept({ required_capabilities: ['Storage'] }),
    unavailable('Storage'),
    wide,
  ),
  'required-capability-of-an-offer-without-any': answers(
    'H-12.5',
    accept({ required_capabilities: [''] }),
    unavailable(''),
  ),

  // Two faults: the earlier check decides.
  'schema-version-before-chosen': answers(
    'H-12.1',
    accept({ handshake_schema_version: 2, chosen_versions: { rank: 1 } }),
    schema(2, 1),
  ),
  'schema-version-before-capabilities': answers(
    'H-12.1',
    accept({ handshake_schema_version: 2, required_capabilities: ['clock'] }),
    schema(2, 1),
  ),
  'schema-version-before-implemented': answers(
    'H-12.1',
    accept({ handshake_schema_version: 2, implemented_functions: ['rank'] }),
    schema(2, 1),
  ),
  'unknown-function-before-its-version': answers(
    'H-12.2',
    accept({ chosen_versions: { shape: 9 }, plugin_supported: {} }),
    unknown('shape'),
  ),
  'version-not-offered-before-downgrade': answers('H-12.3', choosing(0, [0, 1, 2, 3]), notOffered('shape', 0), wide),
  'chosen-functions-in-order': answers(
    'H-5',
    accept({ chosen_versions: { sign: 9, filter: 8 }, plugin_supported: { sign: [9], filter: [8] } }),
    notOffered('filter', 8),
  ),
  'chosen-downgrade-of-an-earlier-function': answers(
    'H-5',
    accept({ chosen_versions: { zz: 1, shape: 1 }, plugin_supported: { shape: [3] } }),
    downgrade(1, 3),
    wide,
  ),
  'chosen-functions-in-the-order-of-utf8': answers(
    'H-5',
    accept({ chosen_versions: { '\u{1f600}': 1, '\uff5e': 1 } }),
    unknown('\uff5e'),
  ),
  'chosen-functions-named-by-digits': answers('H-5', accept({ chosen_versions: { 9: 1, 10: 1 } }), unknown('10')),
  'chosen-before-capabilities': answers(
    'H-12.3',
    accept({
      chosen_versions: { shape: 4 },
      plugin_supported: { shape: [4] },
      required_capabilities: ['clock'],
    }),
    notOffered('shape', 4),
  ),
  'capabilities-in-order': answers('H-5', accept({ required_capabilities: ['b', 'a', 'B'] }), unavailable('B')),
  'capability-before-the-number-of-implemented': answers(
    'H-12.5',
    accept({ required_capabilities: ['clock'], implemented_functions: f }),
    unavailable('clock'),
  ),
  'capability-before-implemented': answers(
    'H-12.5',
    accept({ required_capabilities: ['clock'], implemented_functions: ['rank'] }),
    unavailable('clock'),
  ),
  'downgrade-before-supported': answers('H-12.4', choosing(1, [0, 2]), downgrade(1, 2), wide),
};

/** Accepts that contradict the offer or themselves otherwise. */
const contradictory: Readonly<Record<string, Row>> = {
  'implemented-17-functions': {
    rule: 'H-13.1',
    wasm: answering('answer-own-functions', acceptAll(...f)),
    offer: numberedOffer,
    ends: refused('ImplementedFunctionCountExceeded', { count: 17, max: 16 }),
  },
  'implemented-17-unknown-functions': answers(
    'H-13.1',
    accept({ implemented_functions: f }),
    refused('ImplementedFunctionCountExceeded', { count: 17, max: 16 }),
  ),
  'implemented-function-that-was-not-offered': answers(
    'H-13.2',
    accept({ implemented_functions: ['shape', 'rank'] }),
    refused('ImplementedUnknownFunction', { function: 'rank' }),
  ),
  'implemented-function-named-toString': answers(
    'H-13.2',
    accept({ implemented_functions: ['shape', 'toString'] }),
    refused('ImplementedUnknownFunction', { function: 'toString' }),
  ),
  'implemented-route': answers(
    'H-13.2',
    accept({ implemented_functions: ['route', 'shape'] }),
    refused('ImplementedUnknownFunction', { function: 'route' }),
  ),
  'implemented-two-unknown-functions': answers(
    'H-5',
    accept({ implemented_functions: ['shape', 'b', 'a'] }),
    refused('ImplementedUnknownFunction', { function: 'a' }),
  ),
  'supported-function-that-was-not-offered': answers(
    'H-13.3',
    accept({ plugin_supported: { shape: [1], rank: [1] } }),
    refused('SupportedUnknownFunction', { function: 'rank' }),
  ),
  'supported-function-that-was-not-offered-without-versions': answers(
    'H-13.3',
    accept({ plugin_supported: { shape: [1], rank: [] } }),
    refused('SupportedUnknownFunction', { function: 'rank' }),
  ),
  'supported-version-0': answers('H-13.4', choosing(1, [1, 0]), supportedOutOfRange(0)),
  'supported-version-65535': takes('L-7.8', choosing(1, [1, 65535])),
  'supported-version-65536': answers('H-13.4', choosing(1, [1, 65536]), supportedOutOfRange(65536)),
  'supported-two-bad-versions': answers('H-5', choosing(1, [1, 65536, 0]), supportedOutOfRange(65536)),
  'chosen-function-that-is-not-implemented': answers(
    'H-13.5',
    accept({ implemented_functions: [] }),
    refused('ChosenFunctionNotImplemented', { function: 'shape' }),
  ),
  'chosen-version-that-is-not-supported': answers('H-13.6', choosing(2, [1]), notSupported(2), wide),
  'chosen-version-of-an-empty-list': answers('H-13.6', choosing(1, []), notSupported(1)),

  // Two faults: the earlier check decides.
  'implemented-before-supported': answers(
    'H-13.2',
    accept({ implemented_functions: ['rank', 'shape'], plugin_supported: { rank: [0], shape: [1] } }),
    refused('ImplementedUnknownFunction', { function: 'rank' }),
  ),
  'implemented-before-chosen': answers(
    'H-13.2',
    accept({ implemented_functions: ['rank'] }),
    refused('ImplementedUnknownFunction', { function: 'rank' }),
  ),
  'supported-function-before-its-versions': answers(
    'H-13.3',
    accept({ plugin_supported: { shape: [1], rank: [0] } }),
    refused('SupportedUnknownFunction', { function: 'rank' }),
  ),
  'supported-version-of-an-earlier-function': answers(
    'H-5',
    accept({ plugin_supported: { shape: [1, 0], zz: [1] } }),
    supportedOutOfRange(0),
  ),
  'supported-functions-named-by-digits': answers(
    'H-5',
    accept({ plugin_supported: { 9: [1], 10: [1], shape: [1] } }),
    refused('SupportedUnknownFunction', { function: '10' }),
  ),
  'supported-functions-in-order': answers(
    'H-5',
    accept({ plugin_supported: { shape: [1, 0], rank: [1] } }),
    refused('SupportedUnknownFunction', { function: 'rank' }),
  ),
  'supported-before-chosen': answers(
    'H-13.4',
    accept({ implemented_functions: [], plugin_supported: { shape: [1, 0] } }),
    supportedOutOfRange(0),
  ),
  'not-implemented-before-not-supported': answers(
    'H-13.5',
    accept({ implemented_functions: [], plugin_supported: { shape: [] } }),
    refused('ChosenFunctionNotImplemented', { function: 'shape' }),
  ),
  'chosen-by-function-first': answers(
    'H-5',
    accept({
      chosen_versions: { sign: 1, filter: 1 },
      plugin_supported: { sign: [1], filter: [] },
      implemented_functions: ['filter'],
    }),
    refused('ChosenVersionNotSupported', { function: 'filter', version: 1 }),
  ),
  'not-implemented-before-the-exports': answers(
    'H-13.5',
    accept({ implemented_functions: ['sign'] }),
    refused('ChosenFunctionNotImplemented', { function: 'shape' }),
  ),
  'not-supported-before-the-exports': answers(
    'H-13.6',
    accept({
      chosen_versions: { sign: 1 },
      plugin_supported: { sign: [] },
      implemented_functions: ['sign'],
    }),
    refused('ChosenVersionNotSupported', { function: 'sign', version: 1 }),
  ),
};

/** What the plugin answers, compared with the offer. */
export const handshakeAccepts = vectorsOf('handshake', { ...taken, ...unfit, ...contradictory });
