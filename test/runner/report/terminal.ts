import { Writable } from 'node:stream'

import stringWidth from 'string-width'

/** A stream that takes itself for a terminal, and understands as much of one as the live view uses. */
export class FakeTerminal extends Writable {
  readonly isTTY = true
  columns: number
  rows: number
  cursorShown = true
  /** How many lines went on beyond the right edge. */
  wrapped = 0
  raw = ''
  #lines: string[] = ['']
  #row = 0
  #column = 0

  constructor(columns = 80, rows = 24) {
    super({ decodeStrings: false })
    this.columns = columns
    this.rows = rows
  }

  override _write(chunk: string, _: BufferEncoding, done: () => void): void {
    this.raw += chunk
    for (const token of chunk.match(/\u001b\[[?\d;]*[A-Za-z]|[^\u001b]/gsu) ?? []) this.#take(token)
    done()
  }

  /** All lines, those that scrolled away included, without blanks at the end. */
  get text(): string {
    return this.#lines
      .map((line) => line.trimEnd())
      .join('\n')
      .trimEnd()
  }

  #take(token: string): void {
    if (token === '\n') this.#moveTo(this.#row + 1)
    else if (token === '\u001b[2K') this.#lines[this.#row] = ''
    else if (token === '\u001b[1A') this.#row = Math.max(this.#row - 1, this.#lines.length - this.rows, 0)
    else if (token === '\u001b[G') this.#column = 0
    else if (token === '\u001b[?25l') this.cursorShown = false
    else if (token === '\u001b[?25h') this.cursorShown = true
    else if (/^\u001b\[[\d;]*m$/.test(token)) return
    else if (/^[\u0000-\u001f\u007f-\u009f]/.test(token))
      throw new Error(`a control sequence reached the terminal: ${JSON.stringify(token)}`)
    else this.#put(token)
  }

  #moveTo(row: number): void {
    this.#row = row
    this.#column = 0
    this.#lines[row] ??= ''
  }

  #put(character: string): void {
    if (this.#column + stringWidth(character) > this.columns) {
      this.wrapped += 1
      this.#moveTo(this.#row + 1)
    }
    const line = this.#lines[this.#row] ?? ''
    this.#lines[this.#row] = this.#column === 0 ? character : line + character
    this.#column += stringWidth(character)
  }
}
