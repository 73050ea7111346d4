import { isDeepStrictEqual } from 'node:util'
import type { Shell } from '../transport/transport.ts'
import type { Performed, Work } from './host.ts'
import { performParts } from './perform-portion.ts'
import { joinWorks } from './perform-script.ts'

/** Works in one request, at most: what is read back of them, and what they may print, has to fit as well. */
const mostWorks = 250

interface Waiting {
  readonly work: Work
  readonly resolve: (performed: Performed | PromiseLike<Performed>) => void
  readonly reject: (error: unknown) => void
}

/** Performs works that are asked for in the same tick in one request, where none has to wait for another. */
export class PerformQueue {
  readonly #shell: () => Promise<Shell>
  readonly #alone: (work: Work) => Promise<Performed>
  #waiting: Waiting[] = []

  /** `alone` performs one work by itself. */
  constructor(shell: () => Promise<Shell>, alone: (work: Work) => Promise<Performed>) {
    this.#shell = shell
    this.#alone = alone
  }

  perform(work: Work): Promise<Performed> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ work, resolve, reject })
      if (this.#waiting.length === 1) setImmediate(() => this.#flush())
    })
  }

  #flush(): void {
    const waiting = this.#waiting
    this.#waiting = []
    void this.#serveAll(lotsOf(waiting))
  }

  /** What cannot be joined goes one after the other: services are not asked for many things at once. */
  async #serveAll(lots: readonly (readonly Waiting[])[]): Promise<void> {
    for (const lot of lots) {
      const served = this.#serve(lot)
      if (lot.length < 2) await served
    }
  }

  async #serve(lot: readonly Waiting[]): Promise<void> {
    const [first] = lot
    if (first === undefined || lot.length < 2) return this.#oneByOne(lot)
    const portion = joinWorks(lot.map(({ work }) => work))
    if (portion === null) {
      const half = Math.ceil(lot.length / 2)
      await this.#serve(lot.slice(0, half))
      return this.#serve(lot.slice(half))
    }
    try {
      const limits = { deadline: Infinity, signal: first.work.signal }
      const performed = await performParts(await this.#shell(), portion, limits)
      // Which of them has moved is for each to say.
      if (performed.kind === 'moved') return await this.#oneByOne(lot)
      let read = 0
      lot.forEach(({ work, resolve, reject }, index) => {
        const readings = performed.readings.slice(read, (read += work.readBack.length))
        const done = performed.parts[index]
        if (done === undefined) reject(new Error('a part of a request has no result'))
        else resolve({ kind: 'performed', ...done, readings })
      })
    } catch (error) {
      for (const { reject } of lot) reject(error)
    }
  }

  async #oneByOne(lot: readonly Waiting[]): Promise<void> {
    for (const { work, resolve } of lot) {
      const performed = this.#alone(work)
      resolve(performed)
      await performed.catch(() => {})
    }
  }
}

/** Cuts works into those that may go together, in order. */
function lotsOf(waiting: readonly Waiting[]): readonly (readonly Waiting[])[] {
  const lots: Waiting[][] = []
  for (const each of waiting) {
    const last = lots.at(-1)
    const [first] = last ?? []
    if (first !== undefined && last !== undefined && last.length < mostWorks && areAlike(first.work, each.work))
      last.push(each)
    else lots.push([each])
  }
  return lots
}

function areAlike(a: Work, b: Work): boolean {
  const free = [a, b].every(({ timeout, basis, readBack }) => {
    return timeout === undefined && ![...basis.map(({ fact }) => fact), ...readBack].some(({ kind }) => kind.question)
  })
  return free && a.signal === b.signal && isDeepStrictEqual(a.environment, b.environment)
}
