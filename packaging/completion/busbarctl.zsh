#compdef busbarctl
# Completion of busbarctl for zsh: the program itself knows what may come next.
_busbarctl() {
  local line files
  local -a names texts joined
  for line in "${(@f)$("${words[1]}" __complete -- "${(@Q)words[2,CURRENT]}" 2>/dev/null)}"; do
    if [[ $line == :file ]]; then
      files=1
    elif [[ -n $line ]]; then
      names+=("${line%%$'\t'*}")
      texts+=("${line/$'\t'/  -- }")
    fi
  done
  [[ ${names[1]} == *= ]] && joined=(-S '')
  (( $#names )) && compadd "${joined[@]}" -d texts -a names
  [[ -n $files ]] && _files
  (( $#names )) || [[ -n $files ]]
}
if [[ ${funcstack[1]} == _busbarctl ]]; then
  _busbarctl "$@"
else
  compdef _busbarctl busbarctl
fi
