import type { DispatchError } from '../../protocol/dispatch.ts';
import { type HeaderWire, type WireFunctionName, wire } from '../../protocol/messages/index.ts';
import { groupOf, sampleCheck } from '../answers.ts';
import { dispatchFailed } from '../call-faults.ts';
import { type Check, type Finding, fail, first, pass, warn } from '../check.ts';
import { binaryBody } from '../exercises.ts';
import { base64Fault, headersFault, methodFault, urlFault } from '../http-message.ts';
import { normalizeErrorRequest, shapeRequest, signRequest } from '../requests/index.ts';
import type { PluginUnderTest, TestHost } from '../test-host.ts';

/** The parts of an HTTP message in a response. Null leaves a part unchanged. */
interface MessageParts {
  readonly url?: string | null;
  readonly method?: string | null;
  readonly headers?: readonly HeaderWire[] | null;
  readonly body_base64: string | null;
}

type Outcome =
  | { readonly kind: 'ok'; readonly response: MessageParts }
  | { readonly kind: 'fallback'; readonly error: DispatchError };

/** Dispatches several requests. Returns the outcomes, each with a description of its request. */
type Trials = (plugin: PluginUnderTest) => readonly (readonly [what: string, outcome: Outcome])[];

/** Returns what is wrong with one part of a message, or `undefined`. */
type PartRule = (message: MessageParts) => string | undefined;

const parts: Readonly<
  Record<'url' | 'method' | 'headers' | 'body', Pick<Check, 'rule' | 'anchor' | 'hint'> & { fault: PartRule }>
> = {
  url: {
    anchor: 'A-20',
    rule: 'url is an absolute http or https URL',
    hint: 'Write scheme and host of the upstream before the path.',
    fault: ({ url }) => (typeof url === 'string' ? urlFault(url) : undefined),
  },
  method: {
    anchor: 'A-21',
    rule: 'method is an HTTP token',
    hint: 'Write the method by its name, such as POST.',
    fault: ({ method }) => (typeof method === 'string' ? methodFault(method) : undefined),
  },
  headers: {
    anchor: 'A-22',
    rule: 'header names are tokens, and header values are base64 of bytes without line breaks',
    hint:
      'Encode the bytes of each value in standard base64 with padding. Remove line breaks: one would begin another ' +
      'header.',
    fault: ({ headers }) => headersFault(headers ?? []),
  },
  body: {
    anchor: 'A-23',
    rule: 'body_base64 is standard base64 with padding',
    hint: 'Encode the body in standard base64 with padding (RFC 4648, section 4), not in the URL alphabet.',
    fault: ({ body_base64: body }) => (body === null ? undefined : base64Fault('body_base64', body)),
  },
};

const { shape, sign, normalizeError } = wire.v1;

const shapeTrials: Trials = (plugin) => {
  const requests = [
    ['the sample', shapeRequest()],
    ['a request with a query', shapeRequest().path('/v1/messages', 'beta=true').header('x-a', 'b').body('{}')],
    ['a body that is not text', shapeRequest().header('content-type', 'application/json').body(binaryBody)],
  ] as const;
  const outcomes = requests.map(([what, request]) => [what, plugin.dispatch(shape, request.build())] as const);
  const ofV2 = { ...shapeRequest().build(), upstream_base_url: 'https://upstream.example/base' };
  const withBaseUrl = plugin.dispatch(wire.v2.shape, ofV2);
  return [
    ...outcomes,
    // A plugin with the types of v1 refuses the field.
    ...(withBaseUrl.kind === 'ok' ? [['a request with a base URL', withBaseUrl] as const] : []),
  ];
};

const signTrials: Trials = (plugin) => {
  const state = plugin.signerState;
  const requests = [
    ['the sample', signRequest()],
    ['a request with a body', signRequest().header('x-a', 'b').body('{}')],
    ['a body that is not text', signRequest().body(binaryBody)],
  ] as const;
  return requests.map(([what, request]) => [what, plugin.dispatch(sign, request.signerState(state).build())]);
};

const normalizeTrials: Trials = (plugin) => {
  const requests = [
    ['a JSON body', normalizeErrorRequest().status(400).body('{"error":"x"}')],
    ['a text', normalizeErrorRequest().status(502).body('Bad Gateway')],
    ['no body', normalizeErrorRequest().status(529)],
    ['a body that is not text', normalizeErrorRequest().body(binaryBody)],
  ] as const;
  return requests.map(([what, request]) => [what, plugin.dispatch(normalizeError, request.build())]);
};

/** The checks of `shape`. */
export const shapeChecks: readonly Check[] = [
  ...messageChecks('shape', ['url', 'method', 'headers', 'body'], shapeTrials),
  bytesCheck('shape', shapeTrials),
];

/** The checks of `sign`. Parts that it leaves unchanged are not checked. */
export const signChecks: readonly Check[] = [
  ...messageChecks('sign', ['url', 'method', 'headers', 'body'], signTrials),
  bytesCheck('sign', signTrials),
];

/** The checks of `normalize_error`. */
export const normalizeErrorChecks: readonly Check[] = messageChecks('normalize_error', ['body'], normalizeTrials);

function messageChecks(name: WireFunctionName, of: readonly (keyof typeof parts)[], trials: Trials): Check[] {
  const group = groupOf(name);
  return [
    {
      id: `${group}.requests`,
      rule: `${name} answers requests with and without body, with text and with binary bodies.`,
      anchor: 'A-9',
      hint: 'Accept every value that the type of a field allows.',
      needs: [sampleCheck(name)],
      function: name,
      run: (host) => tryEach(host, trials, () => undefined),
    },
    ...of.map((part): Check => {
      const { rule, fault, ...rest } = parts[part];
      return {
        id: `${group}.${part}`,
        rule: `In answers of ${name}, ${rule}.`,
        ...rest,
        needs: [`${group}.requests`],
        function: name,
        run: (host) => tryEach(host, trials, fault),
      };
    }),
  ];
}

/** U+FFFD in UTF-8, as a decoder writes it for bytes that are not text. No request has it. */
const REPLACEMENT = '\xef\xbf\xbd';

/** The check that a function does not turn the bytes of a body into text. */
function bytesCheck(name: WireFunctionName, trials: Trials): Check {
  const group = groupOf(name);
  return {
    id: `${group}.body-bytes`,
    rule: `${name} does not turn bytes of a body that are not UTF-8 into U+FFFD.`,
    anchor: 'A-31',
    advice: true,
    hint: 'Keep the decoded body_base64 as bytes. A text cannot hold them: each byte that is not UTF-8 is lost.',
    needs: [`${group}.body`],
    function: name,
    run: (host) =>
      first(
        host.once(trials, trials).map(([what, outcome]): Finding => {
          const body = outcome.kind === 'ok' ? (outcome.response.body_base64 ?? '') : '';
          return atob(body).includes(REPLACEMENT) ? warn(`${what}: the body of the answer has U+FFFD`) : pass();
        }),
      ),
  };
}

function tryEach(host: TestHost, trials: Trials, fault: PartRule): Finding {
  const outcomes = host.once(trials, trials);
  const findings = outcomes.map(([what, outcome]): Finding => {
    if (outcome.kind === 'fallback') return dispatchFailed(outcome.error, what);
    const found = fault(outcome.response);
    return found === undefined ? pass() : fail(`${what}: ${found}`);
  });
  return first(findings);
}
