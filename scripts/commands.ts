// Writes docs/COMMANDS.md from the table of commands: `npm run commands`. A test compares them.
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { commands } from '../src/cli/commands/index.ts';
import { optionFlags, optionSummary, optionsOf } from '../src/cli/program/arguments.ts';
import { type Command, type Operand, type Option, PROGRAM } from '../src/cli/program/command.ts';
import { COLOUR_RULE, PROGRAM_EXITS, usageOf } from '../src/cli/program/program.ts';
import { fenced, markdownTable } from './docs/markdown.ts';

const document = new URL('../docs/COMMANDS.md', import.meta.url);

const COMPLETION = `## Completion in a shell

[completion](#completion) prints a script for bash 4 and newer, zsh, or fish. Add one of these to the
file that your shell reads at its start:

${markdownTable(
  ['shell', 'file', 'line'],
  [
    ['bash', '`~/.bashrc`', `\`source <(${PROGRAM} completion bash)\``],
    ['zsh', '`~/.zshrc`, after `compinit`', `\`source <(${PROGRAM} completion zsh)\``],
    ['fish', '`~/.config/fish/config.fish`', `\`${PROGRAM} completion fish \\| source\``],
  ],
)}

That starts the program with each shell. To avoid that, write the script to a file, and write it
again after an update: for bash any file that \`~/.bashrc\` sources, for zsh \`_${PROGRAM}\` in a
folder of \`$fpath\`, for fish \`~/.config/fish/completions/${PROGRAM}.fish\`.

The shell needs \`${PROGRAM}\` on its path, as \`npm install --global cc-lb-runtime-protocol\` puts it
there. The script for bash does not need the package bash-completion.`;

/** The text of docs/COMMANDS.md. */
export function commandsDocument(): string {
  return `${[
    '# Commands',
    '<!-- Written by `npm run commands` from the table in src/cli/commands. -->',
    [
      `To run a command in a project that has the package, or in a clone: \`npx ${PROGRAM} COMMAND\`.`,
      `Anywhere else: \`npx -p cc-lb-runtime-protocol ${PROGRAM} COMMAND\`. A clone also has`,
      `\`deno run -A scripts/${PROGRAM}.mjs COMMAND\` and \`bun scripts/${PROGRAM}.mjs COMMAND\`.`,
    ].join('\n'),
    [
      `\`${PROGRAM} help COMMAND\` prints the part of this page on the command.`,
      '[PLUGINS.md](PLUGINS.md#conformance) says what `conformance` checks, and',
      '[GUIDE.md](GUIDE.md#prepared-plugins) which hosts need `prepare`.',
    ].join('\n'),
    markdownTable(
      ['command', 'does'],
      commands.map(({ name, summary }) => [`[${name}](#${name})`, summary]),
    ),
    markdownTable(['exit code', 'means'], Object.entries(PROGRAM_EXITS)),
    COLOUR_RULE,
    COMPLETION,
    ...commands.flatMap(commandSection),
  ].join('\n\n')}\n`;
}

function commandSection(command: Command): string[] {
  const { name, summary, description, operands, exits, examples } = command;
  return [
    `## ${name}`,
    `${summary}.`,
    fenced('sh', [`${PROGRAM} ${name} ${usageOf(command)}`]),
    description.join('\n'),
    markdownTable(
      ['argument', 'means'],
      Object.entries(operands).map(([operand, row]) => [`\`${operand}\``, meaningOf(row)]),
    ),
    markdownTable(
      ['option', 'means'],
      Object.entries(optionsOf(command)).map(([option, row]) => [
        `\`${optionFlags(option, row)}\``,
        meaningOf({ ...row, summary: optionSummary(row) }),
      ]),
    ),
    markdownTable(['exit code', 'means'], Object.entries(exits)),
    fenced(
      'sh',
      examples.flatMap(({ line, meaning }) => [`# ${meaning}`, `${PROGRAM} ${line}`]),
    ),
  ];
}

/** What an operand or option means, and the values that it takes. */
function meaningOf({ summary, choices, ...row }: Operand | Option): string {
  const listed = choices === undefined ? '' : `: ${choices.map((choice) => `\`${choice}\``).join(', ')}`;
  return `${summary}${listed}${'default' in row ? `; default \`${row.default}\`` : ''}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync(new URL('./', document), { recursive: true });
  writeFileSync(document, commandsDocument());
}
