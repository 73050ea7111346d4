import { randomBytes } from 'node:crypto'

/**
 * Parts of one request's output. After each part the script prints a line with a random mark, a label and a number, on standard output
 * and standard error; what lies between two marks is one part, byte for byte. The mark is made for each request, so that no output can hold it.
 */
export class Sections {
  readonly #mark = randomBytes(16).toString('hex')

  /** Defines the shell function `mark LABEL NUMBER`; to stand at the start of the script. */
  define(): string {
    return `mark() { printf '\\n${this.#mark} %s %s\\n' "$1" "$2"; printf '\\n${this.#mark} %s %s\\n' "$1" "$2" >&2; }\n`
  }

  /** The parts that were ended by a mark, and what came after the last one. */
  split(output: Buffer): { readonly parts: readonly Section[]; readonly rest: Buffer } {
    const parts: Section[] = []
    const needle = Buffer.from(`\n${this.#mark} `)
    let start = 0
    for (;;) {
      const end = output.indexOf(needle, start)
      if (end < 0) break
      const newline = output.indexOf(10, end + needle.length)
      if (newline < 0) break
      const [label = '', number = ''] = output.toString('latin1', end + needle.length, newline).split(' ')
      parts.push({ label, number: Number(number), bytes: output.subarray(start, end) })
      start = newline + 1
    }
    return { parts, rest: output.subarray(start) }
  }
}

export interface Section {
  readonly label: string
  readonly number: number
  readonly bytes: Buffer
}
