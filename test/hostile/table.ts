import { shownElsewhere, zoo } from './zoo.ts';

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** All hostile plugins as the Markdown tables of fixtures/hostile/README.md. */
export function zooTables(): string {
  const themes = Object.entries(zoo).map(([theme, cases]) => {
    const rows = cases.map(({ name, does, ends }) => row([name, does, `\`${ends}\``]));
    return [`## ${theme}`, '', row(['name', 'behaviour', 'expected outcome']), '|---|---|---|', ...rows].join('\n');
  });
  const elsewhere = shownElsewhere.map(({ name, does, ends, file, test }) =>
    row([name, does, `\`${ends}\``, `\`${file}\`: ${test}`]),
  );
  const heads = [row(['name', 'behaviour', 'expected outcome', 'test']), '|---|---|---|---|'];
  return `${[...themes, ['## Shown by other tests', '', ...heads, ...elsewhere].join('\n')].join('\n\n')}\n`;
}
