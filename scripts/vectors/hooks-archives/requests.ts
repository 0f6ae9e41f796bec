// Values of requests and of their parts, as JSON and as archives. Each is written and read.

import { joined } from '../joined.ts';
import { hex, pointer, text, zeros } from '../parts.ts';
import { type ArchiveCase, both } from './case.ts';

type Pair = ArchiveCase & { readonly json: string };

const NO_UPSTREAM = zeros(16);

const pairs: readonly Pair[] = [
  {
    rule: 'HT-1',
    name: 'claim',
    type: 'Claim',
    json: '{"key":"k","value_base64":"AQI="}',
    archive: [text('k'), hex('0102 00'), pointer(-4, 1), pointer(-11, 2)],
  },
  {
    rule: 'HA-10',
    name: 'claim-empty',
    about: 'The offset of an empty text leads to where its bytes would be.',
    type: 'Claim',
    json: '{"key":"","value_base64":""}',
    archive: [pointer(0, 0), pointer(-8, 0)],
  },
  {
    rule: 'HT-3',
    name: 'header',
    type: 'Header',
    json: '{"name":"a","value_base64":"Yg=="}',
    archive: [text('ab'), zeros(2), pointer(-4, 1), pointer(-11, 1)],
  },
  {
    rule: 'HA-7.2',
    name: 'header-texts-unaligned',
    about: 'Bytes follow a text of three bytes without padding.',
    type: 'Header',
    json: '{"name":"abc","value_base64":"/w=="}',
    archive: [text('abc'), hex('ff'), pointer(-4, 3), pointer(-9, 1)],
  },
  {
    rule: 'HA-8',
    name: 'header-without-padding',
    type: 'Header',
    json: '{"name":"abcd","value_base64":""}',
    archive: [text('abcd'), pointer(-4, 4), pointer(-8, 0)],
  },
  {
    rule: 'HA-8',
    name: 'header-three-bytes-of-padding',
    type: 'Header',
    json: '{"name":"abcde","value_base64":""}',
    archive: [text('abcde'), zeros(3), pointer(-8, 5), pointer(-11, 0)],
  },
  {
    rule: 'HT-17.4',
    name: 'header-of-base64',
    about: 'A value with both digits of base64 that are no letters, and without padding.',
    type: 'Header',
    json: '{"name":"","value_base64":"+//+"}',
    archive: [hex('fbfffe 00'), pointer(-4, 0), pointer(-12, 3)],
  },
  {
    rule: 'HA-3',
    name: 'header-of-two-byte-characters',
    about: 'A count of a text is in bytes, not in characters.',
    type: 'Header',
    json: '{"name":"éü","value_base64":"AA=="}',
    archive: [text('éü'), hex('00 000000'), pointer(-8, 4), pointer(-12, 1)],
  },
  {
    rule: 'HA-5',
    name: 'header-long',
    about: 'A text longer than any that a reader might hold in place.',
    type: 'Header',
    json: `{"name":"${'x'.repeat(64)}","value_base64":""}`,
    archive: [{ hex: '78', times: 64 }, pointer(-64, 64), pointer(-8, 0)],
  },
  {
    rule: 'HT-2',
    name: 'principal',
    type: 'Principal',
    json: '{"id":"i","kind":"kk","claims":[{"key":"c","value_base64":"dg=="}]}',
    archive: [
      ...[text('ikkcv'), zeros(3)],
      ...[pointer(-5, 1), pointer(-12, 1)],
      ...[pointer(-24, 1), pointer(-31, 2), pointer(-32, 1)],
    ],
  },
  {
    rule: 'HT-17.5',
    name: 'principal-of-two-claims',
    type: 'Principal',
    json: '{"id":"","kind":"","claims":[{"key":"a","value_base64":"Yg=="},{"key":"c","value_base64":"ZA=="}]}',
    archive: [
      ...[text('abcd'), pointer(-4, 1), pointer(-11, 1), pointer(-18, 1), pointer(-25, 1)],
      ...[pointer(-36, 0), pointer(-44, 0), pointer(-48, 2)],
    ],
  },
  {
    rule: 'HA-7.3',
    name: 'principal-without-claims',
    about: 'There are zeros up to the alignment of the elements, also if the list is empty.',
    type: 'Principal',
    json: '{"id":"i","kind":"k","claims":[]}',
    archive: [text('ik'), zeros(2), pointer(-4, 1), pointer(-11, 1), pointer(-16, 0)],
  },
  {
    rule: 'HT-4',
    name: 'pricing',
    type: 'CachePricingSummary',
    json: joined(
      '{"status":"ok","input_micros_per_million":null,"cache_creation_5m_micros_per_million":0,',
      '"cache_creation_1h_micros_per_million":1,"cache_read_micros_per_million":18446744073709551615}',
    ),
    archive: [
      ...[text('ok'), zeros(6), pointer(-8, 2), zeros(16)],
      ...[hex('01'), zeros(15)],
      ...[hex('01'), zeros(7), hex('01'), zeros(7)],
      ...[hex('01'), zeros(7), { hex: 'ff', times: 8 }],
    ],
  },
  {
    rule: 'HA-9',
    name: 'pricing-of-nones',
    about: 'The value of a none is zeros.',
    type: 'CachePricingSummary',
    json: joined(
      '{"status":"","input_micros_per_million":null,"cache_creation_5m_micros_per_million":null,',
      '"cache_creation_1h_micros_per_million":null,"cache_read_micros_per_million":null}',
    ),
    archive: [pointer(0, 0), zeros(64)],
  },
  {
    rule: 'HT-5',
    name: 'candidate',
    type: 'UpstreamCandidate',
    json: joined(
      '{"upstream_id":"u","name":"n","kind":"k","observed_at_unix_secs":9007199254740993,',
      '"predicted_cache_read_tokens":1,"predicted_cache_creation_tokens_5m":2,',
      '"predicted_cache_creation_tokens_1h":3,"predicted_uncached_input_tokens":4,',
      '"plan_capacity_ratio":0.5,"organization_type":"o","rate_limit_tier":"r","seat_tier":"s"}',
    ),
    archive: [
      ...[text('unkors'), zeros(2)],
      ...[pointer(-8, 1), pointer(-15, 1), pointer(-22, 1)],
      ...[hex('0100000000002000'), hex('01000000 02000000 03000000 04000000'), hex('000000000000e03f')],
      ...[pointer(-61, 1), pointer(-68, 1), pointer(-75, 1)],
    ],
  },
  {
    rule: 'HT-6',
    name: 'filter-request-empty',
    type: 'FilterRequest',
    json: joined(
      '{"request_id":"","thread_id":null,"service_tier":null,"canonical_model_id":"",',
      '"cache_pricing":{"status":"","input_micros_per_million":null,',
      '"cache_creation_5m_micros_per_million":null,"cache_creation_1h_micros_per_million":null,',
      '"cache_read_micros_per_million":null},"method":"","path":"","query":null,"headers":[],',
      '"body_base64":"","principal":{"id":"","kind":"","claims":[]},"candidates":[]}',
    ),
    archive: [
      ...[pointer(0, 0), zeros(24), pointer(-32, 0)],
      ...[pointer(-40, 0), zeros(64)],
      ...[pointer(-112, 0), pointer(-120, 0), zeros(12), pointer(-140, 0), pointer(-148, 0)],
      ...[pointer(-156, 0), pointer(-164, 0), pointer(-172, 0)],
      ...[pointer(-180, 0), zeros(4)],
    ],
  },
  {
    rule: 'HA-7.5',
    name: 'filter-request',
    about: 'What fields point to is written in the order of the fields, also through structs, options and lists.',
    type: 'FilterRequest',
    json: joined(
      '{"request_id":"a","thread_id":"b","service_tier":"c","canonical_model_id":"d",',
      '"cache_pricing":{"status":"e","input_micros_per_million":5,',
      '"cache_creation_5m_micros_per_million":null,"cache_creation_1h_micros_per_million":null,',
      '"cache_read_micros_per_million":null},"method":"f","path":"g","query":"h",',
      '"headers":[{"name":"i","value_base64":"ag=="}],"body_base64":"aw==","principal":{"id":"l",',
      '"kind":"m","claims":[]},"candidates":[{"upstream_id":"n","name":"o","kind":"p",',
      '"observed_at_unix_secs":0,"predicted_cache_read_tokens":0,',
      '"predicted_cache_creation_tokens_5m":0,"predicted_cache_creation_tokens_1h":0,',
      '"predicted_uncached_input_tokens":0,"plan_capacity_ratio":1.0,"organization_type":"q",',
      '"rate_limit_tier":"r","seat_tier":"s"}]}',
    ),
    archive: [
      // Ten texts, and the header at 12.
      ...[text('abcdefghij'), zeros(2), pointer(-4, 1), pointer(-11, 1)],
      // The body at 28, the principal's texts, the empty claims at 32.
      ...[text('klm'), zeros(1)],
      // The candidate's texts at 32, and the candidate at 40.
      ...[text('nopqrs'), zeros(2)],
      ...[pointer(-8, 1), pointer(-15, 1), pointer(-22, 1), zeros(8), zeros(16), hex('000000000000f03f')],
      ...[pointer(-61, 1), pointer(-68, 1), pointer(-75, 1)],
      // The root at 120.
      ...[pointer(-120, 1), hex('01000000'), pointer(-131, 1), hex('01000000'), pointer(-142, 1), pointer(-149, 1)],
      ...[pointer(-156, 1), hex('01'), zeros(7), hex('05'), zeros(7), zeros(48)],
      ...[pointer(-227, 1), pointer(-234, 1), hex('01000000'), pointer(-245, 1), pointer(-248, 1), pointer(-240, 1)],
      ...[pointer(-247, 1), pointer(-254, 1), pointer(-260, 0)],
      ...[pointer(-260, 1), zeros(4)],
    ],
  },
  {
    rule: 'HT-9',
    name: 'shape-request',
    type: 'ShapeRequest',
    json: joined(
      '{"request_id":"r","method":"GET","path":"/","query":"q","headers":[{"name":"h",',
      '"value_base64":"dg=="}],"body_base64":"Yg==","principal":{"id":"i","kind":"k","claims":[]},',
      '"upstream":{"kind":"AnthropicDirect","base_url":null}}',
    ),
    archive: [
      ...[text('rGET/qhv'), pointer(-2, 1), pointer(-9, 1), text('bik'), zeros(1)],
      ...[pointer(-28, 1), pointer(-35, 3), pointer(-40, 1), hex('01000000'), pointer(-51, 1)],
      ...[pointer(-56, 1), pointer(-48, 1), pointer(-55, 1), pointer(-62, 1), pointer(-68, 0), NO_UPSTREAM],
    ],
  },
  {
    rule: 'HA-7.4',
    name: 'shape-request-with-base-url',
    about: 'The text of the last option is written after the empty list before it, which is aligned.',
    type: 'ShapeRequest',
    json: joined(
      '{"request_id":"r","method":"","path":"","query":null,"headers":[],"body_base64":"",',
      '"principal":{"id":"","kind":"","claims":[]},"upstream":{"kind":"AnthropicDirect",',
      '"base_url":"u"}}',
    ),
    archive: [
      ...[text('r'), zeros(3), text('u'), zeros(3)],
      ...[pointer(-8, 1), pointer(-15, 0), pointer(-23, 0), zeros(12), pointer(-40, 0), pointer(-48, 0)],
      ...[pointer(-56, 0), pointer(-64, 0), pointer(-72, 0), zeros(4), hex('01000000'), pointer(-88, 1)],
    ],
  },
  {
    rule: 'HT-11',
    name: 'transform-response-request',
    type: 'TransformResponseRequest',
    json: joined(
      '{"request_id":"r","principal":{"id":"i","kind":"k","claims":[]},',
      '"upstream":{"kind":"AnthropicDirect","base_url":null},"request_method":"m","request_path":"p",',
      '"canonical_model_id":"c","response_status":65535,"response_headers":[],"body_base64":""}',
    ),
    archive: [
      ...[text('rik'), zeros(1), text('mpc'), zeros(1)],
      ...[pointer(-8, 1), pointer(-15, 1), pointer(-22, 1), pointer(-28, 0), NO_UPSTREAM],
      ...[pointer(-52, 1), pointer(-59, 1), pointer(-66, 1), hex('ffff 0000'), pointer(-76, 0), pointer(-84, 0)],
    ],
  },
  {
    rule: 'HT-13',
    name: 'transform-sse-event-request',
    type: 'TransformSseEventRequest',
    json: joined(
      '{"request_id":"r","principal":{"id":"i","kind":"k","claims":[]},',
      '"upstream":{"kind":"AnthropicDirect","base_url":null},"request_method":"m","request_path":"p",',
      '"canonical_model_id":"c","response_status":200,"response_headers":[],"event":{"event":"e",',
      '"data_base64":"ZA=="}}',
    ),
    archive: [
      ...[text('rik'), zeros(1), text('mpc'), zeros(1), text('ed'), zeros(2)],
      ...[pointer(-12, 1), pointer(-19, 1), pointer(-26, 1), pointer(-32, 0), NO_UPSTREAM],
      ...[pointer(-56, 1), pointer(-63, 1), pointer(-70, 1), hex('c800 0000'), pointer(-80, 0)],
      ...[pointer(-88, 1), pointer(-95, 1)],
    ],
  },
  {
    rule: 'HT-14',
    name: 'upstream',
    type: 'Upstream',
    json: '{"kind":"AnthropicDirect","base_url":"u"}',
    archive: [text('u'), zeros(3), zeros(4), hex('01000000'), pointer(-12, 1)],
  },
  {
    rule: 'HT-17.6',
    name: 'upstream-without-base-url',
    type: 'Upstream',
    json: '{"kind":"AnthropicDirect","base_url":null}',
    archive: [zeros(16)],
  },
  {
    rule: 'HA-1.5',
    name: 'upstream-of-empty-base-url',
    about: 'An empty text is not a none.',
    type: 'Upstream',
    json: '{"kind":"AnthropicDirect","base_url":""}',
    archive: [zeros(4), hex('01000000'), pointer(-8, 0)],
  },
];

/** Requests and their parts. */
export const archiveRequests = pairs.flatMap(both);
