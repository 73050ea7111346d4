import { type Fact, UnreadableFact } from '../../modules/fact.ts'
import { type HostState, UnknownFact } from '../../modules/module.ts'
import type { Effect } from '../../modules/step.ts'
import { Entries, type Entry } from './entries.ts'
import type { Basis, Host, Reading } from './host.ts'
import { Overlay } from './overlay.ts'
import { Touches } from './touches.ts'
import { Journal, type Window } from './window.ts'

/** How it went to reach a host. */
type Opened = { readonly ok: true } | { readonly ok: false; readonly error: unknown }

/** Waiters for one fact that is to be read. */
interface Question {
  readonly fact: Fact<unknown>
  readonly waiting: { readonly resolve: (entry: Entry) => void; readonly reject: (error: unknown) => void }[]
}

/**
 * What is known of one host: for each identity the facts that were read, and the overlay of what check mode predicts. Facts asked for in
 * the same tick are read as one batch; while the controller still prepares something for the host (`hold`), the batch waits for it.
 */
export class FactStore {
  readonly #views = new Map<string, View>()
  readonly #overlay = new Overlay()
  readonly #underWay = new Set<{ readonly touches: Touches; readonly done: Promise<unknown> }>()
  #held = 0

  /** The state as an identity sees it; `host` reads for it. */
  as(identity: string, host: Host): View {
    const known = this.#views.get(identity)
    if (known !== undefined) return known
    const view = new View(host, this.#overlay, () => this.#held > 0)
    this.#views.set(identity, view)
    return view
  }

  /** Batches wait while `work`, which is about to ask for facts, is under way; the host is reached meanwhile. */
  async hold<T>(work: () => Promise<T>): Promise<T> {
    this.#held++
    for (const view of this.#views.values()) void view.reached()
    try {
      return await work()
    } finally {
      this.#held--
      if (this.#held === 0) for (const view of this.#views.values()) view.released()
    }
  }

  /** Performs what will have these effects; until it is done, `settled` knows of it. */
  async performing<T>(effects: readonly Effect[], work: () => Promise<T>): Promise<T> {
    const done = work()
    const entry = { touches: new Touches(effects), done: done.catch(() => {}) }
    this.#underWay.add(entry)
    try {
      return await done
    } finally {
      this.#underWay.delete(entry)
    }
  }

  /** Resolves when nothing is being performed that touches these facts. */
  async settled(facts: Iterable<Fact<unknown>>): Promise<void> {
    const wanted = [...facts]
    const touching = [...this.#underWay].filter(({ touches }) => wanted.some((fact) => touches.touch(fact)))
    await Promise.all(touching.map(({ done }) => done))
  }

  /** Lays effects of steps that were not performed over the host's own facts. */
  predict(effects: readonly Effect[]): void {
    this.#overlay.lay(effects)
  }

  /** Drops what performed steps made untrue, for every identity. */
  touched(effects: readonly Effect[]): void {
    for (const view of this.#views.values()) view.touched(effects)
  }

  /** Forgets all that was read: after a lost connection, or when a play is done with the host. */
  forget(): void {
    for (const view of this.#views.values()) view.forget()
  }
}

/** The state of a host as one identity sees it. */
export class View implements HostState {
  readonly #host: Host
  readonly #overlay: Overlay
  readonly #isHeld: () => boolean
  readonly #entries = new Entries()
  readonly #pending = new Map<string, Question>()
  /** What is being read just now. */
  readonly #journal = new Journal()
  #scheduled = false
  #opening: Promise<Opened> | undefined

  constructor(host: Host, overlay: Overlay, isHeld: () => boolean) {
    this.#host = host
    this.#overlay = overlay
    this.#isHeld = isHeld
  }

  /** True in a check once a step would have started something: a service may answer otherwise then. */
  get started(): boolean {
    return this.#overlay.started
  }

  /** True where `get` answers without asking the host. */
  has(fact: Fact<unknown>): boolean {
    return (
      fact.kind.given === true ||
      this.#overlay.lookup(fact) !== undefined ||
      (fact.kind.live !== true && this.#entries.get(fact.key) !== undefined)
    )
  }

  /** Resolves when the host is reached, or not to be; what is asked for next is told the same. Never rejects. */
  reached(): Promise<Opened> {
    return (this.#opening ??= settled(this.#host.open?.()))
  }

  /** `onReading` is called with what the host printed, where it was asked. */
  async get<T>(fact: Fact<T>, onReading?: (reading: Reading) => void): Promise<T> {
    const predicted = this.#overlay.lookup(fact)
    if (predicted?.kind === 'unknown') throw new UnknownFact(fact.key)
    // A fact's key stands for its type: only facts of the same definition have it.
    if (predicted?.kind === 'value') return predicted.value as T
    if (fact.kind.given === true) return fact.parse(Buffer.alloc(0))
    const known = fact.kind.live === true ? undefined : this.#entries.get(fact.key)
    const entry = known ?? (await this.#ask(fact))
    onReading?.(entry.reading)
    if (this.#overlay.started && isUnanswered(entry)) throw new UnknownFact(fact.key)
    return valueOf(entry) as T
  }

  /** Runs `work`, which reads facts and keeps of them what the window says. */
  async during<T>(work: (window: Window) => Promise<T>): Promise<T> {
    const window = this.#journal.open()
    try {
      return await work(window)
    } finally {
      this.#journal.close(window)
    }
  }

  /** Takes over what was read elsewhere, e.g. after performing. */
  learn(fact: Fact<unknown>, reading: Reading): void {
    this.#entries.set({ fact, reading })
  }

  touched(effects: readonly Effect[]): void {
    this.#journal.touched(effects)
    this.#entries.drop(new Touches(effects))
  }

  forget(): void {
    this.#opening = undefined
    this.#journal.forget()
    this.#entries.clear()
  }

  released(): void {
    if (this.#pending.size > 0) this.#schedule()
  }

  #ask(fact: Fact<unknown>): Promise<Entry> {
    return new Promise((resolve, reject) => {
      const pending = this.#pending.get(fact.key)
      if (pending === undefined) this.#pending.set(fact.key, { fact, waiting: [{ resolve, reject }] })
      else pending.waiting.push({ resolve, reject })
      this.#schedule()
    })
  }

  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    setImmediate(() => {
      this.#scheduled = false
      void this.#flush()
    })
  }

  async #flush(): Promise<void> {
    if (this.#pending.size === 0) return
    const opened = await this.reached()
    if (opened.ok && this.#isHeld()) return
    this.#opening = undefined
    const batch = [...this.#pending.values()]
    this.#pending.clear()
    if (batch.length === 0) return
    try {
      if (!opened.ok) throw opened.error
      await this.during(async (window) => {
        const readings = await this.#host.read(batch.map(({ fact }) => fact))
        batch.forEach((question, index) => {
          const { fact } = question
          const reading = readings[index] ?? { kind: 'unreadable', message: `cannot read ${fact.key}` }
          this.#answer(question, { fact, reading }, window)
        })
      })
    } catch (error) {
      for (const waiter of batch.flatMap(({ waiting }) => waiting)) waiter.reject(error)
    }
  }

  /** What was touched while it was read is read again, where it is not known from elsewhere by now. */
  #answer({ fact, waiting }: Question, entry: Entry, window: Window): void {
    if (fact.kind.live === true) {
      for (const waiter of waiting) waiter.resolve(entry)
      return
    }
    const newer = this.#entries.get(fact.key)
    if (window.keeps(fact)) this.#entries.set(entry)
    else if (window.isOvertaken(fact) && newer === undefined) {
      for (const waiter of waiting) this.#ask(fact).then(waiter.resolve, waiter.reject)
      return
    }
    for (const waiter of waiting) waiter.resolve(this.#entries.get(fact.key) ?? entry)
  }
}

/** The state as one task sees it: remembers what the task observed, which is what its plan is made from. */
export class Observation implements HostState {
  readonly observed = new Map<string, Fact<unknown>>()
  readonly #readings = new Map<string, Reading>()
  readonly #view: View
  readonly #onMiss: () => void
  readonly #ahead: boolean

  /**
   * `onMiss` is called before the host is asked for something, in the same tick. With `ahead`, the task's turn has not come: live facts
   * are not to be had yet.
   */
  constructor(view: View, onMiss: () => void, { ahead = false }: { readonly ahead?: boolean } = {}) {
    this.#view = view
    this.#onMiss = onMiss
    this.#ahead = ahead
  }

  get<T>(fact: Fact<T>): Promise<T> {
    if (this.#ahead && fact.kind.live === true)
      return Promise.reject(new UnreadableFact(`${fact.key} is asked for when the task's turn comes`))
    this.observed.set(fact.key, fact)
    if (!this.#view.has(fact)) this.#onMiss()
    return this.#view.get(fact, (reading) => this.#readings.set(fact.key, reading))
  }

  /** What the host printed for those of these facts that the task observed, whatever has become of them since. */
  basis(facts: Iterable<Fact<unknown>>): readonly Basis[] {
    return [...facts].flatMap((fact) => {
      const reading = this.#readings.get(fact.key)
      return reading?.kind === 'raw' && fact.kind.volatile !== true ? [{ fact, raw: reading.raw }] : []
    })
  }
}

const settled = (work: Promise<void> | undefined): Promise<Opened> =>
  Promise.resolve(work).then(
    () => ({ ok: true }),
    (error: unknown) => ({ ok: false, error }),
  )

/** True where a service was asked that does not run. */
const isUnanswered = ({ fact, reading }: Entry): boolean =>
  fact.kind.question !== undefined &&
  reading.kind === 'raw' &&
  (JSON.parse(reading.raw.toString('utf8')) as { readonly kind: string }).kind === 'down'

function valueOf(entry: Entry): unknown {
  entry.value ??= parse(entry)
  if (!entry.value.ok) throw entry.value.error
  return entry.value.value
}

function parse({ fact, reading }: Entry): NonNullable<Entry['value']> {
  if (reading.kind === 'unreadable') return { ok: false, error: new UnreadableFact(reading.message) }
  try {
    return { ok: true, value: fact.parse(reading.raw) }
  } catch (error) {
    return { ok: false, error }
  }
}
