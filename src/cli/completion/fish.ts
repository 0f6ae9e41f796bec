import { PROGRAM } from '../program/command.ts';
import {
  type CompletedCommand,
  type CompletedOption,
  flagsOf,
  type Offer,
  programFlags,
} from './completed-commands.ts';

/** Writes the completion script for fish. */
export function fishCompletion(commands: readonly CompletedCommand[]): string {
  return `# Completion of ${PROGRAM} in fish. '${PROGRAM} completion fish' has written it.

# Whether an option of a command takes the next word.
function __cc_lb_plugin_takes_value
    switch "$argv[1] $argv[2]"
        case ${commands.flatMap(valued).map(quoted).join(' ')}
            return 0
    end
    return 1
end
${CODE}
complete -c ${PROGRAM} -f
${[...programFlags.map((flag) => optionLine('', flag)), ...commands.flatMap(commandLines)].join('\n')}
`;
}

function valued({ name: command, options }: CompletedCommand): string[] {
  const flags = options.filter(({ value }) => value !== undefined).flatMap(flagsOf);
  return flags.map((flag) => `${command} ${flag}`);
}

function commandLines({ name, summary, operands, options }: CompletedCommand): string[] {
  return [
    `complete -c ${PROGRAM} -n '__cc_lb_plugin_at' -a ${name} -d ${quoted(summary)}`,
    ...options.map((option) => optionLine(name, option)),
    ...operands.map(({ offer, repeatable }, index) => {
      const place = `${name} ${repeatable ? '-ge' : '-eq'} ${index + 1}`;
      return `complete -c ${PROGRAM} -n '__cc_lb_plugin_at ${place}'${offered(offer)}`;
    }),
  ];
}

function optionLine(command: string, { name, short, summary, value }: CompletedOption): string {
  const letter = short === undefined ? '' : ` -s ${short}`;
  const files = value?.offer.kind === 'files' ? '-r' : '-x';
  const follows = value === undefined ? '' : ` ${files}${offered(value.offer)}`;
  const condition = command === '' ? '__cc_lb_plugin_at' : `__cc_lb_plugin_at ${command}`;
  return `complete -c ${PROGRAM} -n '${condition}' -l ${name}${letter}${follows} -d ${quoted(summary)}`;
}

/** The arguments of `complete` that offer something. `-f` at the top turns files off by default. */
function offered(offer: Offer): string {
  return offer.kind === 'words' ? ` -a ${quoted(offer.words.join(' '))}` : PATHS[offer.kind];
}

const PATHS = {
  files: ' -F',
  modules: " -a '(__cc_lb_plugin_modules)'",
  directories: " -a '(__fish_complete_directories)'",
  nothing: '',
} as const;

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}

const CODE = `
# Whether the words before the cursor are this command, or none without an argument. With a comparison
# and a number after the command: whether the number of the operand at the cursor compares like that.
function __cc_lb_plugin_at
    set -l given
    set -l is_value false
    set -l only_operands false
    set -l words (commandline -opc)
    for word in $words[2..]
        if test $is_value = true
            set is_value false
        else if test $only_operands = false -a "$word" = --
            set only_operands true
        else if test $only_operands = false; and string match -qr -- '^-.' $word
            if set -q given[1]; and __cc_lb_plugin_takes_value $given[1] $word
                set is_value true
            end
        else
            set -a given $word
        end
    end
    test "$given[1]" = "$argv[1]"; or return 1
    not set -q argv[2]; or test (count $given) $argv[2..]
end

# The directories, and the files that end in .wasm, that begin with the word at the cursor. Fish
# completes files for a command that it does not know.
function __cc_lb_plugin_modules
    # In quotes it is one argument, also if the word has several lines.
    set -l word (commandline -ct)
    complete -C "__cc_lb_plugin_no_command $word" | string match -r -- '^.*(?:/|\\\\.wasm)$'
end
`;
