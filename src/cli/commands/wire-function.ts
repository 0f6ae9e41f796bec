import { nearest } from '../../nearest.ts';
import {
  allWireFunctions,
  decodeNode,
  parseEnvelope,
  takeEntry,
  type WireFunction,
  wire,
} from '../../protocol/messages/index.ts';
import { CommandLineError } from '../program/command-line-error.ts';
import type { RequestReader } from './request-file.ts';

/** The versions of the wire's types, newest first. A handshake chooses versions of functions. */
export const wireVersions = ['v3', 'v2', 'v1'] as const;

/** A version of the wire's types. */
export type WireVersion = (typeof wireVersions)[number];

/** A wire function whose types are known only at run time. */
export type AnyWireFunction = WireFunction<unknown, unknown>;

/** The wire functions by the version that declares them. */
const functions: Readonly<Record<WireVersion, readonly AnyWireFunction[]>> = {
  v3: Object.values(wire.v3),
  v2: Object.values(wire.v2),
  v1: Object.values(wire.v1),
};

/**
 * Finds a wire function.
 *
 * @param name any name.
 * @param version the version of the wire that declares it; the newest that does by default.
 * @throws CommandLineError `InvalidValue` if there is no such function, or the version does not
 * declare it.
 */
export function findWireFunction(name: string, version?: WireVersion): AnyWireFunction {
  const declaring = wireVersions.flatMap((candidate) => {
    const found = functions[candidate].find((declared) => declared.name === name);
    return found === undefined ? [] : [{ candidate, found }];
  });
  if (declaring.length === 0) {
    const expected = `one of ${allWireFunctions.join(', ')}, the wire functions of generation 1`;
    const near = nearest(name, allWireFunctions);
    throw new CommandLineError({ kind: 'InvalidValue', argument: 'FUNCTION', given: name, expected, nearest: near });
  }
  const chosen = declaring.find(({ candidate }) => version === undefined || candidate === version);
  if (chosen !== undefined) return chosen.found;
  const known = declaring.map(({ candidate }) => candidate).toReversed();
  const expected = `${known.join(' or ')}, the versions of the wire that declare ${name}`;
  throw new CommandLineError({ kind: 'InvalidValue', argument: '--version', given: version ?? '', expected });
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
