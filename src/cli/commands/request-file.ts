import { decodeUtf8 } from '../../kernel/index.ts';
import { printable } from '../../printable.ts';
import { JsonDecodeError } from '../../protocol/messages/index.ts';
import type { Io } from '../program/command.ts';
import { CommandLineError } from '../program/command-line-error.ts';
import { inputName, readInput } from '../program/input-file.ts';

/** Stands for a file with the sample request: that of self-checks, or that of a hook's probe. */
export const DRY_RUN = 'dry-run';

/** How the request of a call is read. */
export interface RequestReader {
  /** What is called, for errors. */
  readonly name: string;
  /** Makes the sample request. */
  readonly sample: () => unknown;
  /** Decodes a request. Throws a `JsonDecodeError` if the text is not the JSON of a request. */
  readonly decode: (text: string) => unknown;
}

/**
 * Reads the request of a call.
 *
 * @param source a file, `-` for standard input, or {@link DRY_RUN}.
 * @throws CommandLineError `Unreadable`, or `InvalidRequest` if the text is not the JSON of a
 * request.
 */
export async function readRequest(io: Io, source: string, { name, sample, decode }: RequestReader): Promise<unknown> {
  if (source === DRY_RUN) return sample();
  const bytes = await readInput(io, source);
  const refuse = (reason: string, cause?: unknown) =>
    new CommandLineError({ kind: 'InvalidRequest', source: inputName(source), function: name, reason }, { cause });
  const text = decodeUtf8(bytes);
  if (text === undefined) throw refuse('it is not UTF-8');
  try {
    return decode(text);
  } catch (error) {
    throw error instanceof JsonDecodeError ? refuse(printable(error.message), error) : error;
  }
}
