import * as fc from 'fast-check';
import {
  createMetadata,
  hostOfferHash,
  isExpired,
  MetadataError,
  ttlSeconds,
  validateRegistryRecord,
} from '../../../src/index.ts';
import {
  augmentedMetadata,
  decodeJson,
  encodeJson,
  handshakeAccept,
  handshakeOfferRaw,
  JsonDecodeError,
  pluginIdentity,
  pluginRegistryRecord,
  utf8Length,
} from '../../../src/protocol/messages/index.ts';
import { unlessThrown } from '../../support/failure.ts';
import { toHex } from '../../support/hex.ts';
import { kindOf } from '../kind.ts';
import { damaged, isWellFormed } from './json-text.ts';

/** The input of a record. Integers of 64 bits are texts. */
interface Case {
  readonly identity: object;
  readonly accept: object;
  readonly handshake_completed_at: string;
  readonly self_check_passed: boolean;
  readonly self_check_completed_at: string;
  readonly ttl_seconds: string;
  readonly now: string;
}

const MAX = 2n ** 63n - 1n;

const time = fc.oneof(
  { weight: 4, arbitrary: fc.bigInt({ min: 1n, max: 2n ** 40n }) },
  { weight: 1, arbitrary: fc.constantFrom(0n, -1n, 1n, MAX, MAX - 1n, MAX - 1000n, -(2n ** 63n)) },
);

const identities = fc.record({
  magic: fc.oneof(
    { weight: 9, arbitrary: fc.constant([204, 27, 112, 16, 0, 1, 0, 0]) },
    fc.constant([0, 0, 0, 0, 0, 0, 0, 0]),
  ),
  abi_envelope: fc.nat(2),
  plugin_name: fc.oneof({ weight: 9, arbitrary: fc.constant('case') }, fc.constantFrom('', 'A', 'a'.repeat(65))),
  plugin_version: fc.oneof({ weight: 9, arbitrary: fc.constant('1') }, fc.constantFrom('', '1'.repeat(33))),
});

const accepts = fc
  .record({
    functions: fc.subarray(['shape', 'filter', 'observe', 'Z', 'é'], {}),
    version: fc.constantFrom(1, 2, 4_294_967_295),
    capabilities: fc.subarray(['b', 'a:b', 'é', '\u{1f600}', '\uffee'], {}),
  })
  .map(({ functions, version, capabilities }) => ({
    handshake_schema_version: 1,
    envelope_version: 1,
    chosen_versions: Object.fromEntries(functions.map((name) => [name, version])),
    plugin_supported: {},
    implemented_functions: [],
    required_capabilities: capabilities,
  }));

const cases = fc.record<Case>({
  identity: identities,
  accept: accepts,
  handshake_completed_at: time.map(String),
  self_check_passed: fc.boolean(),
  self_check_completed_at: time.map(String),
  ttl_seconds: fc
    .oneof(
      { weight: 4, arbitrary: fc.bigInt({ min: 0n, max: 700_000n }) },
      fc.constantFrom(MAX, MAX + 1n, 2n ** 64n - 1n, MAX - 5n, 0n),
    )
    .map(String),
  now: time.map(String),
});

/** An integer as the decoder returns it. */
const integer = (text: string): number | bigint => (Number.isSafeInteger(Number(text)) ? Number(text) : BigInt(text));

/** The outcome of making a record: `ok`, or the kind of failure. */
function outcome(make: () => object): object {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof MetadataError)) throw error;
    return { error: error.failure.kind };
  }
}

/** Layer 4: a record of a handshake and a self-check. */
export const records = kindOf<Case>({
  name: 'records',
  count: 220,
  cases,
  // A clock so far before 1970 that the remaining time exceeds 64 bits.
  listed: ['-9223372036854775808', '-9223372036854774700', '-9223372036854000000', '-1'].map((now) => ({
    identity: { magic: [204, 27, 112, 16, 0, 1, 0, 0], abi_envelope: 1, plugin_name: 'case', plugin_version: '1' },
    accept: {
      handshake_schema_version: 1,
      envelope_version: 1,
      chosen_versions: { shape: 1 },
      plugin_supported: {},
      implemented_functions: [],
      required_capabilities: [],
    },
    handshake_completed_at: '1000',
    self_check_passed: true,
    self_check_completed_at: '1000',
    ttl_seconds: '604800',
    now,
  })),
  question: (of) => ({ kind: 'record', ...of }),
  answer: (of) =>
    outcome(() => {
      const identity = decodeJson(pluginIdentity, JSON.stringify(of.identity));
      const metadata = createMetadata({
        identity,
        accept: decodeJson(handshakeAccept, JSON.stringify(of.accept)),
        handshakeCompletedAt: integer(of.handshake_completed_at),
        selfCheck: {
          status: of.self_check_passed ? 'success' : 'failure',
          completed_at: integer(of.self_check_completed_at),
        },
        ttlSecs: integer(of.ttl_seconds),
      });
      const now = integer(of.now);
      return {
        ok: encodeJson(augmentedMetadata, metadata, 'declared'),
        expired: isExpired(metadata, now),
        ttl: String(ttlSeconds(metadata, now)),
      };
    }),
});

const metadataTexts = fc
  .record({
    identity: identities,
    functions: fc.oneof({ weight: 5, arbitrary: fc.constant('{"shape":1}') }, fc.constant('{}')),
    times: fc.array(time, { minLength: 3, maxLength: 3 }),
    passed: fc.boolean(),
    long: fc.constantFrom(1, 1, 1, 1, 261_700, 262_144),
  })
  .map(
    ({ identity, functions, times: [first, second, third], passed, long }) =>
      `{"identity":${JSON.stringify(identity)},"negotiated_functions":${functions},` +
      `"negotiated_capabilities":["${'x'.repeat(long)}"],` +
      `"handshake_completed_at":${first},"self_check_passed":${passed},"self_check_completed_at":${second},` +
      `"expires_at":${third}}`,
  );

const rows = fc
  .record({ id: fc.constantFrom('a', 'a', 'a', ''), metadata: metadataTexts, at: time })
  .map(({ id, metadata, at }) => `{"plugin_id":"${id}","augmented_metadata":${metadata},"registered_at":${at}}`);

/** Replaces `<N>` by a run of N letters, so that records stay small. */
const packed = (text: string): string => text.replace(/x{1000,}/g, (run) => `<${run.length}>`);
const unpacked = (text: string): string => text.replace(/<(\d{4,})>/g, (_, length) => 'x'.repeat(Number(length)));

/** Rows of a registry, as text. */
export const registry = kindOf<{ readonly text: string }>({
  name: 'registry',
  count: 130,
  cases: damaged(rows)
    .filter((text) => isWellFormed(text) && !/<\d/.test(text))
    .map((text) => ({ text: packed(text) })),
  question: ({ text }) => ({ kind: 'registry', text: unpacked(text) }),
  answer: ({ text }) => {
    const row = unlessThrown(JsonDecodeError, () => decodeJson(pluginRegistryRecord, unpacked(text)));
    if (row === undefined) return { error: 'refused' };
    return outcome(() => {
      validateRegistryRecord(row.value);
      return { ok: utf8Length(encodeJson(pluginRegistryRecord, row.value, 'declared')) };
    });
  },
});

const names = fc.constantFrom('shape', 'filter', 'observe', 'SHAPE', 'é', '\u{1f600}', '\uffee', '');

const offers = fc.record({
  handshake_schema_version: fc.nat(2),
  envelope_version: fc.nat(2),
  function_versions: fc.array(fc.record({ function: names, versions: fc.array(fc.nat(4), { maxLength: 4 }) }), {
    maxLength: 4,
  }),
  host_capabilities: fc.array(fc.oneof(names, fc.constantFrom('Streaming', 'STREAMING', 'İ', 'ẞ', 'K')), {
    maxLength: 4,
  }),
});

/** The hash of an offer's canonical form. */
export const offerHashes = kindOf<object>({
  name: 'offer-hashes',
  count: 100,
  cases: offers,
  question: (offer) => ({ kind: 'offer_hash', offer }),
  answer: async (offer) => {
    return toHex(await hostOfferHash(decodeJson(handshakeOfferRaw, JSON.stringify(offer))));
  },
});
