import { PROGRAM } from '../program/command.ts';
import { type CompletedCommand, type CompletedOption, type Offer, programFlags } from './completed-commands.ts';

/** Writes the completion script for zsh, which its function `_arguments` carries out. */
export function zshCompletion(commands: readonly CompletedCommand[]): string {
  const described = commands.map(({ name, summary }) => quoted(`${escaped(name, ':')}:${summary}`));
  return `#compdef ${PROGRAM}
# Completion of ${PROGRAM} in zsh. '${PROGRAM} completion zsh' has written it.

_${PROGRAM}() {
  local context state state_descr line curcontext="$curcontext"
  typeset -A opt_args
  local -a commands=(
${described.map((row) => `    ${row}`).join('\n')}
  )
  _arguments -C -A '-*' ${programFlags.map(optionSpec).join(' ')} '1:command:->command' '*::argument:->arguments'
  case $state in
    command) _describe -t commands command commands ;;
    arguments)
      case $words[1] in
${commands.map(commandCase).join('\n')}
      esac
      ;;
  esac
}

# The first call of a function that zsh found in a file completes; a script that is sourced declares.
if [[ $funcstack[1] == _${PROGRAM} ]]; then
  _${PROGRAM} "$@"
else
  compdef _${PROGRAM} ${PROGRAM}
fi
`;
}

function commandCase({ name, operands, options }: CompletedCommand): string {
  const specs = [
    ...options.map(optionSpec),
    ...operands.map(({ name: operand, optional, repeatable, offer }, index) => {
      const place = repeatable ? '*:' : `${index + 1}${optional ? '::' : ':'}`;
      return quoted(`${place}${escaped(operand, ':')}:${action(offer)}`);
    }),
  ];
  return [
    `        ${name})`,
    '          _arguments -S \\',
    specs.map((spec) => `            ${spec}`).join(' \\\n'),
    '          ;;',
  ].join('\n');
}

/** `--slot` and `--slot=` both take the next word; `-o` and `--output` exclude each other. */
function optionSpec({ name, short, summary, value, repeatable }: CompletedOption): string {
  const explained = `[${escaped(summary, '[]:')}]`;
  const follows = value === undefined ? '' : `:${escaped(value.name, ':')}:${action(value.offer)}`;
  const long = value === undefined ? `--${name}` : `--${name}=`;
  if (short === undefined) return quoted(`${repeatable ? '*' : ''}${long}${explained}${follows}`);
  const once = repeatable ? "'*'" : quoted(`(-${short} --${name})`);
  return `${once}{-${short}${value === undefined ? '' : '+'},${long}}${quoted(explained + follows)}`;
}

const ACTIONS = { files: '_files', modules: '_files -g "*.wasm"', directories: '_files -/', nothing: ' ' } as const;

function action(offer: Offer): string {
  return offer.kind === 'words' ? `(${offer.words.join(' ')})` : ACTIONS[offer.kind];
}

function escaped(text: string, characters: string): string {
  return [...text].map((each) => (each === '\\' || characters.includes(each) ? `\\${each}` : each)).join('');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
