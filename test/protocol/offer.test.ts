import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  buildOffer,
  canonicalizeOffer,
  HandshakeExecutionError,
  type HandshakeViolation,
  hostOfferHash,
  validateOffer,
} from '../../src/protocol/handshake.ts';
import {
  encodeJson,
  type HandshakeOffer,
  type HandshakeOfferRaw,
  handshakeOffer,
} from '../../src/protocol/messages/index.ts';
import { failureOf, thrownBy } from '../support/failure.ts';
import { toHex } from '../support/hex.ts';

const building = suite('building an offer');

building('lists the seven wire functions in version 1', () => {
  assert.is(
    encodeJson(handshakeOffer, buildOffer([]), 'declared'),
    '{"handshake_schema_version":1,"envelope_version":1,"function_versions":{"build_signer":[1],"filter":[1],' +
      '"normalize_error":[1],"observe":[1],"on_unauthorized":[1],"shape":[1],"sign":[1]},"host_capabilities":[]}',
  );
});

building('sorts capabilities by their UTF-8 bytes, each once', () => {
  const capabilities = new Set(['b', '\u{10000}', '\ue000', 'a']);
  assert.equal(buildOffer([...capabilities, 'a']).host_capabilities, ['a', 'b', '\ue000', '\u{10000}']);
  assert.equal(buildOffer(capabilities).host_capabilities, ['a', 'b', '\ue000', '\u{10000}']);
});

building('returns a new offer each time', () => {
  assert.is.not(buildOffer([]).function_versions.shape, buildOffer([]).function_versions.shape);
});

const validating = suite('validating an offer');

const numbered = (count: number): string[] => Array.from({ length: count }, (_, index) => `name_${index}`);
const functions = (count: number, versions: readonly number[] = [1]): HandshakeOffer['function_versions'] =>
  Object.fromEntries(numbered(count).map((name) => [name, versions]));
const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

const valid: Readonly<Record<string, Partial<HandshakeOffer>>> = {
  'the built-in one': {},
  'no functions': { function_versions: {} },
  'as many functions as there may be': { function_versions: functions(32) },
  'as many versions as there may be': { function_versions: { shape: upTo(16) } },
  'the least and the greatest version': { function_versions: { shape: [1, 65535] } },
  'as many capabilities as there may be, some repeated': { host_capabilities: [...numbered(32), 'name_0'] },
};

for (const [title, changes] of Object.entries(valid)) {
  validating(`accepts ${title}`, () => {
    assert.not.throws(() => validateOffer({ ...buildOffer([]), ...changes }));
  });
}

const tooMany = { kind: 'FunctionVersionCountExceeded', count: 17, max: 16 } as const;
const outOfRange = { kind: 'VersionOutOfRange', min: 1, max: 65535 } as const;
const invalid: Readonly<Record<string, readonly [Partial<HandshakeOffer>, HandshakeViolation]>> = {
  'too many functions': [{ function_versions: functions(33) }, { kind: 'FunctionCountExceeded', count: 33, max: 32 }],
  'too many versions': [{ function_versions: { shape: upTo(17) } }, { ...tooMany, function: 'shape' }],
  'version 0': [{ function_versions: { shape: [1, 0] } }, { ...outOfRange, version: 0 }],
  'version 65536': [{ function_versions: { shape: [65536] } }, { ...outOfRange, version: 65536 }],
  'too many capabilities': [
    { host_capabilities: numbered(33) },
    { kind: 'CapabilityCountExceeded', count: 33, max: 32 },
  ],
  // Two faults at once: the earlier check wins.
  'the number of functions before their versions': [
    { function_versions: functions(33, [0]) },
    { kind: 'FunctionCountExceeded', count: 33, max: 32 },
  ],
  'the number of versions before the versions': [
    { function_versions: { shape: [0, ...upTo(16)] } },
    { ...tooMany, function: 'shape' },
  ],
  'functions in sorted order': [{ function_versions: { sign: upTo(17), filter: [0] } }, { ...outOfRange, version: 0 }],
  'versions before capabilities': [
    { function_versions: { shape: [0] }, host_capabilities: numbered(33) },
    { ...outOfRange, version: 0 },
  ],
};

for (const [title, [changes, violation]] of Object.entries(invalid)) {
  validating(`refuses ${title}`, () => {
    const refuse = () => validateOffer({ ...buildOffer([]), ...changes });
    assert.equal(failureOf(HandshakeExecutionError, refuse), { kind: 'Validation', violation });
  });
}

const canonical = suite('the canonical offer');

const raw: HandshakeOfferRaw = {
  handshake_schema_version: 1,
  envelope_version: 2,
  function_versions: [
    { function: 'route', versions: [10, 3, 1, 3] },
    { function: 'observe', versions: [7] },
    { function: 'route', versions: [2, 1] },
  ],
  host_capabilities: ['Streaming', 'streaming', 'BATCHING', 'ÉTé'.replace('T', 't')],
};

canonical('merges, sorts, and lowers ASCII letters', () => {
  const { function_versions: versions, ...rest } = canonicalizeOffer(raw);
  assert.equal(Object.entries(versions), [
    ['observe', [7]],
    ['route', [1, 2, 3, 10]],
  ]);
  assert.equal(rest, {
    handshake_schema_version: 1,
    envelope_version: 2,
    host_capabilities: ['batching', 'streaming', 'Été'],
  });
});

canonical('accepts any name for a function', () => {
  const functionVersions = [{ function: '__proto__', versions: [1] }];
  const { function_versions: versions } = canonicalizeOffer({ ...raw, function_versions: functionVersions });
  assert.equal(Object.entries(versions), [['__proto__', [1]]]);
});

canonical('has the hash of its JSON', async () => {
  // sha256sum of
  // {"handshake_schema_version":1,"envelope_version":2,
  // "function_versions":{"observe":[7],"route":[1,2,3,10]},
  // "host_capabilities":["batching","streaming","Été"]}, without the line break
  const expected = 'e1004aff08fcfdb09f31f4ef8d802930d9b2e808958826d8586b189c50cdd3fa';
  assert.is(toHex(await hostOfferHash(raw)), expected);
});

canonical('has the same hash from an offer as from its raw form', async () => {
  // sha256sum of
  // {"handshake_schema_version":1,"envelope_version":1,
  // "function_versions":{"build_signer":[1],"filter":[1],"normalize_error":[1],"observe":[1],
  // "on_unauthorized":[1],"shape":[1],"sign":[1]},"host_capabilities":[]}
  const expected = '771e8580232de17aefe0af04fe5e49b3e8d45f3709d087a3ff4dfbdff6b584b5';
  const offer = buildOffer([]);
  const listed = Object.entries(offer.function_versions).map(([name, versions]) => ({ function: name, versions }));
  assert.is(toHex(await hostOfferHash(offer)), expected);
  assert.is(toHex(await hostOfferHash({ ...offer, function_versions: listed.reverse() })), expected);
});

const mistakes = suite('a malformed offer');

// The casts stand for a host without a type checker, which can pass anything.
const given = (value: unknown) => value as never;
const OFFER = /^offer must be an offer, with lists of versions in function_versions, and a list of host_capabilities$/;
const CAPABILITIES = /^hostCapabilities must be an array, a Set or another iterable of strings$/;

const mistaken: Readonly<Record<string, readonly [run: () => unknown, message: RegExp]>> = {
  'a string for capabilities': [() => buildOffer('abc'), CAPABILITIES],
  'a number for capabilities': [() => buildOffer(given(3)), CAPABILITIES],
  'nothing, to validate': [() => validateOffer(given(null)), OFFER],
  'an object, to validate': [() => validateOffer(given({})), OFFER],
  'functions in a list, to validate': [() => validateOffer(given({ ...raw, function_versions: [] })), OFFER],
  'a version for a list of them': [
    () => validateOffer({ ...buildOffer(), function_versions: given({ shape: 1 }) }),
    OFFER,
  ],
  'capabilities in a string': [() => validateOffer({ ...buildOffer(), host_capabilities: given('a') }), OFFER],
  'nothing, to make canonical': [() => canonicalizeOffer(given(null)), OFFER],
  'a list of names, to make canonical': [
    () => canonicalizeOffer({ ...raw, function_versions: given(['shape']) }),
    OFFER,
  ],
};

for (const [title, [run, message]] of Object.entries(mistaken)) {
  mistakes(`is refused: ${title}`, () => {
    const thrown = thrownBy(run);
    assert.ok(thrown instanceof TypeError);
    assert.match(thrown.message, message);
  });
}

mistakes('has no hash', async () => {
  const thrown: unknown = await hostOfferHash(given(null)).catch((error: unknown) => error);
  assert.ok(thrown instanceof TypeError);
  assert.match(thrown.message, OFFER);
});

building.run();
validating.run();
canonical.run();
mistakes.run();
