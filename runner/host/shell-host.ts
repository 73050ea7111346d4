import type { Fact } from '../../modules/fact.ts'
import type { ActionResult, ServiceAction } from '../../modules/step.ts'
import { ConnectionError, type Shell } from '../transport/transport.ts'
import { acceptsStatus } from './accepts-status.ts'
import { describeFailure } from './failure.ts'
import type { Basis, Host, Performed, Reading, Work } from './host.ts'
import { fetchFile } from './fetch-file.ts'
import { PerformQueue } from './perform-queue.ts'
import { performPortion, type Limits } from './perform-portion.ts'
import { isService, splitWork } from './perform-script.ts'
import { readFacts } from './read-facts.ts'
import { ask, type Dial } from './services/ask.ts'
import { awaitFacts } from './services/await.ts'
import { request } from './services/request.ts'

/** Milliseconds that one batch of reading may take before what hangs in it is given up. */
const readDeadline = 30_000

const isAsked = (fact: Fact<unknown>): boolean => fact.kind.question !== undefined

/** A host at the other end of a shell, with its services at the other end of streams. */
export class ShellHost implements Host {
  readonly #shell: () => Promise<Shell>
  readonly #dial: Dial
  readonly #readDeadline: number
  readonly open?: () => Promise<void>
  readonly #queue: PerformQueue

  constructor(
    shell: () => Promise<Shell>,
    options: { readonly readDeadline?: number; readonly dial?: Dial; readonly open?: () => Promise<void> } = {},
  ) {
    this.#shell = shell
    if (options.open !== undefined) this.open = options.open
    this.#dial = options.dial ?? noService
    this.#readDeadline = options.readDeadline ?? readDeadline
    this.#queue = new PerformQueue(shell, (work) => this.#perform(work))
  }

  async read(facts: readonly Fact<unknown>[]): Promise<readonly Reading[]> {
    const scripted = facts.filter((fact) => !isAsked(fact))
    const reading = scripted.length === 0 ? [] : readFacts(this.#shell, scripted, this.#readDeadline)
    const asking = facts.map(async ({ kind: { question } }) =>
      question === undefined ? null : ask(question, this.#dial),
    )
    const [answers, readings] = await Promise.all([Promise.all(asking), reading])
    const next = readings.values()
    return answers.map((raw): Reading => (raw === null ? taken(next) : { kind: 'raw', raw }))
  }

  perform(work: Work): Promise<Performed> {
    return this.#queue.perform(work)
  }

  async #perform(work: Work): Promise<Performed> {
    if (await this.#hasMoved(work.basis.filter(({ fact }) => isAsked(fact)))) return { kind: 'moved' }
    const { basis, readBack } = work
    const own = { ...work, basis: basis.filter(({ fact }) => !isAsked(fact)) }
    const services = readBack.some(isAsked) || work.actions.some(isService)
    const lots = splitWork(services ? { ...own, readBack: [] } : own)
    const deadline = work.timeout === undefined ? Infinity : performance.now() + work.timeout
    const limits = { deadline, signal: work.signal }
    const results: ActionResult[] = []
    let readings: readonly Reading[] = []
    for (const [index, lot] of lots.entries()) {
      const done =
        lot.kind === 'service'
          ? await this.#serve(lot.action, lot.basis, work, limits)
          : await performPortion(await this.#shell(), lot.portion, limits)
      if (done.kind === 'moved') return done
      results.push(...done.results)
      readings = done.readings
      if (done.failure === null) continue
      if (services || index < lots.length - 1) readings = await this.read(readBack)
      return { kind: 'performed', results, failure: done.failure, readings }
    }
    if (services) readings = await this.read(readBack)
    return { kind: 'performed', results, failure: null, readings }
  }

  async #hasMoved(basis: readonly Basis[]): Promise<boolean> {
    if (basis.length === 0) return false
    const now = await this.read(basis.map(({ fact }) => fact))
    return basis.some(({ raw }, index) => {
      const reading = now[index]
      return reading?.kind !== 'raw' || !reading.raw.equals(raw)
    })
  }

  async #serve(action: ServiceAction, basis: readonly Basis[], work: Work, limits: Limits): Promise<Performed> {
    if (await this.#hasMoved(basis)) return { kind: 'moved' }
    if (action.do === 'fetch') return fetchFile(await this.#shell(), action, limits)
    const result =
      action.do === 'await'
        ? await awaitFacts(action, work, (facts) => this.read(facts))
        : await request(action, this.#dial, work.signal)
    const failed = !acceptsStatus(action, result.status)
    const message = describeFailure(action, result, 'status')
    return {
      kind: 'performed',
      results: [result],
      failure: failed ? { action, reason: 'status', message } : null,
      readings: [],
    }
  }
}

function taken(readings: IterableIterator<Reading>): Reading {
  const { value } = readings.next()
  return value ?? { kind: 'unreadable', message: 'the host gave no answer' }
}

const noService: Dial = () =>
  Promise.reject(new ConnectionError('refused', 'services of this host cannot be reached over its connection'))
