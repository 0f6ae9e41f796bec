// Numbers and characters at the ends of their ranges, and the tags of options and enums.

import { littleEndian } from '../hex.ts';
import { joined } from '../joined.ts';
import { hex, type Part, pointer, text, zeros } from '../parts.ts';
import { both, reads } from './case.ts';

/** A result that sets the status. */
const status = (value: number): readonly Part[] => [hex(`01000100${littleEndian(value, 2)}0000`), zeros(24)];

const statuses = [0, 1, 255, 256, 65535].flatMap((value) =>
  both({
    rule: value === 0 ? 'HA-7.1' : 'HA-1.1',
    name: `u16-${value}`,
    type: 'TransformResponseResult',
    json: `{"kind":"Replace","status":${value},"headers":null,"body_base64":null}`,
    archive: status(value),
  }),
);

/** A price. */
const pricing = (tag: string, value: string): readonly Part[] => [
  ...[pointer(0, 0), hex(tag), zeros(7), hex(value), zeros(48)],
];
const pricingJson = (value: string): string =>
  joined(
    `{"status":"","input_micros_per_million":${value},"cache_creation_5m_micros_per_million":null,`,
    '"cache_creation_1h_micros_per_million":null,"cache_read_micros_per_million":null}',
  );

const prices = [0n, 1n, 255n, 2n ** 32n - 1n, 2n ** 32n, 2n ** 53n - 1n, 2n ** 53n + 1n, 2n ** 63n, 2n ** 64n - 1n];
const bigNumbers = prices.flatMap((value) =>
  both({
    rule: value > 2n ** 53n ? 'HT-17.7' : 'HA-1.3',
    name: `u64-${value}`,
    type: 'CachePricingSummary',
    json: pricingJson(`${value}`),
    archive: pricing('01', littleEndian(value, 8)),
  }),
);

/** A candidate of empty texts. */
const candidate = (tokens: string, ratio: string): readonly Part[] => [
  ...[pointer(0, 0), pointer(-8, 0), pointer(-16, 0), zeros(8)],
  ...[hex(tokens), zeros(12), hex(ratio)],
  ...[pointer(-56, 0), pointer(-64, 0), pointer(-72, 0)],
];
const candidateJson = (tokens: number, ratio: string): string =>
  joined(
    '{"upstream_id":"","name":"","kind":"","observed_at_unix_secs":0,',
    `"predicted_cache_read_tokens":${tokens},"predicted_cache_creation_tokens_5m":0,`,
    '"predicted_cache_creation_tokens_1h":0,"predicted_uncached_input_tokens":0,',
    `"plan_capacity_ratio":${ratio},"organization_type":"","rate_limit_tier":"","seat_tier":""}`,
  );

const tokens = [0, 1, 2 ** 31, 2 ** 32 - 1].flatMap((value) =>
  both({
    rule: 'HA-1.2',
    name: `u32-${value}`,
    type: 'UpstreamCandidate',
    json: candidateJson(value, '0.0'),
    archive: candidate(littleEndian(value, 4), '0000000000000000'),
  }),
);

/** Doubles as JSON and as bytes. */
const doubles: readonly (readonly [name: string, json: string, bits: string])[] = [
  ['zero', '0.0', '0000000000000000'],
  ['minus-zero', '-0.0', '0000000000000080'],
  ['one', '1.0', '000000000000f03f'],
  ['minus-one', '-1.0', '000000000000f0bf'],
  ['tenth', '0.1', '9a9999999999b93f'],
  ['smallest', '5e-324', '0100000000000000'],
  ['smallest-normal', '2.2250738585072014e-308', '0000000000001000'],
  ['greatest', '1.7976931348623157e+308', 'ffffffffffffef7f'],
  ['last-without-exponent', '9999999999999998.0', 'ff7fe03779c34143'],
  ['first-with-exponent', '1e+16', '0080e03779c34143'],
  ['third', '0.3333333333333333', '555555555555d53f'],
];
const floats = doubles.flatMap(([name, json, bits]) =>
  both({
    rule: bits.endsWith('f03f') ? 'HT-17.8' : 'HA-1.3',
    name: `f64-${name}`,
    type: 'UpstreamCandidate',
    json: candidateJson(0, json),
    archive: candidate('00000000', bits),
  }),
);

/** Doubles that JSON cannot say. */
const notFinite = [
  ['quiet-nan', '000000000000f87f'],
  ['negative-nan', '000000000000f8ff'],
  ['signalling-nan', '010000000000f07f'],
  ['nan-of-all-bits', 'ffffffffffffffff'],
  ['infinity', '000000000000f07f'],
  ['minus-infinity', '000000000000f0ff'],
].map(([name = '', bits = '']) =>
  reads({
    rule: 'HA-18.4',
    name: `f64-${name}`,
    about: 'A number of any bits is accepted. Its JSON form is null.',
    type: 'UpstreamCandidate',
    json: candidateJson(0, 'null'),
    archive: candidate('00000000', bits),
  }),
);

/** A header of this name, which has no value. */
function named(name: Part, size: number): readonly Part[] {
  const root = Math.ceil(size / 4) * 4;
  return [name, zeros(root - size), pointer(-root, size), pointer(size - root - 8, 0)];
}

/** Characters at the ends of each length of UTF-8, and those that JSON escapes. */
const characters: readonly (readonly [name: string, utf8: string, json: string])[] = [
  ['u0000', '00', '\\u0000'],
  ['u001f', '1f', '\\u001f'],
  ['line-feed', '0a', '\\n'],
  ['quote', '22', '\\"'],
  ['backslash', '5c', '\\\\'],
  ['slash', '2f', '/'],
  ['u007f', '7f', '\u007f'],
  ['u0080', 'c280', '\u0080'],
  ['u07ff', 'dfbf', '\u07ff'],
  ['u0800', 'e0a080', '\u0800'],
  ['ud7ff', 'ed9fbf', '\ud7ff'],
  ['ue000', 'ee8080', '\ue000'],
  ['ufeff', 'efbbbf', '\ufeff'],
  ['ufffd', 'efbfbd', '\ufffd'],
  ['uffff', 'efbfbf', '\uffff'],
  ['u10000', 'f0908080', '\u{10000}'],
  ['u10ffff', 'f48fbfbf', '\u{10ffff}'],
];
const texts = characters.flatMap(([name, utf8, json]) =>
  both({
    rule: json.startsWith('\\') ? 'HT-17.3' : 'HA-18.1',
    name: `text-${name}`,
    type: 'Header',
    json: `{"name":"${json}","value_base64":""}`,
    archive: named(hex(utf8), utf8.length / 2),
  }),
);

const notUtf8 = [
  ['continuation', '80'],
  ['last-continuation', 'bf'],
  ['overlong-zero', 'c080'],
  ['overlong-of-two', 'c1bf'],
  ['overlong-of-three', 'e09fbf'],
  ['overlong-of-four', 'f08fbfbf'],
  ['first-surrogate', 'eda080'],
  ['last-surrogate', 'edbfbf'],
  ['surrogate-pair', 'eda0bdedb880'],
  ['above-u10ffff', 'f4908080'],
  ['f5', 'f5808080'],
  ['ff', 'ff'],
  ['cut-of-two', 'c3'],
  ['cut-of-three', 'e282'],
  ['cut-of-four', 'f09f98'],
  ['no-continuation', 'c361'],
].map(([name = '', utf8 = '']) =>
  reads({ rule: 'HA-18.1', name: `not-utf8-${name}`, type: 'Header', archive: named(hex(utf8), utf8.length / 2) }),
);

const LONG = 'x'.repeat(100);
const longTexts = [
  reads({
    rule: 'HA-18.1',
    name: 'not-utf8-after-100-characters',
    type: 'Header',
    archive: [{ hex: '78', times: 100 }, hex('80 000000'), pointer(-104, 101), pointer(-11, 0)],
  }),
  reads({
    rule: 'HA-18.1',
    name: 'utf8-after-100-characters',
    type: 'Header',
    json: `{"name":"${LONG}é","value_base64":""}`,
    archive: [{ hex: '78', times: 100 }, text('é'), hex('0000'), pointer(-104, 102), pointer(-10, 0)],
  }),
  reads({
    rule: 'HA-18.1',
    name: 'text-cut-within-a-character',
    about: 'The bytes are UTF-8, but the text has the first byte only.',
    type: 'Header',
    archive: [text('é'), zeros(2), pointer(-4, 1), pointer(-11, 1)],
  }),
  reads({
    rule: 'HA-18.1',
    name: 'bytes-of-anything',
    about: 'Bytes need not be UTF-8.',
    type: 'Header',
    json: '{"name":"","value_base64":"gIA="}',
    archive: [hex('8080 0000'), pointer(-4, 0), pointer(-12, 2)],
  }),
];

/** An empty base URL with a tag of these bytes. */
const baseUrl = (tag: string): readonly Part[] => [zeros(4), hex(tag), pointer(-8, 0)];

const optionTags = [
  ...['02', '7f', '80', 'ff'].flatMap((tag) => [
    reads({
      rule: 'HA-18.2',
      name: `option-of-text-tag-${tag}`,
      type: 'Upstream',
      archive: baseUrl(`${tag}000000`),
    }),
    reads({
      rule: 'HA-18.2',
      name: `option-of-u16-tag-${tag}`,
      type: 'TransformResponseResult',
      archive: [hex(`0100${tag}00`), zeros(28)],
    }),
    reads({
      rule: 'HA-18.2',
      name: `option-of-u64-tag-${tag}`,
      type: 'CachePricingSummary',
      archive: pricing(tag, '0000000000000000'),
    }),
  ]),
  reads({
    rule: 'HA-18.2',
    name: 'option-of-list-tag-02',
    type: 'TransformResponseResult',
    archive: [hex('01'), zeros(7), hex('02000000'), pointer(-12, 0), zeros(12)],
  }),
  reads({
    rule: 'HA-18.2',
    name: 'option-of-bytes-tag-02',
    type: 'TransformResponseResult',
    archive: [hex('01'), zeros(19), hex('02000000'), pointer(-24, 0)],
  }),
  reads({
    rule: 'HA-18.2',
    name: 'none-of-anything',
    about: 'The value of a none is not looked at: here it would point outside the archive.',
    type: 'Upstream',
    json: '{"kind":"AnthropicDirect","base_url":null}',
    archive: [zeros(4), hex('00ffffff'), { hex: 'ff', times: 8 }],
  }),
  reads({
    rule: 'HA-18.2',
    name: 'some-of-nothing',
    about: 'A some whose text lies outside the archive.',
    type: 'Upstream',
    archive: [zeros(4), hex('01000000'), { hex: 'ff', times: 8 }],
  }),
  reads({
    rule: 'HA-18.5',
    name: 'padding-of-option',
    type: 'Upstream',
    json: '{"kind":"AnthropicDirect","base_url":""}',
    archive: [hex('00ffffff'), hex('01ffffff'), pointer(-8, 0)],
  }),
];

const enumTags = [
  ...(
    [
      ['Upstream', 16, ['01', '02', 'ff']],
      ['TransformResponseResult', 32, ['02', '80', 'ff']],
      ['TransformSseEventResult', 12, ['03', '80', 'ff']],
    ] as const
  ).flatMap(([type, size, tags]) =>
    tags.map((tag) =>
      reads({ rule: 'HA-18.3', name: `${type}-tag-${tag}`, type, archive: [hex(tag), zeros(size - 1)] }),
    ),
  ),
  reads({
    rule: 'HA-18.3',
    name: 'unchanged-of-anything',
    about: 'Only the fields of the variant are visited, and this one has none.',
    type: 'TransformResponseResult',
    json: '{"kind":"Unchanged"}',
    archive: [hex('00'), { hex: 'ff', times: 31 }],
  }),
  reads({
    rule: 'HA-18.3',
    name: 'drop-of-anything',
    type: 'TransformSseEventResult',
    json: '{"kind":"Drop"}',
    archive: [hex('02'), { hex: 'ff', times: 11 }],
  }),
  reads({
    rule: 'HA-18.5',
    name: 'padding-of-enum',
    type: 'TransformResponseResult',
    json: '{"kind":"Replace","status":1,"headers":null,"body_base64":null}',
    archive: [hex('01ff 01ff 0100 ffff'), hex('00'), { hex: 'ff', times: 11 }, hex('00'), { hex: 'ff', times: 11 }],
  }),
  reads({
    rule: 'HA-18.5',
    name: 'padding-before-root',
    type: 'Header',
    json: '{"name":"a","value_base64":"Yg=="}',
    archive: [text('ab'), hex('ffff'), pointer(-4, 1), pointer(-11, 1)],
  }),
];

/** Numbers, texts and tags. */
export const archiveScalars = [
  ...[...statuses, ...tokens, ...bigNumbers, ...floats, ...notFinite],
  ...[...texts, ...notUtf8, ...longTexts, ...optionTags, ...enumTags],
];
