import type { Change } from '../../modules/step.ts'
import type { JsonObject } from '../../schema/infer.ts'
import { totalOf } from '../transport/line.ts'
import type { Variable, Variables } from '../inventory/inventory.ts'
import type { Task } from '../language/tree.ts'
import type { Vault } from '../language/vault.ts'
import type { Endpoint, Meter } from '../transport/transport.ts'
import { HostVariables } from '../vars/host-variables.ts'
import type { Layer } from '../vars/layers.ts'
import type { Job } from './background.ts'
import type { Target } from './module-run.ts'
import type { Access } from './settings.ts'
import { UnknownValue } from './signals.ts'
import { Tally } from './tally.ts'
import type { Way } from './way.ts'

/** How a host is doing in the run: `failed` until a rescue, `unreachable` and `ended` for good. */
export type Standing = 'running' | 'failed' | 'unreachable' | 'ended'

/** One host through a run: the ways to it, its variables, how its tasks went. */
export class HostRun {
  readonly name: string
  readonly tally = new Tally()
  standing: Standing = 'running'
  /** True while a host that has failed runs what is run nevertheless: `always`, handlers that are forced. */
  isLost = false
  /** Results that check mode does not have, by variable: asking for one throws `UnknownValue`. */
  readonly unknown = new Map<string, () => never>()
  /** Handlers to run, `maybe` where check mode cannot say whether they will be. */
  readonly notified = new Map<Task, 'yes' | 'maybe'>()
  /** Tasks whose facts were read ahead and are still known. */
  readonly ahead = new Set<Task>()
  /** What runs in the background on the host, by `ansible_job_id`. */
  readonly jobs = new Map<string, Job>()
  readonly vars: HostVariables
  readonly #reach: (endpoint: Endpoint) => Way
  readonly #ways = new Map<string, Way>()
  readonly #included = new Map<string, Variable>()
  /** What told that a line was lost: all that was under way on it is told the same. */
  readonly #mourned = new WeakSet<Error>()
  #reading: Promise<unknown> | undefined

  /** `layers` are the variables that hold for the host all along; `reach` opens a way to it. */
  constructor(name: string, reach: (endpoint: Endpoint) => Way, layers: readonly Layer[], vault?: Vault) {
    this.name = name
    this.#reach = reach
    this.vars = new HostVariables(name, [...layers, ...this.#learnt()], vault)
  }

  /** Puts other layers in the place of those that hold for the host all along: the inventory has changed. */
  relayer(layers: readonly Layer[]): void {
    this.vars.relayer([...layers, ...this.#learnt()])
  }

  #learnt(): readonly Layer[] {
    return [
      { kind: 'written', level: 'include-vars', variables: this.#included },
      { kind: 'computed', level: 'role-params', variables: this.unknown },
    ]
  }

  includeVars(variables: Variables): void {
    for (const [name, variable] of variables) {
      this.#included.set(name, variable)
      this.vars.changed(name)
    }
  }

  /** Keeps a task's result under its `register` name; null is a result that check mode does not have. */
  register(name: string, task: string, result: JsonObject | null): void {
    if (result !== null) this.unknown.delete(name)
    else
      this.unknown.set(name, () => {
        throw new UnknownValue(name, task)
      })
    this.vars.register(name, result)
  }

  get isReadingAhead(): boolean {
    return this.#reading !== undefined
  }

  /** Says that nobody can know these variables in check mode, since `task` sets them only in the real run. */
  obscure(names: Iterable<string>, task: string): void {
    for (const name of names) this.register(name, task, null)
  }

  /** Says that coming tasks are being observed; until that is over, nothing is performed. */
  reading(work: Promise<unknown>): void {
    const mine = work.finally(() => {
      if (this.#reading === mine) this.#reading = undefined
    })
    this.#reading = mine
  }

  /** Forgets what was read of the host, when a play is done with it. */
  forget(): void {
    for (const way of this.#ways.values()) way.forget()
    this.ahead.clear()
    this.notified.clear()
  }

  /** What went over the wire so far. */
  async meter(): Promise<Meter> {
    return totalOf(await Promise.all([...this.#ways.values()].map((way) => way.line.meter())))
  }

  /** Gives up all connections; the next request opens another. */
  async drop(): Promise<void> {
    await Promise.all([...this.#ways.values()].map((way) => way.line.drop()))
  }

  /** Ends all connections for good. */
  async close(): Promise<void> {
    await Promise.all([...this.#ways.values()].map((way) => way.line.close()))
  }

  /** The way to the host by an endpoint: one for each that tasks name. */
  way(endpoint: Endpoint): Way {
    const key = JSON.stringify(endpoint)
    const way = this.#ways.get(key) ?? this.#reach(endpoint)
    this.#ways.set(key, way)
    return way
  }

  /** The host as a module gets at it; `apart` for one that is to see, and leave, no predictions. */
  target({ endpoint, identity }: Access, apart = false): Target {
    const way = this.way(endpoint)
    const store = apart ? way.actual : way.store
    return {
      name: this.name,
      store,
      ...way.as(identity, store),
      predict: (effects) => {
        if (!apart) way.store.predict(effects)
      },
      settle: (effects) => {
        way.store.touched(effects)
        way.actual.touched(effects)
        // What check mode had predicted of these is overtaken by what was really done.
        if (apart) way.store.predict(effects.filter((effect) => effect.kind === 'becomes'))
      },
      isOwn: way.line.endpoint.kind !== 'ssh',
      reconnect: (lost) => {
        if (lost !== undefined && this.#mourned.has(lost)) return Promise.resolve()
        if (lost !== undefined) this.#mourned.add(lost)
        this.ahead.clear()
        way.forget()
        return way.line.drop()
      },
      quiet: async () => {
        await this.#reading
      },
      note: (changes: readonly Change[]) =>
        this.tally.note(changes.map((change) => `${change.subject} (${change.verb})`)),
    }
  }
}

/** The hosts that go on. */
export const running = (hosts: readonly HostRun[]): readonly HostRun[] =>
  hosts.filter((host) => host.standing === 'running')

/** The names of those that have not failed. */
export const liveNames = (hosts: readonly HostRun[]): readonly string[] =>
  running(hosts)
    .filter((host) => !host.isLost)
    .map((host) => host.name)

/** Runs work on hosts that have failed, as though they had not; afterwards they have. */
export async function nevertheless(hosts: readonly HostRun[], work: () => Promise<void>): Promise<void> {
  const failed = hosts.filter((host) => host.standing === 'failed')
  const newly = failed.filter((host) => !host.isLost)
  for (const host of failed) host.standing = 'running'
  for (const host of newly) host.isLost = true
  await work()
  for (const host of failed) if (host.standing === 'running') host.standing = 'failed'
  for (const host of newly) host.isLost = false
}

/** A host that failed or cannot be reached. */
export const isBroken = ({ standing }: HostRun): boolean => standing === 'failed' || standing === 'unreachable'
