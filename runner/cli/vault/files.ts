import { readFileSync } from 'node:fs'
import { type Problem, ProblemsFound } from '../../language/source.ts'
import { encrypt } from '../../vault/cipher.ts'
import { isEncrypted } from '../../vault/envelope.ts'
import type { Opened, PasswordVault } from '../../vault/password-vault.ts'
import { labelOf, openSession, passwordOf, type VaultCommandFlags } from './flags.ts'
import { replaceFile } from './replace-file.ts'

/** `drover vault encrypt`. All files are looked at before the first is changed. */
export async function encryptFiles(files: readonly string[], flags: VaultCommandFlags): Promise<number> {
  const inputs = readInputs(files, flags)
  refuse(
    inputs.filter(({ bytes }) => isEncrypted(bytes)).map(({ name }) => ({ message: `${name} is encrypted already` })),
  )
  const { key } = await openSession(flags, true)
  const password = key()
  for (const { name, bytes } of inputs)
    write(flags.output ?? name, Buffer.from(encrypt(bytes, password.password, { label: labelOf(password) })))
  say('Encryption successful', inputs, flags)
  return 0
}

/** `drover vault decrypt`. */
export async function decryptFiles(files: readonly string[], flags: VaultCommandFlags): Promise<number> {
  const inputs = readInputs(files, flags)
  const { vault } = await openSession(flags)
  for (const { name, opened } of openAll(inputs, vault)) write(flags.output ?? name, opened.plain)
  say('Decryption successful', inputs, flags)
  return 0
}

/** `drover vault view`. */
export async function viewFiles(files: readonly string[], flags: VaultCommandFlags): Promise<number> {
  const inputs = readInputs(files, flags)
  const { vault } = await openSession(flags)
  for (const { opened } of openAll(inputs, vault)) process.stdout.write(opened.plain)
  return 0
}

/** `drover vault rekey`. A vault id stays, unless a new one is given. */
export async function rekeyFiles(files: readonly string[], flags: VaultCommandFlags): Promise<number> {
  const inputs = readInputs(files, flags)
  const { vault } = await openSession(flags)
  const opened = openAll(inputs, vault)
  const password = await passwordOf(flags.newVaultId ?? flags.newVaultPasswordFile ?? 'prompt', true)
  for (const {
    name,
    opened: { plain, label },
  } of opened)
    write(
      name,
      Buffer.from(
        encrypt(plain, password.password, { label: flags.newVaultId === undefined ? label : labelOf(password) }),
      ),
    )
  say('Rekey successful', inputs, flags)
  return 0
}

interface Input {
  readonly name: string
  readonly bytes: Buffer
}

function readInputs(files: readonly string[], { output }: VaultCommandFlags): readonly Input[] {
  const names = files.length === 0 ? ['-'] : files
  if (output !== undefined && names.length > 1)
    throw new ProblemsFound([{ message: '--output takes one file, but several are to be read' }])
  const problems: Problem[] = []
  const inputs = names.flatMap((name) => {
    try {
      return [{ name, bytes: readFileSync(name === '-' ? 0 : name) }]
    } catch (error) {
      problems.push({ message: reasonFor(name, error) })
      return []
    }
  })
  refuse(problems)
  return inputs
}

/** Why a file cannot be read. */
export function reasonFor(name: string, error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  switch (code) {
    case 'ENOENT':
      return `there is no file ${name}`
    case 'EISDIR':
      return `${name} is a directory, not a file`
    case 'EACCES':
      return `${name} cannot be read: permission denied`
    default:
      return `${name} cannot be read: ${message}`
  }
}

/** What is in encrypted files; throws `ProblemsFound` where one of them is not encrypted or cannot be opened. */
function openAll(
  inputs: readonly Input[],
  vault: PasswordVault,
): readonly { readonly name: string; readonly opened: Opened }[] {
  const problems: Problem[] = []
  const all = inputs.flatMap(({ name, bytes }) => {
    const opened = isEncrypted(bytes) ? vault.unlock(bytes.toString('latin1')) : { message: 'is not encrypted' }
    if ('message' in opened) {
      problems.push({ ...opened, message: `${name === '-' ? 'the input' : name} ${opened.message}` })
      return []
    }
    return [{ name, opened }]
  })
  refuse(problems)
  return all
}

function refuse(problems: readonly Problem[]): void {
  if (problems.length > 0) throw new ProblemsFound(problems)
}

function write(name: string, bytes: Buffer): void {
  if (name === '-') process.stdout.write(bytes)
  else replaceFile(name, bytes)
}

/** To people only: what is written to standard output is for programs. */
function say(message: string, inputs: readonly Input[], { output }: VaultCommandFlags): void {
  if (process.stderr.isTTY || (output !== '-' && inputs.every(({ name }) => name !== '-')))
    process.stderr.write(`${message}\n`)
}
