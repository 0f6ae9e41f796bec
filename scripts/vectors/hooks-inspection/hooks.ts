// Slots, exports, versions and fingerprints of the declared hooks.
import { fingerprintOf } from '../../../src/hooks/fingerprint.ts';
import { hexOf } from '../hex.ts';
import {
  entry,
  FILTER,
  FINGERPRINTS,
  HOOKS,
  type HookName,
  metadata,
  NOOP,
  plugin,
  SHAPE,
  schema,
} from '../hook-plugin.ts';
import { joined } from '../joined.ts';
import type { WrittenVector } from '../layer-vectors.ts';
import { identitySection, type ModulePart } from '../parts.ts';

const ALL = { filter: entry(), ...SHAPE };
const BAD = '00'.repeat(32);

interface HookCase {
  readonly rule: string;
  readonly name: string;
  readonly about?: string;
  readonly slot?: HookName;
  readonly wasm: readonly ModulePart[];
  readonly ends: object;
}

const fails = (kind: string, fields: object): object => ({ layer: 'inspect', error: { kind, fields } });
const noExport = (name: string, hook?: HookName): object =>
  fails('MissingExport', { name, type: name === 'memory' ? 'memory' : 'function', ...(hook && { hook }) });
const mismatch = (hook: HookName, found = BAD): object =>
  fails('FingerprintMismatch', { hook, expected: FINGERPRINTS[hook], found });

/** A plugin of these hooks that is admitted for a slot, or for none. */
const accepted = (rule: string, name: string, hooks: object, slot?: HookName): HookCase => ({
  rule,
  name,
  ...(slot && { slot }),
  wasm: plugin('hooks-all', metadata(hooks)),
  ends: { response: metadata(hooks) },
});

/** A plugin of these hooks that is refused. */
const refused = (rule: string, name: string, hooks: object, ends: object, slot?: HookName): HookCase => ({
  ...accepted(rule, name, hooks, slot),
  ends,
});

const { shape: _shape, ...RESPONSE_HOOKS } = SHAPE;

const slots: readonly HookCase[] = [
  accepted('HI-6.2', 'filter-for-filter', FILTER, 'filter'),
  accepted('HM-7', 'filter-for-none', FILTER),
  refused('HI-6.3', 'filter-for-shape', FILTER, fails('MissingHook', { hook: 'shape' }), 'shape'),
  accepted('HM-20.2', 'shape-for-shape', SHAPE, 'shape'),
  accepted('HI-6.4', 'shape-for-none', SHAPE),
  refused('HM-20.1', 'shape-for-filter', SHAPE, fails('MissingHook', { hook: 'filter' }), 'filter'),
  accepted('HM-22', 'all-for-filter', ALL, 'filter'),
  accepted('HM-22', 'all-for-shape', ALL, 'shape'),
  accepted('HM-22', 'all-for-none', ALL),
  accepted('HI-6.2', 'shape-alone-beside-filter-for-filter', { filter: entry(), shape: entry() }, 'filter'),
  refused(
    'HI-6.4',
    'shape-alone-beside-filter-for-none',
    { filter: entry(), shape: entry() },
    fails('MissingHook', { hook: 'transform_response' }),
  ),
  accepted(
    'HI-6.2',
    'response-hook-beside-filter-for-filter',
    { filter: entry(), transform_response: entry() },
    'filter',
  ),
  refused(
    'HI-6.5',
    'response-hook-beside-filter-for-none',
    { filter: entry(), transform_response: entry() },
    fails('MissingShape', { hook: 'transform_response' }),
  ),
  refused(
    'HI-6.5',
    'event-hook-beside-filter-for-none',
    { filter: entry(), transform_sse_event: NOOP },
    fails('MissingShape', { hook: 'transform_sse_event' }),
  ),
  refused('HI-6.5', 'response-hooks-alone', RESPONSE_HOOKS, fails('MissingShape', { hook: 'transform_response' })),
  refused('HI-6.3', 'shape-alone', { shape: entry() }, fails('MissingHook', { hook: 'transform_response' }), 'shape'),
  refused(
    'HI-6.3',
    'shape-without-event-hook',
    { shape: entry(), transform_response: entry() },
    fails('MissingHook', { hook: 'transform_sse_event' }),
    'shape',
  ),
  refused('HI-6.3', 'response-hooks-for-shape', RESPONSE_HOOKS, fails('MissingHook', { hook: 'shape' }), 'shape'),
  refused(
    'HI-6.1',
    'slot-transform-response',
    SHAPE,
    fails('SlotNotAllowed', { slot: 'transform_response' }),
    'transform_response',
  ),
  refused(
    'HI-6.1',
    'slot-transform-sse-event',
    ALL,
    fails('SlotNotAllowed', { slot: 'transform_sse_event' }),
    'transform_sse_event',
  ),
  refused(
    'HI-6.1',
    'slot-before-missing-hook',
    FILTER,
    fails('SlotNotAllowed', { slot: 'transform_response' }),
    'transform_response',
  ),
  accepted(
    'HM-21',
    'response-hooks-active',
    { ...SHAPE, transform_response: entry(), transform_sse_event: entry() },
    'shape',
  ),
  refused('HI-5', 'noop-filter', { filter: NOOP }, fails('NoopNotAllowed', { hook: 'filter' }), 'filter'),
  refused('HI-5', 'noop-shape', { ...SHAPE, shape: NOOP }, fails('NoopNotAllowed', { hook: 'shape' }), 'shape'),
  refused(
    'HI-5',
    'noop-filter-before-noop-shape',
    { ...SHAPE, shape: NOOP, filter: NOOP },
    fails('NoopNotAllowed', { hook: 'filter' }),
  ),
  refused(
    'HI-5',
    'noop-shape-for-filter',
    { filter: entry(), shape: NOOP },
    fails('NoopNotAllowed', { hook: 'shape' }),
    'filter',
  ),
  refused(
    'HI-5',
    'noop-before-slot',
    { filter: NOOP },
    fails('NoopNotAllowed', { hook: 'filter' }),
    'transform_response',
  ),
  refused('HI-5', 'noop-before-missing-hook', { filter: NOOP }, fails('NoopNotAllowed', { hook: 'filter' }), 'shape'),
  refused(
    'HI-4',
    'blank-before-noop',
    { filter: entry({ mode: 'noop', usage: '' }) },
    fails('InvalidMetadata', { violation: { kind: 'HookMissingUsage', hook: 'filter' } }),
  ),
];

/** A plugin of a filter, made of another module. */
const of = (rule: string, name: string, file: string, hooks: object, ends: object, slot?: HookName): HookCase => ({
  ...refused(rule, name, hooks, ends, slot),
  wasm: plugin(file, metadata(hooks)),
});

const exported: readonly HookCase[] = [
  of('HI-7', 'no-exports', 'hooks-no-exports', FILTER, noExport('memory')),
  of('HM-2', 'memory-is-a-function', 'hooks-no-memory', FILTER, noExport('memory')),
  of('HM-3', 'functions-are-globals', 'hooks-only-memory', FILTER, noExport('cc_lb_alloc')),
  of('HM-4', 'no-free', 'hooks-no-free', FILTER, noExport('cc_lb_free')),
  of(
    'HI-6',
    'missing-hook-before-memory',
    'hooks-no-exports',
    FILTER,
    fails('MissingHook', { hook: 'shape' }),
    'shape',
  ),
  of('HI-7', 'free-before-hook', 'hooks-no-free', SHAPE, noExport('cc_lb_free')),
  of(
    'HI-7',
    'memory-before-wire-version',
    'hooks-no-exports',
    { filter: entry({ wire_version: 2 }) },
    noExport('memory'),
  ),
  of('HI-8.2', 'filter-not-exported', 'hooks-no-hooks', FILTER, noExport('cc_lb_filter', 'filter')),
  of('HM-5', 'only-filter-exported', 'hooks-no-hooks', SHAPE, noExport('cc_lb_shape', 'shape')),
  of('HI-8', 'first-hook-not-exported', 'hooks-no-hooks', ALL, noExport('cc_lb_filter', 'filter')),
];

/** A plugin of all hooks whose sections are these. */
const withSchemas = (
  rule: string,
  name: string,
  hooks: object,
  ends: object,
  schemas: readonly ModulePart[],
): HookCase => ({
  rule,
  name,
  wasm: [{ file: 'hooks-all' }, ...schemas, identitySection(metadata(hooks))],
  ends,
});
const others = (...without: readonly HookName[]): readonly ModulePart[] =>
  HOOKS.filter((hook) => !without.includes(hook)).map((hook) => schema(hook));
const withVersion = (hook: HookName, version: number): object => ({ ...ALL, [hook]: entry({ wire_version: version }) });

const rows = HOOKS.flatMap((hook, index): readonly HookCase[] => [
  withSchemas(
    `HM-18.${index + 1}`,
    `${hook}-without-fingerprint`,
    ALL,
    fails('MissingSchema', { hook, section: `cc_lb.schema.${hook}.v1` }),
    others(hook),
  ),
  withSchemas(`HF-5.${index + 1}`, `${hook}-of-another-fingerprint`, ALL, mismatch(hook), [
    ...others(hook),
    schema(hook, BAD),
  ]),
  refused(
    'HM-19',
    `${hook}-of-wire-version-2`,
    withVersion(hook, 2),
    fails('UnknownWireVersion', { hook, version: 2 }),
  ),
]);

const lastBit = `${FINGERPRINTS.filter.slice(0, -1)}5`;
/** The fingerprint of another descriptor of the filter's request. */
const fingerprinted = (rule: string, name: string, about: string, descriptor: string): HookCase => {
  const found = hexOf(fingerprintOf(descriptor));
  return { ...withSchemas(rule, name, FILTER, mismatch('filter', found), [schema('filter', found)]), about };
};

const SORTED = joined(
  'FilterRequest{body:Box<[u8]>,cache_pricing:CachePricingSummary,',
  'candidates:Box<[UpstreamCandidate]>,canonical_model_id:Box<str>,headers:Box<[Header]>,',
  'method:Box<str>,path:Box<str>,principal:Principal,query:Option<Box<str>>,request_id:Box<str>,',
  'service_tier:Option<Box<str>>,thread_id:Option<Box<str>>}',
);
const DECLARED = joined(
  'FilterRequest{request_id:Box<str>,thread_id:Option<Box<str>>,service_tier:Option<Box<str>>,',
  'canonical_model_id:Box<str>,cache_pricing:CachePricingSummary,method:Box<str>,path:Box<str>,',
  'query:Option<Box<str>>,headers:Box<[Header]>,body:Box<[u8]>,principal:Principal,',
  'candidates:Box<[UpstreamCandidate]>}',
);

const versions: readonly HookCase[] = [
  refused(
    'HI-8.1',
    'wire-version-0',
    { filter: entry({ wire_version: 0 }) },
    fails('UnknownWireVersion', { hook: 'filter', version: 0 }),
  ),
  refused(
    'HI-8.1',
    'wire-version-255',
    { filter: entry({ wire_version: 255 }) },
    fails('UnknownWireVersion', { hook: 'filter', version: 255 }),
  ),
  refused(
    'HM-14.1',
    'wire-version-of-noop',
    { ...SHAPE, transform_response: entry({ mode: 'noop', wire_version: 2 }) },
    fails('UnknownWireVersion', { hook: 'transform_response', version: 2 }),
  ),
  of(
    'HI-8',
    'wire-version-before-export',
    'hooks-no-hooks',
    { filter: entry({ wire_version: 2 }) },
    fails('UnknownWireVersion', { hook: 'filter', version: 2 }),
  ),
  {
    ...of('HI-8', 'export-before-fingerprint', 'hooks-no-hooks', FILTER, noExport('cc_lb_filter', 'filter')),
    wasm: [{ file: 'hooks-no-hooks' }, identitySection(metadata(FILTER))],
  },
  withSchemas('HI-8', 'filter-fingerprint-before-shape-version', withVersion('shape', 2), mismatch('filter'), [
    ...others('filter'),
    schema('filter', BAD),
  ]),
  withSchemas(
    'HI-8',
    'shape-version-before-response-fingerprint',
    withVersion('shape', 2),
    fails('UnknownWireVersion', { hook: 'shape', version: 2 }),
    others('transform_response'),
  ),
  withSchemas(
    'HI-8',
    'response-fingerprint-before-event-fingerprint',
    ALL,
    fails('MissingSchema', { hook: 'transform_response', section: 'cc_lb.schema.transform_response.v1' }),
    [...others('transform_response', 'transform_sse_event'), schema('transform_sse_event', BAD)],
  ),
  withSchemas('HI-8.4', 'noop-hook-of-another-fingerprint', SHAPE, mismatch('transform_sse_event'), [
    ...others('transform_sse_event'),
    schema('transform_sse_event', BAD),
  ]),
  withSchemas('HM-10', 'fingerprint-of-a-hook-that-is-not-declared', FILTER, { response: metadata(FILTER) }, [
    schema('filter'),
    schema('shape', BAD),
  ]),
  withSchemas('HM-10', 'only-the-needed-fingerprint', FILTER, { response: metadata(FILTER) }, [schema('filter')]),
  withSchemas('HI-8.3', 'fingerprint-of-another-hook', FILTER, mismatch('filter', FINGERPRINTS.shape), [
    schema('filter', FINGERPRINTS.shape),
  ]),
  withSchemas('HI-8.4', 'fingerprint-of-one-other-bit', FILTER, mismatch('filter', lastBit), [
    schema('filter', lastBit),
  ]),
  {
    ...withSchemas('HF-1', 'fingerprint-of-the-descriptor', FILTER, { response: metadata(FILTER) }, [
      schema('filter', hexOf(fingerprintOf(SORTED))),
    ]),
    about: `BLAKE3 of ${SORTED}`,
  },
  fingerprinted('HF-2', 'fingerprint-of-declared-order', `BLAKE3 of ${DECLARED}`, DECLARED),
  fingerprinted(
    'HF-4',
    'fingerprint-with-white-space',
    'BLAKE3 of the descriptor with a space after each comma.',
    SORTED.replaceAll(',', ', '),
  ),
  fingerprinted(
    'HF-4',
    'fingerprint-of-string',
    'BLAKE3 of the descriptor with String for Box<str>.',
    SORTED.replaceAll('Box<str>', 'String'),
  ),
];

/** Slots, exports and hooks. */
export const inspectionHooks: readonly WrittenVector[] = [...slots, ...exported, ...rows, ...versions].map(
  ({ name, ...given }) => ({ id: `hooks-inspection/${name}`, ...given }),
);
