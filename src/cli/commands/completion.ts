import { bashCompletion } from '../completion/bash.ts';
import { type CompletedCommand, completedCommands } from '../completion/completed-commands.ts';
import { fishCompletion } from '../completion/fish.ts';
import { zshCompletion } from '../completion/zsh.ts';
import { DOCUMENT_VERSION, jsonDocument } from '../output/json-document.ts';
import { type Command, defineCommand, EXIT } from '../program/command.ts';

const shells = ['bash', 'zsh', 'fish'] as const;

const scripts: Readonly<Record<(typeof shells)[number], (commands: readonly CompletedCommand[]) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

/** The JSON document of a script. */
export interface CompletionDocument {
  readonly version: typeof DOCUMENT_VERSION;
  readonly shell: (typeof shells)[number];
  readonly script: string;
}

/**
 * `completion SHELL`: the script with which a shell completes calls of this program.
 *
 * @param commands returns the table of commands, this one included.
 */
export function completionCommand(commands: () => readonly Command[]): Command {
  return defineCommand({
    name: 'completion',
    summary: 'Prints a script that completes commands, options and values in a shell',
    description: [
      'The script is for bash 4 and newer, zsh, or fish. It completes commands, their options, and',
      'values: from the known set if there is one, otherwise files. For a plugin, these end in .wasm.',
      'The shell does not start this program to complete a line. Print the script again after an',
      'update.',
      '',
      'For bash, add this line to ~/.bashrc. For zsh, write zsh instead of bash, and add the line to',
      '~/.zshrc after compinit:',
      '  source <(cc-lb-plugin completion bash)',
      'For fish, write the script to ~/.config/fish/completions/cc-lb-plugin.fish.',
    ],
    operands: { SHELL: { summary: 'the shell', choices: shells } },
    options: {},
    exits: {
      0: 'the script is printed',
      1: 'not used',
      2: 'the arguments are wrong',
    },
    examples: [
      {
        line: 'completion fish > ~/.config/fish/completions/cc-lb-plugin.fish',
        meaning: 'complete in every session of fish',
      },
      { line: 'completion zsh > ~/.zfunc/_cc-lb-plugin', meaning: 'the same in zsh, if $fpath has ~/.zfunc' },
    ],
    run: async ({ SHELL, json }, { stdout }) => {
      const script = scripts[SHELL](completedCommands(commands()));
      const document: CompletionDocument = { version: DOCUMENT_VERSION, shell: SHELL, script };
      stdout.write(json ? jsonDocument(document) : script);
      return EXIT.ok;
    },
  });
}
