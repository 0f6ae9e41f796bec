import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AugmentedMetadata,
  augmentedMetadata,
  encodeJson,
  utf8Length,
} from '../../src/protocol/messages/index.ts';
import {
  createMetadata,
  isExpired,
  MetadataError,
  type MetadataFailure,
  type MetadataSource,
  type Seconds,
  ttlSeconds,
  validateMetadata,
  validateRegistryRecord,
} from '../../src/protocol/metadata.ts';
import { failureOf, thrownBy } from '../support/failure.ts';

const identity = {
  magic: [204, 27, 112, 16, 0, 1, 0, 0],
  abi_envelope: 1,
  plugin_name: 'guest',
  plugin_version: '1.0.0',
};

const source: MetadataSource = {
  identity,
  accept: { chosen_versions: { shape: 1 }, required_capabilities: ['storage'] },
  handshakeCompletedAt: 1000,
  selfCheck: { status: 'success', completed_at: 1001 },
};

const valid: AugmentedMetadata = {
  identity,
  negotiated_functions: { shape: 1 },
  negotiated_capabilities: ['storage'],
  handshake_completed_at: 1000,
  self_check_passed: true,
  self_check_completed_at: 1001,
  expires_at: 2000,
};

const creating = suite('creating metadata');

creating('from a handshake and a self-check, valid for a week', () => {
  assert.equal(createMetadata(source), { ...valid, expires_at: 605800 });
});

creating('of a self-check that failed', () => {
  const metadata = createMetadata({ ...source, selfCheck: { status: 'failure', completed_at: 1001 }, ttlSecs: 1000 });
  assert.equal(metadata, { ...valid, self_check_passed: false });
});

const sums: readonly (readonly [Seconds, Seconds, Seconds])[] = [
  [1000, 1n, 1001],
  [1000n, 1, 1001],
  [Number.MAX_SAFE_INTEGER, 2, 9007199254740993n],
  [9223372036854775806n, 1, 9223372036854775807n],
];

for (const [handshakeCompletedAt, ttlSecs, expected] of sums) {
  creating(`adds ${handshakeCompletedAt} and ${ttlSecs} exactly`, () => {
    assert.is(createMetadata({ ...source, handshakeCompletedAt, ttlSecs }).expires_at, expected);
  });
}

const notCreated: Readonly<Record<string, readonly [Partial<MetadataSource>, Partial<MetadataFailure>]>> = {
  'without a time to live': [{ ttlSecs: 0 }, { kind: 'ExpirationBeforeHandshake' }],
  'with a negative one': [{ ttlSecs: -1 }, { kind: 'ExpirationBeforeHandshake' }],
  'with half a second of it': [{ ttlSecs: 0.5 }, { kind: 'InvalidTimestamp', field: 'expires_at' }],
  'at a time with a fraction': [
    { handshakeCompletedAt: 1000.5 },
    { kind: 'InvalidTimestamp', field: 'handshake_completed_at' },
  ],
  'at no time': [{ handshakeCompletedAt: Number.NaN }, { kind: 'InvalidTimestamp', field: 'handshake_completed_at' }],
  'past the end of time': [{ handshakeCompletedAt: 2n ** 63n - 1n }, { kind: 'InvalidTimestamp', field: 'expires_at' }],
  'past the end of time by a time to live beyond i64': [
    { ttlSecs: 2n ** 64n - 1n },
    { kind: 'InvalidTimestamp', field: 'expires_at' },
  ],
};

for (const [title, [changes, expected]] of Object.entries(notCreated)) {
  creating(`is refused ${title}`, () => {
    checkFailure(() => createMetadata({ ...source, ...changes }), expected);
  });
}

/** Compares the fields of the expected failure, and checks the message. */
function checkFailure(run: () => unknown, expected: Partial<MetadataFailure>): void {
  const failure = failureOf(MetadataError, run);
  assert.equal({ ...failure, ...expected }, failure);
  const { message } = new MetadataError(failure);
  assert.ok(message.length > 20 && !message.includes('undefined'), message);
}

const validating = suite('validating metadata');

/** Metadata with this many bytes as JSON. */
function ofSize(bytes: number): AugmentedMetadata {
  const empty = utf8Length(encodeJson(augmentedMetadata, { ...valid, negotiated_capabilities: [''] }, 'declared'));
  return { ...valid, negotiated_capabilities: ['x'.repeat(bytes - empty)] };
}

const accepted: Readonly<Record<string, AugmentedMetadata>> = {
  'as it is made': valid,
  'of a self-check that failed': { ...valid, self_check_passed: false },
  'with bigints for times': { ...valid, handshake_completed_at: 1n, expires_at: 2n },
  'with the greatest times': {
    ...valid,
    handshake_completed_at: 2n ** 63n - 2n,
    self_check_completed_at: 2n ** 63n - 1n,
    expires_at: 2n ** 63n - 1n,
  },
  'of the greatest size': ofSize(262144),
};

for (const [title, metadata] of Object.entries(accepted)) {
  validating(`accepts it ${title}`, () => {
    assert.not.throws(() => validateMetadata(metadata));
  });
}

const badIdentity = { ...identity, plugin_name: '' };
const refused: Readonly<Record<string, readonly [AugmentedMetadata, Partial<MetadataFailure>]>> = {
  'with another magic': [
    { ...valid, identity: { ...identity, magic: [0, 0, 0, 0, 0, 0, 0, 0] } },
    {
      kind: 'IdentityValidationFailed',
      violation: { kind: 'MagicMismatch', expected: identity.magic, found: [0, 0, 0, 0, 0, 0, 0, 0] },
    },
  ],
  'with a bad name': [
    { ...valid, identity: badIdentity },
    { kind: 'IdentityValidationFailed', violation: { kind: 'PluginNameEmpty' } },
  ],
  'that was never shaken hands for': [
    { ...valid, handshake_completed_at: 0 },
    { kind: 'InvalidTimestamp', field: 'handshake_completed_at' },
  ],
  'that was never checked': [
    { ...valid, self_check_completed_at: 0n },
    { kind: 'InvalidTimestamp', field: 'self_check_completed_at' },
  ],
  'that expired before 1970': [
    { ...valid, expires_at: -1 },
    { kind: 'InvalidTimestamp', field: 'expires_at' },
  ],
  'with a handshake past the end of time': [
    { ...valid, handshake_completed_at: 2n ** 63n, expires_at: 2n ** 63n + 1n },
    { kind: 'InvalidTimestamp', field: 'handshake_completed_at' },
  ],
  'with a self-check past the end of time': [
    { ...valid, self_check_completed_at: 2n ** 63n },
    { kind: 'InvalidTimestamp', field: 'self_check_completed_at' },
  ],
  'that expires past the end of time, and without functions': [
    { ...valid, expires_at: 2n ** 63n, negotiated_functions: {} },
    { kind: 'InvalidTimestamp', field: 'expires_at' },
  ],
  'that expires at once': [{ ...valid, expires_at: 1000n }, { kind: 'ExpirationBeforeHandshake' }],
  'without functions': [{ ...valid, negotiated_functions: {} }, { kind: 'NoNegotiatedFunctions' }],
  'too large': [ofSize(262145), { kind: 'SizeLimitExceeded', bytes: 262145, max: 262144 }],
  'that cannot be written': [{ ...valid, negotiated_functions: { shape: 1.5 } }, { kind: 'SerializationFailed' }],
  // Two faults at once: the earlier check wins.
  'with a bad identity and time': [
    { ...valid, identity: badIdentity, handshake_completed_at: 0 },
    { kind: 'IdentityValidationFailed' },
  ],
  'with two bad times': [
    { ...valid, self_check_completed_at: 0, expires_at: 0 },
    { kind: 'InvalidTimestamp', field: 'self_check_completed_at' },
  ],
  'with a bad expiry in itself and against the handshake': [
    { ...valid, expires_at: 0 },
    { kind: 'InvalidTimestamp', field: 'expires_at' },
  ],
  'expired and without functions': [
    { ...valid, expires_at: 1, negotiated_functions: {} },
    { kind: 'ExpirationBeforeHandshake' },
  ],
  'without functions and too large': [
    { ...ofSize(300000), negotiated_functions: {} },
    { kind: 'NoNegotiatedFunctions' },
  ],
};

for (const [title, [metadata, expected]] of Object.entries(refused)) {
  validating(`refuses it ${title}`, () => {
    checkFailure(() => validateMetadata(metadata), expected);
  });
}

const expiry = suite('the expiry of metadata');

const times: readonly (readonly [Seconds, Seconds, boolean, Seconds])[] = [
  [2000, 1999, false, 1],
  [2000, 1500n, false, 500],
  [2000, 2000, true, 0],
  [2000n, 2001, true, 0],
  [2000, 2n ** 63n - 1n, true, 0],
  [2n ** 63n - 1n, -1, false, 2n ** 63n],
  [2000, 1999.5, false, 0.5],
  [2000, Number.NaN, true, 0],
  [2000, Number.POSITIVE_INFINITY, true, 0],
  [2000, Number.NEGATIVE_INFINITY, true, 0],
  [2n ** 63n - 1n, Number.NaN, true, 0],
  [Number.NaN, 1, true, 0],
];

for (const [expiresAt, now, expired, left] of times) {
  expiry(`at ${expiresAt}, seen at ${now}`, () => {
    const metadata = { ...valid, expires_at: expiresAt };
    assert.is(isExpired(metadata, now), expired);
    assert.is(ttlSeconds(metadata, now), left);
  });
}

expiry('is asked of metadata only', () => {
  for (const ask of [isExpired, ttlSeconds])
    assert.throws(() => Reflect.apply(ask, undefined, [undefined, 1]), 'metadata must be the metadata of an admission');
});

const records = suite('validating a registry record');
const record = { plugin_id: 'a-1', augmented_metadata: valid, registered_at: 1 };

records('accepts a valid one', () => {
  assert.not.throws(() => validateRegistryRecord(record));
});

const badRecords: Readonly<Record<string, readonly [object, Partial<MetadataFailure>]>> = {
  'without an id': [{ plugin_id: '' }, { kind: 'InvalidTimestamp', field: 'plugin_id' }],
  'registered never': [{ registered_at: 0 }, { kind: 'InvalidTimestamp', field: 'registered_at' }],
  'with bad metadata': [
    { augmented_metadata: { ...valid, negotiated_functions: {} } },
    { kind: 'NoNegotiatedFunctions' },
  ],
  'without an id and a time': [
    { plugin_id: '', registered_at: 0 },
    { kind: 'InvalidTimestamp', field: 'plugin_id' },
  ],
  'with a bad time and metadata': [
    { registered_at: 0n, augmented_metadata: { ...valid, negotiated_functions: {} } },
    { kind: 'InvalidTimestamp', field: 'registered_at' },
  ],
};

for (const [title, [changes, expected]] of Object.entries(badRecords)) {
  records(`refuses one ${title}`, () => {
    checkFailure(() => validateRegistryRecord({ ...record, ...changes }), expected);
  });
}

records('names the field at fault', () => {
  const messageOf = (changes: object): string => {
    const failure = failureOf(MetadataError, () => validateRegistryRecord({ ...record, ...changes }));
    return new MetadataError(failure).message;
  };
  assert.is(messageOf({ plugin_id: '' }), 'plugin_id must not be empty');
  assert.is(
    messageOf({ registered_at: 0 }),
    'registered_at must be a whole number of seconds after 1970, and at most 9223372036854775807',
  );
});

const mistakes = suite('a source without a part of the metadata');

// The casts stand for a host without a type checker, which can pass anything.
const absent = null as never;
const empty = {} as never;

const mistaken: Readonly<Record<string, readonly [() => unknown, string]>> = {
  'a source': [() => createMetadata(absent), 'source must be an object'],
  'an accept': [() => createMetadata({ ...source, accept: absent }), 'source.accept must be an accept'],
  'a self-check': [
    () => createMetadata({ ...source, selfCheck: absent }),
    'source.selfCheck must be a self-check response',
  ],
  'an identity': [() => createMetadata({ ...source, identity: absent }), 'identity must be an identity'],
  'the parts of an identity': [() => createMetadata({ ...source, identity: empty }), 'identity must be an identity'],
  'any part of a source': [() => createMetadata(empty), 'source.accept must be an accept'],
  metadata: [() => validateMetadata(absent), 'metadata must be an object'],
  functions: [
    () => validateMetadata({ ...valid, negotiated_functions: absent }),
    'negotiated_functions must be an object',
  ],
  'a record': [() => validateRegistryRecord(absent), 'record must be an object'],
  'metadata in a record': [
    () => validateRegistryRecord({ ...record, augmented_metadata: absent }),
    'metadata must be an object',
  ],
};

for (const [title, [run, message]] of Object.entries(mistaken)) {
  mistakes(`is refused without ${title}`, () => {
    const thrown = thrownBy(run);
    assert.ok(thrown instanceof TypeError && thrown.message.startsWith(message), String(thrown));
  });
}

creating.run();
validating.run();
expiry.run();
records.run();
mistakes.run();
