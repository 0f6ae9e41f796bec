import type { WrittenVector } from '../layer-vectors.ts';
import { header, hexByte, identitySection, type Part, section } from '../parts.ts';
import { identified, unidentified } from './ends.ts';
import { payload } from './messages.ts';

const identity = identitySection(payload());
const emptyName = identitySection(payload({ plugin_name: '' }));
const noIdentity = identitySection('x');

const parseError = unidentified('WasmParseError');
const missing = unidentified('MissingCustomSection');
const duplicate = unidentified('DuplicateCustomSection');
const malformed = unidentified('MalformedPayload');
const nameEmpty = unidentified('Validation', { violation: { kind: 'PluginNameEmpty' } });

const custom = (name: string, content: unknown = payload()): Part => ({ custom: name, payload: content });
const hex = (digits: string): Part => ({ hex: digits });

/** The known sections that are not custom, in their order. */
const known: readonly (readonly [name: string, id: number])[] = [
  ['type', 1],
  ['import', 2],
  ['function', 3],
  ['table', 4],
  ['memory', 5],
  ['tag', 13],
  ['global', 6],
  ['export', 7],
  ['start', 8],
  ['element', 9],
  ['data-count', 12],
  ['code', 10],
  ['data', 11],
];

/** A section whose first integer is 0. */
const zero = (id: number): Part => section(id, '00');

type Row = readonly [rule: string, wasm: readonly Part[] | string, ends: object, deviation?: string];

/** Modules by name. */
const rows: Readonly<Record<string, Row>> = {
  // Where the section is.
  alone: ['I-2', [header, identity], identified()],
  first: ['I-2', [header, identity, zero(1), zero(3), zero(10)], identified()],
  between: ['I-2', [header, zero(1), identity, zero(3), zero(10)], identified()],
  last: ['I-2', [header, zero(1), zero(3), zero(10), identity], identified()],
  'beside-other-custom-sections': [
    'I-2',
    [header, custom('name', 'x'), custom(''), identity, custom('name', 'x')],
    identified(),
  ],
  'of-a-module-with-code': ['I-2', [{ file: 'answer' }, identity], identified()],
  none: ['I-9', 'answer', missing],
  'none-in-an-empty-module': ['I-9', [header], missing],
  'none-but-version-2': ['I-9', [header, custom('cc_lb.plugin.v2')], missing],
  'none-but-a-longer-name': ['I-9', [header, custom('cc_lb.plugin.v1.1'), custom('xcc_lb.plugin.v1')], missing],
  'none-but-a-shorter-name': ['I-9', [header, custom('cc_lb.plugin.v'), custom('')], missing],
  'none-but-upper-case': ['I-9', [header, custom('CC_LB.PLUGIN.V1')], missing],
  'none-but-a-zero-byte-after-the-name': ['I-9', [header, custom('cc_lb.plugin.v1\0')], missing],
  'none-but-its-bytes-in-a-type-section': [
    'I-9',
    [header, hex('0123'), hex('00210f'), { text: 'cc_lb.plugin.v1' }, hex('20'.repeat(17))],
    missing,
  ],
  twice: ['I-8.1', [header, identity, identity], duplicate],
  'twice-with-a-section-between': ['I-8.1', [header, identity, zero(1), identity], duplicate],
  'twice-and-the-second-is-empty': ['I-8.1', [header, identity, identitySection('')], duplicate],
  'twice-and-the-second-is-too-large': [
    'I-8.1',
    [header, identity, identitySection([{ text: 'x', times: 65537 }])],
    duplicate,
  ],
  'three-times': ['I-8.1', [header, identity, identity, identity], duplicate],

  // The first fault in the bytes.
  'twice-and-the-first-is-malformed': ['I-5', [header, noIdentity, identity], malformed],
  'twice-and-the-first-has-no-name': ['I-5', [header, emptyName, identity], nameEmpty],
  'a-fault-before-a-bad-identity': ['I-5', [header, section(5), emptyName], parseError],
  'a-fault-after-a-bad-identity': ['I-5', [header, emptyName, section(5)], nameEmpty],
  'a-fault-after-a-good-identity': ['I-5', [header, identity, section(5)], parseError],
  'a-fault-before-a-second-identity': ['I-5', [header, identity, zero(3), zero(1), identity], parseError],
  'a-fault-after-a-second-identity': ['I-5', [header, identity, identity, zero(3), zero(1)], duplicate],
  'a-section-past-the-end-after-a-bad-identity': ['I-5', [header, noIdentity, hex('0164')], malformed],
  'an-id-of-0x80-after-a-bad-identity': ['I-5', [header, emptyName, section(0x80)], nameEmpty],

  // The header.
  'no-bytes': ['I-6.1', [hex('')], parseError],
  'no-module': ['I-6.1', [{ text: 'not a module' }], parseError],
  'half-of-the-magic': ['I-6.1', [hex('0061')], parseError],
  'no-version': ['I-6.1', [hex('0061736d')], parseError],
  'half-of-the-version': ['I-6.1', [hex('0061736d0100')], parseError],
  'version-0': ['I-6.1', [hex('0061736d00000000'), identity], parseError],
  'version-2': ['I-6.1', [hex('0061736d02000000'), identity], parseError],
  'version-in-big-endian': ['I-6.1', [hex('0061736d00000001'), identity], parseError],
  'magic-with-another-byte': ['I-6.1', [hex('0061736e01000000'), identity], parseError],
  'byte-before-the-header': ['I-6.1', [hex('00'), header, identity], parseError],
  component: ['I-6.1', [hex('0061736d0d000100'), identity], parseError, 'identity of a component'],
  'component-of-a-draft': ['I-6.1', [hex('0061736d0a000100'), identity], parseError],

  // Sizes and integers.
  'section-past-the-end': ['I-6.2', [header, identity, hex('0164')], parseError],
  'section-past-the-end-by-a-byte': ['I-6.2', [header, identity, hex('010200')], parseError],
  'identity-past-the-end-by-a-byte': [
    'I-6.2',
    [header, hex('00120f'), { text: 'cc_lb.plugin.v1' }, { text: 'x' }],
    parseError,
  ],
  'section-without-a-size': ['I-6.2', [header, identity, hex('01')], parseError],
  'section-with-half-of-a-size': ['I-6.2', [header, identity, hex('0180')], parseError],
  'custom-section-past-the-end': ['I-6.2', [header, identity, hex('0010')], parseError],
  'size-of-4-gib': ['I-6.2', [header, identity, hex('01ffffffff0f00')], parseError],
  'size-padded-to-five-bytes': ['I-6.3', [header, hex('018180808000'), hex('00'), identity], identified()],
  'count-padded-to-five-bytes': ['I-6.3', [header, hex('01058080808000'), identity], identified()],
  'size-that-overflows': ['I-6.3', [header, identity, hex('018180808010'), hex('00')], parseError],
  'size-of-six-bytes': ['I-6.3', [header, identity, hex('01818080808000'), hex('00')], parseError],
  'count-that-overflows': ['I-6.3', [header, hex('0105ffffffff1f'), identity], parseError],
  'length-of-a-name-that-overflows': ['I-6.3', [header, hex('00058080808010'), identity], parseError],

  // Ids.
  'id-0x80': ['I-6.4', [header, identity, section(0x80, '00')], parseError],
  'id-0xff': ['I-6.4', [header, section(0xff, '00'), identity], parseError],
  'id-14': ['I-7', [header, section(14), identity], identified()],
  'id-0x7f-twice': ['I-7', [header, section(0x7f, '0102'), identity, section(0x7f)], identified()],
  'unknown-id-between': ['I-7', [header, zero(3), section(20), zero(10), identity], identified()],
  'unknown-id-past-the-end': ['I-6.2', [header, identity, hex('1405')], parseError],

  // Order.
  'all-sections-in-order': ['I-6.5', [header, identity, ...known.map(([, id]) => zero(id))], identified()],
  'data-count-after-code': ['I-6.5', [header, identity, zero(10), zero(12)], parseError],
  'tag-after-the-last-known-id': ['I-6.5', [header, identity, zero(11), zero(13)], parseError],

  // Integers that stand alone.
  'bytes-after-a-start-function': ['I-6.7', [header, identity, section(8, '0000')], parseError],
  'bytes-after-a-data-count': ['I-6.7', [header, identity, section(12, '0000')], parseError],
  'bytes-after-a-count-of-types': ['I-7', [header, section(1, '00ff'), identity], identified()],
  'half-of-a-count': ['I-6.6', [header, identity, section(5, '80')], parseError],

  // Names of custom sections.
  'custom-section-without-a-name': ['I-6.8', [header, identity, section(0)], parseError],
  'custom-section-with-an-empty-name': ['I-6.8', [header, section(0, '00'), identity], identified()],
  'name-past-its-section': ['I-6.8', [header, identity, section(0, '0261')], parseError],
  'name-past-its-section-but-not-the-bytes': ['I-6.8', [header, hex('000105'), identity], parseError],
  'name-that-is-not-utf8': ['I-6.8', [header, identity, section(0, '01ff')], parseError],
  'name-with-a-broken-sequence': ['I-6.8', [header, identity, section(0, '02c328')], parseError],
  'name-with-a-surrogate': ['I-6.8', [header, identity, section(0, '03eda080')], parseError],
  'name-with-an-overlong-sequence': ['I-6.8', [header, identity, section(0, '02c080')], parseError],
  'name-of-100000-bytes': [
    'I-6.8',
    [header, hex('00a38d06a08d06'), { text: 'n', times: 100000 }, identity],
    identified(),
  ],
  'name-of-100001-bytes': [
    'I-6.8',
    [header, identity, hex('00a48d06a18d06'), { text: 'n', times: 100001 }],
    parseError,
  ],

  // Functions and bodies.
  'functions-without-code': ['I-6.9', [header, identity, section(3, '0100')], parseError],
  'no-functions-and-no-code': ['I-6.9', [header, zero(3), identity], identified()],
  'code-without-functions': ['I-6.9', [header, identity, section(10, '0102000b')], parseError],
  'empty-code-without-functions': ['I-6.9', [header, identity, zero(10)], identified()],
  'two-functions-and-one-body': [
    'I-6.9',
    [header, identity, section(3, '020000'), section(10, '0102000b')],
    parseError,
  ],
  'one-function-and-two-bodies': [
    'I-6.9',
    [header, identity, section(3, '0100'), section(10, '0202000b02000b')],
    parseError,
  ],
  'functions-without-code-and-a-bad-identity': ['I-6.9', [header, section(3, '0100'), emptyName], nameEmpty],
  'another-number-of-bodies-and-a-bad-identity': [
    'I-6.9',
    [header, section(3, '0100'), section(10, '0202000b02000b'), emptyName],
    parseError,
  ],
  'body-past-the-end-of-its-section': [
    'I-6.11',
    [header, identity, section(3, '0100'), section(10, '0103000b')],
    parseError,
  ],
  'no-room-for-a-second-body': [
    'I-6.11',
    [header, identity, section(3, '020000'), section(10, '0202000b')],
    parseError,
  ],
  'bytes-after-the-last-body': [
    'I-6.11',
    [header, identity, section(3, '0100'), section(10, '0102000b00')],
    parseError,
  ],
  'body-without-a-size': ['I-6.11', [header, identity, section(3, '0100'), section(10, '01')], parseError],
  'bytes-after-no-body': ['I-6.11', [header, identity, section(10, '0000')], parseError],

  // Data.
  'data-count-without-data': ['I-6.10', [header, identity, section(12, '01')], parseError],
  'data-count-of-0-without-data': ['I-6.10', [header, section(12, '00'), identity], identified()],
  'data-without-a-data-count': ['I-6.10', [header, section(11, '01010100'), identity], identified()],
  'another-data-count': ['I-6.10', [header, identity, section(12, '02'), section(11, '010100')], parseError],
  'data-count-of-0-with-data': ['I-6.10', [header, identity, section(12, '00'), section(11, '010100')], parseError],
  'data-count-without-data-and-a-bad-identity': ['I-6.10', [header, section(12, '01'), emptyName], nameEmpty],
  'another-data-count-and-a-bad-identity': [
    'I-6.10',
    [header, section(12, '02'), section(11, '010100'), emptyName],
    parseError,
  ],

  // What is not checked.
  'counts-of-nothing': [
    'I-7',
    [header, section(1, '05'), section(2, '7f'), section(4, '09'), section(7, '03'), section(9, '02'), identity],
    identified(),
  ],
  'code-that-is-not-valid': [
    'I-1',
    [header, section(1, '0160'), section(3, '0109'), section(10, '0103ffffff'), identity],
    identified(),
  ],
  'start-function-that-does-not-exist': ['I-1', [header, section(8, '63'), identity], identified()],

  // The number of sections.
  'sections-100000': ['I-6.12', [header, identity, { hex: '000100', times: 99999 }], identified()],
  'sections-100001': [
    'I-6.12',
    [header, identity, { hex: '000100', times: 100000 }],
    { oneOf: [parseError, identified()] },
  ],
};

/** Each known section without its integer. */
const withoutInteger = known.map(
  ([name, id]): WrittenVector => ({
    id: `identity/${name}-section-without-its-integer`,
    rule: 'I-6.6',
    wasm: [header, identity, section(id)],
    ends: parseError,
  }),
);

/** Each known section before the one that it must follow. */
const outOfOrder = known.slice(1).map(([name, id], index): WrittenVector => {
  const [before, beforeId] = known[index] ?? ['', 0];
  return {
    id: `identity/${name}-section-before-${before}-section`,
    rule: 'I-6.5',
    wasm: [header, identity, zero(id), zero(beforeId)],
    ends: parseError,
  };
});

/** Each known section twice. */
const repeated = known.map(
  ([name, id]): WrittenVector => ({
    id: `identity/${name}-section-twice`,
    rule: 'I-6.5',
    wasm: [header, identity, { hex: `${hexByte(id)}0100`, times: 2 }],
    ends: parseError,
  }),
);

/** The sections around the identity. */
export const identityFraming: readonly WrittenVector[] = [
  ...Object.entries(rows).map(([name, [rule, wasm, ends, deviation]]) => ({
    id: `identity/${name}`,
    rule,
    ...(deviation !== undefined && { deviation }),
    wasm,
    ends,
  })),
  ...withoutInteger,
  ...outOfOrder,
  ...repeated,
];
