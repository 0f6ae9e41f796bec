import type { ShapeRequest, ShapeResponse } from '../../../hooks/messages/shape.ts';
import { hasNoBody } from '../../../hooks/policies/bodies.ts';
import { SHAPE_DROPPED_HEADERS } from '../../../hooks/policies/header-rules.ts';
import { methodFault, urlFault } from '../../http-message.ts';
import type { AnswerRule } from '../suite.ts';
import { headerRules } from './headers.ts';

/** The rules of the answers of `shape`. */
export const shapeRules: readonly AnswerRule<ShapeRequest, ShapeResponse>[] = [
  {
    id: 'url',
    rule: 'url is an absolute http or https URL.',
    anchor: 'what-the-fields-mean',
    hint: 'Write scheme and host of the upstream before the path. If it has no base URL, use one of your own.',
    fault: ({ url }) => urlFault(url) ?? (hasCredentials(url) ? 'url has a user name or a password' : undefined),
  },
  {
    id: 'method',
    rule: 'method is an HTTP token.',
    anchor: 'what-the-fields-mean',
    hint: 'Write the method by its name, such as POST.',
    fault: ({ method }) => methodFault(method),
  },
  {
    id: 'body',
    rule: 'There is no body if the method is GET or HEAD.',
    anchor: 'what-the-fields-mean',
    hint: 'Leave the body empty, or choose another method.',
    fault: ({ method, body }) =>
      hasNoBody(method) && body.length > 0 ? `${body.length} bytes with ${method}` : undefined,
  },
  ...headerRules<ShapeRequest, ShapeResponse>({
    given: ({ headers }) => headers,
    answered: ({ headers }) => headers,
    dropped: SHAPE_DROPPED_HEADERS,
  }),
];

function hasCredentials(url: string): boolean {
  const { username, password } = new URL(url);
  return username !== '' || password !== '';
}
