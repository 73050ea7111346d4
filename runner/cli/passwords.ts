import { userInfo } from 'node:os'
import type { RunOptions } from '../engine/run.ts'
import { type Problem, ProblemsFound } from '../language/source.ts'
import { readPasswordFile } from '../vault/password-file.ts'
import { PasswordVault } from '../vault/password-vault.ts'
import { passwordSource, readPassword, type VaultPassword } from '../vault/passwords.ts'
import { ask } from './ask.ts'
import type { VaultFlags } from './options.ts'
import type { RunFlags } from './run-flags.ts'
import type { Settings } from './settings/table.ts'

/** The vault passwords that the command line and the settings name, in the order in which they are tried. Asks where they say so. Throws `ProblemsFound`. */
export async function vaultPasswords(flags: VaultFlags, settings: Settings): Promise<readonly VaultPassword[]> {
  const files =
    flags.vaultPasswordFile.length > 0 || settings.vaultPasswordFile === undefined ? [] : [settings.vaultPasswordFile]
  const asks = flags.askVaultPass ?? settings.askVaultPass ?? false
  const sources = [
    ...[...flags.vaultId, ...(settings.vaultIdentityList ?? [])].map(passwordSource),
    ...[...flags.vaultPasswordFile, ...files].map((from) => ({ label: 'default', from })),
    ...(asks ? [{ label: 'default', from: 'prompt' }] : []),
  ]
  const passwords: VaultPassword[] = []
  const problems: Problem[] = []
  for (const source of sources) {
    const password = await readPassword(source, { cwd: process.cwd(), ask: (prompt) => ask(prompt, true) })
    if ('message' in password) problems.push(password)
    else passwords.push(password)
  }
  if (problems.length > 0) throw new ProblemsFound(problems)
  return passwords
}

/** A vault with these passwords. */
export async function openVault(flags: VaultFlags, settings: Settings): Promise<PasswordVault> {
  return new PasswordVault(await vaultPasswords(flags, settings))
}

/** Adds the passwords for logging in and for becoming another user, from files or asked for, where the user says so. Throws `ProblemsFound`. */
export async function withPasswords(options: RunOptions, flags: RunFlags, settings: Settings): Promise<RunOptions> {
  const { connection, become } = options
  const login = await passwordFrom(
    flags.connectionPasswordFile ?? (flags.askPass === true ? undefined : settings.connectionPasswordFile),
    flags.askPass ?? settings.askPass ?? false,
    `password of ${connection.user ?? userInfo().username}`,
    'connection password',
  )
  const becoming = await passwordFrom(
    flags.becomePasswordFile ?? (flags.askBecomePass === true ? undefined : settings.becomePasswordFile),
    flags.askBecomePass ?? settings.becomeAskPass ?? false,
    `password for ${become.method ?? 'sudo'}${login === undefined ? '' : ' (return: the same)'}`,
    'become password',
  )
  const password = becoming === '' ? login : becoming
  return {
    ...options,
    connection: { ...connection, ...(login === undefined ? {} : { password: login }) },
    become: { ...become, ...(password === undefined ? {} : { password }) },
  }
}

/** Undefined where neither a file nor the terminal is to give one. */
async function passwordFrom(
  file: string | undefined,
  asks: boolean,
  prompt: string,
  what: string,
): Promise<string | undefined> {
  if (file !== undefined) {
    const password = readPasswordFile(file, { what, cwd: process.cwd() })
    if ('message' in password) throw new ProblemsFound([password])
    return password.toString('utf8')
  }
  if (!asks) return undefined
  const answer = await ask(prompt, true)
  if (answer !== undefined) return answer
  throw new ProblemsFound([
    {
      message: 'a password is to be asked for, and there is no terminal to ask on',
      hint: 'name a file with --connection-password-file or --become-password-file, or encrypt ansible_password with drover vault',
    },
  ])
}
