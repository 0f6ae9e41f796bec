import type {
  TransformResponseRequest,
  TransformResponseResult,
  TransformSseEventRequest,
  TransformSseEventResult,
} from '../../../hooks/messages/shape.ts';
import { NULL_BODY_STATUSES } from '../../../hooks/policies/bodies.ts';
import { RESPONSE_DROPPED_HEADERS } from '../../../hooks/policies/header-rules.ts';
import { tryDecodeUtf8 } from '../../../json/text/utf8.ts';
import type { AnswerRule } from '../suite.ts';
import { headerRules } from './headers.ts';

/** The rules of the answers of `transform_response`. */
export const transformResponseRules: readonly AnswerRule<TransformResponseRequest, TransformResponseResult>[] = [
  {
    id: 'status',
    rule: 'A status that replaces that of the response is from 200 to 599.',
    anchor: 'what-the-fields-mean',
    hint: 'Write the status of a final response, or none to leave it as it is.',
    fault: (result) => {
      const status = result.kind === 'Replace' ? result.status : null;
      return status === null || (status >= 200 && status <= 599) ? undefined : `status is ${status}`;
    },
  },
  {
    id: 'body',
    rule: 'There is no body if a replaced status is 204, 205 or 304.',
    anchor: 'what-the-fields-mean',
    hint: 'Replace the body by one of no bytes too.',
    fault: (result, request) => {
      if (result.kind !== 'Replace' || result.status === null) return undefined;
      const { length } = result.body ?? request.body;
      const hasNone = NULL_BODY_STATUSES.includes(result.status);
      return hasNone && length > 0 ? `${length} bytes with ${result.status}` : undefined;
    },
  },
  ...headerRules<TransformResponseRequest, TransformResponseResult>({
    given: ({ response_headers: headers }) => headers,
    answered: (result) => (result.kind === 'Replace' ? (result.headers ?? []) : []),
    dropped: RESPONSE_DROPPED_HEADERS,
  }),
];

/** The rules of the answers of `transform_sse_event`. */
export const transformSseEventRules: readonly AnswerRule<TransformSseEventRequest, TransformSseEventResult>[] = [
  {
    id: 'event-names',
    rule: 'Names of events have no line break and no NUL.',
    anchor: 'what-the-fields-mean',
    hint: 'Remove line breaks from names: one would begin another field of the event.',
    fault: (result) => {
      const index = eventsOf(result).findIndex(({ event }) => /[\0\r\n]/.test(event));
      return index < 0 ? undefined : `the name of events[${index}] contains a line break or NUL`;
    },
  },
  {
    id: 'event-data',
    rule: 'Data of events is UTF-8 if that of the request is.',
    anchor: 'what-the-fields-mean',
    hint: 'A stream of events is text in UTF-8. Do not cut data within a character.',
    fault: (result, { event }) => {
      if (!isUtf8(event.data)) return undefined;
      const index = eventsOf(result).findIndex(({ data }) => !isUtf8(data));
      return index < 0 ? undefined : `the data of events[${index}] is not UTF-8`;
    },
  },
];

function eventsOf(result: TransformSseEventResult): readonly { readonly event: string; readonly data: Uint8Array }[] {
  return result.kind === 'Replace' ? result.events : [];
}

function isUtf8(bytes: Uint8Array): boolean {
  return typeof tryDecodeUtf8(bytes) === 'string';
}
