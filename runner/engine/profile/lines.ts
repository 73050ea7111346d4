import type { Clock } from './clock.ts'

/** Lines that are just being opened, and who waits for their hosts. */
export class Lines {
  readonly #opening = new Map<string, number>()
  readonly #waiting = new Map<string, Set<Clock>>()

  isOpening(host: string): boolean {
    return this.#opening.has(host)
  }

  watch(host: string, clock: Clock): void {
    const waiting = this.#waiting.get(host)
    if (waiting === undefined) this.#waiting.set(host, new Set([clock]))
    else waiting.add(clock)
  }

  unwatch(host: string, clock: Clock): void {
    this.#waiting.get(host)?.delete(clock)
  }

  /** Carries out `work`, which opens a line to the host or a shell on it. */
  async opening<T>(host: string, work: () => Promise<T>): Promise<T> {
    this.#count(host, 1)
    try {
      return await work()
    } finally {
      this.#count(host, -1)
    }
  }

  #count(host: string, more: 1 | -1): void {
    for (const clock of this.#waiting.get(host) ?? []) clock.tick()
    const count = (this.#opening.get(host) ?? 0) + more
    if (count === 0) this.#opening.delete(host)
    else this.#opening.set(host, count)
  }
}
