import type { JsonObject } from '../../schema/infer.ts'
import { defineFact, UnreadableFact } from '../fact.ts'
import { quote } from '../lib/quote.ts'
import { DETAIL_FORMAT, parseDetails } from '../lib/stat-dict.ts'
import { Cursor } from './presence.ts'

export interface Found {
  readonly path: string
  /** By Ansible's names; of the file itself where it is a link, unless links are followed. */
  readonly details: JsonObject
}
export interface Listing {
  /** The host's clock, in seconds since the epoch. */
  readonly now: number
  /** Null where the path is no directory. */
  readonly entries: readonly Found[] | null
  /** A directory below could not be read. */
  readonly incomplete: boolean
}

/*
 * For each batch of files: their number, a line of stat for each, their names, each ended by NUL. A file that goes while it is read is
 * left out.
 */
const inner = (flag: string): string => `lines=$(stat ${flag}-c '${DETAIL_FORMAT}' -- "$@" 2>/dev/null) && {
  printf '%s\\n%s\\n' $# "$lines"
  printf '%s\\0' "$@"
  exit
}
for path do
  line=$(stat ${flag}-c '${DETAIL_FORMAT}' -- "$path" 2>/dev/null || stat -c '${DETAIL_FORMAT}' -- "$path" 2>/dev/null) &&
    printf '1\\n%s\\n%s\\0' "$line" "$path"
done
:`

const fact = defineFact<readonly string[], Listing>({
  name: 'found',
  script: (params) => params.map(list).join(''),
  parse,
  touchedBy: (path, [directory = '']) => path.startsWith(directory === '/' ? '/' : `${directory}/`),
  volatile: true,
})

/** All that is below a directory, down to a depth (null: to the ground), with what stat says of it. One find, a few stats. */
export const found = (path: string, depth: number | null, follow: boolean) =>
  fact([path.replace(/(?<=.)\/+$/, ''), depth === null ? '' : String(depth), follow ? 'follow' : ''])

function list([path = '', depth, follow]: readonly string[]): string {
  const place = quote(path.startsWith('/') ? path : `./${path}`)
  // With a slash, a link to a directory is followed also where others are not.
  const start = quote(path === '/' ? '/' : `${path.startsWith('/') ? path : `./${path}`}/.`)
  const flag = follow === '' ? '' : '-L '
  return `date +%s
if [ -d ${place} ]; then
  echo d
  find ${flag}${start} -mindepth 1 ${depth === '' ? '' : `-maxdepth ${depth} `}-exec /bin/sh -c ${quote(inner(flag))} sh {} + 2>/dev/null || printf '!\\n'
else echo o; fi
`
}

const NEWLINE = 10

function parse(raw: Buffer, [path = '']: readonly string[]): Listing {
  const cursor = new Cursor(raw)
  const now = Number(cursor.until(NEWLINE)?.toString())
  if (cursor.until(NEWLINE)?.toString() !== 'd') return { now, entries: null, incomplete: false }
  const entries: Found[] = []
  while (!cursor.done) {
    const count = Number(cursor.until(NEWLINE)?.toString())
    if (!(count > 0)) return { now, entries, incomplete: true }
    const lines = Array.from({ length: count }, () => parseDetails(cursor.until(NEWLINE)?.toString() ?? ''))
    for (const details of lines) {
      const name = cursor.until(0)?.toString()
      if (details === null || name === undefined) throw new UnreadableFact(`cannot list ${path}: stat gave no answer`)
      entries.push({ path: name.replace('/./', '/'), details })
    }
  }
  return { now, entries, incomplete: false }
}
