import { open, readdir, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'
import {
  type Controller,
  type ControllerEntry,
  type ControllerFile,
  type ControllerPlace,
  type RenderOptions,
  UnknownFact,
} from '../../modules/module.ts'
import type { FactStore } from '../host/store.ts'
import { type Vault, vaultHeader } from '../language/vault.ts'
import { TemplateError } from '../template/template.ts'
import type { ExpectedFiles } from './expected-files.ts'
import { aboutPath, isSmall, userFileBytes } from './user-file-bytes.ts'
import { digests, digestsOf } from './user-file-digests.ts'

/** Where a task looks for the user's files: `files/` and `templates/` beside the playbook or the task's file, then these directories themselves. */
export interface SearchPath {
  /** Directories of the playbook and of the file that holds the task, nearest first. */
  readonly directories: readonly string[]
}

/**
 * The whole path of a user's file, or null: absolute as it is; otherwise the first of `DIR/KIND/NAME` and `DIR/NAME` that is there. Throws
 * `UnknownFact` where that is one of those expected, or would hold one.
 */
export async function findUserFile(
  name: string,
  kind: 'files' | 'templates' | 'vars' | 'tasks',
  { directories }: SearchPath,
  expected?: ExpectedFiles,
): Promise<string | null> {
  const candidates = isAbsolute(name)
    ? [name]
    : directories.flatMap((directory) => [resolve(directory, kind, name), resolve(directory, name)])
  for (const candidate of candidates) {
    if (expected?.has(resolve(candidate)) === true) throw new UnknownFact(`what ${candidate} holds`)
    if (aboutPath(candidate) !== null) return candidate
  }
  return null
}

/** Where the controller looks for files, and those that it cannot know yet. */
interface UserFiles {
  readonly path: SearchPath
  readonly expected: ExpectedFiles
}

/** What a module gets of the controller for one task on one host; batches of the host wait while it reads. */
export function controllerFor(
  hostName: string,
  store: FactStore,
  { path, expected }: UserFiles,
  render: (file: string, text: string, options: RenderOptions) => string,
  vault?: Vault,
): Controller {
  return {
    hostName,
    place: (name) => store.hold(() => describePlace(resolve(path.directories.at(-1) ?? '', fromHome(name)))),
    file: (name, { decrypt = true } = {}) =>
      store.hold(async () => {
        const found = await findUserFile(name, 'files', path, expected)
        return found === null ? null : describeFile(found, decrypt ? vault : undefined)
      }),
    render: (name, options = {}) =>
      store.hold(async () => {
        const found = await findUserFile(name, 'templates', path, expected)
        if (found === null) throw new MissingUserFile(name, path)
        const opened = vault === undefined ? null : await openVaulted(found, vault)
        const rendered = render(found, (opened ?? (await userFileBytes(found))).toString('utf8'), options)
        // What is made of a secret is one.
        if (opened !== null) vault?.keep(rendered)
        return rendered
      }),
  }
}

/** A file of the user's that a task names and that is nowhere on its search path. */
export class MissingUserFile extends Error {
  override readonly name = 'MissingUserFile'
  constructor(file: string, { directories }: SearchPath) {
    super(
      `there is no ${file}${isAbsolute(file) ? '' : `: looked in ${directories.map((directory) => join(directory, 'templates')).join(', ')} and their parents`}`,
    )
  }
}

/** What is in a file that ansible-vault encrypted, which is a secret from here on; null for any other file. Throws `TemplateError`. */
async function openVaulted(path: string, vault: Vault): Promise<Buffer | null> {
  if ((await startOf(path)).toString('latin1') !== vaultHeader) return null
  const opened = vault.open(await userFileBytes(path), path)
  if ('message' in opened) throw new TemplateError('value', opened.message, { hint: opened.hint })
  vault.keep(opened.toString('utf8'))
  return opened
}

/** As many of a file's first bytes as tell whether it is encrypted. */
async function startOf(path: string): Promise<Buffer> {
  if (isSmall(aboutPath(path))) return (await userFileBytes(path)).subarray(0, vaultHeader.length)
  const file = await open(path)
  const { buffer, bytesRead } = await file
    .read(Buffer.alloc(vaultHeader.length), 0, vaultHeader.length, 0)
    .finally(() => void file.close())
  return buffer.subarray(0, bytesRead)
}

async function describeFile(path: string, vault: Vault | undefined): Promise<ControllerFile> {
  const about = aboutPath(path) ?? (await stat(path))
  const mode = octal(about.mode)
  if (about.isDirectory()) return { kind: 'directory', path, mode, entries: await listDirectory(path, '') }
  const opened = vault === undefined ? null : await openVaulted(path, vault)
  if (opened !== null) {
    const { length: size } = opened
    return { kind: 'file', path, mode, size, ...digestsOf(opened), read: () => Promise.resolve(opened) }
  }
  const { sha1, sha256 } = await digests(path)
  return { kind: 'file', path, mode, size: about.size, sha1, sha256, read: () => userFileBytes(path) }
}

const fromHome = (path: string): string => (/^~(?=\/|$)/.test(path) ? homedir() + path.slice(1) : path)

async function describePlace(path: string): Promise<ControllerPlace> {
  const about = aboutPath(path)
  if (about === null) return { kind: 'absent', path }
  if (about.isFile()) return { kind: 'file', path, size: about.size, ...(await digests(path)) }
  return { kind: about.isDirectory() ? 'directory' : 'other', path }
}

async function listDirectory(root: string, below: string): Promise<readonly ControllerEntry[]> {
  const entries: ControllerEntry[] = []
  const names = (await readdir(join(root, below), { withFileTypes: true })).toSorted((a, b) =>
    a.name < b.name ? -1 : 1,
  )
  for (const entry of names) {
    const name = join(below, entry.name)
    const about = await stat(join(root, name))
    if (about.isDirectory())
      entries.push({ name, kind: 'directory', mode: octal(about.mode) }, ...(await listDirectory(root, name)))
    else if (about.isFile()) entries.push({ name, kind: 'file', mode: octal(about.mode) })
  }
  return entries
}

const octal = (mode: number): string => (mode & 0o7777).toString(8).padStart(4, '0')
