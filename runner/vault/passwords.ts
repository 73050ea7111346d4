import type { Problem } from '../language/source.ts'
import { readPasswordFile } from './password-file.ts'

/** A password and the vault id that it is for. */
export interface VaultPassword {
  readonly label: string
  readonly password: Buffer
}

/** Where a password comes from: `label@source`; the source is a file, a script, or `prompt`. */
export interface PasswordSource {
  readonly label: string
  readonly from: string
}

export interface PasswordReading {
  /** What relative paths start from. */
  readonly cwd: string
  /** Asks on the terminal, hidden; undefined where there is none. */
  readonly ask: (prompt: string) => Promise<string | undefined>
  /** Asks twice, for a password that is new. */
  readonly twice?: boolean
}

const prompts = new Set(['prompt', 'prompt_ask_vault_pass'])

/** Reads `label@source` as `--vault-id` takes it; without a label, it is `default`. */
export function passwordSource(written: string): PasswordSource {
  const at = written.indexOf('@')
  return at < 0
    ? { label: 'default', from: written }
    : { label: written.slice(0, at) || 'default', from: written.slice(at + 1) }
}

/** The password of a source, or why there is none. */
export async function readPassword(source: PasswordSource, reading: PasswordReading): Promise<VaultPassword | Problem> {
  const { label, from } = source
  const password = prompts.has(from)
    ? await askFor(source, reading)
    : readPasswordFile(from, { what: 'vault password', cwd: reading.cwd, label })
  if ('message' in password) return password
  return { label, password }
}

async function askFor({ label }: PasswordSource, { ask, twice = false }: PasswordReading): Promise<Buffer | Problem> {
  const name = `${twice ? 'New vault' : 'Vault'} password${label === 'default' ? '' : ` (${label})`}`
  const answer = await ask(name)
  if (answer === undefined)
    return {
      message: 'the vault password is to be asked for, and there is no terminal to ask on',
      hint: 'name a file with --vault-password-file instead',
    }
  if (twice && (await ask(`Confirm ${name.toLowerCase()}`)) !== answer) return { message: 'the two passwords differ' }
  return answer.trim() === '' ? { message: 'the vault password is empty' } : Buffer.from(answer.trim())
}
