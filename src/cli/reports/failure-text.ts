import type { FailureReport } from '../../inspection/failure-report.ts';
import { printable } from '../../printable.ts';

type ToldFailure = Pick<FailureReport, 'kind' | 'message' | 'hint'>;

/**
 * Writes an error as lines of text. The last says what the author can do, if there is a hint.
 *
 * @param details lines that follow the message.
 */
export function failureLines({ kind, message, hint }: ToldFailure, details: readonly string[] = []): string[] {
  return [`${kind}: ${printable(message)}`, ...details, ...(hint === undefined ? [] : [`hint: ${hint}`])];
}

/** Writes what failed, and below it the error as {@link failureLines} does. */
export function failedLines(title: string, error: ToldFailure, details?: readonly string[]): string[] {
  return [title, ...failureLines(error, details).map((line) => `  ${line}`)];
}
