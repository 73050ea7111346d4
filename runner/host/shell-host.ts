import type { Fact } from '../../modules/fact.ts'
import type { ActionResult } from '../../modules/step.ts'
import type { Shell } from '../transport/transport.ts'
import type { Host, Performed, Reading, Work } from './host.ts'
import { performPortion } from './perform-portion.ts'
import { splitWork } from './perform-script.ts'
import { readFacts } from './read-facts.ts'

/** Milliseconds that one batch of reading may take before what hangs in it is given up. */
const readDeadline = 30_000

/** A host at the other end of a shell. */
export class ShellHost implements Host {
  readonly #shell: () => Promise<Shell>
  readonly #readDeadline: number

  constructor(shell: () => Promise<Shell>, options: { readonly readDeadline?: number } = {}) {
    this.#shell = shell
    this.#readDeadline = options.readDeadline ?? readDeadline
  }

  read(facts: readonly Fact<unknown>[]): Promise<readonly Reading[]> {
    return readFacts(this.#shell, facts, this.#readDeadline)
  }

  async perform(work: Work): Promise<Performed> {
    const portions = splitWork(work)
    const deadline = work.timeout === undefined ? Infinity : Date.now() + work.timeout
    const results: ActionResult[] = []
    let readings: readonly Reading[] = []
    for (const [index, portion] of portions.entries()) {
      const done = await performPortion(await this.#shell(), portion, { deadline, signal: work.signal })
      if (done.kind === 'moved') return done
      results.push(...done.results)
      readings = done.readings
      if (done.failure === null) continue
      if (index < portions.length - 1) readings = await this.read(work.readBack)
      return { kind: 'performed', results, failure: done.failure, readings }
    }
    return { kind: 'performed', results, failure: null, readings }
  }
}
