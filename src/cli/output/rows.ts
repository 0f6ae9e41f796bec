import type { Paint, Style } from './paint.ts';

/** One field of a row. The text must be printable already. */
export interface Cell {
  readonly text: string;
  readonly style?: Style | undefined;
  readonly align?: 'left' | 'right';
}

/** A cell, or its text alone. */
export type CellLike = Cell | string;

/**
 * Other cells are not padded to one that is wider: of thousands of rows each would be as long as
 * the longest.
 */
const WIDTH_MAX = 120;

/** Two columns are this far apart. */
const GAP = '  ';

/**
 * Lines with the cells in columns, each as wide as its widest cell, up to a limit; nothing is
 * padded at the end of a line.
 *
 * @param indent what each line begins with.
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

function layOutCell({ text, style, align }: Cell, columnWidth: number, isLast: boolean, paint: Paint): string {
  const padding = ' '.repeat(Math.max(0, columnWidth - width(text)));
  if (align === 'right') return padding + paint(style, text);
  return isLast ? paint(style, text) : paint(style, text) + padding;
}

/** Both halves of a character beyond U+FFFF. */
const PAIR = /[\ud800-\udbff][\udc00-\udfff]/g;

/** How many characters wide a text is, as terminals count most scripts. */
function width(text: string): number {
  return text.length - (text.match(PAIR)?.length ?? 0);
}
