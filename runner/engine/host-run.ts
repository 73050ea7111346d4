import { userInfo } from 'node:os'
import type { Change } from '../../modules/step.ts'
import type { JsonObject } from '../../schema/infer.ts'
import type { Host } from '../host/host.ts'
import type { Line } from '../host/line.ts'
import { FactStore } from '../host/store.ts'
import type { Variable, Variables } from '../inventory/inventory.ts'
import type { Task } from '../language/tree.ts'
import type { Vault } from '../language/vault.ts'
import type { Identity } from '../transport/transport.ts'
import { HostVariables } from '../vars/host-variables.ts'
import type { Layer } from '../vars/layers.ts'
import type { Job } from './background.ts'
import type { Target } from './module-run.ts'
import { identityKey } from './settings.ts'
import { UnknownValue } from './signals.ts'
import { Tally } from './tally.ts'

/** How a host is doing in the run: `failed` until a rescue, `unreachable` and `ended` for good. */
export type Standing = 'running' | 'failed' | 'unreachable' | 'ended'

/** One host through a run: its line, what is known of it, how its tasks went. */
export class HostRun {
  readonly name: string
  readonly line: Line
  readonly store = new FactStore()
  /** The host's state without what check mode predicts: for tasks that `check_mode` turns the other way. */
  readonly actual = new FactStore()
  readonly tally = new Tally()
  standing: Standing = 'running'
  /** Results that check mode does not have, by variable: asking for one throws `UnknownValue`. */
  readonly unknown = new Map<string, () => never>()
  /** Handlers to run, `maybe` where check mode cannot say whether they will be. */
  readonly notified = new Map<Task, 'yes' | 'maybe'>()
  /** Tasks whose facts were read ahead and are still known. */
  readonly ahead = new Set<Task>()
  /** What runs in the background on the host, by `ansible_job_id`. */
  readonly jobs = new Map<string, Job>()
  readonly vars: HostVariables
  readonly #hostAs: (identity: Identity) => Host
  readonly #hosts = new Map<string, Host>()
  readonly #included = new Map<string, Variable>()
  #reading: Promise<unknown> | undefined

  /** `layers` are the variables that hold for the host all along; `hostAs` gives what reads and performs as an identity. */
  constructor(name: string, line: Line, hostAs: (identity: Identity) => Host, layers: readonly Layer[], vault?: Vault) {
    this.name = name
    this.line = line
    this.#hostAs = hostAs
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
      this.vars.base.changed(name)
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
    this.store.forget()
    this.actual.forget()
    this.ahead.clear()
    this.notified.clear()
  }

  /** Who logs in, where the inventory or this machine says so. */
  get loginUser(): string | undefined {
    const { endpoint } = this.line
    return endpoint.kind === 'ssh' ? endpoint.user : userInfo().username
  }

  /** The host as an identity, for a module; `apart` for one that is to see, and leave, no predictions. */
  target(identity: Identity, apart = false): Target {
    const key = identityKey(identity)
    const host = this.#hosts.get(key) ?? this.#hostAs(identity)
    this.#hosts.set(key, host)
    const store = apart ? this.actual : this.store
    return {
      store,
      view: store.as(key, host),
      host,
      predict: (effects) => {
        if (!apart) this.store.predict(effects)
      },
      settle: (effects) => {
        this.store.touched(effects)
        this.actual.touched(effects)
        // What check mode had predicted of these is overtaken by what was really done.
        if (apart) this.store.predict(effects.filter((effect) => effect.kind === 'becomes'))
      },
      reconnect: () => {
        this.ahead.clear()
        this.store.forget()
        this.actual.forget()
        return this.line.drop()
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

/** A host that failed or cannot be reached. */
export const isBroken = ({ standing }: HostRun): boolean => standing === 'failed' || standing === 'unreachable'
