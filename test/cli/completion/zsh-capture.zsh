# Prints what zsh offers for lines: zsh -f zsh-capture.zsh SCRIPT LINE... After the offers of a line
# comes the line `END`. Completion functions run only in the line editor, so a second zsh runs in a
# pseudo-terminal. It writes what `compadd` is given to a file.
zmodload zsh/zpty
export CAPTURE_SCRIPT=$1 CAPTURE_OFFERED=$(mktemp)
shift
setup='
  PS1= PS2=
  unsetopt auto_list
  autoload -Uz compinit && compinit -D -u
  source $CAPTURE_SCRIPT
  compadd() {
    # With -O, -A or -D it offers nothing.
    if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then builtin compadd "$@"; return; fi
    local -a hits folder
    zparseopts -E p:=folder
    builtin compadd -A hits "$@"
    for hit in $hits; do print -r -- $folder[2]$hit >> $CAPTURE_OFFERED; done
    builtin compadd "$@"
  }
  finish() {
    print END >> $CAPTURE_OFFERED
    comppostfuncs=(finish)
    print COMPLETED > $TTY
  }
  comppostfuncs=(finish)
  bindkey "^I" complete-word
  bindkey "^U" kill-whole-line
  echo READY
'
zpty terminal zsh -f -i
zpty -w terminal "eval ${(q)setup}"
# The terminal echoes the setup, which holds both words too.
zpty -r terminal output '*READY?*READY*'
for line; do
  zpty -n -w terminal "$line"$'\t'
  zpty -r terminal output '*COMPLETED*'
  zpty -n -w terminal $'\C-U'
done
zpty -d terminal
cat $CAPTURE_OFFERED
rm -f $CAPTURE_OFFERED
