import { type Line, linesOf, paragraphsOf } from './blocks.ts';

/** A place that breaks a rule. */
export interface Fault {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly rule: string;
  /** The line, trimmed. */
  readonly text: string;
}

/** A place that may break a rule. */
export interface Exception {
  readonly file: string;
  /** Part of the line. Without it, all phrases of the file are allowed, but no wide line. */
  readonly text?: string | undefined;
  /** Why the file or the line stays as it is. */
  readonly reason: string;
}

/** The most characters of a line of prose or of a comment, and of a line of code. */
const PROSE_COLUMNS = 100;
const CODE_COLUMNS = 120;

/**
 * Phrases that hide who does what, with their patterns. Two plain uses of "is no" are allowed:
 * "there is no", and "is no longer".
 */
const phrases: readonly (readonly [phrase: string, pattern: RegExp])[] = [
  ['is no', /(?<!\bthere )\bis no (?!longer\b)/gi],
  ['are none', /\bare none\b/gi],
  ['that is none', /\bthat is none\b/gi],
  ['what is no', /\bwhat is no\b/gi],
  ['in the place of', /\bin the place of\b/gi],
  ['tells of', /\btells of\b/gi],
  ['comes to its end', /\bcomes to its end\b/gi],
  ['goes on as', /\bgoes on as\b/gi],
  ['for elsewhere', /\bfor elsewhere\b/gi],
  ['so many', /\bso many\b/gi],
  ['who comes', /\bwho comes\b/gi],
  ['as if in order', /\bas if in order\b/gi],
  ['is told', /\bis told\b/gi],
  ['are told', /\bare told\b/gi],
  ['its turn has come', /\bits turn has come\b/gi],
];

const url = /https?:\/\/[^\s)>\]]+|\]\([^)]*\)/g;

const columnsOf = (text: string): number => [...text].length;

/** The rule about its width that a line breaks. */
function widthRule({ kind, text }: Line): string | undefined {
  if (kind === 'exempt' || kind === 'table') return undefined;
  const limit = kind === 'code' ? CODE_COLUMNS : PROSE_COLUMNS;
  if (columnsOf(text) <= limit) return undefined;
  // A URL cannot be broken.
  if (columnsOf(text.replaceAll(url, '')) <= limit) return undefined;
  return `${kind === 'code' ? 'code' : 'prose'} over ${limit} columns`;
}

/** The phrases in a group of lines, each with the line in which it begins. */
function* phrasesIn(group: readonly Line[]): Generator<readonly [line: Line, phrase: string]> {
  let joined = '';
  const starts = group.map(({ content }) => {
    const start = joined.length;
    joined += `${content.trim()} `;
    return start;
  });
  for (const [phrase, pattern] of phrases) {
    for (const { index } of joined.matchAll(pattern)) {
      const line = group[starts.findLastIndex((start) => start <= index)];
      if (line !== undefined) yield [line, phrase];
    }
  }
}

/**
 * Finds the lines of a file that are too wide, and the phrases in its comments, strings and prose.
 *
 * @param file path of the file, relative to the root of the project.
 * @param text the file.
 * @returns the faults, by line.
 */
export function faultsOf(file: string, text: string): Fault[] {
  const lines = linesOf(file, text);
  const faults: Fault[] = [];
  const add = (line: Line, rule: string): void => {
    faults.push({ file, line: line.number, rule, text: line.text.trim() });
  };
  for (const line of lines) {
    const rule = widthRule(line);
    if (rule !== undefined) add(line, rule);
  }
  for (const group of paragraphsOf(lines)) {
    for (const [line, phrase] of phrasesIn(group)) add(line, `phrase "${phrase}"`);
  }
  return faults.sort((one, other) => one.line - other.line);
}

/**
 * Takes away the faults that exceptions allow.
 *
 * @param faults faults of any files.
 * @param exceptions the exceptions.
 * @returns the faults that are left, and the exceptions that allow none.
 */
export function withoutExceptions(
  faults: readonly Fault[],
  exceptions: readonly Exception[],
): { readonly left: Fault[]; readonly unused: Exception[] } {
  const used = new Set<Exception>();
  const left = faults.filter((fault) => {
    const exception = exceptions.find(({ file, text }) => {
      const allows = text === undefined ? fault.rule.startsWith('phrase') : fault.text.includes(text);
      return file === fault.file && allows;
    });
    if (exception !== undefined) used.add(exception);
    return exception === undefined;
  });
  return { left, unused: exceptions.filter((exception) => !used.has(exception)) };
}
