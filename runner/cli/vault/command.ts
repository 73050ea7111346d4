import { type Command, Option } from 'commander'
import { addVaultOptions } from '../options.ts'
import type { VaultCommandFlags } from './flags.ts'

const output = (): Option => new Option('--output <file>', 'where to write it; - is standard output')
const encrypting = (command: Command): Command =>
  command.option('--encrypt-vault-id <label>', 'which of several vault ids to encrypt with')

/** Adds `drover vault …`: what ansible-vault does, with its options. */
export function addVaultCommand(drover: Command): void {
  const vault = drover
    .command('vault')
    .summary('encrypt and decrypt files and values')
    .description('Encrypts and decrypts files and values as ansible-vault does, in its own format.')

  const add = (name: string, summary: string, files: string): Command => {
    const command = vault
      .command(name)
      .summary(summary)
      .description(summary)
      .argument(files, 'files; - is standard input')
    return addVaultOptions(command)
  }

  encrypting(add('encrypt', 'encrypt files', '[file...]'))
    .addOption(output())
    .action(async (files: readonly string[], flags: VaultCommandFlags) => {
      const { encryptFiles } = await import('./files.ts')
      process.exitCode = await encryptFiles(files, flags)
    })
  add('decrypt', 'decrypt files', '[file...]')
    .addOption(output())
    .action(async (files: readonly string[], flags: VaultCommandFlags) => {
      const { decryptFiles } = await import('./files.ts')
      process.exitCode = await decryptFiles(files, flags)
    })
  add('view', 'show what is in encrypted files', '<file...>').action(
    async (files: readonly string[], flags: VaultCommandFlags) => {
      const { viewFiles } = await import('./files.ts')
      process.exitCode = await viewFiles(files, flags)
    },
  )
  encrypting(add('rekey', 'encrypt files with another password', '<file...>'))
    .option('--new-vault-id <label@source>', 'the new vault id and where its password comes from')
    .option('--new-vault-password-file <file>', 'a file with the new password, or a script that prints it')
    .action(async (files: readonly string[], flags: VaultCommandFlags) => {
      const { rekeyFiles } = await import('./files.ts')
      process.exitCode = await rekeyFiles(files, flags)
    })
  encrypting(add('create', 'write a new encrypted file in $EDITOR', '<file>'))
    .addOption(new Option('--skip-tty-check').hideHelp())
    .action(async (file: string, flags: VaultCommandFlags) => {
      const { createFile } = await import('./edit.ts')
      process.exitCode = await createFile(file, flags)
    })
  encrypting(add('edit', 'change encrypted files in $EDITOR', '<file...>')).action(
    async (files: readonly string[], flags: VaultCommandFlags) => {
      const { editFiles } = await import('./edit.ts')
      process.exitCode = await editFiles(files, flags)
    },
  )
  encrypting(addVaultOptions(vault.command('encrypt-string').alias('encrypt_string')))
    .summary('encrypt a value for a YAML file')
    .description('Encrypts values, and writes them as they stand in a YAML file.')
    .argument('[text...]', 'values; - or none is standard input')
    .addOption(
      new Option('-n, --name <name>', 'the name of the variable; may be repeated')
        .argParser((value: string, before: readonly string[]) => [...before, value])
        .default([], 'none'),
    )
    .option('--stdin-name <name>', 'the name of what comes from standard input')
    .option('-p, --prompt', 'ask for the value')
    .option('--show-input', 'show what is typed')
    .addOption(output())
    .action(async (texts: readonly string[], flags: VaultCommandFlags) => {
      const { encryptString } = await import('./encrypt-string.ts')
      process.exitCode = await encryptString(texts, flags)
    })
}
