import type { Writable } from 'node:stream'

/** Where a reporter writes: `process.stdout`, a file, a test's own stream. `columns` and `rows` are there on terminals only. */
export type OutputStream = Writable & { readonly isTTY?: boolean; readonly columns?: number; readonly rows?: number }

/**
 * Writes text in order and no faster than the stream takes it: while the stream's buffer is full, text waits here and goes out as one
 * chunk. A reader that went away (`drover … | head`) is no error: what is left is dropped.
 */
export class Output {
  readonly stream: OutputStream
  #waiting: string[] = []
  #failure: Error | null = null

  constructor(stream: OutputStream) {
    this.stream = stream
    stream.on('drain', this.#flush)
    stream.on('error', this.#fail)
  }

  write(text: string): void {
    if (this.#failure !== null || text === '') return
    if (this.stream.writableNeedDrain) this.#waiting.push(text)
    else this.stream.write(text)
  }

  lines(lines: readonly string[]): void {
    if (lines.length > 0) this.write(`${lines.join('\n')}\n`)
  }

  /** Resolves when all that was written has left the process; rejects where the stream failed for another reason than a gone reader. */
  async close(): Promise<void> {
    while (this.#failure === null && this.#waiting.length > 0) await this.#settled()
    if (this.#failure === null) await new Promise<void>((resolve) => this.stream.write('', () => resolve()))
    this.stream.off('drain', this.#flush)
    // The stream outlives the reporter, and a late EPIPE must not end the process with a stack trace: the error listener stays.
    if (this.#failure !== null && !goneReader(this.#failure)) throw this.#failure
  }

  #settled(): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.stream.off('drain', done)
        this.stream.off('error', done)
        this.stream.off('close', done)
        resolve()
      }
      this.stream.on('drain', done).on('error', done).on('close', done)
    })
  }

  readonly #flush = (): void => {
    const text = this.#waiting.join('')
    this.#waiting = []
    this.write(text)
  }

  readonly #fail = (error: Error): void => {
    this.#failure ??= error
    this.#waiting = []
  }
}

const goneReader = (error: Error): boolean =>
  'code' in error && (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED')
