import { createHash } from 'node:crypto'
import type { Fact, Param } from '../fact.ts'
import { commandLine } from '../lib/quote.ts'
import { UNARCHIVE_SCRIPT } from '../lib/unarchive-script.ts'
import { parseStatLine, STAT_FORMAT, type FileStat } from './stat.ts'

/** An archive beside the directory that it is to be in. */
export interface Unarchived {
  readonly kind: 'tar' | 'zip'
  /** What differs: a member and what about it, `Mode`, `Uid`, `Contents` and the like. */
  readonly differing: readonly { readonly name: string; readonly what: string }[]
  /** Names, where they were asked for. */
  readonly members: readonly string[]
  /** Seconds since the epoch, of members whose times were asked for. */
  readonly times: ReadonlyMap<string, number>
  /** What is at their places, where that was asked for. */
  readonly stats: readonly { readonly path: string; readonly stat: FileStat }[]
}
export interface UnarchivedTrouble {
  readonly trouble: string
}

/** Where an archive is. */
export type ArchiveSource =
  | { readonly from: 'file'; readonly path: string }
  /** On the controller. */
  | { readonly from: 'input'; readonly path: string; readonly size: number; readonly sha256: string }
  /** A line of curl's configuration. */
  | { readonly from: 'url'; readonly config: string }

export interface UnarchiveOptions {
  readonly dest: string
  readonly names: boolean
  readonly stats: boolean
  readonly owner?: string | undefined
  readonly group?: string | undefined
  readonly mode?: string | undefined
  readonly newer: boolean
  readonly options: readonly string[]
  readonly include: readonly string[]
  readonly exclude: readonly string[]
}

/** The words for the script, behind the verb. */
export function unarchiveWords(source: ArchiveSource, given: UnarchiveOptions): readonly string[] {
  const { dest, names, stats, owner = '', group = '', mode = '', newer, options, include, exclude } = given
  return [
    source.from,
    source.from === 'file' ? source.path : '',
    dest,
    newer ? 'times' : names ? 'names' : '',
    stats || newer ? STAT_FORMAT : '',
    owner,
    group,
    mode,
    newer ? 'newer' : '',
    String(options.length),
    String(include.length),
    ...options,
    ...include,
    ...exclude,
  ]
}

/** Compares an archive with what is in a directory. An archive of the controller is sent along. */
export function unarchived(source: ArchiveSource, options: UnarchiveOptions): Fact<Unarchived | UnarchivedTrouble> {
  const words = commandLine(['compare', ...unarchiveWords(source, options)])
  const about = createHash('sha256')
    .update(JSON.stringify([source, words]))
    .digest('hex')
    .slice(0, 12)
  const script = `set -- ${words}\n${UNARCHIVE_SCRIPT}`
  return {
    key: `unarchived:${options.dest}#${about}`,
    kind: {
      name: 'unarchived',
      script: () =>
        source.from === 'url'
          ? `(\n${script}\n) <<'END-OF-CONFIGURATION'\n${source.config}\nEND-OF-CONFIGURATION\n`
          : script,
      touchedBy: (path: string, param: Param) => path === String(param) || path.startsWith(`${String(param)}/`),
      volatile: true,
      patience: 3600,
      ...(source.from === 'input' ? { input: source } : {}),
    },
    param: options.dest,
    parse: (raw) => parseUnarchived(raw, options.dest),
  }
}

/** What the script printed. */
export function parseUnarchived(raw: Buffer, dest: string): Unarchived | UnarchivedTrouble {
  const [kind = '', ...parts] = raw.toString('utf8').split('\0')
  const trouble = [kind, ...parts].find((part) => part.startsWith('!'))
  if (trouble !== undefined) return { trouble: trouble.slice(1).trim() }
  const [differing = '', members = '', stats = ''] = parts
  if ((kind !== 'tar' && kind !== 'zip') || parts.length < 3) return { trouble: 'the archive could not be read' }
  const listed = members.split('\n').filter((line) => line !== '')
  const timed = listed.flatMap((line) => {
    // `-rw-r--r-- root/root 5 2026-01-31 13:05:00 a/b`, links as `a -> b`.
    const [, date = '', time = '', name = ''] = /^[-a-zA-Z]{10}\S? +\S+ +[\d,]+ +(\S+) (\S+) (.*)$/.exec(line) ?? []
    return name === ''
      ? []
      : [{ name: name.replace(/ (->|link to) .*$/, ''), time: Date.parse(`${date}T${time}Z`) / 1000 }]
  })
  return {
    kind,
    differing: differing.split('\n').flatMap(difference),
    members: timed.length > 0 ? timed.map(({ name }) => name) : listed,
    times: new Map(timed.map(({ name, time }) => [name, time])),
    stats: stats.split('\n').flatMap((line) => {
      const [, numbers = '', name = ''] = /^((?:[^:]*:){11}[^:]*):(.*)$/.exec(line) ?? []
      const stat = parseStatLine(numbers)
      return stat === null
        ? []
        : [{ path: `${dest === '/' ? '' : dest}/${name.replace(/^\.\//, '').replace(/\/$/, '')}`, stat }]
    }),
  }
}

/** A line of `tar --diff`: `a/b: Mode differs`, `tar: a/b: Warning: Cannot stat: No such file or directory`, `a/b: Not linked to c`. */
function difference(line: string): Unarchived['differing'] {
  const [, missing] = /^tar: (.*): Warning: Cannot (?:stat|open|readlink):/.exec(line) ?? []
  if (missing !== undefined) return [{ name: missing, what: 'Missing' }]
  const [, name = '', what = ''] =
    /^(.*): (Mode|Uid|Gid|Mod time|Size|Contents|Symlink|File type|Device number|Missing|Not linked)\b/.exec(line) ?? []
  return name === '' ? [] : [{ name, what }]
}
