# Types a line and a tab into an interactive zsh that has sourced a script, and prints what the line has become.
# Usage: zsh -f zsh-complete.zsh SCRIPT LINE
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "PS1= PS2= RPS1=; unsetopt zle_bracketed_paste 2>/dev/null; autoload -Uz compinit && compinit -u -D; source ${(q)1}"
zpty -w shell 'show-line() { zle -I; print -r -- "line<$BUFFER>"; BUFFER= }; zle -N show-line; bindkey "^Xp" show-line; print -r -- rea""dy'
zpty -r shell seen '*ready*'
zpty -w -n shell "$2"$'\t'$'\C-xp'
zpty -r shell seen '*line<*>*'
zpty -d shell
print -r -- ${${seen#*line<}%>*}
