// The metadata as serde reads it.

import { entry, FILTER, metadata, plugin, SHAPE } from '../hook-plugin.ts';
import type { WrittenVector } from '../layer-vectors.ts';
import { type Bytes, type Part, text } from '../parts.ts';

/** The metadata of a filter, in the form that a host writes. */
const PLAIN = metadata(FILTER);

const ENTRY = '{"wire_version":1,"description":"d","usage":"u","mode":"active"}';
const HEAD = '"name":"n","version":"v","description":"d","usage":"u"';
const withHooks = (hooks: string): string => `{${HEAD},"hooks":${hooks}}`;
const withFilter = (entryText: string): string => withHooks(`{"filter":${entryText}}`);
const withField = (field: string): string => `{${HEAD},${field},"hooks":{"filter":${ENTRY}}}`;
const withValue = (...value: readonly Part[]): readonly Part[] => [
  text(`{${HEAD},"x":`),
  ...value,
  text(`,"hooks":{"filter":${ENTRY}}}`),
];

type Case = readonly [rule: string, name: string, payload: Bytes, response?: string];

/** Payloads that are read, and the metadata if it is not that of `PLAIN`. */
const read: readonly Case[] = [
  ['HM-13.5', 'plain', PLAIN],
  ['HM-17.1', 'undeclared-field', withField('"x":{"y":[1,null]}')],
  ['HM-17.1', 'undeclared-field-of-hook', withFilter(ENTRY.replace('}', ',"x":{}}'))],
  ['HM-17.1', 'undeclared-field-repeated', withField('"x":1,"x":2')],
  ['HM-17.1', 'undeclared-not-utf8', withValue(text('"'), { hex: 'ff80' }, text('"'))],
  ['HM-17.1', 'undeclared-surrogate', withValue(text('"\\ud800"'))],
  ['HM-17.1', 'undeclared-number-out-of-range', withValue(text('-1e999'))],
  ['HM-17.1', 'undeclared-integer-of-40-digits', withValue({ hex: '39', times: 40 })],
  ['HM-17.1', 'undeclared-depth-of-1000', withValue({ hex: '5b', times: 1000 }, { hex: '5d', times: 1000 })],
  ['HM-17.1', 'undeclared-key-escaped', withField('"\\u0078\\n":0')],
  [
    'HM-17.1',
    'fields-in-another-order',
    `{"hooks":{"filter":${ENTRY}},"usage":"u","description":"d","version":"v","name":"n"}`,
  ],
  [
    'HM-17.3',
    'hook-repeated',
    withHooks(`{"filter":{"wire_version":1,"description":"","usage":"","mode":"noop"},"filter":${ENTRY}}`),
  ],
  ['HM-17.4', 'array', `["n","v","d","u",{"filter":${ENTRY}}]`],
  ['HM-17.4', 'array-of-hook', withFilter('[1,"d","u","active"]')],
  ['HM-17.4', 'arrays', '["n","v","d","u",{"filter":[1,"d","u","active"]}]'],
  ['HM-17.6', 'mode-object', withFilter(ENTRY.replace('"active"', '{"active":null}'))],
  ['HM-17.7', 'white-space-behind', `${PLAIN} \n\r\t`],
  ['HM-17.7', 'white-space-before', ` \n\r\t${PLAIN}`],
  ['HM-17.7', 'white-space-within', PLAIN.replaceAll(':', ' : ').replaceAll(',', '\n,\t')],
  ['HM-17.7', 'escapes', PLAIN.replace('"n"', '"\\u006e"').replace('"filter"', '"f\\u0069lter"')],
  [
    'HM-16',
    'name-of-anything',
    metadata(FILTER, { name: '\ufeff /\u0000' }),
    metadata(FILTER, { name: '\ufeff /\u0000' }),
  ],
  [
    'HM-16',
    'name-of-300-characters',
    metadata(FILTER, { name: 'x'.repeat(300) }),
    metadata(FILTER, { name: 'x'.repeat(300) }),
  ],
  ['HM-16', 'section-of-100000-bytes', [text(PLAIN), { hex: '20', times: 100_000 }]],
  ['HM-15', 'name-zero-width-space', metadata(FILTER, { name: '\u200b' }), metadata(FILTER, { name: '\u200b' })],
  ['HM-15', 'name-with-blanks', metadata(FILTER, { name: ' n ' }), metadata(FILTER, { name: ' n ' })],
  ['HM-14.4', 'mode-noop', metadata(SHAPE), metadata(SHAPE)],
  ['HM-17.6', 'mode-object-noop', metadata(SHAPE).replaceAll('"noop"', '{"noop":null}'), metadata(SHAPE)],
];

/** Payloads that are not metadata. */
const malformed: readonly Case[] = [
  ['HM-17.2', 'no-name', '{"version":"v","description":"d","usage":"u","hooks":{}}'],
  ['HM-17.2', 'no-version', '{"name":"n","description":"d","usage":"u","hooks":{}}'],
  ['HM-17.2', 'no-description', '{"name":"n","version":"v","usage":"u","hooks":{}}'],
  ['HM-17.2', 'no-usage', '{"name":"n","version":"v","description":"d","hooks":{}}'],
  ['HM-17.2', 'name-null', PLAIN.replace('"n"', 'null')],
  ['HM-13.1', 'name-number', PLAIN.replace('"n"', '1')],
  ['HM-13.2', 'version-number', PLAIN.replace('"v"', '1.0')],
  ['HM-17.2', 'hooks-null', withHooks('null')],
  ['HM-13.5', 'hooks-array', withHooks('[]')],
  ['HM-13.5', 'hooks-text', withHooks('"filter"')],
  ['HM-17.2', 'hook-null', withFilter('null')],
  ['HM-17.2', 'hook-without-wire-version', withFilter(ENTRY.replace('"wire_version":1,', ''))],
  ['HM-17.2', 'hook-without-description', withFilter(ENTRY.replace('"description":"d",', ''))],
  ['HM-17.2', 'hook-without-usage', withFilter(ENTRY.replace('"usage":"u",', ''))],
  ['HM-17.2', 'hook-without-mode', withFilter(ENTRY.replace(',"mode":"active"', ''))],
  ['HM-14.2', 'hook-description-null', withFilter(ENTRY.replace('"d"', 'null'))],
  ['HM-17.3', 'name-repeated', withField('"name":"n"')],
  ['HM-17.3', 'hooks-repeated', withField(`"hooks":{"filter":${ENTRY}}`)],
  ['HM-17.3', 'mode-repeated', withFilter(ENTRY.replace('}', ',"mode":"active"}'))],
  ['HM-17.3', 'hook-repeated-and-first-malformed', withHooks(`{"filter":{},"filter":${ENTRY}}`)],
  ['HM-17.4', 'array-too-long', `["n","v","d","u",{"filter":${ENTRY}},0]`],
  ['HM-17.4', 'array-too-short', '["n","v","d"]'],
  ['HM-17.4', 'array-empty', '[]'],
  ['HM-17.4', 'array-of-hook-too-short', withFilter('[1,"d","u"]')],
  ...(['1.0', '1e0', '-0', '-1', '256', '"1"', 'true', '01', '1000000000000000000000'] as const).map(
    (token): Case => [
      'HM-17.5',
      `wire-version-${token.replaceAll('"', '')}${token.startsWith('"') ? '-text' : ''}`,
      withFilter(ENTRY.replace('1', token)),
    ],
  ),
  ...(
    [
      '"Active"',
      '"ACTIVE"',
      '""',
      '"off"',
      'null',
      '0',
      '[]',
      '{}',
      '{"active":1}',
      '{"active":{}}',
      '{"active":null,"noop":null}',
      '{"off":null}',
      '["active"]',
    ] as const
  ).map((token, index): Case => ['HM-17.6', `mode-other-${index + 1}`, withFilter(ENTRY.replace('"active"', token))]),
  ['HM-17.7', 'empty', ''],
  ['HM-17.7', 'only-white-space', '  '],
  ['HM-17.7', 'text', '"n"'],
  ['HM-17.7', 'null', 'null'],
  ['HM-17.7', 'cut', PLAIN.slice(0, -1)],
  ['HM-17.7', 'second-value', `${PLAIN}{}`],
  ['HM-17.7', 'byte-behind', `${PLAIN}\u0000`],
  ['HM-17.7', 'form-feed-behind', `${PLAIN}\f`],
  ['HM-17.7', 'comma-at-the-end', PLAIN.replace('}}}', '}},}')],
  ['HM-17.7', 'comment', `${PLAIN}//`],
  ['HM-17.7', 'byte-order-mark', `\ufeff${PLAIN}`],
  ['HM-17.7', 'name-not-utf8', [text('{"name":"'), { hex: 'ff' }, text(PLAIN.slice('{"name":"n'.length))]],
  ['HM-17.7', 'name-surrogate', PLAIN.replace('"n"', '"\\ud800"')],
  ['HM-17.7', 'name-line-feed', PLAIN.replace('"n"', '"\n"')],
  ['HM-17.7', 'key-not-utf8', [text(`{${HEAD},"`), { hex: 'ff' }, text(`":0,"hooks":{"filter":${ENTRY}}}`)]],
  ['HM-17.1', 'key-surrogate', withField('"\\udc00":0')],
  ['HM-17.1', 'undeclared-not-json', withField('"x":[1,]')],
  ['HM-17.1', 'undeclared-number-malformed', withField('"x":01')],
  ['HM-17.1', 'undeclared-escape-malformed', withField('"x":"\\x"')],
  ['HM-17.7', 'utf16', [{ hex: '7b002200' }]],
];

/** Metadata that break a rule, and the violation. */
const invalid: readonly (readonly [rule: string, name: string, payload: string, violation: object])[] = [
  ['HM-13.1', 'name-empty', metadata(FILTER, { name: '' }), { kind: 'MissingName' }],
  ['HM-13.2', 'version-empty', metadata(FILTER, { version: '' }), { kind: 'MissingVersion' }],
  ['HM-13.3', 'description-empty', metadata(FILTER, { description: '' }), { kind: 'MissingDescription' }],
  ['HM-13.4', 'usage-empty', metadata(FILTER, { usage: '' }), { kind: 'MissingUsage' }],
  ['HM-13.5', 'hooks-empty', metadata({}), { kind: 'NoHooksDeclared' }],
  ['HM-17.2', 'hooks-missing', `{${HEAD}}`, { kind: 'NoHooksDeclared' }],
  ['HM-17.4', 'array-without-hooks', '["n","v","d","u"]', { kind: 'NoHooksDeclared' }],
  ...(
    [
      '0020',
      '0009',
      '000a',
      '000b',
      '000c',
      '000d',
      '0085',
      '00a0',
      '1680',
      '2000',
      '200a',
      '2028',
      '2029',
      '202f',
      '205f',
      '3000',
    ] as const
  ).map(
    (code) =>
      [
        'HM-15',
        `name-u${code}`,
        metadata(FILTER, { name: String.fromCharCode(Number.parseInt(code, 16)) }),
        { kind: 'MissingName' },
      ] as const,
  ),
  [
    'HM-14.2',
    'hook-description-blank',
    metadata({ filter: entry({ description: ' ' }) }),
    { kind: 'HookMissingDescription', hook: 'filter' },
  ],
  [
    'HM-14.3',
    'hook-usage-blank',
    metadata({ filter: entry({ usage: '\t' }) }),
    { kind: 'HookMissingUsage', hook: 'filter' },
  ],
  ['HM-13.5', 'hook-unknown', metadata({ observe: entry() }), { kind: 'UnknownHook', hook: 'observe' }],
  ['HM-13.5', 'hook-in-capitals', metadata({ Filter: entry() }), { kind: 'UnknownHook', hook: 'Filter' }],
  ['HM-13.5', 'hook-without-name', metadata({ '': entry() }), { kind: 'UnknownHook', hook: '' }],
  [
    'HM-17.3',
    'hook-repeated-and-last-blank',
    withHooks(`{"filter":${ENTRY},"filter":[1,"","u","active"]}`),
    { kind: 'HookMissingDescription', hook: 'filter' },
  ],
  ['HI-4', 'name-before-version', metadata(FILTER, { version: '', name: '' }), { kind: 'MissingName' }],
  [
    'HI-4',
    'version-before-description',
    metadata(FILTER, { description: '', version: '' }),
    { kind: 'MissingVersion' },
  ],
  [
    'HI-4',
    'description-before-usage',
    metadata(FILTER, { usage: '', description: '' }),
    { kind: 'MissingDescription' },
  ],
  ['HI-4', 'usage-before-hooks', metadata({}, { usage: '' }), { kind: 'MissingUsage' }],
  ['HI-4.1', 'usage-before-unknown-hook', metadata({ a: entry() }, { usage: '' }), { kind: 'MissingUsage' }],
  [
    'HI-4.1',
    'hook-unknown-before-blank',
    metadata({ a: entry({ description: '' }) }),
    { kind: 'UnknownHook', hook: 'a' },
  ],
  [
    'HI-4.1',
    'hook-description-before-usage',
    metadata({ filter: entry({ usage: '', description: '' }) }),
    { kind: 'HookMissingDescription', hook: 'filter' },
  ],
  [
    'HI-4.1',
    'hook-usage-before-next-hook',
    metadata({ filter: entry({ usage: '' }), shape: entry({ description: '' }) }),
    { kind: 'HookMissingUsage', hook: 'filter' },
  ],
  [
    'HI-4.1',
    'hooks-by-name-not-by-place',
    metadata({ shape: entry({ usage: '' }), filter: entry({ usage: '' }) }),
    { kind: 'HookMissingUsage', hook: 'filter' },
  ],
  [
    'HI-4.1',
    'hooks-blank-before-unknown',
    metadata({ zebra: entry(), filter: entry({ usage: '' }) }),
    { kind: 'HookMissingUsage', hook: 'filter' },
  ],
  ['HI-4.1', 'hooks-capitals-first', metadata({ a: entry(), Z: entry() }), { kind: 'UnknownHook', hook: 'Z' }],
  ['HI-4.1', 'hooks-digits-as-text', metadata({ 9: entry(), 10: entry() }), { kind: 'UnknownHook', hook: '10' }],
  [
    'HI-4.1',
    'hooks-by-utf8',
    metadata({ '\u{10000}': entry(), '\uffff': entry() }),
    { kind: 'UnknownHook', hook: '\uffff' },
  ],
];

/** Metadata that are read, or refused. */
export const inspectionMetadata: readonly WrittenVector[] = [
  ...read.map(([rule, name, payload, response = PLAIN]) => ({
    id: `hooks-inspection/metadata-${name}`,
    rule,
    wasm: plugin('hooks-all', payload),
    ends: { response },
  })),
  ...malformed.map(([rule, name, payload]) => ({
    id: `hooks-inspection/metadata-${name}`,
    rule,
    wasm: plugin('hooks-all', payload),
    ends: { layer: 'inspect', error: { kind: 'MalformedMetadata' } },
  })),
  ...invalid.map(([rule, name, payload, violation]) => ({
    id: `hooks-inspection/metadata-${name}`,
    rule,
    wasm: plugin('hooks-all', payload),
    ends: { layer: 'inspect', error: { kind: 'InvalidMetadata', fields: { violation } } },
  })),
];
