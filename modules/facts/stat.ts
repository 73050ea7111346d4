import { defineFact, UnreadableFact } from '../fact.ts'
import { commandLine } from '../lib/quote.ts'
import { chunks, Cursor, missing, unsearchable } from './presence.ts'

/** What lstat(2) says of a path. */
export interface FileStat {
  readonly type: 'file' | 'directory' | 'link' | 'block' | 'char' | 'fifo' | 'socket'
  /** Four octal digits, the first for set-user-id, set-group-id and sticky: `0644`, `4755`. */
  readonly mode: string
  readonly uid: number
  readonly gid: number
  /** Names, or the ids' digits where the host has no name for them. */
  readonly owner: string
  readonly group: string
  /** Bytes; 0 of a directory. */
  readonly size: number
  /** Seconds since the epoch; 0 of a directory, whose time changes with all that happens in it. */
  readonly mtime: number
  readonly inode: number
  readonly device: number | string
  /** The number of hard links; 0 of a directory. */
  readonly links: number
  /** What a link says, as it is written. */
  readonly target?: string
  /** Of a link: the absolute path without links of what it finally points to; null where that does not exist. */
  readonly resolved?: string | null
  /** Of a device. */
  readonly major?: number
  readonly minor?: number
}

/** What `stat -c` of coreutils and of busybox both know; names last, since they alone may hold odd characters (no colon: passwd(5)). */
export const STAT_FORMAT = '%f:%u:%g:%s:%Y:%i:%d:%h:%t:%T:%U:%G'

/** A line of a directory without what its contents decide. */
const WITHOUT_CONTENTS = String.raw`s/^\(4[0-9a-f]*:[0-9]*:[0-9]*\):[0-9]*:[0-9]*:\([0-9]*:[0-9]*\):[0-9]*:/\1:0:0:\2:0:/`

/*
 * For each chunk of paths: a line with one code a path (f: something, l: a link, -: nothing, ?: unknown, !: stat failed), a line of
 * stat for each f and l, and for each l its target and its final path, each ended by NUL. What vanishes while being read makes stat
 * fail: then the chunk is read again. A directory's size, time and links are zeroed, so that it is not taken for changed when a file comes or goes.
 */
const script = `${missing}
newline='
'
look() {
  codes= words= index=0
  for path do
    index=$((index + 1))
    if [ -L "$path" ]; then code=l
    elif [ -e "$path" ]; then code=f
    else missing "$path"; fi
    codes=$codes$code
    case $code in [fl]) words="$words \\"\\\${$index}\\"" ;; esac
  done
}
stats() {
  for attempt in 1 2 3 4 5; do
    look "$@"
    lines= status=0
    [ -z "$words" ] || { lines=$(eval "stat -c '${STAT_FORMAT}' -- $words" 2>&1); status=$?; }
    [ $status -eq 0 ] && break
  done
  if [ $status -ne 0 ]; then
    bad=
    for path do bad=$bad!; done
    printf '%s\\n%s\\0' "$bad" "$lines"
    return
  fi
  case $newline$lines in
    *"$newline"4???:*) lines=$(printf '%s\\n' "$lines" | sed '${WITHOUT_CONTENTS}') ;;
  esac
  printf '%s\\n' "$codes"
  [ -z "$words" ] || printf '%s\\n' "$lines"
  case $codes in *l*) ;; *) return ;; esac
  for path do
    case $codes in
      l*)
        readlink -n -- "$path"
        printf '\\0'
        [ ! -e "$path" ] || readlink -nf -- "$path"
        printf '\\0'
    esac
    codes=\${codes#?}
  done
}
`

/** What is at a path, links not followed; null where nothing is. Unreadable where a directory on the way may not be searched. */
export const stat = defineFact<string, FileStat | null>({
  name: 'stat',
  script: (paths) =>
    script +
    chunks(paths)
      .map((chunk) => `stats ${commandLine(chunk)}\n`)
      .join(''),
  split,
  join,
  parse,
  path: (path) => path,
  absent: null,
})

const NEWLINE = 10
const NUL = 0

function split(output: Buffer, paths: readonly string[]): readonly Buffer[] {
  const cursor = new Cursor(output)
  return chunks(paths).flatMap((chunk) => {
    const codes = (cursor.until(NEWLINE)?.toString('latin1') ?? '').split('')
    if (codes[0] === '!') {
      const why = cursor.until(NUL)?.toString('latin1') ?? ''
      return chunk.map(() => Buffer.from(`!\n${why}\0`, 'latin1'))
    }
    const pieces = chunk.map((_, index): Buffer[] => [Buffer.from(`${codes[index] ?? '!'}\n`)])
    for (const [index, piece] of pieces.entries())
      if ('fl'.includes(codes[index] ?? '!')) piece.push(take(cursor, NEWLINE))
    for (const [index, piece] of pieces.entries())
      if (codes[index] === 'l') piece.push(take(cursor, NUL), take(cursor, NUL))
    return pieces.map((piece) => Buffer.concat(piece))
  })
}

function join(pieces: readonly Buffer[]): Buffer {
  return Buffer.concat(
    chunks(pieces).flatMap((chunk) => {
      const found = chunk.map((piece) => piece.subarray(2)).filter((piece) => piece.length > 0)
      const lengths = found.map((piece) => piece.indexOf(NEWLINE) + 1)
      return [
        ...chunk.map((piece) => piece.subarray(0, 1)),
        Buffer.from('\n'),
        ...found.map((piece, index) => piece.subarray(0, lengths[index])),
        ...found.map((piece, index) => piece.subarray(lengths[index])),
      ]
    }),
  )
}

function take(cursor: Cursor, end: number): Buffer {
  return Buffer.concat([cursor.until(end) ?? Buffer.alloc(0), Buffer.from([end])])
}

function parse(raw: Buffer, path: string): FileStat | null {
  const cursor = new Cursor(raw)
  const code = cursor.until(NEWLINE)?.toString()
  if (code === '-') return null
  if (code === '?') throw new UnreadableFact(unsearchable(path))
  if (code !== 'f' && code !== 'l') {
    throw new UnreadableFact(`cannot look at ${path}: ${cursor.until(NUL)?.toString().trim() || 'stat gave no answer'}`)
  }
  const line = cursor.until(NEWLINE)?.toString() ?? ''
  const found = parseStatLine(line)
  if (found === null) throw new UnreadableFact(`cannot look at ${path}: stat printed ${JSON.stringify(line)}`)
  if (found.type !== 'link') return found
  const target = cursor.until(NUL)?.toString() ?? ''
  const resolved = cursor.until(NUL)?.toString() ?? ''
  if (target === '') throw new UnreadableFact(`cannot look at ${path}: it became a link while it was read`)
  return { ...found, target, resolved: resolved === '' ? null : resolved }
}

/** What a line in `STAT_FORMAT` says, a link's target apart; null where it is none. */
export function parseStatLine(line: string): FileStat | null {
  const [
    hexMode = '',
    uid,
    gid,
    size,
    mtime,
    inode,
    device,
    links,
    major = '',
    minor = '',
    owner = '',
    group = '',
    ...rest
  ] = line.split(':')
  const raw = Number.parseInt(hexMode, 16)
  const type = TYPES[raw & 0o170000]
  if (type === undefined || group === '' || rest.length > 0) return null
  return {
    type,
    mode: (raw & 0o7777).toString(8).padStart(4, '0'),
    uid: Number(uid),
    gid: Number(gid),
    owner: nameOr(owner, uid),
    group: nameOr(group, gid),
    size: Number(size),
    mtime: Number(mtime),
    inode: Number(inode),
    device: Number(device),
    links: Number(links),
    ...(type === 'block' || type === 'char'
      ? { major: Number.parseInt(major, 16), minor: Number.parseInt(minor, 16) }
      : {}),
  }
}

/** Both stats print UNKNOWN where the host has no name for an id. */
const nameOr = (name: string, id: string | undefined): string => (name === 'UNKNOWN' ? (id ?? name) : name)

const TYPES: { readonly [bits: number]: FileStat['type'] } = {
  0o010000: 'fifo',
  0o020000: 'char',
  0o040000: 'directory',
  0o060000: 'block',
  0o100000: 'file',
  0o120000: 'link',
  0o140000: 'socket',
}
