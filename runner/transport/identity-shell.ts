import { setTimeout as sleep } from 'node:timers/promises'
import { becomeError, startShell } from './become.ts'
import { endProcesses } from './end-processes.ts'
import { FramedShell, type Owner } from './framed-shell.ts'
import { Job } from './job.ts'
import type { Line, Program } from './line.ts'
import { ConnectionError, type Identity, type Reply, type RequestOptions, type Shell } from './transport.ts'

/** How long to wait for a host to begin with a request that is to be ended, and for another shell's answer. */
const PATIENCE = 10_000
const CLOSING = 4_000

/** Times that a further program is asked for where the line is full. */
const MOST_REFUSALS = 6

export interface IdentityShellOptions {
  readonly line: Line
  readonly identity: Identity
  /** The POSIX shell to start: a path. */
  readonly shell: string
  /** Called before a further program is started on the line. */
  readonly makeRoom: () => void
  /** Lets go what is idle on the line, when the host grants no further session; true where there was something. */
  readonly leaveRoom: () => Promise<boolean>
  /** A line of its own for what ends programs, where the line grants no session for it; undefined where there is none. */
  readonly secondLine: () => Promise<Line | undefined>
}

/** An identity's shell on a connection, and a second one to end what does not end by itself. Opened again when it has been lost. */
export class IdentityShell implements Shell {
  /** When it was last used, on the controller's clock. */
  lastUse = performance.now()
  readonly #options: IdentityShellOptions
  readonly #main = new LiveShell(() => this.#start(this.#options.line))
  readonly #spare = new LiveShell(() => this.#startSpare())
  readonly #living = new Set<FramedShell>()
  readonly #waiting = new Set<Job>()
  #closed = false

  constructor(options: IdentityShellOptions) {
    this.#options = options
  }

  /** Programs that it has on the line. */
  get programs(): number {
    return this.#living.size
  }

  get idle(): boolean {
    return this.#waiting.size === 0
  }

  async request(script: string, options: RequestOptions = {}): Promise<Reply> {
    const job = new Job(script, options)
    this.lastUse = performance.now()
    this.#waiting.add(job)
    void this.#give(job)
    try {
      return await job.reply
    } finally {
      this.#waiting.delete(job)
    }
  }

  /** Opens the main shell; rejects with `ConnectionError` or `BecomeError`. */
  async open(): Promise<void> {
    await this.#main.get()
  }

  /** Ends the shells and what they are carrying out; requests under way reject. It opens again at the next request, unless `forGood`. */
  async close(forGood = true): Promise<void> {
    const closed = new ConnectionError('lost', 'the connection was closed while this request was under way')
    for (const job of this.#waiting) job.cause ??= closed
    const shell = await this.#main.living()
    const current = shell?.current
    if (current) await Promise.race([this.#endProcesses(current, true).catch(ignore), pause(CLOSING)])
    this.#closed ||= forGood
    for (const job of this.#waiting) void job.settle(closed)
    await Promise.all([...this.#living].map((shell) => Promise.race([shell.quit(), pause(CLOSING)])))
    for (const shell of this.#living) shell.abandon()
    this.#living.clear()
  }

  async #give(job: Job): Promise<void> {
    try {
      if (job.cause instanceof Error) throw job.cause
      const shell = await this.#main.get()
      shell.run(job)
    } catch (error) {
      void job.settle(error instanceof Error ? error : new Error(String(error)))
    }
  }

  async #start(line: Line): Promise<FramedShell> {
    if (line.lost) throw line.lost
    if (this.#closed) throw new ConnectionError('lost', 'the connection is closed')
    this.#options.makeRoom()
    const program = await this.#startProgram(line)
    const started = new FramedShell(line, program, this.#owner)
    this.#living.add(started)
    return started
  }

  /** With `MaxSessions 1` the program that is to be ended has the only session of its line. */
  async #startSpare(): Promise<FramedShell> {
    const { line, secondLine } = this.#options
    try {
      return await this.#start(line)
    } catch (error) {
      const second = isFull(error, line) ? await secondLine() : undefined
      if (second === undefined) throw error
      return this.#start(second)
    }
  }

  /** A host that has just been told that a program is over may take a moment to grant the next one its session. */
  async #startProgram(line: Line): Promise<Program> {
    const { identity, shell, leaveRoom } = this.#options
    for (let attempt = 0; ; attempt++) {
      try {
        return await startShell(line, identity, shell)
      } catch (error) {
        if (!isFull(error, line) || attempt >= MOST_REFUSALS) throw error
        const left = await leaveRoom()
        if (attempt === 0 && !left) throw error
        await pause(20 * 2 ** attempt)
      }
    }
  }

  readonly #owner: Owner = {
    explain: (output, status) => this.#explain(output, status),
    ended: (shell, unstarted) => this.#forget(shell, unstarted),
    end: async (job, shell) => {
      if (job.opening) shell.pause()
      const flows = (): void => shell.resume()
      await this.#endProcesses(job, (job.options.upload?.size ?? 0) > 0, flows).catch(ignore)
      flows()
      if (!job.isOver && shell.alive) await this.#abandon(job, shell)
    },
  }

  /** Ends what a request started; `whole` ends the shell too, which would take what is left of an upload for its next request. */
  async #endProcesses(job: Job, whole: boolean, signalled = ignore): Promise<void> {
    const opening = await Promise.race([job.opened, job.over, pause(PATIENCE)])
    if (!opening || job.isOver) return
    await endProcesses({ ...opening, whole }, job.over, async (script) => {
      const reply = await this.#ask(script)
      signalled()
      return reply
    })
  }

  /** The host does not end what the request started: the shell is killed and left to itself, and later requests go to a fresh one. */
  async #abandon(job: Job, shell: FramedShell): Promise<void> {
    const killed = job.opening && (await this.#ask(`kill -KILL ${job.opening.shell}`).catch(() => undefined))
    const unstarted = shell.abandon()
    this.#living.delete(shell)
    for (const other of unstarted) {
      if (killed?.status === 0) void this.#give(other)
      else
        void other.settle(
          new ConnectionError('lost', 'the request before this one could not be ended, so that this one was not made'),
        )
    }
  }

  /** Runs a script in the second shell. */
  async #ask(script: string): Promise<Reply> {
    const job = new Job(script, {})
    const shell = await this.#spare.get()
    shell.run(job)
    const reply = await Promise.race([job.reply, pause(PATIENCE)])
    if (!reply) throw new ConnectionError('timeout', 'the host does not answer')
    return reply
  }

  #forget(shell: FramedShell, unstarted: readonly Job[]): void {
    this.#living.delete(shell)
    for (const job of unstarted) void this.#give(job)
  }

  #explain(output: string, status: number | null): Error {
    const { identity, shell } = this.#options
    if (identity.kind === 'become') return becomeError(identity, output)
    const said = output.trim() === '' ? '' : `; it said: ${output.trim()}`
    return new ConnectionError(
      'refused',
      `no shell could be started on the host: ${shell} ended with status ${status ?? 'unknown'}${said}. Can the user log in with a shell, and is ${shell} there?`,
    )
  }
}

/** One shell, opened when it is asked for and there is none that lives. */
class LiveShell {
  readonly #start: () => Promise<FramedShell>
  #opening: Promise<FramedShell> | undefined

  constructor(start: () => Promise<FramedShell>) {
    this.#start = start
  }

  /** The one that is there already. */
  async living(): Promise<FramedShell | undefined> {
    const shell = await this.#opening?.catch(() => undefined)
    return shell?.alive ? shell : undefined
  }

  async get(): Promise<FramedShell> {
    for (;;) {
      this.#opening ??= this.#start()
      const opening = this.#opening
      const shell = await opening.catch((error: unknown) => {
        if (this.#opening === opening) this.#opening = undefined
        throw error
      })
      if (shell.alive) return shell
      if (this.#opening === opening) this.#opening = undefined
    }
  }
}

/** Whether a line grants no further session for a program. */
const isFull = (error: unknown, line: Line): boolean =>
  error instanceof ConnectionError && error.reason === 'refused' && !line.lost
const ignore = (): void => {}
const pause = (milliseconds: number): Promise<undefined> => sleep(milliseconds, undefined, { ref: false })
