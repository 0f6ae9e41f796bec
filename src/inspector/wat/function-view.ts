import { formatCount } from '../../digits.ts';
import { type FailureReport, reportedResult } from '../../inspection/failure-report.ts';
import { FunctionNames } from '../../inspection/function-names.ts';
import { HOST_METERING, traceMetering } from '../../inspection/function-trace.ts';
import { isPrepared } from '../../inspection/prepared.ts';
import { FunctionPrinter, readModule } from '../../wasm/index.ts';
import { type PluginInput, treatedAs } from '../worker/plugin-input.ts';
import { type BesideRow, besideRows, type CodeLine } from './beside.ts';

/** The function that is to be shown. */
export interface FunctionRequest extends PluginInput {
  readonly index: number;
  /** How many lines of the original are shown, at most {@link LINES_MAX}. */
  readonly lines: number;
}

/** The most lines of a function that the page shows. */
export const LINES_MAX = 5_000;

/** Lines of the metered function that are printed for each of the original. */
const METERED_LINES = 6;

/**
 * And beside that: what stands at its entry, and code that is never executed, which makes some
 * functions too long for an optimiser.
 */
const FURTHER_LINES = 20_000;

/** An insertion of more lines is shown in part: all that are as long repeat one pair of lines. */
const INSERTION_LINES = 60;

/** A function, and what metering makes of it. */
export interface FunctionView {
  readonly index: number;
  /** As in the list of functions. */
  readonly name: string;
  readonly size: number;
  readonly code:
    | { readonly kind: 'beside'; readonly rows: readonly BesideRow[]; readonly meteredSize: number }
    /** There is no metered form of it beside: why, in words or as a failure of metering. */
    | { readonly kind: 'alone'; readonly lines: readonly CodeLine[]; readonly why: AloneReason };
  /** Whether lines were left out at the end. */
  readonly hasMore: boolean;
}

/** Why a function has no metered form. */
export type AloneReason =
  | { readonly kind: 'imported' }
  | { readonly kind: 'prepared' }
  | { readonly kind: 'refused'; readonly error: FailureReport };

/**
 * Prints a function beside its metered form.
 *
 * @throws RangeError if the module has no such function; WasmFormatError if it is malformed.
 */
export function viewFunction({ bytes, index, lines }: FunctionRequest): FunctionView {
  const module = readModule(bytes);
  const printer = new FunctionPrinter(bytes, module);
  const most = Math.min(lines, LINES_MAX);
  const original = printer.print(index, { lines: most, labelNames: false }).lines;
  const names = new FunctionNames(module, printer);
  const name = names.of(index);
  const size = printer.bodyBytes(index);
  const alone = (why: AloneReason): FunctionView => ({
    index,
    name,
    size,
    code: { kind: 'alone', lines: original.map(({ text, depth }) => ({ text, depth })), why },
    hasMore: why.kind !== 'imported' && original.at(-1)?.text !== ')',
  });
  if (index < names.imported) return alone({ kind: 'imported' });
  if (isPrepared(bytes)) return alone({ kind: 'prepared' });
  const traced = reportedResult(() => traceMetering(bytes, HOST_METERING[treatedAs(bytes)], (each) => each === index));
  if (!traced.ok) return alone({ kind: 'refused', error: traced.error });
  const { metered, edits, added, indexOf } = traced.value;
  const done = edits.get(index);
  // Each function that the module defines is rewritten.
  if (done === undefined) throw new RangeError(`function ${index} was not metered`);
  const after = new FunctionPrinter(metered);
  const meteredLines = METERED_LINES * most + FURTHER_LINES;
  const printed = after.print(indexOf(index), { lines: meteredLines, labelNames: false }).lines;
  const rows = besideRows({ original, metered: printed, done, added });
  return {
    index,
    name,
    size,
    code: { kind: 'beside', rows: withoutLongInsertions(rows), meteredSize: after.bodyBytes(indexOf(index)) },
    hasMore: rows.at(-1)?.original?.text !== ')',
  };
}

/** Cuts insertions after {@link INSERTION_LINES}, and says so in a line of its own. */
function withoutLongInsertions(rows: readonly BesideRow[]): BesideRow[] {
  const kept: BesideRow[] = [];
  let length = 0;
  const close = (): void => {
    const left = length - INSERTION_LINES;
    length = 0;
    if (left <= 0) return;
    const text = `(; and ${formatCount(left)} more lines ;)`;
    kept.push({ original: undefined, metered: { text, depth: 1 }, change: 'added' });
  };
  for (const row of rows) {
    if (row.change !== 'added' || row.charges !== undefined) close();
    if (row.change === 'added') length++;
    if (length <= INSERTION_LINES) kept.push(row);
  }
  close();
  return kept;
}
