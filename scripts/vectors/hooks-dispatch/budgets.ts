// What bounds a probe, and what every host must accept.

import { littleEndian } from '../hex.ts';
import type { WrittenVector } from '../layer-vectors.ts';
import { hex } from '../parts.ts';
import { ADMITTED, filterOf, misbehaving, stopped, TABLES, UNBOUNDED, vector } from './case.ts';

const PLACES = [
  [0, 'start', 'instantiate'],
  [1, 'alloc', 'cc_lb_alloc'],
  [3, 'hook', 'cc_lb_filter'],
] as const;

/** Budgets and floors. */
export const dispatchBudgets: readonly WrittenVector[] = [
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
