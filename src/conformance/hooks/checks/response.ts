import type {
  TransformResponseRequest,
  TransformResponseResult,
  TransformSseEventRequest,
  TransformSseEventResult,
} from '../../../hooks/messages/shape.ts';
import { DROPPED_OF_RESPONSES } from '../bounds.ts';
import { headerRules } from '../header-rules.ts';
import type { AnswerRule } from '../suite.ts';

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
  ...headerRules<TransformResponseRequest, TransformResponseResult>({
    given: ({ response_headers: headers }) => headers,
    answered: (result) => (result.kind === 'Replace' ? (result.headers ?? []) : []),
    dropped: DROPPED_OF_RESPONSES,
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
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}
