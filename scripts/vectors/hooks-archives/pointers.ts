// Where the targets of pointers may lie, and where the root is.

import { joined } from '../joined.ts';
import type { WrittenVector } from '../layer-vectors.ts';
import { hex, type Part, pointer, text, zeros } from '../parts.ts';
import { reads } from './case.ts';

const EMPTY_HEADER = '{"name":"","value_base64":""}';

/** A header behind the bytes `abcd`. The pointers are at 4 and 12, and the end at 20. */
const header = (name: Part, value: Part): readonly Part[] => [text('abcd'), name, value];

/** Pointers of a header, and its value as JSON if they are right. */
const headers: readonly (readonly [rule: string, name: string, archive: readonly Part[], json?: string])[] = [
  ['HA-2', 'sound', header(pointer(-4, 2), pointer(-10, 2)), '{"name":"ab","value_base64":"Y2Q="}'],
  ['HA-17', 'gap-at-the-beginning', header(pointer(-3, 1), pointer(-10, 2)), '{"name":"b","value_base64":"Y2Q="}'],
  ['HA-17', 'gap-between', header(pointer(-4, 1), pointer(-9, 1)), '{"name":"a","value_base64":"ZA=="}'],
  ['HA-17', 'gap-at-the-end', header(pointer(-4, 1), pointer(-11, 1)), '{"name":"a","value_base64":"Yg=="}'],
  ['HA-17', 'only-gaps', header(pointer(-2, 0), pointer(-9, 0)), EMPTY_HEADER],
  ['HA-15.1', 'name-up-to-the-root', header(pointer(-4, 4), pointer(-8, 0)), '{"name":"abcd","value_base64":""}'],
  ['HA-15.1', 'name-over-the-root', header(pointer(-4, 5), pointer(-8, 0))],
  ['HA-14', 'name-before-the-archive', header(pointer(-5, 2), pointer(-10, 2))],
  ['HA-15.1', 'empty-name-before-the-archive', header(pointer(-5, 0), pointer(-10, 2))],
  ['HA-15.1', 'empty-name-at-the-root', header(pointer(0, 0), pointer(-8, 0)), EMPTY_HEADER],
  ['HA-15.1', 'empty-name-behind-the-root', header(pointer(1, 0), pointer(-8, 0))],
  ['HA-15.1', 'name-of-its-own-pointer', header(pointer(0, 1), pointer(-8, 0))],
  ['HA-15.1', 'name-of-the-whole-root', header(pointer(0, 16), pointer(-8, 0))],
  ['HA-15.1', 'name-of-the-whole-archive', header(pointer(-4, 20), pointer(-8, 0))],
  ['HA-15.1', 'name-behind-the-archive', header(pointer(16, 1), pointer(-8, 0))],
  ['HA-15.1', 'empty-name-at-the-end', header(pointer(16, 0), pointer(-8, 0))],
  ['HA-15.1', 'greatest-offset', header(pointer(0x7fff_ffff, 0), pointer(-8, 0))],
  ['HA-15.1', 'least-offset', header(pointer(-0x8000_0000, 0), pointer(-8, 0))],
  ['HA-15.1', 'greatest-count', header(pointer(-4, 0xffff_ffff), pointer(-8, 0))],
  ['HA-15.1', 'count-of-2-gib', header(pointer(-4, 0x8000_0000), pointer(-8, 0))],
  ['HA-15.1', 'end-of-2-to-the-32', header(pointer(-3, 0xffff_ffff), pointer(-8, 0))],
  ['HA-15.3', 'value-overlaps-by-a-byte', header(pointer(-4, 2), pointer(-11, 2))],
  ['HA-15.3', 'value-in-the-name', header(pointer(-4, 4), pointer(-11, 1))],
  ['HA-15.3', 'value-shares-the-name', header(pointer(-4, 2), pointer(-12, 2))],
  ['HA-15.3', 'empty-value-in-the-name', header(pointer(-4, 2), pointer(-11, 0))],
  ['HA-15.3', 'empty-value-before-the-name', header(pointer(-4, 2), pointer(-12, 0))],
  [
    'HA-15.3',
    'empty-value-right-behind-the-name',
    header(pointer(-4, 2), pointer(-10, 0)),
    '{"name":"ab","value_base64":""}',
  ],
  ['HA-15.3', 'value-before-the-name', header(pointer(-2, 2), pointer(-12, 2))],
  ['HA-15.3', 'empty-value-behind-the-window', header(pointer(-4, 2), pointer(-7, 0))],
  ['HA-15.3', 'value-over-the-root', header(pointer(-4, 2), pointer(-10, 3))],
  ['HA-15.3', 'value-of-the-name-pointer', header(pointer(-4, 2), pointer(-8, 8))],
];

/**
 * A result of one event. The event's texts are at 0 and 1, the event at 4, the root at 20, and the
 * pointer of the list at 24.
 */
const events = (list: Part, event = pointer(-4, 1), data = pointer(-11, 1)): readonly Part[] => [
  ...[text('ed'), zeros(2), event, data],
  ...[hex('01000000'), list],
];
const NO_EVENTS = '{"kind":"Replace","events":[]}';
const ONE_EVENT = '{"kind":"Replace","events":[{"event":"e","data_base64":"ZA=="}]}';

const lists: readonly (readonly [rule: string, name: string, archive: readonly Part[], json?: string])[] = [
  ['HA-1.4', 'sound', events(pointer(-20, 1)), ONE_EVENT],
  ['HA-15.1', 'empty-at-its-root', events(pointer(-4, 0)), NO_EVENTS],
  ['HA-15.1', 'empty-in-its-root', events(pointer(0, 0))],
  ['HA-15.1', 'empty-within-what-is-not-read', events(pointer(-16, 0)), NO_EVENTS],
  ['HA-15.1', 'empty-at-0', events(pointer(-24, 0)), NO_EVENTS],
  ['HA-15.1', 'empty-before-the-archive', events(pointer(-28, 0))],
  ['HA-15.1', 'empty-behind-the-archive', events(pointer(8, 0))],
  ['HA-15.1', 'empty-misaligned-by-1', events(pointer(-19, 0))],
  ['HA-15.1', 'empty-misaligned-by-2', events(pointer(-18, 0))],
  ['HA-15.1', 'misaligned', events(pointer(-22, 1))],
  ['HA-15.1', 'over-the-root', events(pointer(-20, 2))],
  ['HA-15.1', 'of-itself', events(pointer(-4, 1))],
  ['HA-15.1', 'greatest-count', events(pointer(-20, 0xffff_ffff))],
  ['HA-15.1', 'size-wraps-to-0', events(pointer(-20, 0x1000_0000))],
  ['HA-15.1', 'size-wraps-to-16', events(pointer(-20, 0x1000_0001))],
  ['HA-15.2', 'element-before-the-archive', events(pointer(-20, 1), pointer(-5, 1))],
  ['HA-15.2', 'element-in-the-list', events(pointer(-20, 1), pointer(0, 1))],
  ['HA-15.2', 'element-over-the-list', events(pointer(-20, 1), pointer(-4, 5))],
  ['HA-15.2', 'element-in-the-root', events(pointer(-20, 1), pointer(16, 1))],
  ['HA-15.2', 'element-behind-the-archive', events(pointer(-20, 1), pointer(28, 1))],
  ['HA-15.3', 'elements-texts-in-reverse', events(pointer(-20, 1), pointer(-3, 1), pointer(-12, 1))],
  ['HA-15.3', 'elements-texts-shared', events(pointer(-20, 1), pointer(-4, 1), pointer(-12, 1))],
];

/** A response of two results, at 4 and 28. Their texts are before them. The root is at 52. */
const results = (...pointers: readonly Part[]): readonly Part[] => [text('abcd'), ...pointers, pointer(-48, 2)];
const FIRST = [pointer(-4, 1), pointer(-11, 1), pointer(-18, 1)] as const;

/** A principal of one claim. The texts are at 0, 1, 3 and 4, the claim at 8, and the root at 24. */
const principal = (key: Part, value: Part, claims: Part): readonly Part[] => [
  ...[text('ikkcv'), zeros(3), key, value],
  ...[pointer(-24, 1), pointer(-31, 2), claims],
];

/** A request of one header, at 4. The root is at 20, and the pointer of its claims at 88. */
const shapeRequest = (claims: Part): readonly Part[] => [
  ...[text('hv'), zeros(2), pointer(-4, 1), pointer(-11, 1)],
  ...[pointer(-20, 0), pointer(-28, 0), pointer(-36, 0), zeros(12), pointer(-52, 1)],
  ...[pointer(-44, 0), pointer(-52, 0), pointer(-60, 0), claims, zeros(16)],
];

/** A request of empty texts, all at 0. The root is at 8, and its candidates at 188. */
const filterRequest = (candidates: Part): readonly Part[] => [
  ...[zeros(8), pointer(-8, 0), zeros(24), pointer(-40, 0)],
  ...[pointer(-48, 0), zeros(64)],
  ...[pointer(-120, 0), pointer(-128, 0), zeros(12), pointer(-148, 0), pointer(-156, 0)],
  ...[pointer(-164, 0), pointer(-172, 0), pointer(-180, 0)],
  ...[candidates, zeros(4)],
];
const EMPTY_FILTER_REQUEST = joined(
  '{"request_id":"","thread_id":null,"service_tier":null,"canonical_model_id":"",',
  '"cache_pricing":{"status":"","input_micros_per_million":null,',
  '"cache_creation_5m_micros_per_million":null,"cache_creation_1h_micros_per_million":null,',
  '"cache_read_micros_per_million":null},"method":"","path":"","query":null,"headers":[],',
  '"body_base64":"","principal":{"id":"","kind":"","claims":[]},"candidates":[]}',
);

type Subtree = readonly [rule: string, name: string, type: string, archive: readonly Part[], json?: string];

const subtrees: readonly Subtree[] = [
  [
    'HA-15.3',
    'results-in-order',
    'FilterResponse',
    results(...FIRST, pointer(-25, 1), pointer(-32, 0), pointer(-40, 0)),
    '{"results":[{"upstream_id":"a","decision":"b","reason":"c"},{"upstream_id":"d","decision":"","reason":""}]}',
  ],
  [
    'HA-15.3',
    'results-share-a-text',
    'FilterResponse',
    results(...FIRST, pointer(-28, 1), pointer(-32, 0), pointer(-40, 0)),
  ],
  [
    'HA-15.3',
    'results-share-an-end',
    'FilterResponse',
    results(...FIRST, pointer(-26, 0), pointer(-32, 0), pointer(-40, 0)),
  ],
  [
    'HA-15.2',
    'results-text-in-another',
    'FilterResponse',
    results(...FIRST, pointer(-24, 1), pointer(-32, 0), pointer(-40, 0)),
  ],
  [
    'HA-15.3',
    'results-in-reverse',
    'FilterResponse',
    results(
      ...[pointer(-1, 1), pointer(-8, 0), pointer(-16, 0)],
      ...[pointer(-28, 1), pointer(-32, 0), pointer(-40, 0)],
    ),
  ],
  [
    'HA-13',
    'claims',
    'Principal',
    principal(pointer(-5, 1), pointer(-12, 1), pointer(-32, 1)),
    '{"id":"i","kind":"kk","claims":[{"key":"c","value_base64":"dg=="}]}',
  ],
  ['HA-13', 'claim-overlaps-the-kind', 'Principal', principal(pointer(-6, 1), pointer(-12, 1), pointer(-32, 1))],
  ['HA-13', 'claim-empty-in-the-kind', 'Principal', principal(pointer(-6, 0), pointer(-12, 1), pointer(-32, 1))],
  ['HA-15.2', 'claim-of-the-id', 'Principal', principal(pointer(-8, 1), pointer(-12, 1), pointer(-32, 1))],
  ['HA-15.3', 'claim-value-shares-the-key', 'Principal', principal(pointer(-5, 1), pointer(-13, 1), pointer(-32, 1))],
  ['HA-15.2', 'claim-value-in-the-root', 'Principal', principal(pointer(-5, 1), pointer(8, 1), pointer(-32, 1))],
  ['HA-15.1', 'claims-over-the-texts', 'Principal', principal(pointer(-5, 1), pointer(-12, 1), pointer(-40, 1))],
  [
    'HA-13',
    'headers-and-claims',
    'ShapeRequest',
    shapeRequest(pointer(-68, 0)),
    joined(
      '{"request_id":"","method":"","path":"","query":null,"headers":[{"name":"h",',
      '"value_base64":"dg=="}],"body_base64":"","principal":{"id":"","kind":"","claims":[]},',
      '"upstream":{"kind":"AnthropicDirect","base_url":null}}',
    ),
  ],
  ['HA-15.3', 'claims-share-the-headers', 'ShapeRequest', shapeRequest(pointer(-84, 1))],
  ['HA-15.3', 'claims-empty-at-the-headers', 'ShapeRequest', shapeRequest(pointer(-84, 0))],
  ['HA-15.3', 'claims-empty-in-the-headers', 'ShapeRequest', shapeRequest(pointer(-72, 0))],
  ['HA-15.1', 'claims-of-the-root', 'ShapeRequest', shapeRequest(pointer(-68, 1))],
  ['HA-15.1', 'candidates-at-0', 'FilterRequest', filterRequest(pointer(-188, 0)), EMPTY_FILTER_REQUEST],
  ['HA-15.1', 'candidates-at-8', 'FilterRequest', filterRequest(pointer(-180, 0)), EMPTY_FILTER_REQUEST],
  ['HA-15.1', 'candidates-at-4', 'FilterRequest', filterRequest(pointer(-184, 0))],
  ['HA-15.1', 'candidates-at-1', 'FilterRequest', filterRequest(pointer(-187, 0))],
  ['HA-15.1', 'candidates-at-16', 'FilterRequest', filterRequest(pointer(-172, 0))],
  ['HA-15.1', 'candidates-of-which-one-is-the-root', 'FilterRequest', filterRequest(pointer(-188, 1))],
];

/** Archives that are too short, and roots that are not at a multiple of their alignment. */
const sizes: Readonly<Record<string, number>> = {
  ...{ Claim: 16, Principal: 24, Header: 16, CachePricingSummary: 72, UpstreamCandidate: 80, FilterRequest: 192 },
  ...{ PerCandidateReason: 24, FilterResponse: 8, ShapeRequest: 92, ShapeResponse: 32, Upstream: 16, SseEvent: 16 },
  ...{ TransformResponseRequest: 92, TransformResponseResult: 32 },
  ...{ TransformSseEventRequest: 100, TransformSseEventResult: 12 },
};

const tooShort = [
  ...Object.entries(sizes).map(([type, size]) =>
    reads({ rule: 'HA-16', name: `${type}-one-byte-short`, type, archive: [zeros(size - 1)] }),
  ),
  reads({ rule: 'HA-16', name: 'Upstream-of-no-bytes', type: 'Upstream', archive: [] }),
  reads({ rule: 'HA-16', name: 'FilterResponse-of-no-bytes', type: 'FilterResponse', archive: [] }),
];

const NO_URL = '{"kind":"AnthropicDirect","base_url":null}';
const NO_PRICES = joined(
  '{"status":"","input_micros_per_million":null,"cache_creation_5m_micros_per_million":null,',
  '"cache_creation_1h_micros_per_million":null,"cache_read_micros_per_million":null}',
);

const roots: readonly WrittenVector[] = [
  ...[1, 2, 3].map((before) =>
    reads({ rule: 'HA-19', name: `root-at-${before}`, type: 'Upstream', archive: [zeros(before), zeros(16)] }),
  ),
  ...[4, 8, 12].map((before) =>
    reads({
      rule: 'HA-6',
      name: `root-at-${before}`,
      type: 'Upstream',
      json: NO_URL,
      archive: [{ hex: 'ff', times: before }, zeros(16)],
    }),
  ),
  ...[1, 2, 4, 12].map((before) =>
    reads({
      rule: 'HA-19',
      name: `root-of-align-8-at-${before}`,
      type: 'CachePricingSummary',
      archive: [zeros(before), pointer(-before, 0), zeros(64)],
    }),
  ),
  ...[8, 16].map((before) =>
    reads({
      rule: 'HA-6',
      name: `root-of-align-8-at-${before}`,
      type: 'CachePricingSummary',
      json: NO_PRICES,
      archive: [{ hex: 'ff', times: before }, pointer(-before, 0), zeros(64)],
    }),
  ),
  reads({
    rule: 'HA-6',
    name: 'trailing-byte',
    about: 'The root is at the end, so a byte behind an archive moves it.',
    type: 'Header',
    archive: [...header(pointer(-4, 2), pointer(-10, 2)), zeros(1)],
  }),
  reads({
    rule: 'HA-6',
    name: 'trailing-four-bytes',
    type: 'Header',
    archive: [...header(pointer(-4, 2), pointer(-10, 2)), zeros(4)],
  }),
  reads({
    rule: 'HA-6',
    name: 'another-root-behind-an-archive',
    about: 'Only the last root is read. What is before it is a gap.',
    type: 'TransformSseEventResult',
    json: '{"kind":"Unchanged"}',
    archive: [...events(pointer(-20, 1)), zeros(12)],
  }),
  reads({
    rule: 'HA-6',
    name: 'first-byte-cut',
    type: 'Header',
    archive: [text('bcd'), pointer(-4, 2), pointer(-10, 2)],
  }),
  reads({
    rule: 'HA-6',
    name: 'first-four-bytes-cut',
    type: 'Header',
    archive: [pointer(-4, 2), pointer(-10, 2)],
  }),
];

/** Pointers, lists, roots. */
export const archivePointers: readonly WrittenVector[] = [
  ...headers.map(([rule, name, archive, json]) =>
    reads({ rule, name: `pointer-${name}`, type: 'Header', archive, json }),
  ),
  ...lists.map(([rule, name, archive, json]) =>
    reads({ rule, name: `list-${name}`, type: 'TransformSseEventResult', archive, json }),
  ),
  ...subtrees.map(([rule, name, type, archive, json]) => reads({ rule, name: `tree-${name}`, type, archive, json })),
  ...tooShort,
  ...roots,
];
