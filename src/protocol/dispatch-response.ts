import { translate } from '../failure.ts';
import { PluginCallError } from '../plugin/call-error.ts';
import { DispatchError, type DispatchFailure } from './dispatch-error.ts';
import {
  decodeNode,
  JsonDecodeError,
  type JsonNode,
  type ObjectNode,
  parseEnvelope,
  takeEntry,
  u64,
  type WireFunction,
} from './messages/index.ts';
import { undecoded } from './undecoded.ts';

/** Runs the call of the plugin, and says which failure of a dispatch a failed call is. */
export function outputOf(subject: string, call: () => string): string {
  return translate(
    call,
    PluginCallError,
    ({ message: reason, failure }, options) =>
      new DispatchError({ kind: 'PluginCall', reason, call: failure }, { ...options, subject }),
  );
}

/**
 * Reads the response of a dispatch.
 *
 * @param output what the plugin answered.
 * @param version the negotiated version of the function.
 * @throws DispatchError of a stage after the call.
 */
export function readResponse<Req, Res>(fn: WireFunction<Req, Res>, output: string, version: number): Res {
  const subject = fn.name;
  const response = openEnvelope(subject, output, version);
  return decoding(subject, 'ResponseDecode', () => decodeNode(fn.schemas.response, response));
}

/**
 * Removes the version from an answer.
 *
 * @returns the other fields.
 */
function openEnvelope(subject: string, output: string, expected: number): ObjectNode {
  const refuse = (failure: DispatchFailure): never => {
    throw new DispatchError(failure, { subject });
  };
  const envelope: JsonNode = decoding(subject, 'DeserializeResponseEnvelope', () => parseEnvelope(output));
  if (envelope.kind !== 'object') return refuse({ kind: 'ResponseNotObject', foundType: envelope.kind });
  const { value: version, rest } = takeEntry(envelope, '_v');
  if (version === undefined) return refuse({ kind: 'ResponseVersionMissing', expected });
  const isVersion = version.kind === 'integer' && version.value >= 0;
  const actual = isVersion ? version.value : refuseVersion(subject, version, expected);
  return actual === expected ? rest : refuse({ kind: 'ResponseVersionMismatch', expected, actual });
}

/** Decodes a version that is not an unsigned integer, so that the decoder says what it is. */
function refuseVersion(subject: string, version: JsonNode, expected: number): number | bigint {
  return translate(
    () => decodeNode(u64, version),
    JsonDecodeError,
    ({ failure }, options) => {
      const fault = undecoded(new JsonDecodeError({ ...failure, path: '$._v' }));
      return new DispatchError({ kind: 'ResponseVersionInvalid', expected, ...fault }, { ...options, subject });
    },
  );
}

function decoding<T>(subject: string, kind: 'DeserializeResponseEnvelope' | 'ResponseDecode', decode: () => T): T {
  return translate(
    decode,
    JsonDecodeError,
    (error, options) => new DispatchError({ kind, ...undecoded(error) }, { ...options, subject }),
  );
}
