import { PROGRAM } from '../program/command.ts';
import { type CompletedCommand, flagsOf, type Offer, programFlags } from './completed-commands.ts';

/**
 * Writes the completion script for bash 4 and newer. It needs no other package, runs no program,
 * and never evaluates what was typed or the name of a file.
 */
export function bashCompletion(commands: readonly CompletedCommand[]): string {
  const names = commands.map(({ name }) => name).join(' ');
  return `# Completion of ${PROGRAM} in bash. '${PROGRAM} completion bash' has written it.

# Sets REPLY to the words after a command: the commands, or the options of a command.
__cc_lb_plugin_list() {
  case $1 in
    '') REPLY='${names}' ;;
    -) REPLY='${programFlags.flatMap(flagsOf).join(' ')}' ;;
${commands.map(({ name, options }) => `    ${name}) REPLY='${options.flatMap(flagsOf).join(' ')}' ;;`).join('\n')}
    *) REPLY='' ;;
  esac
}

# Sets REPLY to what is offered for the value of an option, or for an operand by its number.
# Ends with 1 for what has no value.
__cc_lb_plugin_offer() {
  case "$1 $2" in
${commands.flatMap(offerCases).join('\n')}
    *) REPLY=''; return 1 ;;
  esac
}
${CODE}`;
}

function offerCases({ name: command, operands, options }: CompletedCommand): string[] {
  // The patterns of the operands before a repeatable one come first.
  const ofOperands = operands.map(({ offer, repeatable }, index) =>
    offerCase(repeatable ? `'${command} '[0-9]*` : `'${command} ${index + 1}'`, offer),
  );
  const ofOptions = options.flatMap((option) => {
    const patterns = flagsOf(option).map((flag) => `'${command} ${flag}'`);
    return option.value === undefined ? [] : [offerCase(patterns.join(' | '), option.value.offer)];
  });
  return [...ofOperands, ...ofOptions];
}

function offerCase(pattern: string, offer: Offer): string {
  const reply = offer.kind === 'words' ? `words ${offer.words.join(' ')}` : offer.kind;
  return `    ${pattern}) REPLY='${reply}' ;;`;
}

const CODE = `
# Sets REPLY to the text that a word stands for: without quotes and backslashes. Expands nothing.
__cc_lb_plugin_plain() {
  local typed=$1 quote='' char
  REPLY=''
  while [[ -n $typed ]]; do
    char=\${typed:0:1}
    typed=\${typed:1}
    if [[ $char == "$quote" ]]; then
      quote=''
    elif [[ -z $quote && $char == [\\'\\"] ]]; then
      quote=$char
    elif [[ $char == "\\\\" && $quote != "'" && -n $typed ]]; then
      REPLY+=\${typed:0:1}
      typed=\${typed:1}
    else
      REPLY+=$char
    fi
  done
}

# Adds the words of a list that begin with a text to COMPREPLY.
__cc_lb_plugin_words() {
  local word
  for word in $2; do
    [[ $word == "$1"* ]] && COMPREPLY+=("$word")
  done
}

# Adds the paths that begin with a text to COMPREPLY: directories, and files of a kind.
__cc_lb_plugin_paths() {
  local start=$1 kind=$2 home='' path failglob=''
  if [[ $start == '~/'* ]]; then
    home=$HOME/
    start=$home\${start:2}
  fi
  shopt -q failglob && failglob=yes && shopt -u failglob
  for path in "$start"*; do
    # A pattern without matches stands for itself.
    [[ -e $path || -L $path ]] || continue
    if [[ ! -d $path ]]; then
      [[ $kind == directories ]] && continue
      [[ $kind == modules && $path != *.wasm ]] && continue
    fi
    [[ -n $home ]] && path="~/\${path:\${#home}}"
    COMPREPLY+=("$path")
  done
  [[ -n $failglob ]] && shopt -s failglob
  # Fails outside of a completion, as in a test.
  compopt -o filenames 2>/dev/null
}

_cc_lb_plugin() {
  local IFS=$' \\t\\n' REPLY index word
  COMPREPLY=()

  # Bash splits words at = and : too. What the line has no space between is one word.
  # 'kept' is the part of the last word that COMPREPLY does not repeat.
  local rest=\${COMP_LINE:0:COMP_POINT} kept=''
  local -a words=()
  for ((index = 0; index <= COMP_CWORD; index++)); do
    word=\${COMP_WORDS[index]}
    if [[ \${#words[@]} == 0 || $rest == [[:space:]]* ]]; then
      rest=\${rest#"\${rest%%[![:space:]]*}"}
      words+=('')
    fi
    kept=\${words[\${#words[@]} - 1]}
    # The cursor can be within the last word.
    [[ $index == "$COMP_CWORD" ]] && word=$rest
    words[\${#words[@]} - 1]+=$word
    [[ $word == [=:] ]] && kept+=$word
    rest=\${rest#"$word"}
  done
  local current=\${words[\${#words[@]} - 1]}

  # Reads the words before the last one.
  local command='' option='' operands=0 only_operands=''
  for ((index = 1; index < \${#words[@]} - 1; index++)); do
    word=\${words[index]}
    if [[ -n $option ]]; then
      option=''
    elif [[ -z $only_operands && $word == -- ]]; then
      only_operands=yes
    elif [[ -z $only_operands && $word == -?* ]]; then
      [[ -n $command ]] && __cc_lb_plugin_offer "$command" "$word" && option=$word
    elif [[ -z $command ]]; then
      command=$word
    else
      ((operands++))
    fi
  done

  local offer=''
  if [[ -n $option ]]; then
    __cc_lb_plugin_offer "$command" "$option"
    offer=$REPLY
  elif [[ -z $only_operands && $current == --*=* ]]; then
    option=\${current%%=*}
    __cc_lb_plugin_offer "$command" "$option" || return 0
    offer=$REPLY
    current=\${current#*=}
    kept=\${kept#"$option="}
  elif [[ -z $only_operands && $current == -* ]]; then
    __cc_lb_plugin_list "\${command:--}"
    offer="words $REPLY"
  elif [[ -z $command ]]; then
    __cc_lb_plugin_list ''
    offer="words $REPLY"
  else
    __cc_lb_plugin_offer "$command" "$((operands + 1))" && offer=$REPLY
  fi

  __cc_lb_plugin_plain "$current"
  current=$REPLY
  case $offer in
    words\\ *) __cc_lb_plugin_words "$current" "\${offer#words }" ;;
    files | modules | directories) __cc_lb_plugin_paths "$current" "$offer" ;;
  esac

  __cc_lb_plugin_plain "$kept"
  for index in "\${!COMPREPLY[@]}"; do
    COMPREPLY[index]=\${COMPREPLY[index]#"$REPLY"}
  done
}

complete -F _cc_lb_plugin cc-lb-plugin
`;
