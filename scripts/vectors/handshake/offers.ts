import { builtInFunctions } from '../built-in-offer.ts';
import { vectorsOf } from '../layer-vectors.ts';
import { acting, answering, u32Part } from '../parts.ts';
import { accepted, refused, violation } from './ends.ts';
import { accept, acceptNothing, numbered, offer } from './messages.ts';

/** Functions of an offer: as many, each in these versions. */
const functions = (count: number, versions: readonly number[] = [1]): object => ({
  function_versions: Object.fromEntries(numbered('f', count).map((name) => [name, versions])),
});
const versions = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
const shapeIn = (offered: readonly number[]): string => offer({ function_versions: { shape: offered } });
const outOfRange = (version: number): object => violation('VersionOutOfRange', { version, min: 1, max: 65535 });
const tooManyFunctions = violation('FunctionCountExceeded', { count: 33, max: 32 });
const tooManyVersions = (name: string): object =>
  violation('FunctionVersionCountExceeded', { function: name, count: 17, max: 16 });
const tooManyCapabilities = violation('CapabilityCountExceeded', { count: 33, max: 32 });

const good = answering('answer', acceptNothing);
const acceptedNothing = accepted(acceptNothing);
const acceptNothingOf2 = acceptNothing.replace('_version":1', '_version":2');
const notAModule = [{ text: 'not a module' }];

/** A module that traps if the offer that it gets is another one. */
const expecting = (written: string, answer = acceptNothing) =>
  acting('x', u32Part(new TextEncoder().encode(written).length), { text: written }, { text: answer });

const offerUpToFunctions = '{"handshake_schema_version":1,"envelope_version":1,"function_versions":';

/** The offer: its limits, and how it is written. */
export const handshakeOffers = vectorsOf('handshake', {
  'offer-built-in': {
    rule: 'H-3',
    wasm: expecting(`${offerUpToFunctions}${builtInFunctions},"host_capabilities":[]}`),
    ends: acceptedNothing,
  },
  'offer-is-the-input': {
    rule: 'H-1',
    wasm: expecting(`${offerUpToFunctions}{"shape":[1]},"host_capabilities":[]}`),
    offer: offer({ function_versions: { shape: [1] } }),
    ends: acceptedNothing,
  },
  'offer-with-sorted-functions': {
    rule: 'H-2.3',
    wasm: expecting(`${offerUpToFunctions}{"Z":[1],"a":[1],"b":[1],"é":[1]},"host_capabilities":[]}`),
    offer: offer({ function_versions: { é: [1], b: [1], a: [1], Z: [1] } }),
    ends: acceptedNothing,
  },
  'offer-with-functions-sorted-by-utf8': {
    rule: 'H-2.3',
    about: 'In UTF-16 the order would be the reverse.',
    wasm: expecting(`${offerUpToFunctions}{"\uff5e":[1],"\u{1f600}":[1]},"host_capabilities":[]}`),
    offer: offer({ function_versions: { '\u{1f600}': [1], '\uff5e': [1] } }),
    ends: acceptedNothing,
  },
  'offer-with-functions-named-by-digits': {
    rule: 'H-2.3',
    wasm: expecting(`${offerUpToFunctions}{"10":[1],"9":[1]},"host_capabilities":[]}`),
    offer: offer({ function_versions: { 9: [1], 10: [1] } }),
    ends: acceptedNothing,
  },
  'offer-with-versions-in-their-order': {
    rule: 'H-2.3',
    wasm: expecting(`${offerUpToFunctions}{"shape":[3,1,2,1]},"host_capabilities":[]}`),
    offer: shapeIn([3, 1, 2, 1]),
    ends: acceptedNothing,
  },
  'offer-with-a-set-of-capabilities': {
    rule: 'H-2.4',
    wasm: expecting(`${offerUpToFunctions}{"shape":[1]},"host_capabilities":["B","a","b"]}`),
    offer: offer({ function_versions: { shape: [1] }, host_capabilities: ['b', 'a', 'b', 'B'] }),
    ends: acceptedNothing,
  },
  'offer-with-another-schema-version': {
    rule: 'H-2.1',
    wasm: expecting(
      '{"handshake_schema_version":2,"envelope_version":1,"function_versions":{"shape":[1]},"host_capabilities":[]}',
      acceptNothingOf2,
    ),
    offer: offer({ handshake_schema_version: 2, function_versions: { shape: [1] } }),
    ends: accepted(acceptNothingOf2),
  },
  'offer-with-other-numbers-of-its-own': {
    rule: 'H-2.2',
    wasm: expecting(
      '{"handshake_schema_version":1,"envelope_version":7,"function_versions":{"shape":[1]},"host_capabilities":[]}',
    ),
    offer: offer({ envelope_version: 7, function_versions: { shape: [1] } }),
    ends: acceptedNothing,
  },

  // Both sides of each limit.
  'offer-without-functions': { rule: 'H-6.1', wasm: good, offer: offer(functions(0)), ends: acceptedNothing },
  'offer-of-32-functions': { rule: 'L-7.6', wasm: good, offer: offer(functions(32)), ends: acceptedNothing },
  'offer-of-33-functions': { rule: 'H-6.1', wasm: good, offer: offer(functions(33)), ends: tooManyFunctions },
  'offer-of-no-versions': { rule: 'H-6.2', wasm: good, offer: shapeIn([]), ends: acceptedNothing },
  'offer-of-16-versions': { rule: 'L-7.7', wasm: good, offer: shapeIn(versions(16)), ends: acceptedNothing },
  'offer-of-17-versions': { rule: 'H-6.2', wasm: good, offer: shapeIn(versions(17)), ends: tooManyVersions('shape') },
  'offer-of-17-equal-versions': {
    rule: 'H-6.2',
    wasm: good,
    offer: shapeIn(versions(17).map(() => 1)),
    ends: tooManyVersions('shape'),
  },
  'offer-of-version-1': { rule: 'L-7.8', wasm: good, offer: shapeIn([1]), ends: acceptedNothing },
  'offer-of-version-0': { rule: 'H-6.3', wasm: good, offer: shapeIn([0]), ends: outOfRange(0) },
  'offer-of-version-65535': { rule: 'L-7.8', wasm: good, offer: shapeIn([65535]), ends: acceptedNothing },
  'offer-of-version-65536': { rule: 'H-6.3', wasm: good, offer: shapeIn([65536]), ends: outOfRange(65536) },
  'offer-of-the-greatest-u32': {
    rule: 'H-6.3',
    wasm: good,
    offer: shapeIn([1, 4294967295]),
    ends: outOfRange(4294967295),
  },
  'offer-of-two-bad-versions': {
    rule: 'H-5',
    about: 'Lists are checked in their own order.',
    wasm: good,
    offer: shapeIn([1, 65536, 0]),
    ends: outOfRange(65536),
  },
  'offer-of-32-capabilities': {
    rule: 'L-7.9',
    wasm: good,
    offer: offer({ host_capabilities: numbered('c', 32) }),
    ends: acceptedNothing,
  },
  'offer-of-33-capabilities': {
    rule: 'H-6.4',
    wasm: good,
    offer: offer({ host_capabilities: numbered('c', 33) }),
    ends: tooManyCapabilities,
  },
  'offer-of-32-capabilities-and-a-repeated-one': {
    rule: 'H-6.4',
    wasm: good,
    offer: offer({ host_capabilities: [...numbered('c', 32), 'c01'] }),
    ends: acceptedNothing,
  },
  'offer-of-a-capability-of-65-bytes': {
    rule: 'L-7.10',
    wasm: good,
    offer: offer({ host_capabilities: ['c'.repeat(65)] }),
    ends: acceptedNothing,
  },
  'offer-of-capabilities-off-the-pattern': {
    rule: 'L-7.11',
    wasm: good,
    offer: offer({ host_capabilities: ['', 'Upper Case', ':', 'c\n'] }),
    ends: acceptedNothing,
  },

  // Two faults: the earlier check decides.
  'offer-functions-before-versions': {
    rule: 'H-6.1',
    wasm: good,
    offer: offer(functions(33, [0])),
    ends: tooManyFunctions,
  },
  'offer-functions-before-capabilities': {
    rule: 'H-6.1',
    wasm: good,
    offer: offer({ ...functions(33), host_capabilities: numbered('c', 33) }),
    ends: tooManyFunctions,
  },
  'offer-number-of-versions-before-versions': {
    rule: 'H-6.2',
    wasm: good,
    offer: shapeIn([0, ...versions(16)]),
    ends: tooManyVersions('shape'),
  },
  'offer-bad-version-of-an-earlier-function': {
    rule: 'H-5',
    wasm: good,
    offer: offer({ function_versions: { b: versions(17), a: [0] } }),
    ends: outOfRange(0),
  },
  'offer-number-of-versions-of-an-earlier-function': {
    rule: 'H-5',
    wasm: good,
    offer: offer({ function_versions: { b: [0], a: versions(17) } }),
    ends: tooManyVersions('a'),
  },
  'offer-functions-in-the-order-of-utf8': {
    rule: 'H-5',
    wasm: good,
    offer: offer({ function_versions: { '\u{1f600}': [0], '\uff5e': [65536] } }),
    ends: outOfRange(65536),
  },
  'offer-functions-named-by-digits': {
    rule: 'H-5',
    wasm: good,
    offer: offer({ function_versions: { 9: [0], 10: [65536] } }),
    ends: outOfRange(65536),
  },
  'offer-upper-case-before-lower-case': {
    rule: 'H-5',
    wasm: good,
    offer: offer({ function_versions: { a: [0], Z: [65536] } }),
    ends: outOfRange(65536),
  },
  'offer-versions-before-capabilities': {
    rule: 'H-6.3',
    wasm: good,
    offer: offer({ function_versions: { shape: [0] }, host_capabilities: numbered('c', 33) }),
    ends: outOfRange(0),
  },
  'offer-before-building': { rule: 'H-6.3', wasm: notAModule, offer: shapeIn([0]), ends: outOfRange(0) },
  'capabilities-of-the-offer-before-building': {
    rule: 'H-6.4',
    wasm: notAModule,
    offer: offer({ host_capabilities: numbered('c', 33) }),
    ends: tooManyCapabilities,
  },
  'offer-before-the-export': { rule: 'H-6.3', wasm: 'entry-is-missing', offer: shapeIn([0]), ends: outOfRange(0) },
  'offer-before-the-accept': {
    rule: 'H-6.3',
    wasm: answering('answer-shape', accept({ handshake_schema_version: 2 })),
    offer: shapeIn([0]),
    ends: outOfRange(0),
  },
  'a-good-offer-and-no-module': { rule: 'H-7', wasm: notAModule, ends: refused('Instantiate') },
});
