import { decodeUtf8 } from '../../kernel/index.ts';
import { printable } from '../../printable.ts';
import {
  decodeNode,
  JsonDecodeError,
  parseEnvelope,
  takeEntry,
  type WireFunction,
  type WireFunctionName,
  wire,
} from '../../protocol/messages/index.ts';
import type { Io } from '../program/command.ts';
import { CommandLineError } from '../program/command-line-error.ts';
import { inputName, readInput } from '../program/input-file.ts';

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
 * @param version the version of the wire that declares it; the newest that does by default.
 * @throws CommandLineError `InvalidValue` if the version does not declare the function.
 */
export function findWireFunction(name: WireFunctionName, version?: WireVersion): AnyWireFunction {
  const declaring = wireVersions.flatMap((candidate) => {
    const found = functions[candidate].find((declared) => declared.name === name);
    return found === undefined ? [] : [{ candidate, found }];
  });
  const chosen = declaring.find(({ candidate }) => version === undefined || candidate === version);
  if (chosen !== undefined) return chosen.found;
  const known = declaring.map(({ candidate }) => candidate).toReversed();
  const expected = `${known.join(' or ')}, the versions of the wire that declare ${name}`;
  throw new CommandLineError({ kind: 'InvalidValue', argument: '--version', given: version ?? '', expected });
}

/** Stands for a file with the sample request that self-checks use. */
export const DRY_RUN = 'dry-run';

/**
 * Reads the request of a call.
 *
 * @param source a file, `-` for standard input, or {@link DRY_RUN}.
 * @throws CommandLineError `Unreadable`, or `InvalidRequest` if the text is not the JSON of a
 * request of the function.
 */
export async function readRequest(io: Io, wireFunction: AnyWireFunction, source: string): Promise<unknown> {
  if (source === DRY_RUN) return wireFunction.dryRunRequest();
  const bytes = await readInput(io, source);
  const refuse = (reason: string, cause?: unknown) =>
    new CommandLineError(
      { kind: 'InvalidRequest', source: inputName(source), function: wireFunction.name, reason },
      { cause },
    );
  const text = decodeUtf8(bytes);
  if (text === undefined) throw refuse('it is not UTF-8');
  try {
    return decodeRequest(wireFunction, text);
  } catch (error) {
    throw error instanceof JsonDecodeError ? refuse(printable(error.message), error) : error;
  }
}

/** Decodes a request with or without the `_v` that the host adds to it on the wire. */
function decodeRequest(wireFunction: AnyWireFunction, text: string): unknown {
  const node = parseEnvelope(text);
  const request = node.kind === 'object' ? takeEntry(node, '_v').rest : node;
  return decodeNode(wireFunction.schemas.request, request);
}
