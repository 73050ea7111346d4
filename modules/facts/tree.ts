import { defineFact, UnreadableFact } from '../fact.ts'
import { quote } from '../lib/quote.ts'
import { Cursor, missing, unsearchable } from './presence.ts'
import { parseStatLine, STAT_FORMAT, type FileStat } from './stat.ts'

/** Something below a directory. */
export interface TreeEntry {
  /** Absolute path. */
  readonly path: string
  /** Links not followed, and without their target. */
  readonly stat: FileStat
}

/*
 * One find and a few stats for the whole tree. For each batch of files: their number, a line of stat for each, their names, each ended by
 * NUL. A file that goes while it is read is left out.
 */
const INNER = `lines=$(stat -c '${STAT_FORMAT}' -- "$@" 2>/dev/null) && {
  printf '%s\\n%s\\n' $# "$lines"
  printf '%s\\0' "$@"
  exit
}
for path do
  line=$(stat -c '${STAT_FORMAT}' -- "$path" 2>/dev/null) && printf '1\\n%s\\n%s\\0' "$line" "$path"
done
:`

/**
 * All that is below a directory, at any depth, parents before children; null where nothing is at the path. Links are not followed, neither
 * the path itself. Unreadable: what is no directory, or cannot be read to its ends.
 */
export const tree = defineFact<string, readonly TreeEntry[] | null>({
  name: 'tree',
  script: (paths) => missing + paths.map((path) => list(quote(path.startsWith('/') ? path : `./${path}`))).join(''),
  parse,
  path: (path) => path,
  absent: null,
  touchedBy: (path, directory) => path.startsWith(`${directory}/`),
})

const list = (path: string): string => `if [ -L ${path} ]; then printf 'o\\n'
elif [ -d ${path} ]; then
  printf 'd\\n'
  find ${path} -exec /bin/sh -c ${quote(INNER)} sh {} + || printf '!\\n'
elif [ -e ${path} ]; then printf 'o\\n'
else missing ${path}; printf '%s\\n' "$code"; fi
`

const NEWLINE = 10

function parse(raw: Buffer, path: string): readonly TreeEntry[] | null {
  const cursor = new Cursor(raw)
  const code = cursor.until(NEWLINE)?.toString()
  if (code === '-') return null
  if (code === '?') throw new UnreadableFact(unsearchable(path))
  if (code !== 'd') throw new UnreadableFact(`cannot list ${path}: it is not a directory`)
  const entries: TreeEntry[] = []
  while (!cursor.done) {
    const count = Number(cursor.until(NEWLINE)?.toString())
    if (!(count > 0)) throw new UnreadableFact(`cannot list all of ${path}: find could not read a directory in it`)
    const stats = Array.from({ length: count }, () => parseStatLine(cursor.until(NEWLINE)?.toString() ?? ''))
    for (const stat of stats) {
      const name = cursor.until(0)?.toString()
      if (stat === null || name === undefined) throw new UnreadableFact(`cannot list ${path}: stat gave no answer`)
      entries.push({ path: name, stat })
    }
  }
  return entries.slice(1)
}
