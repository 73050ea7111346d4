import { userInfo } from 'node:os'
import type { Change } from '../../modules/step.ts'
import type { JsonObject } from '../../schema/infer.ts'
import type { Host } from '../host/host.ts'
import type { Line } from '../host/line.ts'
import { ShellHost } from '../host/shell-host.ts'
import { FactStore } from '../host/store.ts'
import type { Variable, Variables } from '../inventory/inventory.ts'
import type { Task } from '../language/tree.ts'
import type { Vault } from '../language/vault.ts'
import type { Identity } from '../transport/transport.ts'
import { HostVariables } from '../vars/host-variables.ts'
import type { Layer } from '../vars/layers.ts'
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
  readonly tally = new Tally()
  standing: Standing = 'running'
  /** Results that check mode does not have, by variable: asking for one throws `UnknownValue`. */
  readonly unknown = new Map<string, () => never>()
  /** Handlers to run, `maybe` where check mode cannot say whether they will be. */
  readonly notified = new Map<Task, 'yes' | 'maybe'>()
  /** Tasks whose facts were read ahead and are still known. */
  readonly ahead = new Set<Task>()
  readonly vars: HostVariables
  readonly #hosts = new Map<string, Host>()
  readonly #included = new Map<string, Variable>()
  #reading: Promise<unknown> | undefined

  /** `layers` are the variables that hold for the host all along. */
  constructor(name: string, line: Line, layers: readonly Layer[], vault?: Vault) {
    this.name = name
    this.line = line
    const own: readonly Layer[] = [
      { kind: 'written', level: 'include-vars', variables: this.#included },
      { kind: 'computed', level: 'role-params', variables: this.unknown },
    ]
    this.vars = new HostVariables(name, [...layers, ...own], vault)
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
    this.ahead.clear()
  }

  /** Who logs in, where the inventory or this machine says so. */
  get loginUser(): string | undefined {
    const { endpoint } = this.line
    return endpoint.kind === 'ssh' ? endpoint.user : userInfo().username
  }

  /** The host as an identity, for a module. */
  target(identity: Identity): Target {
    const key = identityKey(identity)
    const host = this.#hosts.get(key) ?? new ShellHost(() => this.line.shell(identity))
    this.#hosts.set(key, host)
    return {
      store: this.store,
      view: this.store.as(key, host),
      host,
      reconnect: () => {
        this.ahead.clear()
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
