import { type Output, type Paint, painter } from '../output/terminal.ts';
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
 * @param input the path of what the report is about, which it may not replace.
 * @param written makes its text. A file gets no colours.
 */
export async function writeReport(
  io: Io,
  input: string,
  output: string | undefined,
  written: (paint: Paint) => string,
): Promise<void> {
  if (output === undefined) io.stdout.write(written(painter(io.stdout.color)));
  else await writeOutput(io, input, output, new TextEncoder().encode(written(painter(false))));
}

/** Shows progress in a line that is erased at the end, on a terminal only. */
export function showProgress(output: Output, done: number, total: number, text: string): void {
  const eraseLine = '\r\u001b[K';
  if (output.erasesLines === true) output.write(done < total ? `${eraseLine}${done}/${total} ${text}` : eraseLine);
}
