import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { ProblemsFound } from '../../language/source.ts'
import { encrypt } from '../../vault/cipher.ts'
import { isEncrypted } from '../../vault/envelope.ts'
import { reasonFor } from './files.ts'
import { labelOf, openSession, type VaultCommandFlags } from './flags.ts'
import { replaceFile } from './replace-file.ts'

/** `drover vault create`. */
export async function createFile(file: string, flags: VaultCommandFlags): Promise<number> {
  if (existsSync(file))
    throw new ProblemsFound([{ message: `${file} is there already`, hint: 'use drover vault edit' }])
  const { key } = await openSession(flags, true)
  const password = key()
  const text = edited(file, Buffer.alloc(0))
  replaceFile(file, Buffer.from(encrypt(text, password.password, { label: labelOf(password) })))
  return 0
}

/** `drover vault edit`: a file that was not changed is left as it is. It keeps its vault id and password, unless another is asked for. */
export async function editFiles(files: readonly string[], flags: VaultCommandFlags): Promise<number> {
  const { vault, key } = await openSession(flags)
  for (const file of files) {
    const bytes = contents(file)
    if (!isEncrypted(bytes))
      throw new ProblemsFound([{ message: `${file} is not encrypted`, hint: 'use drover vault encrypt' }])
    const opened = vault.unlock(bytes.toString('latin1'))
    if ('message' in opened) throw new ProblemsFound([{ ...opened, message: `${file} ${opened.message}` }])
    const text = edited(file, opened.plain)
    if (text.equals(opened.plain)) continue
    const other = flags.encryptVaultId === undefined ? undefined : key()
    const label = other === undefined ? opened.label : labelOf(other)
    replaceFile(file, Buffer.from(encrypt(text, (other ?? opened.secret).password, { label })))
  }
  return 0
}

const ignore = (): void => undefined
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** What the editor makes of a text: in a file that only its owner may read, in a directory of its own, which is removed whatever happens. */
function edited(file: string, before: Buffer): Buffer {
  const directory = mkdtempSync(join(tmpdir(), 'drover-vault-'))
  // Ctrl-C in the editor reaches drover too, and must not end it before the text is removed.
  for (const signal of signals) process.on(signal, ignore)
  try {
    const path = join(directory, basename(file))
    writeFileSync(path, before, { mode: 0o600, flag: 'wx' })
    const editor = process.env['VISUAL'] ?? process.env['EDITOR'] ?? 'vi'
    // As git and crontab do it: the variable may hold arguments, the file is one word.
    const { status, error } = spawnSync('/bin/sh', ['-c', `${editor} "$1"`, editor, path], { stdio: 'inherit' })
    if (error !== undefined || status !== 0)
      throw new ProblemsFound([
        {
          message: `the editor "${editor}" ended with ${error?.message ?? `status ${status ?? 'none'}`}: nothing was changed`,
        },
      ])
    return readFileSync(path)
  } finally {
    rmSync(directory, { recursive: true, force: true })
    for (const signal of signals) process.off(signal, ignore)
  }
}

function contents(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (error) {
    throw new ProblemsFound([{ message: reasonFor(file, error) }])
  }
}
