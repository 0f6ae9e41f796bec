import type { AddedNames } from '../../inspection/function-trace.ts';
import type { FunctionEdits } from '../../metering/rewrite/function-meter.ts';
import type { PrintedLine } from '../../wasm/text/index.ts';
import { type Charge, chargesOf } from './charges.ts';

/** A line of code as the page shows it. */
export type CodeLine = Pick<PrintedLine, 'text' | 'depth'>;

/**
 * What metering did to a line:
 *
 * - `same`: nothing.
 * - `renumbered`: an index or a label in it counts what metering added too. The comments that say
 *   which block is meant do so as well, but are no change.
 * - `replaced`: another stands in its place, with the same operands.
 * - `added`: only the metered function has it.
 */
export type LineChange = 'same' | 'renumbered' | 'replaced' | 'added';

/** A line of the original, and what it became. */
export interface BesideRow {
  /** `undefined` for a line that metering added. */
  readonly original: CodeLine | undefined;
  readonly metered: CodeLine;
  readonly change: LineChange;
  /** What is done here: in the first row of an insertion, and in rows that are replaced. */
  readonly charges?: readonly Charge[];
}

/** The two functions, and what the rewriter says that it did. */
export interface BesideInput {
  readonly original: readonly PrintedLine[];
  readonly metered: readonly PrintedLine[];
  readonly done: FunctionEdits;
  readonly added: AddedNames;
}

/**
 * Sets the lines of a function beside those of its metered form. The rewriter copies the original
 * and says where it inserted and replaced what, so every line has its place by its offset.
 *
 * @returns the rows in the order of the metered code, up to where the lines of either end.
 */
export function besideRows(input: BesideInput): BesideRow[] {
  const { original, metered, added } = input;
  const { insertions, replaced } = placesOf(input);
  const rows = headRows(input);
  const lines = original.filter(isCode);
  let taken = 0;
  let next = 0;
  let group: CodeLine[] = [];
  for (const line of metered.filter(isCode)) {
    while ((insertions[next]?.end ?? Number.POSITIVE_INFINITY) <= line.start) {
      rows.push(...addedRows(group, added, lines[taken]));
      group = [];
      next++;
    }
    if (line.start >= (insertions[next]?.begin ?? Number.POSITIVE_INFINITY)) {
      group.push(line);
      continue;
    }
    const before = lines[taken++];
    // Only a part of the original was printed.
    if (before === undefined) return rows;
    rows.push(codeRow(before, line, replaced.has(before.start)));
  }
  rows.push(...addedRows(group, added, lines[taken]));
  return rows;
}

/** A line of an instruction. */
type InstructionLine = PrintedLine & { readonly start: number };

function isCode(line: PrintedLine): line is InstructionLine {
  return line.start !== undefined;
}

/** Where the edits are: insertions in the metered code, the others in the original. */
function placesOf({ metered, done: { codeOffset, edits } }: BesideInput) {
  const insertions: { readonly begin: number; readonly end: number }[] = [];
  const replaced = new Set<number>();
  let at = metered.find(isCode)?.start ?? 0;
  let from = codeOffset;
  for (const { start, end, length } of edits) {
    at += start - from;
    if (start === end) insertions.push({ begin: at, end: at + length });
    else replaced.add(start);
    at += length;
    from = end;
  }
  return { insertions, replaced };
}

/** The first line, and that of the locals if there is one. */
function headRows({ original, metered, done: { addedLocals } }: BesideInput): BesideRow[] {
  const [[head, ownLocals], [meteredHead, locals]] = [original, metered].map((lines) =>
    lines.filter((line) => !isCode(line)),
  ) as [PrintedLine[], PrintedLine[]];
  if (head === undefined || meteredHead === undefined) return [];
  const rows = [rowOf(head, meteredHead, head.text === meteredHead.text ? 'same' : 'renumbered')];
  if (locals === undefined) return rows;
  if (addedLocals === 0) return [...rows, rowOf(ownLocals, locals, 'same')];
  const change = ownLocals === undefined ? 'added' : 'replaced';
  return [...rows, { ...rowOf(ownLocals, locals, change), charges: [{ kind: 'locals', amount: addedLocals }] }];
}

function rowOf(original: CodeLine | undefined, metered: CodeLine, change: LineChange): BesideRow {
  return { original: original && lineOf(original), metered: lineOf(metered), change };
}

function lineOf({ text, depth }: CodeLine): CodeLine {
  return { text, depth };
}

/** Comments that say which block a branch leads to, or a block is. */
const BLOCK_COMMENTS = / ?\(;@\d+;\)/g;

function withoutComments(text: string): string {
  return text.replace(BLOCK_COMMENTS, '');
}

/** @param isReplaced whether the instruction as a whole is another one now. */
function codeRow(original: CodeLine, metered: CodeLine, isReplaced: boolean): BesideRow {
  if (isReplaced) return { ...rowOf(original, metered, 'replaced'), charges: [{ kind: 'growth' }] };
  const isSame = withoutComments(original.text) === withoutComments(metered.text);
  return rowOf(original, metered, isSame ? 'same' : 'renumbered');
}

/** The support functions that not every module has, by the instruction that they stand before. */
const SUPPORT_BEFORE: Readonly<Record<string, string>> = {
  'memory.init': 'spend_bytes',
  'table.init': 'spend_entries',
  throw: 'spend_throw',
  throw_ref: 'spend_throw',
  rethrow: 'spend_throw',
};

/** The rows of an insertion. @param before the line of the original that it stands before. */
function addedRows(lines: readonly CodeLine[], added: AddedNames, before: CodeLine | undefined): BesideRow[] {
  const opcode = before?.text.split(' ', 1)[0] ?? '';
  const named = lines.map(({ text }) => nameOf(text, added, SUPPORT_BEFORE[opcode]));
  const charges = chargesOf(
    lines.map(({ text }, index) => withoutComments(named[index] === undefined ? text : symbolic(text, named[index]))),
  );
  return lines.map(({ text, depth }, index) => {
    const name = named[index];
    const metered = { text: name === undefined ? text : `${text} (;${name};)`, depth };
    return { original: undefined, metered, change: 'added', ...(index === 0 && { charges }) };
  });
}

/** The name of the global or function of metering that an instruction names. */
function nameOf(text: string, { functions, globals }: AddedNames, support: string | undefined): string | undefined {
  const [opcode, operand] = text.split(' ', 2);
  const index = Number(operand);
  if (opcode === 'call') return functions.get(index) ?? support;
  return opcode === 'global.get' || opcode === 'global.set' ? globals.get(index) : undefined;
}

function symbolic(text: string, name: string): string {
  return `${text.split(' ', 1)[0]} ${name}`;
}
