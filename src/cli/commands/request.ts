import { decodeUtf8 } from '../../kernel/index.ts';
import { printable } from '../../printable.ts';
import { decodeNode, JsonDecodeError, parseEnvelope, takeEntry } from '../../protocol/messages/index.ts';
import type { Io } from '../program/command.ts';
import { CommandLineError } from '../program/command-line-error.ts';
import { inputName, readInput } from '../program/input-file.ts';
import type { AnyWireFunction } from './wire-functions.ts';

/** What is written in the place of a request's file for the sample that self-checks use. */
export const DRY_RUN = 'dry-run';

/**
 * The request that a call is to be made with.
 *
 * @param source a file, `-` for standard input, or {@link DRY_RUN}.
 * @throws CommandLineError `Unreadable`, or `InvalidRequest` when it is not the JSON of the function's request.
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

/** A request as it stands on the wire, or without the `_v` that the host adds to it. */
function decodeRequest(wireFunction: AnyWireFunction, text: string): unknown {
  const node = parseEnvelope(text);
  const request = node.kind === 'object' ? takeEntry(node, '_v').rest : node;
  return decodeNode(wireFunction.schemas.request, request);
}
