// The walk over the sections of a module, and the first fault that it finds.

import { FILTER, FINGERPRINTS, metadata, SECTIONS, schema } from '../hook-plugin.ts';
import type { WrittenVector } from '../layer-vectors.ts';
import { header, hex, identitySection, type ModulePart, text } from '../parts.ts';

const { types, functions, memory, exports, code } = SECTIONS;
const PLAIN = metadata(FILTER);
const META = identitySection(PLAIN);
const SCHEMA = schema('filter');
/** A fingerprint that is too short: 5 bytes. */
const SHORT: ModulePart = { custom: 'cc_lb.schema.short', payload: 'short' };
/** An import section with one function of type 0: `m` `f`. */
const IMPORT = hex('0207 01 016d 0166 00 00');
/** An export section whose entry has the kind 9. */
const BAD_EXPORT = hex('0705 01 0161 09 00');
const CUT_SECTION = hex('0105 60');

const WHOLE = [header, types, functions, memory, ...exports, code];

interface SectionCase {
  readonly rule: string;
  readonly name: string;
  readonly about?: string;
  readonly deviation?: string;
  readonly wasm: readonly ModulePart[];
  /** The failure; without it the plugin is accepted. */
  readonly error?: { readonly kind: string; readonly fields?: object };
}

const PARSE = { kind: 'WasmParseError' };
const imports = (count: number): NonNullable<SectionCase['error']> => ({ kind: 'ImportsPresent', fields: { count } });
const schemaSize = (section: string, size: number): NonNullable<SectionCase['error']> => ({
  kind: 'SchemaSectionSize',
  fields: { section, size },
});
const TOO_SHORT = schemaSize('cc_lb.schema.short', 5);
const EXPORT = { kind: 'MalformedExport' };

const cases: readonly SectionCase[] = [
  {
    rule: 'HM-1',
    name: 'plugin',
    about: 'The hand-made filter that the others change.',
    wasm: [...WHOLE, SCHEMA, META],
  },
  { rule: 'HM-12', name: 'customs-first', wasm: [header, META, SCHEMA, ...WHOLE.slice(1)] },
  { rule: 'HM-12', name: 'customs-between', wasm: [header, types, SCHEMA, functions, META, memory, ...exports, code] },
  {
    rule: 'HM-12',
    name: 'customs-of-others',
    wasm: [
      { ...header },
      { custom: '', payload: '' },
      { custom: 'name', payload: [hex('ff')] },
      ...WHOLE.slice(1),
      SCHEMA,
      META,
      { custom: 'cc_lb.other', payload: 'x' },
    ],
  },
  { rule: 'HI-1.1', name: 'no-bytes', wasm: [], error: PARSE },
  { rule: 'HI-1.1', name: 'header-cut', wasm: [hex('0061736d010000')], error: PARSE },
  { rule: 'HI-1.1', name: 'magic', wasm: [hex('0061736e01000000'), ...WHOLE.slice(1), SCHEMA, META], error: PARSE },
  { rule: 'HI-1.1', name: 'version-2', wasm: [hex('0061736d02000000'), ...WHOLE.slice(1), SCHEMA, META], error: PARSE },
  {
    rule: 'HI-1.1',
    name: 'component',
    deviation: 'a component',
    wasm: [hex('0061736d0d000100')],
    error: PARSE,
  },
  { rule: 'HI-1.1', name: 'text-format', wasm: [text('(module)')], error: PARSE },
  { rule: 'HI-1.1', name: 'byte-behind', wasm: [...WHOLE, SCHEMA, META, hex('00')], error: PARSE },
  { rule: 'HI-1.1', name: 'section-past-the-end', wasm: [...WHOLE, SCHEMA, META, hex('0005 0161')], error: PARSE },
  {
    rule: 'HI-1.1',
    name: 'sections-out-of-order',
    wasm: [header, types, memory, functions, ...exports, code, SCHEMA, META],
    error: PARSE,
  },
  {
    rule: 'HI-1.1',
    name: 'section-repeated',
    wasm: [header, types, functions, memory, memory, ...exports, code, SCHEMA, META],
    error: PARSE,
  },
  { rule: 'HI-1.1', name: 'section-id-128', wasm: [...WHOLE, SCHEMA, META, hex('8000')], error: PARSE },
  { rule: 'HI-1.1', name: 'size-of-6-bytes', wasm: [header, hex('01 8180808080 00 00'), SCHEMA, META], error: PARSE },
  {
    rule: 'HI-1.1',
    name: 'size-padded',
    about: 'A size may be padded to five bytes.',
    wasm: [
      header,
      hex('01 9380808000 03 60027f7f017f 60037f7f7f00 60027f7f017e'),
      functions,
      memory,
      ...exports,
      code,
      SCHEMA,
      META,
    ],
  },
  {
    rule: 'HI-1.1',
    name: 'bodies-missing',
    about: 'Three functions, and no code.',
    wasm: [header, types, functions, memory, ...exports, SCHEMA, META],
    error: PARSE,
  },
  {
    rule: 'HI-1.1',
    name: 'body-too-many',
    wasm: [header, types, hex('0303 02 0001'), memory, ...exports, code, SCHEMA, META],
    error: PARSE,
  },
  {
    rule: 'HI-1.1',
    name: 'data-count-alone',
    wasm: [header, types, functions, memory, ...exports, hex('0c01 01'), code, SCHEMA, META],
    error: PARSE,
  },
  { rule: 'HI-1.1', name: 'custom-name-not-utf8', wasm: [...WHOLE, SCHEMA, META, hex('0002 01ff')], error: PARSE },
  {
    rule: 'HI-1.1',
    name: 'custom-name-past-the-section',
    wasm: [...WHOLE, SCHEMA, META, hex('0002 0561')],
    error: PARSE,
  },
  {
    rule: 'HI-1.1',
    name: 'code-of-anything',
    about: 'The code is not validated: here a body is a stray opcode.',
    wasm: [header, types, functions, memory, ...exports, hex('0a0a 03 02006a 02000b 0200ff'), SCHEMA, META],
  },
  {
    rule: 'HI-1.2',
    name: 'import',
    wasm: [header, types, IMPORT, functions, memory, ...exports, code, SCHEMA, META],
    error: imports(1),
  },
  {
    rule: 'HI-1.2',
    name: 'two-imports',
    wasm: [
      header,
      types,
      hex('020d 02 016d 0166 00 00 016d 0167 00 00'),
      functions,
      memory,
      ...exports,
      code,
      SCHEMA,
      META,
    ],
    error: imports(2),
  },
  {
    rule: 'HI-1.2',
    name: 'import-of-memory',
    wasm: [header, types, hex('0208 01 016d 016d 02 00 01'), functions, ...exports, code, SCHEMA, META],
    error: imports(1),
  },
  {
    rule: 'HI-1.2',
    name: 'no-imports',
    about: 'A section without entries.',
    wasm: [header, types, hex('0201 00'), functions, memory, ...exports, code, SCHEMA, META],
  },
  {
    rule: 'HI-1.2',
    name: 'byte-behind-no-imports',
    wasm: [header, types, hex('0202 00 00'), functions, memory, ...exports, code, SCHEMA, META],
    error: { kind: 'ImportsPresent' },
  },
  { rule: 'HI-1.2', name: 'import-before-missing-metadata', wasm: [header, types, IMPORT], error: imports(1) },
  { rule: 'HI-1.3', name: 'export-of-unknown-kind', wasm: [header, BAD_EXPORT, SCHEMA, META], error: EXPORT },
  {
    rule: 'HI-1.3',
    name: 'export-name-not-utf8',
    wasm: [header, hex('0705 01 01ff 00 00'), SCHEMA, META],
    error: EXPORT,
  },
  { rule: 'HI-1.3', name: 'export-cut', wasm: [header, hex('0703 01 0161'), SCHEMA, META], error: EXPORT },
  { rule: 'HI-1.3', name: 'byte-behind-exports', wasm: [header, hex('0702 00 00'), SCHEMA, META], error: EXPORT },
  {
    rule: 'HI-1.3',
    name: 'exports-fewer-than-counted',
    wasm: [header, hex('0705 02 0161 00 00'), SCHEMA, META],
    error: EXPORT,
  },
  ...[0, 31, 33].map((size) => ({
    rule: 'HI-1.4',
    name: `fingerprint-of-${size}-bytes`,
    wasm: [...WHOLE, META, { custom: 'cc_lb.schema.filter.v1', payload: [{ hex: 'f2', times: size }] }],
    error: schemaSize('cc_lb.schema.filter.v1', size),
  })),
  {
    rule: 'HI-1.4',
    name: 'fingerprint-of-unknown-hook-short',
    wasm: [...WHOLE, SCHEMA, META, SHORT],
    error: TOO_SHORT,
  },
  {
    rule: 'HI-1.4',
    name: 'fingerprint-of-unknown-hook',
    wasm: [...WHOLE, SCHEMA, META, { custom: 'cc_lb.schema.observe.v2', payload: [{ hex: 'ab', times: 32 }] }],
  },
  {
    rule: 'HI-1.4',
    name: 'fingerprint-of-nothing',
    wasm: [...WHOLE, SCHEMA, META, { custom: 'cc_lb.schema.', payload: '' }],
    error: schemaSize('cc_lb.schema.', 0),
  },
  {
    rule: 'HI-1.4',
    name: 'no-fingerprint',
    about: 'The name lacks the last dot.',
    wasm: [...WHOLE, SCHEMA, META, { custom: 'cc_lb.schema', payload: '' }],
  },
  {
    rule: 'HI-1.4',
    name: 'fingerprint-in-capitals',
    wasm: [...WHOLE, SCHEMA, META, { custom: 'CC_LB.schema.filter.v1', payload: '' }],
  },
  { rule: 'HI-1', name: 'import-before-fingerprint', wasm: [header, types, IMPORT, SHORT], error: imports(1) },
  { rule: 'HI-1', name: 'fingerprint-before-import', wasm: [header, types, SHORT, IMPORT], error: TOO_SHORT },
  { rule: 'HI-1', name: 'export-before-fingerprint', wasm: [header, BAD_EXPORT, SHORT], error: EXPORT },
  { rule: 'HI-1', name: 'fingerprint-before-export', wasm: [header, SHORT, BAD_EXPORT], error: TOO_SHORT },
  { rule: 'HI-1', name: 'import-before-export', wasm: [header, IMPORT, BAD_EXPORT], error: imports(1) },
  { rule: 'HI-1', name: 'import-before-cut-section', wasm: [header, IMPORT, hex('0305')], error: imports(1) },
  { rule: 'HI-1', name: 'fingerprint-before-cut-section', wasm: [header, SHORT, CUT_SECTION], error: TOO_SHORT },
  { rule: 'HI-1', name: 'cut-section-before-fingerprint', wasm: [header, hex('0305'), SHORT], error: PARSE },
  { rule: 'HI-1', name: 'export-before-byte-behind', wasm: [header, BAD_EXPORT, hex('00')], error: EXPORT },
  {
    rule: 'HI-1',
    name: 'fingerprint-before-metadata',
    wasm: [...WHOLE, identitySection('{'), SHORT],
    error: TOO_SHORT,
  },
  {
    rule: 'HI-1',
    name: 'cut-section-before-metadata',
    wasm: [...WHOLE, identitySection('{'), hex('0005')],
    error: PARSE,
  },
  { rule: 'HI-2', name: 'no-metadata', wasm: [...WHOLE, SCHEMA], error: { kind: 'MissingMetadata' } },
  {
    rule: 'HM-9',
    name: 'metadata-of-version-2',
    wasm: [...WHOLE, SCHEMA, { custom: 'cc_lb.plugin.v2', payload: PLAIN }],
    error: { kind: 'MissingMetadata' },
  },
  { rule: 'HI-2', name: 'nothing-but-a-header', wasm: [header], error: { kind: 'MissingMetadata' } },
  {
    rule: 'HI-3',
    name: 'metadata-before-exports',
    about: 'The module has no exports either.',
    wasm: [header, identitySection('{')],
    error: { kind: 'MalformedMetadata' },
  },
  {
    rule: 'HI-3',
    name: 'identity-of-generation-1',
    wasm: [...WHOLE, identitySection('{"magic":"cc-lb-plugin","name":"n","version":"1"}')],
    error: { kind: 'MalformedMetadata' },
  },
  { rule: 'HM-11', name: 'metadata-last-right', wasm: [...WHOLE, SCHEMA, identitySection('{'), META] },
  {
    rule: 'HM-11',
    name: 'metadata-last-wrong',
    wasm: [...WHOLE, SCHEMA, META, identitySection('{')],
    error: { kind: 'MalformedMetadata' },
  },
  { rule: 'HM-11', name: 'fingerprint-last-right', wasm: [...WHOLE, schema('filter', '00'.repeat(32)), META, SCHEMA] },
  {
    rule: 'HM-11',
    name: 'fingerprint-last-wrong',
    wasm: [...WHOLE, SCHEMA, META, schema('filter', '00'.repeat(32))],
    error: {
      kind: 'FingerprintMismatch',
      fields: { hook: 'filter', expected: FINGERPRINTS.filter, found: '00'.repeat(32) },
    },
  },
  {
    rule: 'HI-1.4',
    name: 'fingerprint-first-short',
    about: 'A later section of the right size does not help.',
    wasm: [...WHOLE, schema('filter', '00'), META, SCHEMA],
    error: schemaSize('cc_lb.schema.filter.v1', 1),
  },
];

/** Modules with and without faults in their sections. */
export const inspectionSections: readonly WrittenVector[] = cases.map(({ name, error, ...given }) => ({
  id: `hooks-inspection/section-${name}`,
  ...given,
  ends: error ? { layer: 'inspect', error } : { response: PLAIN },
}));
