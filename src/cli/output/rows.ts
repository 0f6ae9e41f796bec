import type { Paint, Style } from './terminal.ts';

/** One field of a row. The text must be printable already. */
export interface Cell {
  readonly text: string;
  readonly style?: Style | undefined;
  readonly align?: 'left' | 'right';
}

/** A cell, or its text alone. */
export type CellLike = Cell | string;

/**
 * No column is padded beyond this width, in characters. Otherwise one long cell would make each of
 * thousands of rows as long.
 */
const WIDTH_MAX = 120;

/** Stands between two columns. */
const GAP = '  ';

/**
 * Lays out cells in columns. A column is as wide as its widest cell, up to a limit. The ends of
 * lines are not padded.
 *
 * @param indent what each line begins with; two spaces by default.
 * @returns one line for each row.
 */
export function layOutRows(rows: readonly (readonly CellLike[])[], paint: Paint, indent = '  '): string[] {
  const table = rows.map((row) => row.map((cell) => (typeof cell === 'string' ? { text: cell } : cell)));
  const widths: number[] = [];
  for (const row of table) {
    for (const [column, { text }] of row.entries())
      widths[column] = Math.max(widths[column] ?? 0, Math.min(width(text), WIDTH_MAX));
  }
  return table.map((row) => {
    const last = row.findLastIndex(({ text }) => text !== '');
    const cells = row
      .slice(0, last + 1)
      .map((cell, column) => layOutCell(cell, widths[column] ?? 0, column === last, paint));
    return `${indent}${cells.join(GAP)}`.trimEnd();
  });
}

/**
 * Puts an empty line and a heading above some lines.
 *
 * @returns nothing if there are no lines.
 */
export function section(paint: Paint, heading: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', paint('bold', heading), ...lines];
}

function layOutCell({ text, style, align }: Cell, columnWidth: number, isLast: boolean, paint: Paint): string {
  const padding = ' '.repeat(Math.max(0, columnWidth - width(text)));
  if (align === 'right') return padding + paint(style, text);
  return isLast ? paint(style, text) : paint(style, text) + padding;
}

/** A surrogate pair. */
const PAIR = /[\ud800-\udbff][\udc00-\udfff]/g;

/** The width of a text in columns, as terminals show most scripts. */
function width(text: string): number {
  return text.length - (text.match(PAIR)?.length ?? 0);
}
