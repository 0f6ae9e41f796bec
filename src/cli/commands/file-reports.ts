import { DOCUMENT_VERSION, jsonDocument } from '../output/json-document.ts';
import { type Paint, painter } from '../output/terminal.ts';
import { type PluginFile, reportOnPlugin } from '../prepared/plugin-file.ts';
import { EXIT, type ExitCode, type Io } from '../program/command.ts';
import { findPluginFiles, type PluginFiles } from '../program/plugin-files.ts';
import { directoryLines, errorLine } from '../reports/series-text.ts';
import { type ReportFile, reportEach, reportOne, type SeriesItem } from './series.ts';

/** What a command found out about a file, for both forms of output. */
export interface FileReport {
  /** Whether the plugin is admitted, or the module valid. */
  readonly passed: boolean;
  readonly document: object;
  readonly lines: (paint: Paint) => string[];
}

/**
 * Reports on a plugin as {@link reportOnPlugin} does. The lines are written where the plugin runs.
 *
 * @throws as that.
 */
export async function reportOnFile(
  io: Io,
  path: string,
  isQuiet: boolean,
  report: (plugin: PluginFile) => Promise<FileReport>,
): Promise<FileReport> {
  const { lines, ...made } = await reportOnPlugin(io, path, isQuiet, async (plugin) => {
    const found = await report(plugin);
    return { ...found, lines: found.lines(painter(io.stdout.color)) };
  });
  return { ...made, lines: () => lines };
}

/** How many files ended in each way. */
export interface FileCounts {
  readonly passed: number;
  readonly failed: number;
  /** The files and directories of which there is no report. */
  readonly errors: number;
}

/** The JSON document on several files. */
export interface FilesDocument<Document = object> {
  readonly version: typeof DOCUMENT_VERSION;
  readonly directories: PluginFiles['directories'];
  readonly counts: FileCounts;
  readonly files: readonly FileEntry<Document>[];
}

/** What the document on several files says of one; `report` is the document of this file alone. */
export type FileEntry<Document> =
  | { readonly file: string; readonly report: Document }
  | { readonly file: string; readonly error: { readonly kind: string; readonly message: string } };

/** How the text sums up several files: `12 plugins: 10 admitted, 2 rejected`. */
export interface FileWords {
  readonly file: string;
  readonly passed: string;
  readonly failed: string;
}

/** The arguments that all commands on files have. */
export interface FileArguments {
  readonly FILE: readonly string[];
  readonly json: boolean;
}

/**
 * Prints a report on each file that FILE names, and a summary if there can be several.
 *
 * @returns the worst of the exit codes.
 * @throws CommandLineError if FILE is one file, and there is nothing to report on it.
 */
export async function printFileReports(
  io: Io,
  { FILE, json }: FileArguments,
  words: FileWords,
  report: ReportFile<FileReport>,
): Promise<ExitCode> {
  const found = await findPluginFiles(io, FILE);
  if (found.isSeries) return await (json ? printDocument(io, found, report) : printTexts(io, found, words, report));
  const [path = ''] = FILE;
  const { passed, document, lines } = await reportOne(io, path, report);
  if (json) io.stdout.write(jsonDocument(document));
  else print(io, lines(painter(io.stdout.color)));
  return passed ? EXIT.ok : EXIT.failed;
}

async function printDocument(io: Io, found: PluginFiles, report: ReportFile<FileReport>): Promise<ExitCode> {
  const counts = { passed: 0, failed: 0, errors: 0 };
  const files: FileEntry<object>[] = [];
  for await (const item of reportEach(io, found, report)) {
    counts[outcomeOf(item)]++;
    files.push(fileEntry(item, ({ document }) => document));
  }
  const { directories } = found;
  const document: FilesDocument = { version: DOCUMENT_VERSION, directories, counts, files };
  io.stdout.write(jsonDocument(document));
  return exitCodeOf(counts);
}

async function printTexts(
  io: Io,
  found: PluginFiles,
  words: FileWords,
  report: ReportFile<FileReport>,
): Promise<ExitCode> {
  const paint = painter(io.stdout.color);
  const counts = { passed: 0, failed: 0, errors: 0 };
  print(io, directoryLines(found, paint));
  for await (const item of reportEach(io, found, report)) {
    counts[outcomeOf(item)]++;
    print(io, ['report' in item ? item.report.lines(paint).join('\n') : errorLine(item.error.message, paint), '']);
  }
  print(io, [summary(counts, words)]);
  return exitCodeOf(counts);
}

function print({ stdout }: Io, lines: readonly string[]): void {
  if (lines.length > 0) stdout.write(`${lines.join('\n')}\n`);
}

function outcomeOf(item: SeriesItem<FileReport>): keyof FileCounts {
  if ('error' in item) return 'errors';
  return item.report.passed ? 'passed' : 'failed';
}

function exitCodeOf({ failed, errors }: FileCounts): ExitCode {
  if (errors > 0) return EXIT.usage;
  return failed > 0 ? EXIT.failed : EXIT.ok;
}

/**
 * Writes what a series says of one file as plain values.
 *
 * @param documentOf makes the document of a report.
 */
export function fileEntry<Report, Document>(
  item: SeriesItem<Report>,
  documentOf: (report: Report) => Document,
): FileEntry<Document> {
  const { file } = item;
  if ('report' in item) return { file, report: documentOf(item.report) };
  const { failure, message } = item.error;
  return { file, error: { kind: failure.kind, message } };
}

function summary({ passed, failed, errors }: FileCounts, words: FileWords): string {
  const count = passed + failed;
  const parts = [
    ...(passed > 0 ? [`${passed} ${words.passed}`] : []),
    ...(failed > 0 ? [`${failed} ${words.failed}`] : []),
  ];
  const ends = parts.length === 0 ? '' : `: ${parts.join(', ')}`;
  const reported = `${count} ${words.file}${count === 1 ? '' : 's'}${ends}`;
  return errors === 0 ? reported : `${reported}; ${errors} without a report`;
}
