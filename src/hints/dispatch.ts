import type { DispatchFailure } from '../protocol/dispatch.ts';
import { callHint } from './call.ts';
import { type Hints, hintIn } from './hint.ts';
import { interruptionHints } from './interruption.ts';
import { jsonHint } from './json.ts';

const HOST_REQUEST = { none: 'the request of the host is not of the type of the function' } as const;

/** What to do about a dispatch that fell back. */
const hints: Hints<DispatchFailure> = {
  MissingNegotiatedVersion:
    'Implement the function, and choose a version of it in the handshake: a host calls no other function.',
  RequestValue: HOST_REQUEST,
  RequestNotObject: HOST_REQUEST,
  SerializeRequestEnvelope: HOST_REQUEST,
  PluginCall: ({ call }) => callHint(call),
  DeserializeResponseEnvelope: ({ fault }) => jsonHint(fault),
  ResponseNotObject: ({ foundType }) =>
    `Answer with a JSON object that has _v and the fields of the response, and not with a value of the type ` +
    `${foundType}.`,
  ResponseVersionMissing: ({ expected }) => `Add "_v": ${expected} to the response: copy it from the request.`,
  ResponseVersionInvalid: ({ expected, fault }) =>
    `Write _v as the integer ${expected}, and not as ${fault.found}${
      'foundType' in fault && fault.foundType === 'float' ? ': hold it in an integer type, not in a float' : ''
    }.`,
  ResponseVersionMismatch: ({ expected, actual }) =>
    `Copy _v from the request, which is ${expected}, instead of writing ${actual}: the handshake negotiated it.`,
  ResponseDecode: ({ fault }) => jsonHint(fault),
  ...interruptionHints,
  Panic: { none: 'the code of the host failed' },
};

/** Says what to do about a dispatch that fell back; `undefined` if the plugin cannot help it. */
export function dispatchHint(failure: DispatchFailure): string | undefined {
  return hintIn(hints, failure);
}
