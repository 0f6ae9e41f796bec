// Values of responses and of their parts, as JSON and as archives. Each is written and read.

import { joined } from '../joined.ts';
import { hex, pointer, text, zeros } from '../parts.ts';
import { type ArchiveCase, both } from './case.ts';

type Pair = ArchiveCase & { readonly json: string };

const pairs: readonly Pair[] = [
  {
    rule: 'HT-7',
    name: 'reason',
    type: 'PerCandidateReason',
    json: '{"upstream_id":"a","decision":"b","reason":"c"}',
    archive: [text('abc'), zeros(1), pointer(-4, 1), pointer(-11, 1), pointer(-18, 1)],
  },
  {
    rule: 'HT-8',
    name: 'filter-response-empty',
    type: 'FilterResponse',
    json: '{"results":[]}',
    archive: [pointer(0, 0)],
  },
  {
    rule: 'HT-17.1',
    name: 'filter-response',
    about: 'The first example of "Two archives, byte by byte".',
    type: 'FilterResponse',
    json: '{"results":[{"upstream_id":"a","decision":"accept","reason":""}]}',
    archive: [text('aaccept'), zeros(1), pointer(-8, 1), pointer(-15, 6), pointer(-17, 0), pointer(-24, 1)],
  },
  {
    rule: 'HA-4',
    name: 'filter-response-of-two',
    about: 'What both elements point to comes before both elements.',
    type: 'FilterResponse',
    json: joined(
      '{"results":[{"upstream_id":"a","decision":"accept","reason":""},{"upstream_id":"b",',
      '"decision":"reject","reason":"no"}]}',
    ),
    archive: [
      text('aacceptbrejectno'),
      ...[pointer(-16, 1), pointer(-23, 6), pointer(-25, 0)],
      ...[pointer(-33, 1), pointer(-40, 6), pointer(-42, 2)],
      pointer(-48, 2),
    ],
  },
  {
    rule: 'HT-10',
    name: 'shape-response',
    type: 'ShapeResponse',
    json: '{"url":"u","method":"m","headers":[],"body_base64":"Yg=="}',
    archive: [
      ...[text('um'), zeros(2), text('b'), zeros(3)],
      ...[pointer(-8, 1), pointer(-15, 1), pointer(-20, 0), pointer(-28, 1)],
    ],
  },
  {
    rule: 'HA-1.6',
    name: 'shape-response-of-two-headers',
    about: 'A name that occurs twice, and a value that is not UTF-8.',
    type: 'ShapeResponse',
    json: joined(
      '{"url":"","method":"","headers":[{"name":"a","value_base64":"/w=="},{"name":"a",',
      '"value_base64":""}],"body_base64":""}',
    ),
    archive: [
      ...[text('a'), hex('ff'), text('a'), zeros(1)],
      ...[pointer(-4, 1), pointer(-11, 1), pointer(-18, 1), pointer(-25, 0)],
      ...[pointer(-36, 0), pointer(-44, 0), pointer(-48, 2), pointer(-24, 0)],
    ],
  },
  {
    rule: 'HT-12',
    name: 'event',
    type: 'SseEvent',
    json: '{"event":"e","data_base64":"ZA=="}',
    archive: [text('ed'), zeros(2), pointer(-4, 1), pointer(-11, 1)],
  },
  {
    rule: 'HT-15.1',
    name: 'result-unchanged',
    about: 'A variant without fields takes the size of the largest.',
    type: 'TransformResponseResult',
    json: '{"kind":"Unchanged"}',
    archive: [zeros(32)],
  },
  {
    rule: 'HT-15.2',
    name: 'result-of-nones',
    type: 'TransformResponseResult',
    json: '{"kind":"Replace","status":null,"headers":null,"body_base64":null}',
    archive: [hex('01'), zeros(31)],
  },
  {
    rule: 'HA-1.7',
    name: 'result-of-status-and-body',
    about: 'The second example of "Two archives, byte by byte".',
    type: 'TransformResponseResult',
    json: '{"kind":"Replace","status":201,"headers":null,"body_base64":"aGk="}',
    archive: [...[text('hi'), zeros(2), hex('0100 0100 c900 0000'), zeros(12)], ...[hex('01000000'), pointer(-28, 2)]],
  },
  {
    rule: 'HT-17.2',
    name: 'result-of-no-headers',
    about: 'An empty list is not a none.',
    type: 'TransformResponseResult',
    json: '{"kind":"Replace","status":null,"headers":[],"body_base64":null}',
    archive: [hex('01'), zeros(7), hex('01000000'), pointer(-12, 0), zeros(12)],
  },
  {
    rule: 'HA-1.5',
    name: 'result-of-all',
    type: 'TransformResponseResult',
    json: '{"kind":"Replace","status":65535,"headers":[{"name":"a","value_base64":"Yg=="}],"body_base64":"Yw=="}',
    archive: [
      ...[text('ab'), zeros(2), pointer(-4, 1), pointer(-11, 1), text('c'), zeros(3)],
      ...[hex('0100 0100 ffff 0000'), hex('01000000'), pointer(-32, 1), hex('01000000'), pointer(-28, 1)],
    ],
  },
  {
    rule: 'HT-16.1',
    name: 'event-result-unchanged',
    type: 'TransformSseEventResult',
    json: '{"kind":"Unchanged"}',
    archive: [zeros(12)],
  },
  {
    rule: 'HT-16.3',
    name: 'event-result-drop',
    type: 'TransformSseEventResult',
    json: '{"kind":"Drop"}',
    archive: [hex('02'), zeros(11)],
  },
  {
    rule: 'HT-16.2',
    name: 'event-result-of-no-events',
    type: 'TransformSseEventResult',
    json: '{"kind":"Replace","events":[]}',
    archive: [hex('01000000'), pointer(-4, 0)],
  },
  {
    rule: 'HA-7',
    name: 'event-result-of-two-events',
    type: 'TransformSseEventResult',
    json: '{"kind":"Replace","events":[{"event":"e","data_base64":"ZA=="},{"event":"","data_base64":""}]}',
    archive: [
      ...[text('ed'), zeros(2)],
      ...[pointer(-4, 1), pointer(-11, 1), pointer(-18, 0), pointer(-26, 0)],
      ...[hex('01000000'), pointer(-36, 2)],
    ],
  },
];

/** Responses and their parts. */
export const archiveResponses = pairs.flatMap(both);
