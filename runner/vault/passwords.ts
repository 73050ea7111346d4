import { spawnSync } from 'node:child_process'
import { accessSync, constants, readFileSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { basename, extname, resolve } from 'node:path'
import type { Problem } from '../language/source.ts'

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
  const password = prompts.has(source.from) ? await askFor(source, reading) : fromFile(source, reading)
  if (typeof password === 'object' && 'message' in password) return password
  if (password.length === 0) return { message: `the vault password from ${source.from} is empty` }
  return { label: source.label, password }
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
  return Buffer.from(answer.trim())
}

/** What is in a file, or what an executable one prints; a `…-client` is told the vault id. */
function fromFile({ label, from }: PasswordSource, { cwd }: PasswordReading): Buffer | Problem {
  const path = resolve(cwd, from.replace(/^~(?=\/|$)/, homedir()))
  const about = statSync(path, { throwIfNoEntry: false })
  if (about === undefined) return { message: `the vault password file ${from} is not there` }
  if (about.isDirectory()) return { message: `the vault password file ${from} is a directory` }
  if (isExecutable(path)) return fromScript(path, from, label)
  try {
    return trimmed(readFileSync(path))
  } catch {
    return { message: `the vault password file ${from} cannot be read` }
  }
}

function fromScript(path: string, from: string, label: string): Buffer | Problem {
  const isClient = basename(path, extname(path)).endsWith('-client')
  const { status, stdout, stderr, error } = spawnSync(path, isClient ? ['--vault-id', label] : [], {
    stdio: ['inherit', 'pipe', 'pipe'],
  })
  if (error !== undefined)
    return {
      message: `the vault password script ${from} cannot be run: ${error.message}`,
      hint: 'if it is no script but a file with the password, take away its x: chmod -x',
    }
  const said = stderr.toString().trim()
  if (status === 0) return Buffer.from(stdout.toString('latin1').replace(/^[\r\n]+|[\r\n]+$/g, ''), 'latin1')
  return isClient && status === 2
    ? { message: `the vault password script ${from} knows no vault id "${label}"` }
    : {
        message: `the vault password script ${from} failed with exit status ${status ?? 'none'}${said === '' ? '' : `: ${said}`}`,
      }
}

const trimmed = (bytes: Buffer): Buffer =>
  Buffer.from(bytes.toString('latin1').replace(/^[\t-\r ]+|[\t-\r ]+$/g, ''), 'latin1')

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    // To root, everything may seem executable that has any x at all.
    return (statSync(path).mode & 0o111) !== 0
  } catch {
    return false
  }
}
