import { translate } from '../failure.ts';
import { checkArgument, isObject } from '../option-rules.ts';
import { DispatchError, type DispatchFailure } from './dispatch-error.ts';
import {
  type AugmentedMetadata,
  encodeEnvelope,
  JsonEncodeError,
  type JsonEncodeFailure,
  type WireFunction,
  type WireInput,
} from './messages/index.ts';

/** A request that is written for a version of its function. */
export interface WrittenRequest {
  readonly text: string;
  readonly version: number;
}

/**
 * Checks the function of a dispatch.
 *
 * @throws TypeError if it is not a wire function.
 */
export function checkFunction<Req, Res>(fn: WireFunction<Req, Res>): void {
  checkArgument('fn', isObject(fn) && isObject(fn.schemas), 'a wire function, such as wire.v3.filter');
}

/**
 * Writes the request of a dispatch in the version that the metadata has for its function.
 *
 * @param request the request without `_v`.
 * @throws DispatchError `MissingNegotiatedVersion`, or as {@link writeRequest}.
 */
export function writeNegotiatedRequest<Req, Res>(
  fn: WireFunction<Req, Res>,
  { negotiated_functions: versions }: Pick<AugmentedMetadata, 'negotiated_functions'>,
  request: WireInput<Req>,
): WrittenRequest {
  const subject = fn.name;
  const version = Object.hasOwn(versions, subject) ? versions[subject] : undefined;
  if (version === undefined) throw new DispatchError({ kind: 'MissingNegotiatedVersion' }, { subject });
  return { text: writeRequest(fn, request, version), version };
}

/**
 * Writes the request of a dispatch.
 *
 * @param request the request without `_v`.
 * @param version the negotiated version of the function.
 * @throws DispatchError `RequestValue`, `RequestNotObject` or `SerializeRequestEnvelope`.
 */
export function writeRequest<Req, Res>(fn: WireFunction<Req, Res>, request: WireInput<Req>, version: number): string {
  const subject = fn.name;
  const text = translate(
    () => encodeEnvelope(fn.schemas.request, request, version),
    JsonEncodeError,
    // No cause: the encoder's message may contain names and numbers of the request.
    ({ failure }) => new DispatchError(requestFailure(failure), { subject }),
  );
  if (Number.isInteger(version) && version >= 0 && version <= 0xffff_ffff) return text;
  const reason = 'the negotiated version must be an integer from 0 to 4294967295';
  throw new DispatchError({ kind: 'SerializeRequestEnvelope', reason }, { subject });
}

/**
 * Says where a request is wrong and what was expected, but not what was found, nor the name of an
 * undeclared property.
 */
function requestFailure({ kind, path, expected }: JsonEncodeFailure): DispatchFailure {
  if (kind === 'NotAnObject') return { kind: 'RequestNotObject' };
  return { kind: 'RequestValue', reason: `${kind} at ${kind === 'UnknownField' ? '$' : path}, expected ${expected}` };
}
