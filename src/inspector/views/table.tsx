import type { ComponentChildren, VNode } from 'preact';
import { formatCount } from '../../digits.ts';

/** A column of a table. */
export interface Column {
  readonly title: string;
  /** Whether its cells are numbers, which are aligned at their ends. */
  readonly isNumeric?: boolean;
}

/** The most rows of a table: a module may have a hundred thousand exports. */
const ROWS_MAX = 200;

/** A table of facts; a sentence if it has no rows. */
export function Table({
  caption,
  columns,
  rows,
  none = 'None.',
}: {
  readonly caption: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly ComponentChildren[])[];
  readonly none?: string;
}): VNode {
  if (rows.length === 0) return <p class="note">{none}</p>;
  const shown = rows.slice(0, ROWS_MAX);
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <div class="scroll" tabIndex={0}>
        <table>
          <caption class="unseen">{caption}</caption>
          <thead>
            <tr>
              {columns.map(({ title, isNumeric }) => (
                <th key={title} scope="col" class={isNumeric === true ? 'number' : undefined}>
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((cells, row) => (
              <tr key={`${row}`}>
                {cells.map((cell, column) => (
                  <td key={columns[column]?.title} class={columns[column]?.isNumeric === true ? 'number' : undefined}>
                    {cell}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length > shown.length && (
        <p class="note">And {formatCount(rows.length - shown.length)} more, which are not shown.</p>
      )}
    </>
  );
}
