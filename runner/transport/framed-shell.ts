import type { Writable } from 'node:stream'
import { frame, newNonce, prelude, uploadFrame } from './frame.ts'
import type { Job } from './job.ts'
import type { Line, Program } from './line.ts'
import { MarkerScanner } from './marker-scanner.ts'
import { ConnectionError } from './transport.ts'
import { sendUpload } from './upload.ts'

/** What a framed shell leaves to its owner. */
export interface Owner {
  /** Ends what a request started. Resolves when no more can be done about it. */
  end(job: Job, shell: FramedShell): Promise<void>
  /** The shell is no more; `unstarted` are requests that have surely not been carried out. */
  ended(shell: FramedShell, unstarted: readonly Job[]): void
  /** Why a shell ended before it took a request; `output` is what it printed. */
  explain(output: string, status: number | null): Error
}

/** The most of a banner, or of the reason why there is no shell, that is kept. */
const LONGEST_BANNER = 64 * 1024

/** One long-lived shell program on a host, which answers requests in order. Lives until its program ends, or `abandon`. */
export class FramedShell {
  /** False once it takes no more requests. */
  alive = true
  readonly #line: Line
  readonly #program: Program
  readonly #owner: Owner
  readonly #stdout = new MarkerScanner()
  readonly #stderr = new MarkerScanner()
  readonly #unsent: Job[] = []
  readonly #sent: Job[] = []
  #greeted = false
  #started = false
  #banner = ''

  constructor(line: Line, program: Program, owner: Owner) {
    this.#line = line
    this.#program = program
    this.#owner = owner
    const feed = (scanner: MarkerScanner) => (chunk: Buffer) => {
      line.meter.bytesReceived += chunk.length
      scanner.push(chunk)
    }
    program.stdout.on('data', feed(this.#stdout))
    program.stderr.on('data', feed(this.#stderr))
    // A broken pipe is told by `ended`, with all that the program said before.
    program.stdin.on('error', () => {})
    void program.ended.then((status) => this.#onEnded(status))
  }

  /** The request that is being carried out, or is about to be. */
  get current(): Job | undefined {
    return this.#sent[0]
  }

  run(job: Job): void {
    this.#unsent.push(job)
    this.#sendMore()
  }

  /** Lets the program end by itself, as at the end of its input. */
  async quit(): Promise<void> {
    this.#program.stdin.end()
    await this.#program.ended
  }

  /** Reads nothing for a while: a flood of output would hold up what is to end it. */
  pause(): void {
    this.#program.stdout.pause()
    this.#program.stderr.pause()
  }

  resume(): void {
    this.#program.stdout.resume()
    this.#program.stderr.resume()
  }

  /** Gives the program up. The request under way counts as ended; gives those that were not begun, if it is sure that they never will be. */
  abandon(): readonly Job[] {
    if (!this.alive) return []
    this.alive = false
    this.#program.drop()
    const [current, ...others] = this.#sent
    void current?.settle()
    return [...others, ...this.#unsent]
  }

  #sendMore(): void {
    while (this.alive) {
      const job = this.#unsent[0]
      // The bytes of an upload must not be taken for a script, nor a script for an upload.
      if (!job || this.#sent.some((earlier) => earlier.options.upload)) return
      this.#unsent.shift()
      this.#send(job)
    }
  }

  #send(job: Job): void {
    const nonce = newNonce()
    const size = job.options.upload?.size ?? 0
    const text = this.#greeting() + (size > 0 ? uploadFrame(nonce, job.script, size) : frame(nonce, job.script))
    let open = 2
    const close = (): void => {
      open--
      if (open === 0) this.#onAnswer(job)
    }
    const marker = Buffer.from(nonce)
    this.#stdout.expect({ marker, data: this.#keepBanner, found: (pids) => this.#onOpening(job, pids) })
    this.#stdout.expect({
      marker,
      data: (piece) => this.#take(job, 'stdout', piece),
      found: (status) => {
        job.finish(Number(status))
        close()
      },
    })
    this.#stderr.expect({ marker, data: (piece) => this.#take(job, 'stderr', piece), found: close })
    const { meter } = this.#line
    meter.requests++
    if (this.#sent.length === 0) meter.roundTrips++
    meter.bytesSent += Buffer.byteLength(text)
    this.#program.stdin.write(text)
    this.#sent.push(job)
    this.#follow(job)
    if (this.#sent.length === 1) this.#watch(job)
  }

  #greeting(): string {
    if (this.#greeted) return ''
    this.#greeted = true
    const nonce = newNonce()
    this.#stderr.expect({ marker: Buffer.from(nonce), data: this.#keepBanner, found: () => {} })
    return prelude(nonce)
  }

  readonly #keepBanner = (piece: Buffer): void => {
    if (!this.#started) this.#banner = (this.#banner + piece.toString()).slice(-LONGEST_BANNER)
  }

  /** The request is now the first in line: its time runs. */
  #watch(job: Job): void {
    const { timeout, signal } = job.options
    const onTime = (): void => this.#end(job, 'time')
    const timer = timeout === undefined ? undefined : setTimeout(onTime, timeout)
    signal?.addEventListener('abort', onTime)
    void job.over.finally(() => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onTime)
    })
    if (signal?.aborted) onTime()
  }

  /** The request ends where what takes its output does. */
  #follow(job: Job): void {
    const { download } = job.options
    if (!download) return
    const failed = (error: Error): void => this.#end(job, error)
    download.on('error', failed)
    void job.over.finally(() => download.off('error', failed))
  }

  #end(job: Job, cause: 'time' | 'overflow' | Error): void {
    if (job.cause || job.isOver) return
    job.cause = cause
    job.cleared = this.#owner.end(job, this)
  }

  #take(job: Job, stream: 'stdout' | 'stderr', piece: Buffer): void {
    const { download } = job.options
    if (download !== undefined && stream === 'stdout') return this.#pass(job, download, piece)
    if (!job.take(stream, piece)) this.#end(job, 'overflow')
  }

  /** Hands a piece on; where that is more than can be taken just now, nothing is read until it has been. */
  #pass(job: Job, download: Writable, piece: Buffer): void {
    // What comes while it is being ended is not wanted any more.
    if (job.cause || download.destroyed || download.write(piece)) return
    this.pause()
    const flows = (): void => {
      download.off('drain', flows).off('close', flows)
      this.resume()
    }
    download.on('drain', flows).on('close', flows)
  }

  #onOpening(job: Job, pids: string): void {
    const [shell, subshell] = pids.trim().split(' ').map(Number)
    this.#started = true
    job.open({ shell: shell ?? 0, subshell })
    const { upload } = job.options
    if (!upload || upload.size === 0) return
    const { meter } = this.#line
    meter.roundTrips++
    const sent = (bytes: number): void => {
      meter.bytesSent += bytes
    }
    sendUpload(upload.stream, upload.size, this.#program.stdin, sent).catch((error: unknown) =>
      this.#end(job, error instanceof Error ? error : new Error(String(error))),
    )
  }

  #onAnswer(job: Job): void {
    this.#sent.shift()
    void job.settle()
    const next = this.#sent[0]
    if (next) this.#watch(next)
    this.#sendMore()
  }

  #onEnded(status: number | null): void {
    if (!this.alive) return
    this.alive = false
    const { lost } = this.#line
    const jobs = [...this.#sent, ...this.#unsent]
    if (lost ?? !this.#started) {
      const reason = lost ?? this.#owner.explain(this.#banner + this.#stdout.rest() + this.#stderr.rest(), status)
      for (const job of jobs) void job.settle(reason)
      return this.#owner.ended(this, [])
    }
    const begun = jobs.filter((job) => job.opening)
    for (const job of begun) void job.settle(new ConnectionError('lost', SHELL_ENDED))
    this.#owner.ended(
      this,
      jobs.filter((job) => !job.opening),
    )
  }
}

const SHELL_ENDED =
  'the shell on the host was ended while it carried out this script, so that it is not known how much of it was done: does the script kill its parent?'
