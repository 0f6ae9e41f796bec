import { failuresIn, undecoded } from './ends.ts';
import { identity } from './identity/messages.ts';
import { type LayerVectors, type Row, vectorsOf } from './layer-vectors.ts';

const I64_MAX = '9223372036854775807';

const accept = {
  handshake_schema_version: 1,
  envelope_version: 1,
  chosen_versions: { sign: 1, build_signer: 1 },
  plugin_supported: { build_signer: [1], sign: [1] },
  implemented_functions: ['build_signer', 'sign'],
  required_capabilities: ['storage', 'network'],
};
const source = {
  identity,
  accept,
  self_check: { status: 'success', failures: [], completed_at: 1_700_000_001 },
  handshake_completed_at: 1_700_000_000,
};
const metadata = {
  identity,
  negotiated_functions: { build_signer: 1, sign: 1 },
  negotiated_capabilities: ['network', 'storage'],
  handshake_completed_at: 1_700_000_000,
  self_check_passed: true,
  self_check_completed_at: 1_700_000_001,
  expires_at: 1_700_604_800,
};

const made = (changes: object = {}): object => ({ make: JSON.stringify({ ...source, ...changes }) });
/** Metadata as JSON: valid, or with some fields changed. */
const text = (changes: object = {}): string => JSON.stringify({ ...metadata, ...changes });
const read = (changes: object = {}): object => ({ metadata: text(changes) });
const recorded = (changes: object = {}): string =>
  JSON.stringify({ plugin_id: 'a-1', augmented_metadata: metadata, registered_at: 1_700_000_002, ...changes });

const refused = failuresIn('metadata');
const invalidTime = (field: string): object => refused('InvalidTimestamp', { field });
const invalidIdentity = (kind: string, fields?: object): object =>
  refused('IdentityValidationFailed', { violation: { kind, ...fields } });
const written = (changes: object = {}): object => ({ response: text(changes) });

/** Metadata of this many bytes as JSON. */
const ofSize = (bytes: number): object => {
  const capability = 'c'.repeat(bytes - text({ negotiated_capabilities: [''] }).length);
  return { negotiated_capabilities: [capability] };
};

/** A row: what the host is given, which is one of `make`, `metadata` and `record`, and `now`. */
const row = (rule: string, given: object, ends: object): Row => ({ rule, ...given, ends });

const making: Readonly<Record<string, Row>> = {
  'made-from-the-layers': row('R-1.1', made(), written()),
  'made-with-the-time-to-live-of-a-week': row('R-1.7', made({ ttl_secs: 604800 }), written()),
  'made-with-a-time-to-live-of-a-second': row('R-1.7', made({ ttl_secs: 1 }), written({ expires_at: 1_700_000_001 })),
  'made-with-a-time-to-live-of-nothing': row('R-3.4', made({ ttl_secs: 0 }), refused('ExpirationBeforeHandshake')),
  'made-after-a-failed-self-check': row(
    'R-1.5',
    made({
      self_check: {
        status: 'failure',
        failures: [{ stage: 'wire_function_test', message: 'bad' }],
        completed_at: 1_700_000_001,
      },
    }),
    written({ self_check_passed: false }),
  ),
  'made-of-chosen-versions': row(
    'R-1.2',
    made({ accept: { ...accept, chosen_versions: { sign: 65535 } } }),
    written({ negotiated_functions: { sign: 65535 } }),
  ),
  'made-without-capabilities': row(
    'R-1.3',
    made({ accept: { ...accept, required_capabilities: [] } }),
    written({ negotiated_capabilities: [] }),
  ),
  'made-with-the-time-of-the-self-check': row(
    'R-1.6',
    made({ self_check: { ...source.self_check, completed_at: 3 } }),
    written({ self_check_completed_at: 3 }),
  ),
  'made-at-second-1': row(
    'R-1.4',
    made({ handshake_completed_at: 1 }),
    written({ handshake_completed_at: 1, expires_at: 604801 }),
  ),
  'made-at-second-0': row('R-3.2', made({ handshake_completed_at: 0 }), invalidTime('handshake_completed_at')),
  'made-without-chosen-functions': row(
    'R-3.5',
    made({ accept: { ...accept, chosen_versions: {} } }),
    refused('NoNegotiatedFunctions'),
  ),
  'made-of-an-invalid-identity': row(
    'R-3.1',
    made({ identity: { ...identity, plugin_name: '' } }),
    invalidIdentity('PluginNameEmpty'),
  ),
  'made-to-expire-at-the-end-of-i64': row(
    'R-3.3',
    { make: JSON.stringify(source).replace(/\}$/, ',"ttl_secs":9223372035154775807}') },
    { response: text().replace('1700604800', I64_MAX) },
  ),
  'made-to-expire-past-i64': row(
    'R-3.3',
    { make: JSON.stringify(source).replace(/\}$/, ',"ttl_secs":9223372035154775808}') },
    invalidTime('expires_at'),
  ),
  'made-with-the-greatest-time-to-live': {
    rule: 'R-3.3',
    deviation: "a record's `expires_at` past i64",
    make: JSON.stringify(source).replace(/\}$/, ',"ttl_secs":18446744073709551615}'),
    ends: invalidTime('expires_at'),
  },
};

const reading: Readonly<Record<string, Row>> = {
  metadata: row('R-1.1', read(), written()),
  'metadata-with-fields-in-another-order': row(
    'R-1.3',
    { metadata: JSON.stringify(Object.fromEntries(Object.entries(metadata).reverse())) },
    written(),
  ),
  'metadata-of-a-failed-self-check': row(
    'R-1.5',
    read({ self_check_passed: false }),
    written({ self_check_passed: false }),
  ),
  'metadata-with-the-greatest-times': row(
    'R-3.2',
    {
      metadata: text()
        .replace('"handshake_completed_at":1700000000', '"handshake_completed_at":9223372036854775806')
        .replace('1700000001', I64_MAX)
        .replace('1700604800', I64_MAX),
    },
    {
      response: text()
        .replace('"handshake_completed_at":1700000000', '"handshake_completed_at":9223372036854775806')
        .replace('1700000001', I64_MAX)
        .replace('1700604800', I64_MAX),
    },
  ),
  'metadata-with-another-magic': row(
    'R-3.1',
    read({ identity: { ...identity, magic: [0, 0, 0, 0, 0, 0, 0, 0] } }),
    invalidIdentity('MagicMismatch'),
  ),
  'metadata-with-an-invalid-name': row(
    'R-3.1',
    read({ identity: { ...identity, plugin_name: 'V' } }),
    invalidIdentity('PluginNameInvalid'),
  ),
  'metadata-without-a-version': row(
    'R-3.1',
    read({ identity: { ...identity, plugin_version: '' } }),
    invalidIdentity('PluginVersionEmpty'),
  ),
  'metadata-with-a-long-version': row(
    'R-3.1',
    read({ identity: { ...identity, plugin_version: '1'.repeat(33) } }),
    invalidIdentity('PluginVersionTooLong'),
  ),
  'metadata-with-a-handshake-before-1970': row(
    'R-3.2',
    read({ handshake_completed_at: -1 }),
    invalidTime('handshake_completed_at'),
  ),
  'metadata-with-a-self-check-at-0': row(
    'R-3.2',
    read({ self_check_completed_at: 0 }),
    invalidTime('self_check_completed_at'),
  ),
  'metadata-that-expires-at-0': row('R-3.2', read({ expires_at: 0 }), invalidTime('expires_at')),
  'metadata-that-expires-at-once': row(
    'R-3.4',
    read({ expires_at: 1_700_000_000 }),
    refused('ExpirationBeforeHandshake'),
  ),
  'metadata-that-expires-a-second-later': row(
    'R-3.4',
    read({ expires_at: 1_700_000_001 }),
    written({ expires_at: 1_700_000_001 }),
  ),
  'metadata-without-functions': row('R-3.5', read({ negotiated_functions: {} }), refused('NoNegotiatedFunctions')),
  'metadata-of-262144-bytes': row('L-7.14', read(ofSize(262144)), written(ofSize(262144))),
  'metadata-of-262145-bytes': row('R-3.7', read(ofSize(262145)), refused('SizeLimitExceeded')),
  'metadata-with-a-time-past-i64': row(
    'R-1.7',
    { metadata: text().replace('1700604800', '9223372036854775808') },
    undecoded,
  ),
  'metadata-with-an-undeclared-field': row('R-1.1', read({ author: 'me' }), undecoded),

  // Two faults: the earlier check decides.
  'identity-before-times': row(
    'R-3.1',
    read({ identity: { ...identity, plugin_name: '' }, handshake_completed_at: 0 }),
    invalidIdentity('PluginNameEmpty'),
  ),
  'handshake-before-self-check': row(
    'R-3.2',
    read({ handshake_completed_at: 0, self_check_completed_at: 0, expires_at: 0 }),
    invalidTime('handshake_completed_at'),
  ),
  'self-check-before-expiry': row(
    'R-3.2',
    read({ self_check_completed_at: 0, expires_at: 0 }),
    invalidTime('self_check_completed_at'),
  ),
  'expiry-before-functions': row(
    'R-3.4',
    read({ expires_at: 1, negotiated_functions: {} }),
    refused('ExpirationBeforeHandshake'),
  ),
  'functions-before-size': row(
    'R-3.5',
    read({ ...ofSize(300000), negotiated_functions: {} }),
    refused('NoNegotiatedFunctions'),
  ),
};

const records: Readonly<Record<string, Row>> = {
  record: row('R-2.2', { record: recorded() }, { response: recorded() }),
  'record-with-an-id-of-any-text': row(
    'R-2.1',
    { record: recorded({ plugin_id: ' \u00e9' }) },
    { response: recorded({ plugin_id: ' \u00e9' }) },
  ),
  'record-without-an-id': row('R-4.1', { record: recorded({ plugin_id: '' }) }, invalidTime('plugin_id')),
  'record-of-second-1': row(
    'R-2.3',
    { record: recorded({ registered_at: 1 }) },
    { response: recorded({ registered_at: 1 }) },
  ),
  'record-of-second-0': row('R-4.2', { record: recorded({ registered_at: 0 }) }, invalidTime('registered_at')),
  'record-before-1970': row('R-4.2', { record: recorded({ registered_at: -5 }) }, invalidTime('registered_at')),
  'record-with-invalid-metadata': row(
    'R-4.3',
    { record: recorded({ augmented_metadata: { ...metadata, negotiated_functions: {} } }) },
    refused('NoNegotiatedFunctions'),
  ),
  'record-id-before-its-time': row(
    'R-4.1',
    { record: recorded({ plugin_id: '', registered_at: 0 }) },
    invalidTime('plugin_id'),
  ),
  'record-time-before-its-metadata': row(
    'R-4.2',
    { record: recorded({ registered_at: 0, augmented_metadata: { ...metadata, negotiated_functions: {} } }) },
    invalidTime('registered_at'),
  ),
  'record-with-an-undeclared-field': row('R-2.2', { record: recorded({ author: 'me' }) }, undecoded),
};

/** Metadata seen at a time. */
const seen = (rule: string, now: number, expired: boolean, remaining: number): Row =>
  row(rule, { ...read(), now }, { ...written(), expired, remaining });

const ages: Readonly<Record<string, Row>> = {
  'age-a-second-before': seen('R-5', 1_700_604_799, false, 1),
  'age-at-the-end': seen('R-5', 1_700_604_800, true, 0),
  'age-a-second-after': seen('R-6', 1_700_604_801, true, 0),
  'age-at-the-handshake': seen('R-6', 1_700_000_000, false, 604800),
  'age-at-0': seen('R-6', 0, false, 1_700_604_800),
  'age-before-1970': seen('R-6', -10, false, 1_700_604_810),
  'age-past-i64': {
    rule: 'R-6',
    about: 'The remaining seconds are more than an i64 holds.',
    deviation: 'time to live of a record that expires at the end of i64, at a clock below 0',
    ...read({ expires_at: 9e18 }),
    now: -1e18,
    ends: { ...written({ expires_at: 9e18 }), expired: false, remaining: 1e19 },
  },
};

const rows = { ...making, ...reading, ...records, ...ages };

/** Making and checking records. */
export const record: LayerVectors = {
  layer: 'record',
  about: 'What a host records of a plugin that passed the layers, and when that is valid.',
  vectors: vectorsOf('record', rows),
};
