import type { Argument, Command, Option } from 'commander'

/** What there is to complete below a command. */
export interface Completed {
  /** The command with those above it: `drover vault edit`. */
  readonly path: string
  readonly name: string
  readonly summary: string
  readonly options: readonly CompletedOption[]
  readonly operands: readonly Operand[]
  readonly commands: readonly Completed[]
}
export interface CompletedOption {
  /** `-i`, `--inventory`. */
  readonly names: readonly string[]
  readonly description: string
  /** Undefined where it takes no value. */
  readonly value: Values | undefined
  readonly repeated: boolean
}
export interface Operand {
  readonly name: string
  readonly values: Values
  /** Whether it takes all that follow. */
  readonly variadic: boolean
}
export type Values =
  | { readonly kind: 'files' | 'directories' | 'anything' }
  | { readonly kind: 'words'; readonly words: readonly string[] }
  /** These, and the user's own modules below the current directory, looked for when they are asked for. */
  | { readonly kind: 'modules'; readonly words: readonly string[] }

/** Where a user's own modules are, as shells write patterns. */
export const OWN_MODULES = ['modules', 'library', 'roles/*/library'] as const

/** All that can be completed, from the definitions that the command line is read with. `modules` are names of modules and statements. */
export function describeCommand(command: Command, modules: readonly string[], above = ''): Completed {
  const help = command.createHelp()
  const path = `${above}${command.name()}`
  return {
    path,
    name: command.name(),
    summary: command.summary(),
    options: help.visibleOptions(command).map((option) => describeOption(option, modules)),
    operands: command.registeredArguments.map((argument) => describeOperand(argument, modules)),
    commands: help
      .visibleCommands(command)
      .filter((each) => each.name() !== 'help')
      .map((each) => describeCommand(each, modules, `${path} `)),
  }
}

function describeOption(option: Option, modules: readonly string[]): CompletedOption {
  const [, placeholder] = /[<[](.*?)[>\]]$/.exec(option.flags) ?? []
  return {
    names: [option.short, option.long].filter((name) => name !== undefined && name !== null),
    description: option.description,
    value: placeholder === undefined ? undefined : valuesOf(placeholder, option.argChoices, modules),
    repeated: Array.isArray(option.defaultValue) || typeof option.defaultValue === 'number',
  }
}

function describeOperand(argument: Argument, modules: readonly string[]): Operand {
  const name = argument.name()
  return { name, values: valuesOf(name, argument.argChoices, modules), variadic: argument.variadic }
}

/** What may stand for a placeholder such as `<file>`. */
function valuesOf(placeholder: string, choices: readonly string[] | undefined, modules: readonly string[]): Values {
  if (choices !== undefined) return { kind: 'words', words: choices }
  switch (placeholder) {
    case 'file':
    case 'playbook':
    case 'source':
      return { kind: 'files' }
    case 'directory':
      return { kind: 'directories' }
    case 'module':
      return { kind: 'modules', words: modules }
    default:
      return { kind: 'anything' }
  }
}

/** A command and all below it. */
export const withAllBelow = (command: Completed): readonly Completed[] => [
  command,
  ...command.commands.flatMap(withAllBelow),
]
