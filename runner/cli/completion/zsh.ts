import { quote } from '../../../modules/lib/quote.ts'
import {
  type Completed,
  type CompletedOption,
  type Operand,
  OWN_MODULES,
  type Values,
  withAllBelow,
} from './completed.ts'

/** The script for zsh: sourced, or a file `_drover` in a directory of fpath. */
export function zshScript(program: Completed): string {
  return `#compdef drover
# Completion of drover for zsh. Put this line into ~/.zshrc, behind compinit:  source <(drover completion zsh)

_drover_own_modules() {
  local -a names=($=argv[-1] {${OWN_MODULES.join(',')}}/*.(|m)[jt]s(N:t:r))
  compadd "\${(@)argv[1,-2]}" -a names
}

${withAllBelow(program).toReversed().map(commandFunction).join('\n')}
if [[ $funcstack[1] == _drover ]]; then _drover "$@"; else compdef _drover drover; fi
`
}

function commandFunction(command: Completed): string {
  const { options, operands, commands } = command
  const specs = options.flatMap(optionSpecs)
  if (commands.length === 0) {
    return `${functionName(command)}() {
  _arguments -s -S : ${[...specs, ...operands.map(operandSpec)].map(quote).join(' \\\n    ')}
}
`
  }
  const described = commands.map(({ name, summary }) => quote(`${name}:${summary}`))
  const branches = commands.map((each) => `        ${each.name}) ${functionName(each)} ;;`)
  return `${functionName(command)}() {
  local curcontext=$curcontext state line
  local -a commands=(${described.join(' ')})
  _arguments -C -S : ${[...specs, '1:command:->command', '*::rest:->rest'].map(quote).join(' \\\n    ')}
  case $state in
    command) _describe command commands ;;
    rest)
      case $words[1] in
${branches.join('\n')}
      esac
      ;;
  esac
}
`
}

const functionName = ({ path }: Completed): string => `_${path.replaceAll(/[ -]/g, '_')}`

function optionSpecs({ names, description, value, repeated }: CompletedOption): readonly string[] {
  const before = repeated ? '*' : `(${names.join(' ')})`
  return names.map((name) => {
    const joined = value === undefined ? '' : name.startsWith('--') ? '=' : '+'
    return `${before}${name}${joined}[${escaped(description)}]${value === undefined ? '' : `:value:${action(value)}`}`
  })
}

const operandSpec = ({ name, values, variadic }: Operand, index: number): string =>
  `${variadic ? '*' : index + 1}:${escaped(name)}:${action(values)}`

function action(values: Values): string {
  switch (values.kind) {
    case 'files':
      return '_files'
    case 'directories':
      return '_files -/'
    case 'words':
      return `(${values.words.join(' ')})`
    case 'modules':
      return `_drover_own_modules ${quote(values.words.join(' '))}`
    case 'anything':
      return ' '
  }
}

const escaped = (text: string): string => text.replaceAll(/[\\[\]:]/g, String.raw`\$&`)
