import type { Part, Parts } from '../events.ts'
import type { Lines } from './lines.ts'
import { noParts } from './parts.ts'

/** What a task may wait for. */
export type Awaited = 'read' | 'perform'

/** Where the time of one task on one host goes. Each moment counts for one part only, so that the parts add up to the whole. */
export class Clock {
  readonly #lines: Lines
  readonly #spent: Record<Part, number> = { ...noParts }
  readonly #computing: Part[] = []
  readonly #awaited: Record<Awaited, number> = { read: 0, perform: 0 }
  /** How often each host is waited for. */
  readonly #hosts = new Map<string, number>()
  readonly #start = performance.now()
  #last = this.#start
  #isOver = false

  constructor(lines: Lines) {
    this.#lines = lines
  }

  /** Computes something, the time of which counts for the part; what is computed within it for a part of its own. */
  compute<T>(part: Part, work: () => T): T {
    this.tick()
    this.#computing.push(part)
    try {
      return work()
    } finally {
      this.tick()
      this.#computing.pop()
    }
  }

  /** Waits for a host: what it takes to connect to it first counts as that. */
  async during<T>(part: Awaited, host: string, work: () => Promise<T>): Promise<T> {
    this.#await(part, host, 1)
    try {
      return await work()
    } finally {
      this.#await(part, host, -1)
    }
  }

  #await(part: Awaited, host: string, more: 1 | -1): void {
    this.tick()
    this.#awaited[part] += more
    const count = (this.#hosts.get(host) ?? 0) + more
    if (count === 0) {
      this.#hosts.delete(host)
      this.#lines.unwatch(host, this)
    } else {
      this.#hosts.set(host, count)
      this.#lines.watch(host, this)
    }
  }

  /** Counts the time since the last call for what went on since then: to be called before that changes. */
  tick(): void {
    if (this.#isOver) return
    const now = performance.now()
    this.#spent[this.#part()] += now - this.#last
    this.#last = now
  }

  /** Stops for good. */
  stop(): void {
    this.tick()
    this.#isOver = true
  }

  /** Milliseconds from the start to the last tick. */
  get elapsed(): number {
    return this.#last - this.#start
  }

  /** In milliseconds. */
  get parts(): Parts {
    return this.#spent
  }

  /** What is computed comes before what is waited for. */
  #part(): Part {
    const computing = this.#computing.at(-1)
    if (computing !== undefined) return computing
    for (const host of this.#hosts.keys()) if (this.#lines.isOpening(host)) return 'connect'
    if (this.#awaited.perform > 0) return 'perform'
    return this.#awaited.read > 0 ? 'read' : 'wait'
  }
}

/** Computes something, counted where there is a clock. */
export const computed = <T>(clock: Clock | undefined, part: Part, work: () => T): T =>
  clock === undefined ? work() : clock.compute(part, work)

/** Waits for a host, counted where there is a clock. */
export const awaited = <T>(
  clock: Clock | undefined,
  part: Awaited,
  host: string,
  work: () => Promise<T>,
): Promise<T> => (clock === undefined ? work() : clock.during(part, host, work))
