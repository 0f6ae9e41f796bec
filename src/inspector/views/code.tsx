import type { VNode } from 'preact';
import type { BesideRow, CodeLine, LineChange } from '../wat/beside.ts';
import { chargeText } from '../wat/charges.ts';

/** How a change is marked, and said. */
const MARKS: Readonly<Record<LineChange, readonly [mark: string, said: string]>> = {
  same: ['', ''],
  added: ['+', 'added'],
  replaced: ['→', 'replaced'],
  renumbered: ['~', 'renumbered'],
};

/** Lines of code are not indented further: those of deep blocks would be mostly spaces. */
const INDENTATION_MAX = 16;

/** The lines of a function, and beside them what metering makes of each. */
export function Code({
  caption,
  rows,
  alone,
}: {
  readonly caption: string;
  readonly rows: readonly BesideRow[];
  /** What the lines are, if there is nothing beside. */
  readonly alone?: 'Original' | 'Metered';
}): VNode {
  const isAlone = alone !== undefined;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section class="listing" aria-label="Lines of the function" tabIndex={0}>
      <table class={isAlone ? 'alone' : 'beside'}>
        <caption class="unseen">{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{alone ?? 'Original'}</th>
            {!isAlone && <th scope="col">Metered</th>}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <CodeRow key={`${at}`} row={row} isAlone={isAlone} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function CodeRow({ row, isAlone }: { readonly row: BesideRow; readonly isAlone: boolean }): VNode {
  const { original, metered, change, charges = [] } = row;
  const [mark, said] = MARKS[change];
  return (
    <tr class={change}>
      <td class="before">{original !== undefined && <code>{indented(original)}</code>}</td>
      {!isAlone && (
        <td>
          {charges.length > 0 && <span class="charge">{charges.map(chargeText).join('; ')}</span>}
          {mark !== '' && (
            <>
              <span class="sign" aria-hidden="true">
                {mark}
              </span>
              <span class="unseen">{said}: </span>
            </>
          )}
          <code>{indented(metered)}</code>
        </td>
      )}
    </tr>
  );
}

function indented({ text, depth }: CodeLine): string {
  return `${'  '.repeat(Math.min(depth, INDENTATION_MAX))}${text}`;
}
