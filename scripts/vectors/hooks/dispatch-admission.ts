// Admission: features, probes, and what bounds them.
import { readFileSync } from 'node:fs';
import type { WrittenVector } from '../layer-vectors.ts';
import { hex, littleEndian, type Part, pointer, text, zeros } from './archive-parts.ts';
import {
  entry,
  FILTER,
  HOOKS,
  type HookName,
  type ModulePart,
  metadata,
  metadataSection,
  NOOP,
  plugin,
  SECTIONS,
  SHAPE,
  schema,
} from './plugin-parts.ts';

type Given = Omit<WrittenVector, 'id' | 'rule'>;

const vector = (rule: string, name: string, given: Given): WrittenVector => ({
  id: `hooks-dispatch/${name}`,
  rule,
  ...given,
});
const ADMITTED = { admitted: true };

/** A filter made of a module, with what the module reads. */
export const filterOf = (file: string, answer?: readonly Part[]): readonly ModulePart[] =>
  plugin(file, metadata(FILTER), ...(answer ? [{ answer }] : []));

/** How a call ends in the plugin's code. */
export const stopped = (phase: string, stop: string): object => ({
  phase,
  error:
    phase === 'instantiate'
      ? { kind: 'InstantiateFailed', fields: { stop } }
      : { kind: 'GuestTrap', fields: { phase, stop } },
});

/** The rows of the table of deviations in RATIONALE.md. */
export const UNBOUNDED = { flags: ['fuel:hooks'], deviation: 'fuel and time of a call and of a probe' };
export const TABLES = { deviation: 'entries of tables, structure of a module' };

/** A host whose engine does not tell why it refuses a module says that the module is not valid. */
const notCompiled = (error: object): object => ({
  oneOf: [
    { layer: 'compile', error },
    { layer: 'compile', error: { kind: 'InvalidModule' } },
  ],
});

const features: readonly (readonly [rule: string, feature: string, modules: readonly string[]])[] = [
  ['HC-2.1', 'threads', ['shared-memory', 'atomic-load']],
  ['HC-2.2', 'memory64', ['memory64', 'table64']],
  ['HC-2.3', 'multi-memory', ['two-memories']],
  ['HC-2.4', 'function references', ['typed-parameter', 'call-ref', 'table-value']],
  ['HC-2.5', 'garbage collection', ['struct', 'i31', 'recursive-types', 'anyref', 'global-of-global']],
  ['HC-2.6', 'exceptions', ['tag', 'try-table']],
  ['HC-2.7', 'tail calls', ['tail-call', 'tail-call-indirect']],
  ['HC-2.8', 'relaxed SIMD', ['relaxed-simd']],
];

const { header, types, functions, memory, exports } = SECTIONS;
/** A filter whose hook has this body. */
const bodied = (body: string): readonly ModulePart[] => {
  const size = body.length / 2;
  const code = `03 04 0041100b 02 000b ${littleEndian(size, 1)}${body}`.replaceAll(' ', '');
  return [
    ...[header, types, functions, memory, ...exports, hex(`0a${littleEndian(code.length / 2, 1)}${code}`)],
    ...[schema('filter'), metadataSection(metadata(FILTER))],
  ];
};

const compiled: readonly WrittenVector[] = [
  ...features.flatMap(([rule, feature, modules]) =>
    modules.map((name) =>
      vector(rule, `feature-${name}`, {
        wasm: filterOf(`hooks-feature-${name}`),
        ends: notCompiled({ kind: 'FeatureRefused', fields: { feature } }),
      }),
    ),
  ),
  vector('HC-1', 'feature-of-webassembly-2', { wasm: filterOf('hooks-feature-webassembly-2'), ends: ADMITTED }),
  vector('HC-1', 'feature-extended-constant', {
    flags: ['feature:extended-constants'],
    wasm: filterOf('hooks-feature-extended-constant'),
    ends: ADMITTED,
  }),
  vector('HC-1', 'feature-wide-arithmetic', {
    flags: ['feature:wide-arithmetic'],
    wasm: filterOf('hooks-feature-wide-arithmetic'),
    ends: ADMITTED,
  }),
  vector('HC-2.3', 'feature-index-of-memory-0', {
    about: 'A load whose memarg has the bit for the index of a memory, and the index 0.',
    wasm: bodied('0041002842 0000 1a4200 0b'.replaceAll(' ', '')),
    ends: notCompiled({ kind: 'FeatureRefused', fields: { feature: 'multi-memory' } }),
  }),
  vector('HC-2.6', 'feature-legacy-try', {
    about: 'The older proposal: `try`, `end`.',
    wasm: bodied('00 0640 0b 4200 0b'.replaceAll(' ', '')),
    ends: notCompiled({ kind: 'FeatureRefused', fields: { feature: 'exceptions' } }),
  }),
  vector('HC-4', 'unknown-opcode', {
    wasm: bodied('00ff4200 0b'.replaceAll(' ', '')),
    ends: notCompiled({ kind: 'MalformedModule' }),
  }),
  vector('HC-4', 'body-without-end', {
    wasm: bodied('004200'),
    ends: notCompiled({ kind: 'MalformedModule' }),
  }),
  vector('HC-5', 'stack-underflow', {
    about: 'An addition without operands.',
    wasm: bodied('006a1a4200 0b'.replaceAll(' ', '')),
    ends: { layer: 'compile', error: { kind: 'InvalidModule' } },
  }),
  vector('HC-5', 'body-of-another-type', {
    about: 'The hook returns an i32.',
    wasm: bodied('0041000b'),
    ends: { layer: 'compile', error: { kind: 'InvalidModule' } },
  }),
  vector('HC-3', 'inspection-before-feature', {
    wasm: [{ file: 'hooks-feature-tail-call' }, metadataSection(metadata(FILTER))],
    ends: { layer: 'inspect', error: { kind: 'MissingSchema' } },
  }),
  vector('HC-3', 'feature-before-probe', {
    about: 'The answer of the hook would be empty.',
    wasm: [
      ...[header, hex('0115 04 60027f7f017f 60037f7f7f00 60027f7f017e 5f00'.replaceAll(' ', '')), functions, memory],
      ...[...exports, SECTIONS.code, schema('filter'), metadataSection(metadata(FILTER))],
    ],
    ends: notCompiled({ kind: 'FeatureRefused', fields: { feature: 'garbage collection' } }),
  }),
];

const root = new URL('../../../', import.meta.url);
// The cast: the project's own file, as the published host wrote it.
const recordedProbes = JSON.parse(readFileSync(new URL('fixtures/hooks/probes.json', root), 'utf8')) as readonly {
  readonly hook: HookName;
  readonly request: string;
}[];

const ALL_ACTIVE = { filter: entry(), shape: entry(), transform_response: entry(), transform_sse_event: entry() };
/** A plugin of all hooks that traps unless the probe of one has this archive. */
const expecting = (hook: number, archive: readonly Part[], hooks: object = ALL_ACTIVE): readonly ModulePart[] =>
  plugin('hooks-expects', metadata(hooks), { answer: [hex(`${littleEndian(hook, 1)}01`), ...archive] });

/** A plugin whose probes get this answer: an i64 and the bytes at 13. */
const probedWith = (hook: HookName, i64: string, bytes: readonly Part[]): readonly ModulePart[] =>
  plugin('hooks-returns', metadata(hook === 'filter' ? FILTER : { ...SHAPE, [hook]: entry() }), {
    answer: [hex(`${littleEndian(HOOKS.indexOf(hook) + 1, 1)}${i64}`), ...bytes],
  });
/** An address and a size as the bytes of an i64. */
export const at = (address: number, size: number): string => littleEndian(size, 4) + littleEndian(address, 4);

const probes: readonly WrittenVector[] = [
  ...HOOKS.map((hook, index) => {
    const { request = '' } = recordedProbes.find((each) => each.hook === hook) ?? {};
    return vector(`HP-5.${index + 1}`, `probe-of-${hook}`, {
      about: 'The plugin traps if the request has another byte.',
      wasm: expecting(index, [{ hex: Buffer.from(request, 'base64').toString('hex') }]),
      ends: ADMITTED,
    });
  }),
  ...HOOKS.map((hook, index) =>
    vector('HP-4', `probe-of-${hook}-fails`, {
      about: 'It gets another request than it expects, and traps. The probes before it pass.',
      wasm: expecting(index, [text('x')]),
      ends: { layer: 'probe', ...stopped(`cc_lb_${hook}`, 'Trap') },
    }),
  ),
  ...(['transform_response', 'transform_sse_event'] as const).map((hook, index) =>
    vector('HD-11', `noop-${hook}-is-not-probed`, {
      about: 'It would trap.',
      wasm: expecting(index + 2, [text('x')], { ...ALL_ACTIVE, [hook]: NOOP }),
      ends: ADMITTED,
    }),
  ),
  vector('HP-1', 'all-hooks-are-probed-for-filter', {
    slot: 'filter',
    wasm: expecting(3, [text('x')]),
    ends: { layer: 'probe', ...stopped('cc_lb_transform_sse_event', 'Trap') },
  }),
  vector('HP-1', 'all-hooks-are-probed-for-shape', {
    slot: 'shape',
    wasm: expecting(0, [text('x')]),
    ends: { layer: 'probe', ...stopped('cc_lb_filter', 'Trap') },
  }),
  vector('HP-1', 'slot-that-does-not-fit', {
    slot: 'shape',
    wasm: filterOf('hooks-all'),
    ends: { layer: 'inspect', error: { kind: 'MissingHook', fields: { hook: 'shape' } } },
  }),
  vector('HP-3', 'probe-answer-of-other-contents', {
    about: 'A result for a candidate that there is not, with a decision that there is not.',
    wasm: probedWith('filter', at(16, 36), [
      zeros(3),
      text('xy'),
      zeros(2),
      pointer(-4, 1),
      pointer(-11, 1),
      pointer(-18, 0),
      pointer(-24, 1),
    ]),
    ends: ADMITTED,
  }),
  vector('HP-3', 'probe-answer-malformed', {
    wasm: probedWith('filter', at(13, 8), [pointer(4, 0)]),
    ends: { layer: 'probe', phase: 'response', error: { kind: 'MalformedResponse' } },
  }),
  vector('HP-3', 'probe-answer-of-another-hook', {
    about: 'Eight bytes are an answer of filter, but not of shape.',
    wasm: probedWith('shape', at(13, 8), [pointer(0, 0)]),
    ends: { layer: 'probe', phase: 'response', error: { kind: 'MalformedResponse' } },
  }),
  vector('HP-3', 'probe-answer-of-unknown-variant', {
    wasm: probedWith('transform_sse_event', at(13, 12), [hex('03'), zeros(11)]),
    ends: { layer: 'probe', phase: 'response', error: { kind: 'MalformedResponse' } },
  }),
  vector('HP-2', 'probe-answer-empty', {
    wasm: probedWith('filter', at(13, 0), []),
    ends: { layer: 'probe', phase: 'reject', error: { kind: 'EmptyAnswer', fields: { address: 13, size: 0 } } },
  }),
  vector('HD-12.4', 'alloc-mistyped', {
    about: 'The allocator is looked up before the hook, which has another type too.',
    wasm: filterOf('hooks-mistyped-alloc'),
    ends: { layer: 'probe', phase: 'exports', error: { kind: 'ExportType', fields: { name: 'cc_lb_alloc' } } },
  }),
  vector('HD-12.4', 'filter-mistyped', {
    wasm: filterOf('hooks-mistyped'),
    ends: { layer: 'probe', phase: 'exports', error: { kind: 'ExportType', fields: { name: 'cc_lb_filter' } } },
  }),
  vector('HD-12.4', 'active-response-hook-mistyped', {
    wasm: plugin('hooks-mistyped', metadata({ ...SHAPE, transform_response: entry() })),
    ends: {
      layer: 'probe',
      phase: 'exports',
      error: { kind: 'ExportType', fields: { name: 'cc_lb_transform_response' } },
    },
  }),
  vector('HD-3', 'free-and-noop-hooks-mistyped', {
    about: 'Nobody calls cc_lb_free or a hook of the mode noop, so nobody looks at their types.',
    wasm: plugin('hooks-mistyped', metadata(SHAPE)),
    ends: ADMITTED,
  }),
];

/** The two bytes of the part that tells `hooks-misbehaves` where and what. */
export const misbehaving = (place: number, what: number): readonly ModulePart[] =>
  filterOf('hooks-misbehaves', [hex(littleEndian(place, 1) + littleEndian(what, 1))]);

/** What the module does, and how the call ends. */
export const TRAPS: readonly (readonly [what: number, name: string, stop: string])[] = [
  [1, 'recursion', 'StackOverflow'],
  [2, 'unreachable', 'Trap'],
  [3, 'load-outside', 'Trap'],
  [4, 'division-by-zero', 'Trap'],
  [5, 'null-function', 'Trap'],
  [7, 'fill-outside', 'Trap'],
  [8, 'conversion-of-nan', 'Trap'],
];

const PLACES = [
  [0, 'start', 'instantiate'],
  [1, 'alloc', 'cc_lb_alloc'],
  [3, 'hook', 'cc_lb_filter'],
] as const;

const bounded: readonly WrittenVector[] = [
  ...PLACES.flatMap(([place, where, phase]) => [
    vector(place === 0 ? 'HD-12.2' : place === 1 ? 'HD-12.5' : 'HD-12.8', `${where}-traps-in-probe`, {
      wasm: misbehaving(place, 2),
      ends: { layer: 'probe', ...stopped(phase, 'Trap') },
    }),
    vector('HB-5', `${where}-recurses-in-probe`, {
      wasm: misbehaving(place, 1),
      ends: { layer: 'probe', ...stopped(phase, 'StackOverflow') },
    }),
    vector('HB-1', `${where}-loops-in-probe`, {
      ...UNBOUNDED,
      wasm: misbehaving(place, 0),
      ends: { layer: 'probe', ...stopped(phase, 'OutOfFuel') },
    }),
  ]),
  ...[3, 4].map((fuel) =>
    vector('HB-7', `fuel-${fuel}-of-4`, {
      ...UNBOUNDED,
      about: 'The allocator burns 2 and the hook 2. A budget that is used up to the end does not suffice.',
      wasm: filterOf('hooks-all'),
      budget: { fuel },
      ends: { layer: 'probe', ...stopped('cc_lb_filter', 'OutOfFuel') },
    }),
  ),
  vector('HB-7', 'fuel-2-of-4', {
    ...UNBOUNDED,
    wasm: filterOf('hooks-all'),
    budget: { fuel: 2 },
    ends: { layer: 'probe', ...stopped('cc_lb_alloc', 'OutOfFuel') },
  }),
  vector('HB-7', 'fuel-5-of-4', {
    flags: ['fuel:hooks'],
    wasm: filterOf('hooks-all'),
    budget: { fuel: 5 },
    ends: ADMITTED,
  }),
  ...(
    [
      [4, 'instantiate'],
      [5, 'cc_lb_alloc'],
      [6, 'cc_lb_alloc'],
      [7, 'cc_lb_filter'],
      [8, 'cc_lb_filter'],
    ] as const
  ).map(([fuel, phase]) =>
    vector('HB-6', `fuel-${fuel}-of-8`, {
      ...UNBOUNDED,
      about: 'The start function burns 4, the allocator 2, the hook 2.',
      wasm: filterOf('hooks-starts'),
      budget: { fuel },
      ends: { layer: 'probe', ...stopped(phase, 'OutOfFuel') },
    }),
  ),
  vector('HB-6', 'fuel-9-of-8', {
    flags: ['fuel:hooks'],
    wasm: filterOf('hooks-starts'),
    budget: { fuel: 9 },
    ends: ADMITTED,
  }),
  vector('HM-8', 'start-function-runs', {
    about: 'It makes the answer an archive.',
    wasm: filterOf('hooks-starts'),
    ends: ADMITTED,
  }),
  vector('HB-3', 'memory-of-2049-pages', {
    wasm: filterOf('hooks-memory'),
    ends: { layer: 'probe', ...stopped('instantiate', 'OutOfMemory') },
  }),
  vector('HB-3', 'memory-of-2049-pages-allowed', {
    wasm: filterOf('hooks-memory'),
    budget: { memory_pages: 2049 },
    ends: ADMITTED,
  }),
  ...(
    [
      ['grows-to-2048-pages', 2047, undefined],
      ['grows-to-3-pages-of-3', 2, 3],
    ] as const
  ).map(([name, pages, memory_pages]) =>
    vector(name === 'grows-to-2048-pages' ? 'HB-10.1' : 'HB-3', name, {
      wasm: filterOf('hooks-grows', [hex(littleEndian(pages, 4))]),
      ...(memory_pages && { budget: { memory_pages } }),
      ends: ADMITTED,
    }),
  ),
  ...(
    [
      ['grows-to-2049-pages', 2048, undefined],
      ['grows-to-4-pages-of-3', 3, 3],
      ['grows-by-4-gib', 0xffff, undefined],
    ] as const
  ).map(([name, pages, memory_pages]) =>
    vector('HB-3', name, {
      about: 'memory.grow returns -1, and then the answer of the plugin is empty.',
      wasm: filterOf('hooks-grows', [hex(littleEndian(pages, 4))]),
      ...(memory_pages && { budget: { memory_pages } }),
      ends: { layer: 'probe', phase: 'reject', error: { kind: 'EmptyAnswer', fields: { address: 0, size: 8 } } },
    }),
  ),
  vector('HB-4', 'table-of-100001-entries', {
    ...TABLES,
    wasm: filterOf('hooks-table'),
    ends: { layer: 'probe', ...stopped('instantiate', 'OutOfMemory') },
  }),
  vector('HB-4', 'table-of-100001-entries-allowed', {
    wasm: filterOf('hooks-table'),
    budget: { table_entries: 100_001 },
    ends: ADMITTED,
  }),
  vector('HB-10.2', 'table-grows-to-100000-entries', {
    wasm: filterOf('hooks-grows-table', [hex(littleEndian(99_999, 4))]),
    ends: ADMITTED,
  }),
  vector('HB-4', 'table-grows-to-100001-entries', {
    ...TABLES,
    about: 'A table does not get -1, as the memory does: the call ends.',
    wasm: filterOf('hooks-grows-table', [hex(littleEndian(100_000, 4))]),
    ends: { layer: 'probe', ...stopped('cc_lb_filter', 'OutOfMemory') },
  }),
  vector('HB-4', 'table-grows-to-100001-entries-allowed', {
    wasm: filterOf('hooks-grows-table', [hex(littleEndian(100_000, 4))]),
    budget: { table_entries: 100_001 },
    ends: ADMITTED,
  }),
  vector('HB-1', 'probe-burns-9999997', {
    flags: ['fuel:hooks'],
    wasm: filterOf('hooks-burns', [hex(littleEndian(1_999_998, 4))]),
    ends: ADMITTED,
  }),
  vector('HB-1', 'probe-burns-10000002', {
    ...UNBOUNDED,
    wasm: filterOf('hooks-burns', [hex(littleEndian(1_999_999, 4))]),
    ends: { layer: 'probe', ...stopped('cc_lb_filter', 'OutOfFuel') },
  }),
  vector('HB-10.3', 'a-thousand-calls-in-one-another', { wasm: filterOf('hooks-deep'), ends: ADMITTED }),
  vector('HB-10.4', 'answer-of-100000-elements', {
    wasm: filterOf('hooks-many-results', [hex(littleEndian(100_000, 4))]),
    ends: ADMITTED,
  }),
  vector('HD-12.11', 'answer-of-100001-elements', {
    deviation: 'elements of all lists of an answer',
    wasm: filterOf('hooks-many-results', [hex(littleEndian(100_001, 4))]),
    ends: { layer: 'probe', phase: 'response', error: { kind: 'MalformedResponse' } },
  }),
];

/** Admission of plugins. */
export const dispatchAdmission: readonly WrittenVector[] = [...compiled, ...probes, ...bounded];
