import type { Header } from '../../../hooks/messages/common.ts';
import { type HeaderRules, HOP_BY_HOP_HEADERS, hasHeader } from '../../../hooks/policies/header-rules.ts';
import { findControlCharacter, isToken, settleBounds } from '../../../hooks/policies/wire-bounds.ts';
import type { AnswerRule } from '../suite.ts';

const { headersMax, headerValueMaxBytes } = /* @__PURE__ */ settleBounds();

/**
 * A request may have nearly as many headers as an answer. A plugin that passes them on and adds one
 * is not at fault, so answers to requests with more headers than this are not counted.
 */
const FEW_HEADERS = 50;

/** Where the rules find the headers of a request and of an answer. */
export interface HeaderPlaces<Request, Response> {
  readonly given: (request: Request) => readonly Header[];
  readonly answered: (response: Response) => readonly Header[];
  /** The headers that cc-lb drops. */
  readonly dropped: HeaderRules;
}

/** The rules of headers in an answer. */
export function headerRules<Request, Response>({
  given,
  answered,
  dropped,
}: HeaderPlaces<Request, Response>): readonly AnswerRule<Request, Response>[] {
  /** The headers of an answer that the request does not have, in lower case. */
  const addedTo = (request: Request, response: Response): readonly string[] => {
    const before = new Set(given(request).map(({ name }) => name.toLowerCase()));
    return answered(response)
      .map(({ name }) => name.toLowerCase())
      .filter((name) => !before.has(name));
  };
  const isHopByHop = (name: string): boolean => hasHeader(HOP_BY_HOP_HEADERS, name);
  return [
    {
      id: 'headers',
      rule: 'Names of headers in an answer are tokens, and values have no line breaks or other control characters.',
      anchor: 'what-the-fields-mean',
      hint: 'Write names without spaces and colons, and values without line breaks: one would begin another header.',
      fault: (response) => findFault(answered(response)),
    },
    {
      id: 'header-bounds',
      rule: `An answer has at most ${headersMax} headers, and values have at most ${headerValueMaxBytes} bytes.`,
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
        const name = addedTo(request, response).find(isHopByHop);
        return name === undefined ? undefined : `adds the header ${name}`;
      },
    },
    {
      id: 'dropped-headers',
      rule: 'The plugin adds no header that cc-lb sets or drops itself.',
      anchor: 'policies-of-a-server',
      hint: `Do not add ${Object.keys(dropped).join(', ')}: they have no effect.`,
      level: 'warn',
      fault: (response, request) => {
        const name = addedTo(request, response).find((each) => hasHeader(dropped, each) && !isHopByHop(each));
        return name === undefined ? undefined : `adds the header ${name}, which cc-lb drops`;
      },
    },
  ];
}

function findFault(headers: readonly Header[]): string | undefined {
  for (const [index, { name, value }] of headers.entries()) {
    if (!isToken(name)) return `headers[${index}].name is ${JSON.stringify(name)}, which is not a token`;
    if (findControlCharacter(value) >= 0) return `the value of headers[${index}] contains a control character`;
  }
  return undefined;
}

function findExcess(headers: readonly Header[], given: number): string | undefined {
  if (given <= FEW_HEADERS && headers.length > headersMax)
    return `${headers.length} headers for a request with ${given}`;
  const long = headers.findIndex(({ value }) => value.length > headerValueMaxBytes);
  return long < 0 ? undefined : `the value of headers[${long}] has ${headers[long]?.value.length} bytes`;
}
