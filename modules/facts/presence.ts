/**
 * Shell functions that facts about paths share. `missing PATH` sets `code` for a path at which nothing was found: `-` where nothing is
 * there, `?` where a directory on the way may not be searched, so that nobody can say. Only builtins: it costs no process.
 */
export const missing = `missing() {
  code=- dir=$1
  while :; do
    case $dir in */*) dir=\${dir%/*} ;; *) dir=. ;; esac
    if [ -d "\${dir:-/}" ]; then [ -x "\${dir:-/}" ] || code='?'; return; fi
    if [ -e "\${dir:-/}" ] || [ -z "$dir" ] || [ "$dir" = . ]; then return; fi
  done
}
`

/** What a person reads when a directory on the way to `path` may not be searched. */
export const unsearchable = (path: string): string =>
  `cannot look at ${path}: permission to search a directory on its way is missing; run the task with become: true`

/** How many paths one process is given at most: far below the least limit on a command line (128 KiB) for usual names. */
const CHUNK = 500

/** Cuts a list into chunks, each one call of a fact's shell function. */
export function chunks<T>(items: readonly T[]): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / CHUNK) }, (_, index) =>
    items.slice(index * CHUNK, (index + 1) * CHUNK),
  )
}

/** Reads bytes from front to back, piece by piece, each ended by one byte. */
export class Cursor {
  readonly #bytes: Buffer
  #at = 0
  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }
  /** What comes before the next `end` byte, which is passed over; null where none follows. */
  until(end: number): Buffer | null {
    const found = this.#bytes.indexOf(end, this.#at)
    if (found < 0) return null
    const piece = this.#bytes.subarray(this.#at, found)
    this.#at = found + 1
    return piece
  }
  get done(): boolean {
    return this.#at >= this.#bytes.length
  }
}
