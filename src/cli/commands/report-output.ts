import { type Paint, painter } from '../output/terminal.ts';
import type { Io } from '../program/command.ts';
import { invalidValue } from '../program/command-line-error.ts';
import { writeOutput } from '../program/input-file.ts';

/**
 * Which reporter `--reporter` and `--json` ask for.
 *
 * @param reporter the name that was given.
 * @throws CommandLineError `InvalidValue` for another one than `json` beside `--json`.
 */
export function reporterOf<Name extends string>(reporter: Name | undefined, json: boolean): Name | 'json' | 'pretty' {
  if (json && reporter !== undefined && reporter !== 'json')
    throw invalidValue('--reporter', reporter, 'json, or missing, beside --json');
  return reporter ?? (json ? 'json' : 'pretty');
}

/**
 * Prints a report, or writes it to the file of `--output`.
 *
 * @param inputs the paths of what the report is about, none of which it may replace.
 * @param written makes its text. A file gets no colours.
 */
export async function writeReport(
  io: Io,
  inputs: readonly string[],
  output: string | undefined,
  written: (paint: Paint) => string,
): Promise<void> {
  if (output === undefined) io.stdout.write(written(painter(io.stdout.color)));
  else await writeOutput(io, inputs, output, new TextEncoder().encode(written(painter(false))));
}
