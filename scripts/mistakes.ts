// Writes docs/MISTAKES.md from the table in test/mistakes: `npm run mistakes`. A test compares
// them.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { PROGRAM } from '../src/cli/program/command.ts';
import { mistakes } from '../test/mistakes/index.ts';
import type { Mistake } from '../test/mistakes/mistake.ts';
import { argumentsOf, printedLines } from '../test/mistakes/printed.ts';
import { slugOf } from './docs/links.ts';
import { fenced } from './docs/markdown.ts';

const document = new URL('../docs/MISTAKES.md', import.meta.url);

/** The text of docs/MISTAKES.md. */
export function mistakesDocument(): string {
  const sections = Object.entries(mistakes);
  return `${[
    '# Mistakes',
    '<!-- Written by `npm run mistakes` from the table in test/mistakes. -->',
    [
      'What authors of plugins do wrong, and what the command line then prints. Search this page for the',
      'message that you see. A test makes each of these plugins and compares what is printed.',
    ].join('\n'),
    sections.map(([title]) => `- [${title}](#${slugOf(title)})`).join('\n'),
    ...sections.flatMap(([title, rows]) => [`## ${title}`, ...rows.flatMap(mistakeSection)]),
  ].join('\n\n')}\n`;
}

function mistakeSection(mistake: Mistake): string[] {
  return [
    `### ${mistake.mistake}`,
    `\`${PROGRAM} ${argumentsOf(mistake).join(' ')}\``,
    fenced('text', printedLines(mistake)),
    ...(mistake.right === undefined ? [] : ['Right:', fenced('', mistake.right)]),
  ];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(document, mistakesDocument());
