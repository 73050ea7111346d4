import { randomBytes } from 'node:crypto'
import { posix } from 'node:path'
import { commandLine, quote } from '../../modules/lib/quote.ts'
import type { HostAction, WriteAction } from '../../modules/step.ts'
import { contentDigest, needsUpload } from './action-script.ts'

/** A small file, and the command that prints what it is to hold. */
export interface SmallFile {
  readonly action: WriteAction
  readonly content: string
}

/** Names that programs print as they are. */
const plainName = /^[^\\\n]+$/
/** From so many files on, one flush of the file system costs less than one of each file. */
const many = 8

/** What a file has in common with those that it can be written together with; null where it is written by itself. */
export function bulkKey(action: HostAction): string | null {
  if (action.do !== 'write' || action.backup === true || action.validate !== undefined || needsUpload(action))
    return null
  if (!action.path.startsWith('/') || !plainName.test(posix.basename(action.path))) return null
  // A new file without a mode has what the umask leaves; with one, nobody is to see it before it has that.
  return `${action.mode === undefined ? 'umask' : 'mode'} ${posix.dirname(action.path)}`
}

/**
 * A command that writes files with the same key and different paths: all of them, or it ends with a status that is not 0; what is wrong
 * is for writing one by one to say. They are made in a directory of their own in the same place, which the shell can fill without a process for each, and then take their
 * places, each in one rename(2), in one go.
 */
export function bulkScript(files: readonly SmallFile[]): string {
  const directory = posix.dirname(files[0]?.action.path ?? '/')
  const temporary = `${directory === '/' ? '' : directory}/.drover-${randomBytes(8).toString('hex')}`
  const names = files.map(({ action }) => `./${posix.basename(action.path)}`)
  const all = commandLine(names)
  const digests = files.map(({ action }, index) => `${contentDigest(action.content)}  ${names[index]}`).join('\n')
  const flush = `sync ${all} || sync || exit 1`
  return [
    '(',
    // Contexts are looked up file by file.
    '[ ! -e /sys/fs/selinux/enforce ] || exit 1',
    `[ -d ${quote(`${directory}/`)} ] || exit 1`,
    `d=${quote(temporary)}`,
    `trap 'rm -rf "$d"' EXIT; trap 'exit 129' HUP; trap 'exit 130' INT; trap 'exit 141' PIPE; trap 'exit 143' TERM`,
    'mkdir -m 700 "$d" && cd -P "$d" || exit 1',
    // What a killed shell left behind. Younger ones may be another run's.
    'for old in ../.drover-???????????????? ../.*.drover-????????????????; do',
    '  [ ! -e "$old" ] || find "$old" -prune -mtime +0 -exec rm -rf {} +',
    'done',
    'set --',
    `for p in ${all}; do`,
    '  if [ ! -e "../$p" ] && [ ! -L "../$p" ]; then continue; fi',
    '  [ -f "../$p" ] && [ ! -L "../$p" ] && [ ! -u "../$p" ] && [ ! -g "../$p" ] || exit 1',
    '  set -- "$@" "../$p"',
    'done',
    '[ $# = 0 ] || cp --attributes-only --preserve=all -- "$@" . || exit 1',
    ...(files[0]?.action.mode === undefined ? [] : ['umask 077']),
    ...files.map(({ content }, index) => `${content} >>${quote(names[index] ?? '')} || exit 1`),
    `[ "$(sha256sum ${all})" = ${quote(digests)} ] || exit 1`,
    ...attributeLines(files, names),
    files.length < many ? flush : `sync -f . || { ${flush}; }`,
    `mv -f ${all} ../ || exit 1`,
    'cd / && rmdir "$d" && trap - EXIT',
    ') </dev/null >/dev/null 2>&1',
  ].join('\n')
}

/** One command for all files that are to have the same owner, or the same mode. */
function attributeLines(files: readonly SmallFile[], names: readonly string[]): readonly string[] {
  const groups = new Map<string, string[]>()
  files.forEach(({ action: { owner, group, mode } }, index) => {
    const ids = group === undefined ? owner : `${owner ?? ''}:${group}`
    const commands = [
      ...(ids === undefined ? [] : [commandLine(['chown', '--', ids])]),
      ...(mode === undefined ? [] : [commandLine(['chmod', mode])]),
    ]
    for (const command of commands) {
      const alike = groups.get(command) ?? []
      groups.set(command, alike)
      alike.push(names[index] ?? '')
    }
  })
  // Giving a file away takes some bits of its mode.
  const chmodLast = [...groups].toSorted(([a], [b]) => Number(a.startsWith('chmod')) - Number(b.startsWith('chmod')))
  return chmodLast.map(([command, alike]) => `${command} ${commandLine(alike)} || exit 1`)
}
