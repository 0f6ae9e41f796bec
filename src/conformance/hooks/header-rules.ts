import type { Header } from '../../hooks/messages/common.ts';
import { isToken } from '../http-message.ts';
import { HEADER_VALUE_MAX_BYTES, HEADERS_MAX, HOP_BY_HOP } from './bounds.ts';
import type { AnswerRule } from './suite.ts';

/**
 * A request may have nearly as many headers as an answer. A plugin that passes them on and adds one
 * is not at fault, so answers to requests with more headers than this are not counted.
 */
const FEW_HEADERS = 50;

/** NUL, LF and CR: they end a value, or begin another header. */
const FORBIDDEN = [0x00, 0x0a, 0x0d];

/** Where the rules find the headers of a request and of an answer. */
export interface HeaderPlaces<Request, Response> {
  readonly given: (request: Request) => readonly Header[];
  readonly answered: (response: Response) => readonly Header[];
  /** The headers that cc-lb drops. A star stands for any rest. */
  readonly dropped: readonly string[];
}

/** The rules of headers in an answer. */
export function headerRules<Request, Response>({
  given,
  answered,
  dropped,
}: HeaderPlaces<Request, Response>): readonly AnswerRule<Request, Response>[] {
  const addedOf = (names: readonly string[], response: Response, request: Request): string | undefined => {
    const before = given(request).map(({ name }) => name.toLowerCase());
    return answered(response)
      .map(({ name }) => name.toLowerCase())
      .find((name) => !before.includes(name) && names.some((pattern) => fits(name, pattern)));
  };
  return [
    {
      id: 'headers',
      rule: 'Names of headers in an answer are tokens, and values have no line break and no NUL.',
      anchor: 'what-the-fields-mean',
      hint: 'Remove line breaks from values: one would begin another header. Write names without spaces and colons.',
      fault: (response) => findFault(answered(response)),
    },
    {
      id: 'header-bounds',
      rule: `An answer has at most ${HEADERS_MAX} headers, and values have at most ${HEADER_VALUE_MAX_BYTES} bytes.`,
      anchor: 'policies-of-a-server',
      hint: 'Add few and short headers: cc-lb refuses an answer beyond these bounds.',
      fault: (response, request) => findExcess(answered(response), given(request).length),
    },
    {
      id: 'hop-by-hop',
      rule: 'The plugin adds no header that belongs to one connection, such as connection or transfer-encoding.',
      anchor: 'policies-of-a-server',
      hint: 'Leave such headers to the host, which makes the connection.',
      fault: (response, request) => {
        const name = addedOf(HOP_BY_HOP, response, request);
        return name === undefined ? undefined : `adds the header ${name}`;
      },
    },
    {
      id: 'dropped-headers',
      rule: 'The plugin adds no header that cc-lb sets or drops itself.',
      anchor: 'policies-of-a-server',
      hint: `Do not add ${dropped.join(', ')}: they have no effect.`,
      level: 'warn',
      fault: (response, request) => {
        const name = addedOf(dropped, response, request);
        return name === undefined ? undefined : `adds the header ${name}, which cc-lb drops`;
      },
    },
  ];
}

function fits(name: string, pattern: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

function findFault(headers: readonly Header[]): string | undefined {
  for (const [index, { name, value }] of headers.entries()) {
    if (!isToken(name)) return `headers[${index}].name is ${JSON.stringify(name)}, which is not a token`;
    if (value.some((byte) => FORBIDDEN.includes(byte)))
      return `the value of headers[${index}] contains a line break or NUL`;
  }
  return undefined;
}

function findExcess(headers: readonly Header[], given: number): string | undefined {
  if (given <= FEW_HEADERS && headers.length > HEADERS_MAX)
    return `${headers.length} headers for a request with ${given}`;
  const long = headers.findIndex(({ value }) => value.length > HEADER_VALUE_MAX_BYTES);
  return long < 0 ? undefined : `the value of headers[${long}] has ${headers[long]?.value.length} bytes`;
}
