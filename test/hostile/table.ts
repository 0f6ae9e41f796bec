import { shownElsewhere, zoo } from './zoo.ts';

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** The zoo as the Markdown tables of fixtures/hostile/README.md. */
export function zooTables(): string {
  const themes = Object.entries(zoo).map(([theme, cases]) => {
    const rows = cases.map(({ name, does, ends }) => row([name, does, `\`${ends}\``]));
    return [`## ${theme}`, '', row(['name', 'what it does', 'how it must end']), '|---|---|---|', ...rows].join('\n');
  });
  const elsewhere = shownElsewhere.map(({ name, does, ends, file, test }) =>
    row([name, does, `\`${ends}\``, `\`${file}\`: ${test}`]),
  );
  const heads = [row(['name', 'what it does', 'how it must end', 'test']), '|---|---|---|---|'];
  return `${[...themes, ['## shown by other tests', '', ...heads, ...elsewhere].join('\n')].join('\n\n')}\n`;
}
