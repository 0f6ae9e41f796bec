import { ProgressLine } from '../output/progress.ts';
import type { Io } from '../program/command.ts';
import { CommandLineError } from '../program/command-line-error.ts';
import { inputName } from '../program/input-file.ts';
import type { PluginFiles } from '../program/plugin-files.ts';

/** One file of a series: what a command found out, or why it found out nothing. */
export type SeriesItem<Report> =
  | { readonly file: string; readonly report: Report }
  | { readonly file: string; readonly error: CommandLineError };

/**
 * Reports on one file.
 *
 * @param path of the file, or `-`.
 * @param io where the log of a plugin may be written.
 * @param show shows how far it is.
 * @throws CommandLineError if there is nothing to report.
 */
export type ReportFile<Report> = (path: string, io: Io, show: (step: string) => void) => Promise<Report>;

/** Reports on one file, and shows progress if that takes long. */
export async function reportOne<Report>(
  io: Io,
  path: string,
  report: ReportFile<Report>,
  progress: ProgressLine = new ProgressLine(io.stderr),
  place = '',
): Promise<Report> {
  try {
    return await report(path, { ...io, stderr: progress.beside(io.stderr) }, (step) => progress.show(place + step));
  } finally {
    progress.erase();
  }
}

/** Reports on files, one after the other, as {@link reportOne} does. Never throws for a file. */
export async function* reportEach<Report>(
  io: Io,
  { files }: PluginFiles,
  report: ReportFile<Report>,
): AsyncGenerator<SeriesItem<Report>> {
  const progress = new ProgressLine(io.stderr);
  for (const [index, found] of files.entries()) {
    const file = inputName(found.path);
    const place = `${index + 1}/${files.length} ${file} `;
    progress.show(place);
    if ('error' in found) yield { file, error: found.error };
    else yield await itemOf(file, () => reportOne(io, found.path, report, progress, place));
  }
  progress.erase();
}

async function itemOf<Report>(file: string, report: () => Promise<Report>): Promise<SeriesItem<Report>> {
  try {
    return { file, report: await report() };
  } catch (error) {
    if (!(error instanceof CommandLineError)) throw error;
    return { file, error };
  }
}
