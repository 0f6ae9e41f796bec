import type { ShapeRequest, ShapeResponse } from '../../../hooks/messages/shape.ts';
import { methodFault, urlFault } from '../../http-message.ts';
import { DROPPED_OF_REQUESTS } from '../bounds.ts';
import { headerRules } from '../header-rules.ts';
import type { AnswerRule } from '../suite.ts';

/** The rules of the answers of `shape`. */
export const shapeRules: readonly AnswerRule<ShapeRequest, ShapeResponse>[] = [
  {
    id: 'url',
    rule: 'url is an absolute http or https URL.',
    anchor: 'what-the-fields-mean',
    hint: 'Write scheme and host of the upstream before the path. If it has no base URL, use one of your own.',
    fault: ({ url }) => urlFault(url),
  },
  {
    id: 'method',
    rule: 'method is an HTTP token.',
    anchor: 'what-the-fields-mean',
    hint: 'Write the method by its name, such as POST.',
    fault: ({ method }) => methodFault(method),
  },
  ...headerRules<ShapeRequest, ShapeResponse>({
    given: ({ headers }) => headers,
    answered: ({ headers }) => headers,
    dropped: DROPPED_OF_REQUESTS,
  }),
];
