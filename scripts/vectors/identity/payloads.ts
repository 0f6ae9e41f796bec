import type { WrittenVector } from '../layer-vectors.ts';
import { header, identitySection, type Part } from '../parts.ts';
import { identified, unidentified } from './ends.ts';
import { MAGIC, payload } from './messages.ts';

const MAGIC_TEXT = `[${MAGIC.join(',')}]`;

const violation = (kind: string) => unidentified('Validation', { violation: { kind } });
const malformed = unidentified('MalformedPayload');
const mismatch = (found: readonly number[]) => unidentified('MagicMismatch', { expected: MAGIC, found });

type Row = readonly [rule: string, payload: unknown, ends: object];

const ofLength = (count: number) => [payload(), { text: ' ', times: count - payload().length }] as const;
const parts = ([text, more]: readonly [string, Part]) => [{ text }, more];
const backslash = '\\';

/** Payloads in a module that has nothing else. */
const rows: Readonly<Record<string, Row>> = {
  // Accepted.
  'fields-in-another-order': [
    'I-3',
    `{"plugin_version":"1.0.0","plugin_name":"vector","magic":${MAGIC_TEXT},"abi_envelope":1}`,
    identified(),
  ],
  'array-of-fields': ['I-3', `[${MAGIC_TEXT},1,"vector","1.0.0"]`, identified()],
  'white-space': ['I-3', `\r\n\t ${payload().replaceAll(':', ' : ')}\n`, identified()],
  'name-with-escapes': ['I-3', payload().replace('vector', `${backslash}u0076ector`), identified()],
  'envelope-zero': ['I-4.2', payload({ abi_envelope: 0 }), identified({ abi_envelope: 0 })],
  'envelope-greatest': ['I-4.2', payload({ abi_envelope: 4294967295 }), identified({ abi_envelope: 4294967295 })],
  'name-of-one-byte': ['I-4.3', payload({ plugin_name: 'v' }), identified({ plugin_name: 'v' })],
  'name-of-64-bytes': ['L-7.2', payload({ plugin_name: 'v'.repeat(64) }), identified({ plugin_name: 'v'.repeat(64) })],
  'name-of-all-characters': [
    'L-7.3',
    payload({ plugin_name: 'abcdefghijklmnopqrstuvwxyz_-0123456789' }),
    identified({ plugin_name: 'abcdefghijklmnopqrstuvwxyz_-0123456789' }),
  ],
  'name-that-ends-with-a-dash': ['L-7.3', payload({ plugin_name: 'v-' }), identified({ plugin_name: 'v-' })],
  'version-of-one-byte': ['I-4.4', payload({ plugin_version: 'x' }), identified({ plugin_version: 'x' })],
  'version-of-any-characters': [
    'I-4.4',
    payload({ plugin_version: ' "\n\\' }),
    identified({ plugin_version: ' "\n\\' }),
  ],
  'version-of-32-bytes': [
    'L-7.4',
    payload({ plugin_version: '1'.repeat(32) }),
    identified({ plugin_version: '1'.repeat(32) }),
  ],
  'version-of-32-bytes-in-16-characters': [
    'L-7.4',
    payload({ plugin_version: 'é'.repeat(16) }),
    identified({ plugin_version: 'é'.repeat(16) }),
  ],
  'size-65536': ['L-7.1', parts(ofLength(65536)), identified()],

  // The size comes first.
  'size-65537': ['I-8.2', parts(ofLength(65537)), unidentified('SectionTooLarge', { size: 65537 })],
  'size-before-decoding': ['I-8.2', [{ hex: 'ff', times: 65537 }], unidentified('SectionTooLarge', { size: 65537 })],
  'size-65536-of-spaces': ['I-8.2', [{ text: ' ', times: 65536 }], malformed],
  'size-of-a-megabyte': ['I-8.2', [{ text: 'x', times: 1048576 }], unidentified('SectionTooLarge', { size: 1048576 })],

  // What does not decode.
  empty: ['I-8.3', '', malformed],
  null: ['I-8.3', 'null', malformed],
  string: ['I-8.3', '"vector"', malformed],
  'empty-object': ['I-8.3', '{}', malformed],
  'no-end': ['I-8.3', payload().slice(0, -1), malformed],
  'text-after-the-value': ['I-8.3', `${payload()}x`, malformed],
  'zero-byte-after-the-value': ['I-8.3', [{ text: payload() }, { hex: '00' }], malformed],
  'byte-order-mark': ['I-8.3', [{ hex: 'efbbbf' }, { text: payload() }], malformed],
  'not-utf8': ['I-8.3', [{ text: payload().slice(0, -2) }, { hex: 'ff' }, { text: '"}' }], malformed],
  'lone-surrogate': ['I-8.3', payload().replace('1.0.0', `${backslash}ud800`), malformed],
  'control-character': ['I-8.3', payload().replace('1.0.0', '1\n0'), malformed],
  'undeclared-field': ['I-8.3', payload({ author: 'me' }), malformed],
  'undeclared-field-of-another-case': ['I-8.3', payload({ Magic: MAGIC }), malformed],
  'no-magic': ['I-8.3', payload({ magic: undefined }), malformed],
  'no-envelope': ['I-8.3', payload({ abi_envelope: undefined }), malformed],
  'no-name': ['I-8.3', payload({ plugin_name: undefined }), malformed],
  'no-version': ['I-8.3', payload({ plugin_version: undefined }), malformed],
  'repeated-field': ['I-8.3', payload().replace('{', '{"abi_envelope":1,'), malformed],
  'array-too-short': ['I-8.3', `[${MAGIC_TEXT},1,"vector"]`, malformed],
  'array-too-long': ['I-8.3', `[${MAGIC_TEXT},1,"vector","1.0.0",null]`, malformed],
  'magic-of-seven-bytes': ['I-4.1', payload({ magic: MAGIC.slice(1) }), malformed],
  'magic-of-nine-bytes': ['I-4.1', payload({ magic: [...MAGIC, 0] }), malformed],
  'magic-with-256': ['I-4.1', payload({ magic: [256, ...MAGIC.slice(1)] }), malformed],
  'magic-with-a-negative-byte': ['I-4.1', payload({ magic: [-1, ...MAGIC.slice(1)] }), malformed],
  'magic-with-a-fraction': ['I-4.1', payload().replace('[204', '[204.0'), malformed],
  'magic-as-text': ['I-4.1', payload({ magic: 'zBtwEAABAAA=' }), malformed],
  'envelope-2-to-the-32': ['I-4.2', payload({ abi_envelope: 4294967296 }), malformed],
  'envelope-negative': ['I-4.2', payload({ abi_envelope: -1 }), malformed],
  'envelope-as-text': ['I-4.2', payload({ abi_envelope: '1' }), malformed],
  'envelope-null': ['I-4.2', payload({ abi_envelope: null }), malformed],
  'name-null': ['I-4.3', payload({ plugin_name: null }), malformed],
  'version-as-number': ['I-4.4', payload({ plugin_version: 1 }), malformed],

  // Magic.
  'another-magic': ['I-8.4', payload({ magic: [0, 1, 2, 3, 4, 5, 6, 255] }), mismatch([0, 1, 2, 3, 4, 5, 6, 255])],
  'magic-with-another-last-byte': [
    'I-8.4',
    payload({ magic: [...MAGIC.slice(0, 7), 1] }),
    mismatch([...MAGIC.slice(0, 7), 1]),
  ],
  'magic-of-wasm': [
    'I-8.4',
    payload({ magic: [0, 97, 115, 109, 1, 0, 0, 0] }),
    mismatch([0, 97, 115, 109, 1, 0, 0, 0]),
  ],

  // Name and version.
  'name-empty': ['I-8.5', payload({ plugin_name: '' }), violation('PluginNameEmpty')],
  'name-of-65-bytes': ['I-8.6', payload({ plugin_name: 'v'.repeat(65) }), violation('PluginNameInvalid')],
  'name-upper-case': ['I-8.6', payload({ plugin_name: 'Vector' }), violation('PluginNameInvalid')],
  'name-upper-case-inside': ['I-8.6', payload({ plugin_name: 'veCtor' }), violation('PluginNameInvalid')],
  'name-begins-with-a-digit': ['I-8.6', payload({ plugin_name: '1v' }), violation('PluginNameInvalid')],
  'name-begins-with-a-dash': ['I-8.6', payload({ plugin_name: '-v' }), violation('PluginNameInvalid')],
  'name-begins-with-an-underscore': ['I-8.6', payload({ plugin_name: '_v' }), violation('PluginNameInvalid')],
  'name-with-a-dot': ['I-8.6', payload({ plugin_name: 'v.1' }), violation('PluginNameInvalid')],
  'name-with-a-colon': ['I-8.6', payload({ plugin_name: 'v:1' }), violation('PluginNameInvalid')],
  'name-with-a-space': ['I-8.6', payload({ plugin_name: 'v 1' }), violation('PluginNameInvalid')],
  'name-with-a-letter-beyond-ascii': ['I-8.6', payload({ plugin_name: 'vé' }), violation('PluginNameInvalid')],
  'name-with-a-line-feed-at-the-end': ['L-7.3', payload({ plugin_name: 'vector\n' }), violation('PluginNameInvalid')],
  'name-with-a-valid-line': ['L-7.3', payload({ plugin_name: 'vector\nb' }), violation('PluginNameInvalid')],
  'name-with-a-zero-byte': ['I-8.6', payload({ plugin_name: 'v\0' }), violation('PluginNameInvalid')],
  'version-empty': ['I-8.7', payload({ plugin_version: '' }), violation('PluginVersionEmpty')],
  'version-of-33-bytes': ['I-8.8', payload({ plugin_version: '1'.repeat(33) }), violation('PluginVersionTooLong')],
  'version-of-33-bytes-in-32-characters': [
    'I-8.8',
    payload({ plugin_version: `${'1'.repeat(31)}é` }),
    violation('PluginVersionTooLong'),
  ],

  // Two faults: the earlier check decides.
  'decoding-before-magic': ['I-8.3', payload({ magic: [0, 0, 0, 0, 0, 0, 0, 0], author: 'me' }), malformed],
  'decoding-before-name': ['I-8.3', payload({ plugin_name: '', abi_envelope: -1 }), malformed],
  'magic-before-name': [
    'I-8.4',
    payload({ magic: [0, 0, 0, 0, 0, 0, 0, 0], plugin_name: '' }),
    mismatch([0, 0, 0, 0, 0, 0, 0, 0]),
  ],
  'magic-before-version': [
    'I-8.4',
    payload({ magic: [0, 0, 0, 0, 0, 0, 0, 0], plugin_version: '' }),
    mismatch([0, 0, 0, 0, 0, 0, 0, 0]),
  ],
  'empty-name-before-version': [
    'I-8.5',
    payload({ plugin_name: '', plugin_version: '' }),
    violation('PluginNameEmpty'),
  ],
  'invalid-name-before-empty-version': [
    'I-8.6',
    payload({ plugin_name: 'V', plugin_version: '' }),
    violation('PluginNameInvalid'),
  ],
  'invalid-name-before-long-version': [
    'I-8.6',
    payload({ plugin_name: 'V', plugin_version: '1'.repeat(33) }),
    violation('PluginNameInvalid'),
  ],
};

/** What a payload may have. */
export const identityPayloads: readonly WrittenVector[] = Object.entries(rows).map(([name, [rule, content, ends]]) => ({
  id: `identity/payload-${name}`,
  rule,
  wasm: [header, identitySection(content)],
  ends,
}));
