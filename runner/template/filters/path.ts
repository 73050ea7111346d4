import { existsSync, realpathSync } from 'node:fs'
import { homedir } from 'node:os'
import { posix } from 'node:path'
import { routine, type Context, type Routine, type Routines } from '../routine.ts'
import { str } from '../values/python-text.ts'
import { glob } from '../values/glob.ts'
import { type Tuple, tuple } from '../values/types.ts'

const onText = (change: (path: string) => unknown): Routine =>
  routine('', (_: Context, value: unknown) => change(str(value)))

/** Python's `os.path.basename`: what stands behind the last slash. */
const basename = (path: string): string => path.slice(path.lastIndexOf('/') + 1)
const dirname = (path: string): string => {
  const head = path.slice(0, path.lastIndexOf('/') + 1)
  return /^\/*$/.test(head) ? head : head.replace(/\/+$/, '')
}
const splitext = (path: string): Tuple => {
  const [, stem, extension] = /^((?:.*\/)?\.*[^/]*?[^/.][^/]*?)(\.[^./]*)$/s.exec(path) ?? []
  return stem === undefined ? tuple(path, '') : tuple(stem, extension)
}

/** A home directory at the start of the path: `~`, and `$HOME` where it is set. */
export function expandUser(path: string): string {
  return path === '~' || path.startsWith('~/') ? (process.env['HOME'] ?? homedir()) + path.slice(1) : path
}
function expandVariables(path: string): string {
  return path.replace(
    /\$(?:(\w+)|\{([^}]*)\})/g,
    (whole, bare: string | undefined, braced: string | undefined) => process.env[bare ?? braced ?? ''] ?? whole,
  )
}
function join(parts: readonly string[]): string {
  return parts.reduce((path, part) =>
    part.startsWith('/') || path === '' ? part : path.endsWith('/') ? path + part : `${path}/${part}`,
  )
}
/** The real path, also where the end of it does not exist. */
function realPath(path: string): string {
  const absolute = posix.resolve(path)
  if (existsSync(absolute) || absolute === '/') return realpathSync(absolute)
  return posix.join(realPath(posix.dirname(absolute)), posix.basename(absolute))
}

/** Python's `ntpath.splitdrive`: a letter, or the host and share of `\\\\host\\share`. */
function splitDrive(path: string): readonly [drive: string, rest: string] {
  const normal = path.replaceAll('/', '\\')
  if (!normal.startsWith('\\\\')) return [normal.slice(0, /^.:/.test(normal) ? 2 : 0), path.replace(/^.:/, '')]
  const host = normal.indexOf('\\', 2)
  const share = host < 0 ? -1 : normal.indexOf('\\', host + 1)
  return share < 0 ? [path, ''] : [path.slice(0, share), path.slice(share)]
}
function windowsDirname(path: string): string {
  const [drive, rest] = splitDrive(path)
  const head = rest.replace(/[^\\/]*$/, '')
  return drive + (head.replace(/[\\/]+$/, '') || head)
}

export const pathFilters: Routines = new Map([
  ['basename', onText(basename)],
  ['dirname', onText(dirname)],
  ['splitext', onText(splitext)],
  ['fileglob', onText((pattern) => glob(expandUser(pattern)))],
  ['expanduser', onText(expandUser)],
  ['expandvars', onText(expandVariables)],
  ['realpath', onText(realPath)],
  [
    'relpath',
    routine('start?', (_, value: unknown, start: unknown = '.') => posix.relative(str(start), str(value)) || '.'),
  ],
  [
    'path_join',
    routine('', (_, value: unknown) => (Array.isArray(value) ? join((value as unknown[]).map(str)) : str(value))),
  ],
  ['normpath', onText((path) => posix.normalize(path).replace(/(?<=.)\/$/, ''))],
  ['win_basename', onText((path) => /[^\\/]*$/.exec(splitDrive(path)[1])?.[0] ?? '')],
  ['win_dirname', onText(windowsDirname)],
  ['win_splitdrive', onText((path) => tuple(...splitDrive(path)))],
])
