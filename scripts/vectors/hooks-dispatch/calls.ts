// Calls of hooks of admitted plugins.

import { littleEndian } from '../hex.ts';
import { ALL_ACTIVE, type HookName, metadata, plugin, SHAPE } from '../hook-plugin.ts';
import type { WrittenVector } from '../layer-vectors.ts';
import { hex, type ModulePart, type Part, pointer, text, zeros } from '../parts.ts';
import { at, filterOf, misbehaving, stopped, TABLES, TRAPS, UNBOUNDED } from './case.ts';
import { FILTER_REQUEST_SIZE, filterRequest, requests } from './requests.ts';

const REQUEST = filterRequest('r');
const EMPTY = { response: '{"results":[]}' };
const PAGE = 65_536;

interface Call {
  readonly rule: string;
  readonly name: string;
  readonly about?: string;
  readonly flags?: readonly string[];
  readonly deviation?: string;
  readonly budget?: object;
  readonly wasm: readonly ModulePart[];
  readonly ends: object;
}

/** One call of filter. */
const call = ({ name, ends, ...given }: Call): WrittenVector => ({
  id: `hooks-dispatch/${name}`,
  ...given,
  steps: [{ hook: 'filter', request: REQUEST, ends }],
});
const failed = (end: object): object => ({ layer: 'call', ...end });

/** A filter that returns an i64 in a call, with these bytes at 13. */
const returning = (i64: string, ...bytes: readonly Part[]): readonly ModulePart[] =>
  filterOf('hooks-returns', [hex(`00${i64}`), ...bytes]);
const empty = (address: number, size: number): object =>
  failed({ phase: 'reject', error: { kind: 'EmptyAnswer', fields: { address, size } } });
const outside = (address: number, size: number): object =>
  failed({ phase: 'reject', error: { kind: 'AnswerOutside', fields: { address, size, memoryBytes: PAGE } } });
const MALFORMED = failed({ phase: 'response', error: { kind: 'MalformedResponse' } });
const RESULT = [text('abc'), zeros(1), pointer(-4, 1), pointer(-11, 1), pointer(-18, 1), pointer(-24, 1)];
const ABC = { response: '{"results":[{"upstream_id":"a","decision":"b","reason":"c"}]}' };

const answers: readonly WrittenVector[] = [
  call({ rule: 'HD-12.9', name: 'answer-at-0', wasm: returning(at(0, 8)), ends: empty(0, 8) }),
  call({ rule: 'HD-12.9', name: 'answer-of-0-bytes', wasm: returning(at(13, 0)), ends: empty(13, 0) }),
  call({ rule: 'HD-12.9', name: 'answer-of-nothing', wasm: returning(at(0, 0)), ends: empty(0, 0) }),
  call({
    rule: 'HD-12.9',
    name: 'answer-of-0-bytes-outside',
    wasm: returning(at(PAGE * 2, 0)),
    ends: empty(PAGE * 2, 0),
  }),
  call({ rule: 'HD-12.10', name: 'answer-ends-beyond', wasm: returning(at(PAGE - 7, 8)), ends: outside(PAGE - 7, 8) }),
  call({ rule: 'HD-12.10', name: 'answer-begins-beyond', wasm: returning(at(PAGE, 8)), ends: outside(PAGE, 8) }),
  call({
    rule: 'HD-12.10',
    name: 'answer-of-4-gib',
    wasm: returning(at(13, 0xffff_ffff)),
    ends: outside(13, 0xffff_ffff),
  }),
  call({
    rule: 'HM-6',
    name: 'answer-of-all-bits',
    about: 'Address and size are unsigned, and their sum is more than 32 bits have.',
    wasm: returning(at(0xffff_ffff, 0xffff_ffff)),
    ends: outside(0xffff_ffff, 0xffff_ffff),
  }),
  call({
    rule: 'HM-6',
    name: 'answer-at-2-gib',
    wasm: returning(at(0x8000_0000, 8)),
    ends: outside(0x8000_0000, 8),
  }),
  call({ rule: 'HD-7', name: 'answer-at-the-end', wasm: returning(at(PAGE - 8, 8)), ends: EMPTY }),
  call({
    rule: 'HD-7',
    name: 'answer-at-1',
    about: 'Most of the memory, which ends in zeros.',
    wasm: returning(at(4, PAGE - 4)),
    ends: EMPTY,
  }),
  ...[0, 1, 2, 3, 4, 7].map((before) =>
    call({
      rule: 'HD-8',
      name: `answer-at-${13 + before}`,
      about: 'Alignments count from the first byte of the answer.',
      wasm: returning(at(13 + before, 36), zeros(before), ...RESULT),
      ends: ABC,
    }),
  ),
  call({ rule: 'HD-12.11', name: 'answer-cut', wasm: returning(at(13, 35), ...RESULT), ends: MALFORMED }),
  call({ rule: 'HD-12.11', name: 'answer-one-byte-early', wasm: returning(at(12, 37), ...RESULT), ends: MALFORMED }),
  call({ rule: 'HD-12.11', name: 'answer-too-short', wasm: returning(at(13, 7), ...RESULT), ends: MALFORMED }),
  call({
    rule: 'HD-12.11',
    name: 'answer-of-garbage',
    wasm: returning(at(13, 8), hex('ff'.repeat(8))),
    ends: MALFORMED,
  }),
  call({
    rule: 'HD-12.11',
    name: 'answer-not-utf8',
    wasm: returning(at(13, 36), hex('80'), ...[text('bc'), ...RESULT.slice(1)]),
    ends: MALFORMED,
  }),
];

/** Answers of the hooks of shape. */
const responses: readonly (readonly [
  rule: string,
  hook: HookName,
  name: string,
  archive: readonly Part[],
  size: number,
  json: string,
])[] = [
  [
    'HM-18.2',
    'shape',
    'url',
    [text('u'), zeros(3), pointer(-4, 1), pointer(-11, 0), pointer(-16, 0), pointer(-24, 0)],
    36,
    '{"url":"u","method":"","headers":[],"body_base64":""}',
  ],
  ['HM-18.3', 'transform_response', 'unchanged', [zeros(32)], 32, '{"kind":"Unchanged"}'],
  [
    'HM-18.3',
    'transform_response',
    'replace',
    [hex('01000100 f401'), zeros(26)],
    32,
    '{"kind":"Replace","status":500,"headers":null,"body_base64":null}',
  ],
  ['HM-18.4', 'transform_sse_event', 'drop', [hex('02'), zeros(11)], 12, '{"kind":"Drop"}'],
  [
    'HM-18.4',
    'transform_sse_event',
    'replace',
    [hex('01000000'), pointer(-4, 0)],
    12,
    '{"kind":"Replace","events":[]}',
  ],
];
/** What each hook of `hooks-expects` answers. */
const leastAnswers: readonly (readonly [rule: string, hook: HookName, json: string])[] = [
  ['HD-1', 'filter', '{"results":[]}'],
  ['HD-6', 'shape', '{"url":"","method":"","headers":[],"body_base64":""}'],
  ['HA-11', 'transform_response', '{"kind":"Unchanged"}'],
  ['HA-11', 'transform_sse_event', '{"kind":"Unchanged"}'],
];

const hooks: readonly WrittenVector[] = [
  ...responses.map(([rule, hook, name, archive, size, json]) => ({
    id: `hooks-dispatch/${hook}-answers-${name}`,
    rule,
    slot: 'shape',
    wasm: plugin('hooks-returns', metadata(ALL_ACTIVE), { answer: [hex(`00${at(13, size)}`), ...archive] }),
    steps: [{ hook, request: requests[hook].json, ends: { response: json } }],
  })),
  ...leastAnswers.map(([rule, hook, response], index) => ({
    id: `hooks-dispatch/${hook}-gets-its-request`,
    rule,
    about: 'The plugin traps if the request has another byte, or if address, size or alignment are others.',
    wasm: plugin('hooks-expects', metadata(ALL_ACTIVE), {
      answer: [hex(`${littleEndian(index, 1)}00`), ...requests[hook].archive],
    }),
    steps: [{ hook, request: requests[hook].json, ends: { response } }],
  })),
  {
    id: 'hooks-dispatch/other-hooks-of-a-plugin',
    rule: 'HM-22',
    about: 'A plugin of both slots.',
    wasm: plugin('hooks-returns', metadata(ALL_ACTIVE), { answer: [hex(`00${at(13, 32)}`), zeros(32)] }),
    steps: [
      {
        hook: 'transform_response',
        request: requests.transform_response.json,
        ends: { response: '{"kind":"Unchanged"}' },
      },
      {
        hook: 'transform_sse_event',
        request: requests.transform_sse_event.json,
        ends: { response: '{"kind":"Unchanged"}' },
      },
      { hook: 'shape', request: requests.shape.json, ends: MALFORMED },
      { hook: 'filter', request: REQUEST, ends: EMPTY },
    ],
  },
  {
    id: 'hooks-dispatch/call-beside-noop-hooks',
    rule: 'HM-21',
    about: 'The response hooks have the mode noop, and functions of another type.',
    slot: 'shape',
    wasm: plugin('hooks-mistyped', metadata(SHAPE)),
    steps: [
      {
        hook: 'shape',
        request: requests.shape.json,
        ends: { response: '{"url":"","method":"","headers":[],"body_base64":""}' },
      },
    ],
  },
  {
    id: 'hooks-dispatch/hook-that-is-not-exported',
    rule: 'HD-12.3',
    wasm: filterOf('hooks-allocates', [hex('00400000')]),
    steps: [
      {
        hook: 'shape',
        request: requests.shape.json,
        ends: failed({ phase: 'exports', error: { kind: 'MissingExport', fields: { name: 'cc_lb_shape' } } }),
      },
      { hook: 'filter', request: REQUEST, ends: EMPTY },
    ],
  },
];

/** A filter whose allocator returns this address in a call. */
const allocating = (address: number): readonly ModulePart[] =>
  filterOf('hooks-allocates', [hex(littleEndian(address, 4))]);
const ALLOCATION_OUTSIDE = failed({ phase: 'memory.write', error: { kind: 'AllocationOutside' } });
const LAST = PAGE - FILTER_REQUEST_SIZE;

const allocations: readonly WrittenVector[] = [
  call({
    rule: 'HD-12.6',
    name: 'allocates-nothing',
    wasm: allocating(0),
    ends: failed({ phase: 'cc_lb_alloc', error: { kind: 'NoAllocation', fields: { size: FILTER_REQUEST_SIZE } } }),
  }),
  ...[LAST + 1, PAGE, 0x8000_0000, 0xffff_ffff, 0x1_0000_0000 - FILTER_REQUEST_SIZE].map((address) =>
    call({
      rule: 'HD-12.7',
      name: `allocates-at-${address}`,
      wasm: allocating(address),
      ends: ALLOCATION_OUTSIDE,
    }),
  ),
  ...(
    [
      ['HD-4', LAST],
      ['HD-4', 0x4008],
      ['HD-5', 0x4000],
      ['HD-5', 0x4001],
    ] as const
  ).map(([rule, address]) =>
    call({
      rule,
      name: `allocates-at-${address}`,
      about: 'Any place within the memory is right, also at an odd address.',
      wasm: allocating(address),
      ends: EMPTY,
    }),
  ),
];

const stops: readonly WrittenVector[] = [
  ...TRAPS.flatMap(([what, name, stop]) => [
    call({
      rule: stop === 'Trap' ? 'HD-13.4' : 'HD-13.3',
      name: `hook-${name}`,
      wasm: misbehaving(4, what),
      ends: failed(stopped('cc_lb_filter', stop)),
    }),
    call({
      rule: 'HD-12.5',
      name: `alloc-${name}`,
      wasm: misbehaving(2, what),
      ends: failed(stopped('cc_lb_alloc', stop)),
    }),
  ]),
  ...(
    [
      [2, 'alloc', 'cc_lb_alloc'],
      [4, 'hook', 'cc_lb_filter'],
    ] as const
  ).flatMap(([place, where, phase]) => [
    call({
      ...UNBOUNDED,
      rule: 'HD-13.1',
      name: `${where}-loops`,
      wasm: misbehaving(place, 0),
      budget: { fuel: 100_000 },
      ends: failed(stopped(phase, 'OutOfFuel')),
    }),
    call({
      rule: 'HB-2',
      name: `${where}-loops-until-the-deadline`,
      flags: ['time', 'fuel:hooks'],
      deviation: UNBOUNDED.deviation,
      wasm: misbehaving(place, 0),
      budget: { fuel: 1_000_000_000_000_000, wall_ms: 100 },
      ends: failed(stopped(phase, 'Timeout')),
    }),
    call({
      ...TABLES,
      rule: 'HD-13.2',
      name: `${where}-grows-a-table`,
      wasm: misbehaving(place, 6),
      ends: failed(stopped(phase, 'OutOfMemory')),
    }),
  ]),
  call({
    rule: 'HB-6',
    name: 'fuel-of-a-call',
    flags: ['fuel:hooks'],
    wasm: filterOf('hooks-starts'),
    ends: { ...EMPTY, fuel: 8 },
  }),
];

const filterStep = (id: string, ends: object): object => ({ hook: 'filter', request: filterRequest(id), ends });
const FRESH = { response: '{"results":[{"upstream_id":"0","decision":"","reason":""}]}' };

/** Plugins that say how much they found of earlier calls, and leave what they can. */
const keepers = [
  ['integers', 'In globals and in the memory.'],
  ['state', 'Also in tables, segments and a float.'],
].flatMap(([what = '', about = '']) => {
  const wasm = filterOf(`hooks-keeps-${what}`);
  const trapped = failed(stopped('cc_lb_filter', 'Trap'));
  const steps = (ids: readonly string[]): readonly object[] =>
    ids.map((id) => filterStep(id, id === 't' ? trapped : FRESH));
  return [
    {
      id: `hooks-dispatch/after-a-call-no-${what}`,
      rule: what === 'state' ? 'HD-9' : 'HD-2',
      about,
      wasm,
      steps: steps(['r', 'r', 'another', 'r']),
    },
    {
      id: `hooks-dispatch/after-a-trap-no-${what}`,
      rule: 'HD-10',
      about,
      wasm,
      steps: steps(['t', 'r', 't', 't', 'r']),
    },
  ];
});

const state: readonly WrittenVector[] = [
  ...keepers,
  {
    id: 'hooks-dispatch/memory-begins-anew',
    rule: 'HD-2',
    about: 'Each call grows the memory to its limit.',
    wasm: filterOf('hooks-grows', [hex(littleEndian(2, 4))]),
    budget: { memory_pages: 3 },
    steps: ['r', 'r', 'r'].map((id) => filterStep(id, EMPTY)),
  },
  {
    id: 'hooks-dispatch/fuel-begins-anew',
    rule: 'HB-6',
    flags: ['fuel:hooks'],
    wasm: filterOf('hooks-starts'),
    budget: { fuel: 9 },
    steps: ['r', 'r', 'r'].map((id) => filterStep(id, { ...EMPTY, fuel: 8 })),
  },
  {
    id: 'hooks-dispatch/calls-after-out-of-fuel',
    rule: 'HB-9',
    ...UNBOUNDED,
    wasm: misbehaving(4, 0),
    budget: { fuel: 50_000 },
    steps: ['r', 'r'].map((id) => filterStep(id, failed(stopped('cc_lb_filter', 'OutOfFuel')))),
  },
];

/** Calls of hooks. */
export const dispatchCalls: readonly WrittenVector[] = [...answers, ...hooks, ...allocations, ...stops, ...state];
