import { nearest } from '../../nearest.ts';
import { allWireFunctions, decodeNode, parseEnvelope, takeEntry } from '../../protocol/messages/index.ts';
import {
  type AnyWireFunction,
  functionOf,
  type WireVersion,
  wireVersions,
} from '../../protocol/messages/wire-versions.ts';
import { invalidValue } from '../program/command-line-error.ts';
import type { RequestReader } from './request-file.ts';

/**
 * Finds a wire function.
 *
 * @param name any name.
 * @param version the version of the wire that declares it; the newest that does by default.
 * @throws CommandLineError `InvalidValue` if there is no such function, or the version does not
 * declare it.
 */
export function findWireFunction(name: string, version?: WireVersion): AnyWireFunction {
  const declaring = wireVersions.flatMap((wireVersion) => {
    const found = functionOf(wireVersion, name);
    return found === undefined ? [] : [{ wireVersion, found }];
  });
  if (declaring.length === 0) {
    const expected = `one of ${allWireFunctions.join(', ')}, the wire functions of generation 1`;
    const near = nearest(name, allWireFunctions);
    throw invalidValue('FUNCTION', name, expected, near);
  }
  const chosen = declaring.findLast(({ wireVersion }) => version === undefined || wireVersion === version);
  if (chosen !== undefined) return chosen.found;
  const known = declaring.map(({ wireVersion }) => wireVersion);
  const expected = `${known.join(' or ')}, the versions of the wire that declare ${name}`;
  throw invalidValue('--wire-version', version ?? '', expected);
}

/** Says how a request of a wire function is read. */
export function requestReader({ name, schemas, dryRunRequest }: AnyWireFunction): RequestReader {
  return {
    name,
    sample: dryRunRequest,
    decode: (text) => {
      const node = parseEnvelope(text);
      // The host adds `_v` on the wire, so a request has it or not.
      const request = node.kind === 'object' ? takeEntry(node, '_v').rest : node;
      return decodeNode(schemas.request, request, 'refused');
    },
  };
}
