# complete.zsh SCRIPT FOLDER LINE ...: types each line and a tab into a zsh, and prints what stands there
# then, in brackets, and what it listed.
zmodload zsh/zpty zsh/zselect
zpty shell "TERM=dumb zsh -f -i"

# All that comes until the text has; ten seconds at most.
until_came() {
  local part all= i
  for ((i = 0; i < 1000; i++)); do
    if zpty -rt shell part; then
      all+=$part
    else
      zselect -t 1
    fi
    [[ $all == *$1* ]] && { print -r -- $all; return; }
  done
  print -r -- "waited in vain: $all"
  exit 1
}

# The sums keep what is awaited from being seen in what is typed.
zpty -w shell "PS1=; unsetopt prompt_sp; autoload -Uz compinit; compinit -u -d ${(q)2}/zcompdump; source ${(q)1}; print ready-\$((1+1))"
until_came ready-2 >/dev/null
zpty -w shell "ended() { print -r -- \"[\$BUFFER] end-\$((1+1))\"; BUFFER=; }; zle -N ended; bindkey '^G' ended; print ready-\$((2+2))"
until_came ready-4 >/dev/null
for line in "${@:3}"; do
  zpty -n -w shell "$line"$'\t\a'
  until_came end-2
done
zpty -d shell
