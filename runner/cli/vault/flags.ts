import { type Problem, ProblemsFound } from '../../language/source.ts'
import { PasswordVault } from '../../vault/password-vault.ts'
import { passwordSource, readPassword, type VaultPassword } from '../../vault/passwords.ts'
import { ask } from '../ask.ts'
import type { VaultFlags } from '../options.ts'
import { vaultPasswords } from '../passwords.ts'
import { readSettings } from '../settings/read-settings.ts'
import type { Settings } from '../settings/table.ts'

/** The options of `drover vault …` as the command line gave them. */
export interface VaultCommandFlags extends VaultFlags {
  readonly encryptVaultId?: string
  readonly output?: string
  readonly newVaultId?: string
  readonly newVaultPasswordFile?: string
  readonly name?: readonly string[]
  readonly stdinName?: string
  readonly prompt?: boolean
  readonly showInput?: boolean
}

/** What the commands work with. */
export interface VaultSession {
  readonly vault: PasswordVault
  /** What to encrypt with. Throws `ProblemsFound` where it cannot be told which password. */
  readonly key: () => VaultPassword
}

/** Reads the passwords; asks for one where nothing names one. Throws `ProblemsFound`. */
export async function openSession(flags: VaultCommandFlags, isNew = false): Promise<VaultSession> {
  const { settings, problems } = readSettings(process.env, process.cwd())
  if (problems.length > 0) throw new ProblemsFound(problems)
  const named = await vaultPasswords(flags, settings)
  const passwords = named.length > 0 ? named : [await passwordOf('prompt', isNew)]
  return { vault: new PasswordVault(passwords), key: () => encryptingPassword(passwords, flags, settings) }
}

/** The password of `label@source`; a new one that is typed is asked for twice. Throws `ProblemsFound`. */
export async function passwordOf(written: string, isNew: boolean): Promise<VaultPassword> {
  const password = await readPassword(passwordSource(written), {
    cwd: process.cwd(),
    ask: (prompt) => ask(prompt, true),
    twice: isNew,
  })
  if ('message' in password) throw new ProblemsFound([password])
  return password
}

/** The label that a text gets: `default` is none, as in ansible-vault. */
export const labelOf = ({ label }: VaultPassword): string | undefined => (label === 'default' ? undefined : label)

function encryptingPassword(
  passwords: readonly VaultPassword[],
  { encryptVaultId }: VaultCommandFlags,
  { vaultEncryptIdentity }: Settings,
): VaultPassword {
  const wanted = encryptVaultId ?? vaultEncryptIdentity
  const labels = passwords.map(({ label }) => label).join(', ')
  const [first, second] = passwords
  const found = wanted === undefined ? first : passwords.find(({ label }) => label === wanted)
  if (wanted === undefined && second !== undefined) throw new ProblemsFound([ambiguous(labels)])
  if (found !== undefined) return found
  throw new ProblemsFound([
    { message: `there is no password for the vault id "${wanted ?? ''}"; there are: ${labels}` },
  ])
}

const ambiguous = (labels: string): Problem => ({
  message: `there are several vault ids: ${labels}`,
  hint: 'say with --encrypt-vault-id which one to encrypt with',
})
