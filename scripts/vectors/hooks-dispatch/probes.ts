// Probes: their requests, their order and what their answers must be.
import { readFileSync } from 'node:fs';
import { littleEndian } from '../hex.ts';
import { ALL_ACTIVE, entry, FILTER, HOOKS, type HookName, metadata, NOOP, plugin, SHAPE } from '../hook-plugin.ts';
import type { WrittenVector } from '../layer-vectors.ts';
import { hex, type ModulePart, type Part, pointer, text, zeros } from '../parts.ts';
import { ADMITTED, at, filterOf, stopped, vector } from './case.ts';

const root = new URL('../../../', import.meta.url);
// The cast: the project's own file, as the published host wrote it.
const recordedProbes = JSON.parse(readFileSync(new URL('fixtures/hooks/probes.json', root), 'utf8')) as readonly {
  readonly hook: HookName;
  readonly request: string;
}[];

/** A plugin of all hooks that traps unless the probe of one has this archive. */
const expecting = (hook: number, archive: readonly Part[], hooks: object = ALL_ACTIVE): readonly ModulePart[] =>
  plugin('hooks-expects', metadata(hooks), { answer: [hex(`${littleEndian(hook, 1)}01`), ...archive] });

/** A plugin whose probes get this answer: an i64 and the bytes at 13. */
const probedWith = (hook: HookName, i64: string, bytes: readonly Part[]): readonly ModulePart[] =>
  plugin('hooks-returns', metadata(hook === 'filter' ? FILTER : { ...SHAPE, [hook]: entry() }), {
    answer: [hex(`${littleEndian(HOOKS.indexOf(hook) + 1, 1)}${i64}`), ...bytes],
  });
/** Probes. */
export const dispatchProbes: readonly WrittenVector[] = [
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
  vector('HP-4', 'first-of-two-failed-probes', {
    about: 'filter and both response hooks have another type.',
    wasm: plugin('hooks-mistyped', metadata(ALL_ACTIVE)),
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
