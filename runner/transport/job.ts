import type { Reply, RequestOptions } from './transport.ts'

/** A request on its way: what was asked, what has come back so far, and whom to tell. */
export class Job {
  readonly script: string
  readonly options: RequestOptions
  readonly reply: Promise<Reply>
  /** Resolves when the host has begun with it. */
  readonly opened: Promise<Opening>
  /** Resolves when its frame is whole, or never will be. */
  readonly over: Promise<void>
  /** What the host said when it began with it. */
  opening: Opening | undefined
  /** Whether the answer has been handed over, or is about to be. */
  isOver = false
  /** What ends the script before its time; an error is what the request then rejects with. */
  cause: 'time' | 'overflow' | Error | undefined
  /** Resolves when nothing is left of what the script started, where something ends it before its time. */
  cleared: Promise<void> = Promise.resolve()
  readonly #stdout: Buffer[] = []
  readonly #stderr: Buffer[] = []
  #room: number
  #status = 137
  #resolve: (reply: Reply) => void = () => {}
  #reject: (error: Error) => void = () => {}
  #open: (opening: Opening) => void = () => {}
  #end: () => void = () => {}

  constructor(script: string, options: RequestOptions) {
    this.script = script
    this.options = options
    this.#room = options.limit ?? Infinity
    this.reply = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    this.opened = new Promise((resolve) => {
      this.#open = resolve
    })
    this.over = new Promise((resolve) => {
      this.#end = resolve
    })
    // An error before the bytes are asked for is met when they are.
    options.upload?.stream.on('error', () => {})
  }

  open(opening: Opening): void {
    this.opening = opening
    this.#open(opening)
  }

  /** Keeps a piece of output as far as the limit allows; false when it goes beyond. */
  take(stream: 'stdout' | 'stderr', piece: Buffer): boolean {
    const kept = piece.length <= this.#room ? piece : piece.subarray(0, this.#room)
    this.#room -= kept.length
    if (kept.length > 0) (stream === 'stdout' ? this.#stdout : this.#stderr).push(kept)
    return kept === piece
  }

  /** The script has ended with this status. */
  finish(status: number): void {
    this.#status = status
  }

  /** Nothing more comes back. Hands the answer over when all that was to be ended is; `lost` where the answer is not whole. */
  async settle(lost?: Error): Promise<void> {
    if (this.isOver) return
    this.isOver = true
    this.#end()
    this.options.upload?.stream.destroy()
    await this.cleared
    if (this.cause instanceof Error) return this.#reject(this.cause)
    if (lost && !this.cause) return this.#reject(lost)
    this.#resolve({
      status: this.#status,
      stdout: Buffer.concat(this.#stdout),
      stderr: Buffer.concat(this.#stderr),
      timedOut: this.cause === 'time',
      overflowed: this.cause === 'overflow',
    })
  }
}

/** The process ids that a frame opens with: the long-lived shell, and the subshell of this request where the host could tell. */
export interface Opening {
  readonly shell: number
  readonly subshell: number | undefined
}
