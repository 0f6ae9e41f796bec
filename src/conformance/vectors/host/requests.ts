import { decodeJson } from '../../../json/decode.ts';
import { JsonDecodeError } from '../../../json/text/decode-error.ts';
import { DispatchError } from '../../../protocol/dispatch.ts';
import { writeRequest } from '../../../protocol/dispatch-request.ts';
import { type AnyWireFunction, functionOf, wireVersions } from '../../../protocol/messages/wire-versions.ts';
import type { End } from '../end.ts';
import type { Vector } from '../vector.ts';
import { errorOf } from './failed.ts';

/** Which function a vector names. */
interface Named {
  readonly function: string;
  /** The wire version of its types. */
  readonly types?: string | null | undefined;
}

/** Writes the request of a dispatch, and ends with it. */
export function requestsEnds(vector: Vector<'requests'>): readonly End[] {
  const fn = wireFunctionOf(vector);
  try {
    return [{ request: writeRequest(fn, readRequest(fn, vector.request), Number(vector.version)) }];
  } catch (error) {
    if (error instanceof DispatchError) return [dispatchFailed(error)];
    throw error;
  }
}

/** Finds the function that a vector names, with the types that it asks for. */
export function wireFunctionOf({ function: name, types }: Named): AnyWireFunction {
  const wanted = types ?? (name === 'filter' ? 'v3' : 'v1');
  const wireVersion = wireVersions.find((one) => one === wanted);
  const declared = wireVersion && functionOf(wireVersion, name);
  if (declared === undefined) throw new Error(`${wanted} has no function ${name}`);
  return declared;
}

/**
 * Reads a request as a host does.
 *
 * @returns the request; `undefined`, which is not a request of any function, if the text is not of
 * the type. Dispatch then refuses it where it checks the request.
 */
export function readRequest({ schemas }: AnyWireFunction, text: string): unknown {
  try {
    return decodeJson(schemas.request, text);
  } catch (error) {
    if (error instanceof JsonDecodeError) return undefined;
    throw error;
  }
}

/** The end of a dispatch that failed. */
export function dispatchFailed({ failure, stage }: DispatchError): End {
  // The failure of the call has kinds of its own, with other fields in each host.
  const plain = failure.kind === 'PluginCall' ? { kind: failure.kind } : failure;
  return { layer: 'dispatch', stage, error: errorOf(plain) };
}
