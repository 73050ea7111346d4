import { quote } from '../../../modules/lib/quote.ts'
import { type Completed, OWN_MODULES, type Values, withAllBelow } from './completed.ts'

/** The script for bash, from version 3.2 on. It needs no package of completions. */
export function bashScript(program: Completed): string {
  const all = withAllBelow(program)
  const commands = all.filter(({ path }) => path !== program.path).map(({ path }) => quote(path))
  const values = all.flatMap(({ path, options }) =>
    options.flatMap(({ names, value }) =>
      value === undefined ? [] : [branch(names.map((name) => quote(`${path} ${name}`)).join('|'), value)],
    ),
  )
  const operands = all.flatMap((command) => {
    const below = command.commands.map(({ name }) => name)
    if (below.length > 0) return [branch(quote(`${command.path} 0`), { kind: 'words', words: below })]
    return command.operands.map(({ values, variadic }, index) =>
      branch(variadic ? `${quote(`${command.path} `)}*` : quote(`${command.path} ${index}`), values),
    )
  })
  const options = all.map(
    ({ path, options }) => `    ${quote(path)}) echo ${quote(options.flatMap(({ names }) => names).join(' '))} ;;`,
  )
  return `# Completion of drover for bash. Put this line into ~/.bashrc:  source <(drover completion bash)

# What the value of an option can be; fails where it takes none.
_drover_value() {
  case $1 in
${values.join('\n')}
    *) return 1 ;;
  esac
}

# What can stand behind a command and so many operands.
_drover_operand() {
  case $1 in
${operands.join('\n')}
  esac
}

_drover_options() {
  case $1 in
${options.join('\n')}
  esac
}

_drover_own_modules() {
  local file
  for file in ${OWN_MODULES.flatMap((path) => [`${path}/*.[jt]s`, `${path}/*.m[jt]s`]).join(' ')}; do
    [[ ! -e $file ]] || { file=\${file##*/}; printf '%s\\n' "\${file%.*}"; }
  done
}

_drover() {
  local current=\${COMP_WORDS[COMP_CWORD]} path=drover operands=0 option='' ended='' values i word
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    if [[ -n $option ]]; then
      # Bash makes three words of --option=value.
      [[ $word == '=' ]] || option=''
      continue
    fi
    case "$ended$path $word" in
      ${commands.join('|')}) path="$path $word" ;;
      'drover '*' --') ended=' ' ;;
      *' -'*)
        if [[ -n $ended ]]; then operands=$((operands + 1))
        elif _drover_value "$path $word" >/dev/null; then option=$word
        fi
        ;;
      *) operands=$((operands + 1)) ;;
    esac
  done
  [[ $current != '=' ]] || current=''
  COMPREPLY=()
  local IFS=$'\\n'
  if [[ -n $option ]]; then values=$(_drover_value "$path $option")
  elif [[ -z $ended && $current == -* ]]; then values="words $(_drover_options "$path")"
  else values=$(_drover_operand "$path $operands")
  fi
  case $values in
    files)
      compopt -o filenames 2>/dev/null
      COMPREPLY=($(compgen -f -- "$current"))
      ;;
    directories)
      compopt -o filenames 2>/dev/null
      COMPREPLY=($(compgen -d -- "$current"))
      ;;
    modules*) COMPREPLY=($(compgen -W "$(tr ' ' '\\n' <<<"\${values#modules }"; _drover_own_modules)" -- "$current")) ;;
    words*)
      values=\${values#words }
      COMPREPLY=($(compgen -W "\${values// /$'\\n'}" -- "$current"))
      ;;
  esac
}
complete -F _drover drover
`
}

function branch(pattern: string, values: Values): string {
  return `    ${pattern}) echo ${quote('words' in values ? `${values.kind} ${values.words.join(' ')}` : values.kind)} ;;`
}
