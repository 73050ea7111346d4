import { spawnSync } from 'node:child_process'
import { accessSync, constants, readFileSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { basename, extname, resolve } from 'node:path'
import type { Problem } from '../language/source.ts'

export interface PasswordFileOptions {
  /** What the password is for, in messages: `vault password`. */
  readonly what: string
  /** What a relative path starts from. */
  readonly cwd: string
  /** The vault id that a script whose name ends in `-client` is told. */
  readonly label?: string
}

/** The password in a file, without white space around it, or what the file prints where it is executable; otherwise why there is none. */
export function readPasswordFile(from: string, { what, cwd, label }: PasswordFileOptions): Buffer | Problem {
  const path = resolve(cwd, from.replace(/^~(?=\/|$)/, homedir()))
  const about = statSync(path, { throwIfNoEntry: false })
  if (about === undefined) return { message: `the ${what} file ${from} is not there` }
  if (about.isDirectory()) return { message: `the ${what} file ${from} is a directory` }
  const password = isExecutable(path) ? printed(path, from, what, label) : content(path, from, what)
  if (Buffer.isBuffer(password) && password.length === 0) return { message: `the ${what} from ${from} is empty` }
  return password
}

function content(path: string, from: string, what: string): Buffer | Problem {
  try {
    return Buffer.from(readFileSync(path, 'latin1').replace(/^[\t-\r ]+|[\t-\r ]+$/g, ''), 'latin1')
  } catch {
    return { message: `the ${what} file ${from} cannot be read` }
  }
}

function printed(path: string, from: string, what: string, label: string | undefined): Buffer | Problem {
  const isClient = label !== undefined && basename(path, extname(path)).endsWith('-client')
  const { status, stdout, stderr, error } = spawnSync(path, isClient ? ['--vault-id', label] : [], {
    stdio: ['inherit', 'pipe', 'pipe'],
  })
  if (error !== undefined)
    return {
      message: `the ${what} script ${from} cannot be run: ${error.message}`,
      hint: 'if it is no script but a file with the password, take away its x: chmod -x',
    }
  if (status === 0) return Buffer.from(stdout.toString('latin1').replace(/^[\r\n]+|[\r\n]+$/g, ''), 'latin1')
  if (isClient && status === 2) return { message: `the ${what} script ${from} knows no vault id "${label}"` }
  const said = stderr.toString().trim()
  const why = `exit status ${status ?? 'none'}${said === '' ? '' : `: ${said}`}`
  return { message: `the ${what} script ${from} failed with ${why}` }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
