import type { JsonObject } from '../../schema/infer.ts'
import { defineFact, UnreadableFact } from '../fact.ts'
import { digestFunction } from '../lib/digest.ts'
import { commandLine } from '../lib/quote.ts'
import { DETAIL_FORMAT, parseDetails } from '../lib/stat-dict.ts'
import { Cursor, missing, unsearchable } from './presence.ts'

/*
 * A code as in `stat`; then a line of stat, a line of what the user may do, one with the checksum, one of file(1) and one of lsattr(1), each
 * empty where it is not asked for or cannot be said; a link's target and its end, each ended by NUL.
 */
const script = `${missing}${digestFunction}
status() { # PATH FOLLOW ALGORITHM MIME ATTRIBUTES
  follow=
  [ -z "$2" ] || follow=-L
  if [ ! -e "$1" ] && { [ ! -L "$1" ] || [ -n "$2" ]; }; then
    missing "$1"; [ ! -L "$1" ] || code=-
    printf '%s\\n' "$code"
    return
  fi
  if ! line=$(stat $follow -c '${DETAIL_FORMAT}' -- "$1" 2>&1); then printf '!\\n%s\\0' "$line"; return; fi
  may=
  [ ! -r "$1" ] || may=r
  [ ! -w "$1" ] || may=\${may}w
  [ ! -x "$1" ] || may=\${may}x
  printf 'f\\n%s\\n%s\\n' "$line" "$may"
  sum=
  if [ -n "$3" ] && [ -f "$1" ] && [ -r "$1" ]; then
    if [ -n "$2" ] || [ ! -L "$1" ]; then sum=$(digest "$3" <"$1" 2>/dev/null); fi
  fi
  printf '%s\\n' "\${sum%% *}"
  if [ -n "$4" ] && command -v file >/dev/null 2>&1; then file -bi $follow -- "$1" 2>/dev/null || echo; else echo; fi
  if [ -n "$5" ] && [ ! -L "$1" ] && command -v lsattr >/dev/null 2>&1; then lsattr -vd -- "$1" 2>/dev/null || echo; else echo; fi
  if [ -L "$1" ] && [ -z "$2" ]; then
    readlink -n -- "$1"
    printf '\\0'
    readlink -nf -- "$1"
    printf '\\0'
  fi
}
`

export interface StatusOptions {
  readonly follow: boolean
  /** One of `DIGESTS`; null for no checksum. */
  readonly algorithm: string | null
  readonly mime: boolean
  readonly attributes: boolean
}

const fact = defineFact<readonly string[], JsonObject | null>({
  name: 'status',
  script: (params) => script + params.map((param) => `status ${commandLine(param)}\n`).join(''),
  parse,
  path: ([path = '']) => path,
  absent: null,
  touchedBy: (path, [own]) => path === own,
  volatile: true,
})

// A kind that can split would need its pieces' lengths; each path is read by a script of its own.
/** All that Ansible's stat says of a path; null where nothing is at it. Unreadable where a directory on the way may not be searched. */
export const status = (path: string, { follow, algorithm, mime, attributes }: StatusOptions) =>
  fact([path, follow ? 'follow' : '', algorithm ?? '', mime ? 'mime' : '', attributes ? 'attributes' : ''])

const NEWLINE = 10

function parse(raw: Buffer, [path = '', follow, algorithm, mime, attributes]: readonly string[]): JsonObject | null {
  const cursor = new Cursor(raw)
  const line = (): string => cursor.until(NEWLINE)?.toString() ?? ''
  const code = line()
  if (code === '-') return null
  if (code === '?') throw new UnreadableFact(unsearchable(path))
  const details = parseDetails(code === 'f' ? line() : '')
  if (details === null)
    throw new UnreadableFact(`cannot look at ${path}: ${cursor.until(0)?.toString().trim() || 'stat gave no answer'}`)
  const [may, sum, type, flags] = [line(), line(), line(), line()]
  const target =
    details['islnk'] === true && follow === ''
      ? { lnk_target: cursor.until(0)?.toString() ?? '', lnk_source: cursor.until(0)?.toString() ?? '' }
      : {}
  return {
    ...details,
    path,
    readable: may.includes('r'),
    writeable: may.includes('w'),
    executable: may.includes('x'),
    ...target,
    ...(algorithm === '' || sum === '' ? {} : { checksum: sum }),
    ...(mime === '' ? {} : mimeDict(type)),
    ...(attributes === '' ? {} : attributesDict(flags)),
  }
}

/** `text/plain; charset=us-ascii` of `file -bi`. */
function mimeDict(line: string): JsonObject {
  const [type, charset] = line.split(/;\s*charset=/)
  return { mimetype: type?.trim() || 'unknown', charset: charset?.trim() || 'unknown' }
}

const ATTRIBUTES: { readonly [flag: string]: string } = {
  A: 'noatime',
  a: 'append',
  c: 'compressed',
  C: 'nocow',
  d: 'nodump',
  D: 'dirsync',
  e: 'extents',
  i: 'immutable',
  I: 'indexed',
  j: 'journalled',
  N: 'inline',
  s: 'zero',
  S: 'synchronous',
  t: 'notail',
  T: 'blockroot',
  u: 'undelete',
}

/** `  12345 --------------e------- /etc/hosts` of `lsattr -vd`. */
function attributesDict(line: string): JsonObject {
  const [, version, found = ''] = /^\s*(\d+)\s+(\S+)\s/.exec(line) ?? []
  const flags = found.replaceAll('-', '')
  return {
    version: version ?? null,
    attr_flags: flags,
    attributes: flags.split('').flatMap((flag) => ATTRIBUTES[flag] ?? []),
  }
}
