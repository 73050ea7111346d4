import { defineFact, UnreadableFact } from '../fact.ts'
import { commandLine } from '../lib/quote.ts'
import { chunks, Cursor, missing, unsearchable } from './presence.ts'

/*
 * For each chunk of paths: a line with one code a path (f: a file; n: a file whose name could be mistaken in the program's output, read
 * one by one, as are large ones, with openssl, which is slow to start and then several times as fast; -: no regular file; p and ?: may not be read; !: failed), and a line that starts with the digest for each f, then each n.
 */
const script = `${missing}
one() {
  if command -v openssl >/dev/null 2>&1; then openssl dgst -sha256 -r
  elif command -v sha256sum >/dev/null 2>&1; then sha256sum
  else shasum -a 256; fi
}
newline='
'
look() {
  codes= words= index=0
  for path do
    index=$((index + 1))
    if [ ! -e "$path" ] && [ ! -L "$path" ]; then missing "$path"
    elif [ ! -f "$path" ]; then code=-
    elif [ ! -r "$path" ]; then code=p
    else
      case $path in
        *"$newline"* | *\\\\*) code=n ;;
        *)
          code=$usual
          case $large in *"$newline$path$newline"*) code=n ;; esac
      esac
    fi
    codes=$codes$code
    case $code in f) words="$words \\"\\\${$index}\\"" ;; esac
  done
}
sums() {
  large=
  if [ "$quick" ]; then large=$newline$(find -H "$@" -prune -type f -size +65535 2>/dev/null)$newline; fi
  for attempt in 1 2 3; do
    look "$@"
    lines= status=0
    [ -z "$words" ] || { lines=$(eval "sha256sum -- $words" 2>&1); status=$?; }
    [ $status -eq 0 ] && break
  done
  if [ $status -ne 0 ]; then
    bad=
    for path do bad=$bad!; done
    printf '%s\\n%s\\0' "$bad" "$lines"
    return
  fi
  printf '%s\\n' "$codes"
  [ -z "$words" ] || printf '%s\\n' "$lines"
  case $codes in *n*) ;; *) return ;; esac
  for path do
    case $codes in n*) one <"$path" || echo ;; esac
    codes=\${codes#?}
  done
}
if command -v sha256sum >/dev/null 2>&1; then usual=f; else usual=n; fi
if [ $usual = f ] && command -v openssl >/dev/null 2>&1; then quick=yes; else quick=; fi
`

/** The SHA-256 of a regular file in hexadecimal, links followed; null where there is none. Unreadable where it may not be read. */
export const checksum = defineFact<string, string | null>({
  name: 'checksum',
  script: (paths) =>
    script +
    chunks(paths)
      .map((chunk) => `sums ${commandLine(chunk)}\n`)
      .join(''),
  split,
  join,
  parse,
  path: (path) => path,
  absent: null,
})

const NEWLINE = 10

function split(output: Buffer, paths: readonly string[]): readonly Buffer[] {
  const cursor = new Cursor(output)
  return chunks(paths).flatMap((chunk) => {
    const codes = (cursor.until(NEWLINE)?.toString('latin1') ?? '').split('')
    if (codes[0] === '!') {
      const why = cursor.until(0)?.toString('latin1') ?? ''
      return chunk.map(() => Buffer.from(`!\n${why}\0`, 'latin1'))
    }
    const pieces = chunk.map((_, index) => `${codes[index] ?? '!'}\n`)
    for (const wanted of ['f', 'n']) {
      for (const index of pieces.keys())
        if (codes[index] === wanted) pieces[index] += `${cursor.until(NEWLINE)?.toString('latin1') ?? ''}\n`
    }
    return pieces.map((piece) => Buffer.from(piece, 'latin1'))
  })
}

function join(pieces: readonly Buffer[]): Buffer {
  return Buffer.concat(
    chunks(pieces).flatMap((chunk) => {
      const codes = chunk.map((piece) => piece.toString('latin1', 0, 1))
      const lines = (code: string) =>
        chunk.filter((_, index) => codes[index] === code).map((piece) => piece.subarray(2))
      return [Buffer.from(`${codes.join('')}\n`), ...lines('f'), ...lines('n')]
    }),
  )
}

function parse(raw: Buffer, path: string): string | null {
  const cursor = new Cursor(raw)
  const code = cursor.until(NEWLINE)?.toString()
  if (code === '-') return null
  if (code === '?') throw new UnreadableFact(unsearchable(path))
  if (code === 'p') throw new UnreadableFact(`cannot read ${path}: permission denied; run the task with become: true`)
  if (code === 'f' || code === 'n') {
    const digest = /^[0-9a-f]{64}/.exec(cursor.until(NEWLINE)?.toString() ?? '')?.[0]
    if (digest !== undefined) return digest
  }
  throw new UnreadableFact(
    `cannot take the checksum of ${path}: ${cursor.until(0)?.toString().trim() || 'sha256sum gave no answer'}`,
  )
}
