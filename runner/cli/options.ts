import { Option } from 'commander'
import type { Command } from 'commander'

/** Adds a value to those of an option that may be given several times. */
const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value]

/** An option that may be given several times. */
export const repeated = (flags: string, description: string): Option =>
  new Option(flags, description).argParser(collect).default([], 'none')

/** `-v`, `-vv` and so on. */
export const verbose = (description: string): Option =>
  new Option('-v, --verbose', description).argParser((_: string, before: number) => before + 1).default(0, 'none')

/** The options that say where vault passwords come from. */
export interface VaultFlags {
  readonly vaultId: readonly string[]
  readonly vaultPasswordFile: readonly string[]
  readonly askVaultPass?: boolean
}

export function addVaultOptions(command: Command): Command {
  return command
    .addOption(
      repeated(
        '--vault-id <label@source>',
        'a vault password: label@file, label@script or label@prompt; may be repeated',
      ),
    )
    .addOption(
      repeated(
        '--vault-password-file <file>',
        'a file with a vault password, or a script that prints it; may be repeated',
      ),
    )
    .option('-J, --ask-vault-pass', 'ask for the vault password')
}

export const inventoryOption = (): Option =>
  repeated(
    '-i, --inventory <source>',
    'inventory file, directory, script or list of hosts with a comma; may be repeated',
  )

export const extraVarsOption = (): Option =>
  repeated('-e, --extra-vars <vars>', 'k=v, YAML, JSON or @file; over all other variables; may be repeated')

/** Where modules of the user's own are, beside those that are found by themselves. */
export const modulePathOption = (): Option =>
  repeated('-M, --module-path <directory>', 'a directory with modules of your own; may be repeated')

/** Other names that Ansible's commands have for options. */
const aliases: ReadonlyMap<string, string> = new Map([
  ['--ask-become-password', '--ask-become-pass'],
  ['--ask-vault-password', '--ask-vault-pass'],
  ['--become-pass-file', '--become-password-file'],
  ['--conn-pass-file', '--connection-password-file'],
  ['--inventory-file', '--inventory'],
  ['--key-file', '--private-key'],
  ['--vault-pass-file', '--vault-password-file'],
])

/** A command line with each option under the name that drover has for it. What stands behind `--` stays as it is. */
export function canonical(args: readonly string[]): readonly string[] {
  const end = args.indexOf('--')
  return args.map((arg, index) => {
    if (!arg.startsWith('--') || (end >= 0 && index >= end)) return arg
    const equals = arg.indexOf('=')
    const name = equals < 0 ? arg : arg.slice(0, equals)
    return `${aliases.get(name) ?? name}${equals < 0 ? '' : arg.slice(equals)}`
  })
}
