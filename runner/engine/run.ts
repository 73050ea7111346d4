import { dirname, resolve } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { Module } from '../../modules/module.ts'
import { type BecomeDefaults, type ConnectionDefaults } from '../inventory/connection-variables.ts'
import type { LoadedInventory } from '../inventory/load.ts'
import { hostOf } from '../inventory/localhost.ts'
import type { Position } from '../language/source.ts'
import type { RoleRequest } from '../language/role.ts'
import type { Block, Node, Playbook } from '../language/tree.ts'
import type { Vault } from '../language/vault.ts'
import { changed, type InventoryChange } from '../inventory/change.ts'
import type { Inventory, InventoryHost, Variables } from '../inventory/inventory.ts'
import type { Host } from '../host/host.ts'
import { type Connect, Line } from '../host/line.ts'
import { ShellHost } from '../host/shell-host.ts'
import type { Identity } from '../transport/transport.ts'
import { TemplateError } from '../template/template.ts'
import { inventoryLayers } from '../vars/inventory-layers.ts'
import type { Layer } from '../vars/layers.ts'
import { hostMagic, omitMarker, runMagic } from '../vars/magic.ts'
import type { Event, ExitStatus, HostRecap } from './events.ts'
import { hideSecrets } from './connection-secrets.ts'
import { ExpectedFiles } from './expected-files.ts'
import { HostRun } from './host-run.ts'
import type { TagSelection } from './lineage.ts'
import { runPlay } from './play-run.ts'
import { Profile } from './profile/profile.ts'
import { Redactor } from './redact.ts'
import { Stats } from './stats.ts'
import { Way } from './way.ts'
import type { Interruption } from './signals.ts'

/** What the user asked for: the command line over the settings. */
export interface RunOptions {
  readonly check: boolean
  readonly diff: boolean
  readonly forks: number
  readonly verbosity: number
  readonly limit: string | undefined
  /** Asks before each task. */
  readonly step?: boolean
  readonly tags: TagSelection
  readonly extraVars: Variables
  readonly connection: ConnectionDefaults
  readonly become: BecomeDefaults
  /** Runs handlers also on hosts that failed. */
  readonly forceHandlers: boolean
  /** False where each task reads its own facts only: for comparing. */
  readonly readAhead: boolean
  /** Tells at the end where the time went. */
  readonly profile?: boolean
  readonly inventorySources: readonly string[]
  readonly version: string
}

/** What the run needs from outside. */
export interface RunDependencies {
  readonly connect: Connect
  /** Makes what reads and performs on a host; over its line where unset. */
  readonly hostOf?: (name: string, identity: Identity) => Host
  readonly moduleNamed: (name: string) => Module | undefined
  /** Reads a file of tasks when an include is reached. Throws `ProblemsFound`. */
  readonly loadTasks: (
    file: string,
    from: Position,
    section: 'tasks' | 'handlers',
    playbookDirectory: string,
    /** The roles around the include, outermost first. */
    roles: readonly { readonly name: string; readonly path: string }[],
  ) => readonly Node[]
  /** Reads a role when an include is reached; `beside` is the directory of the role that includes it. Throws `ProblemsFound`. */
  readonly loadRole: (request: RoleRequest, playbookDirectory: string, beside: string | undefined) => Block
  readonly emit: (event: Event) => void
  readonly interruption: Interruption
  /** Opens encrypted values and files, and says what is secret. */
  readonly vault?: Vault | undefined
  /** Asks the user; undefined where nobody can answer. */
  readonly ask: (prompt: string, hidden: boolean) => Promise<string | undefined>
}

/** A run under way: its hosts, and what all plays share. */
export class Run {
  readonly options: RunOptions
  readonly dependencies: RunDependencies
  #inventory: LoadedInventory
  readonly omit = omitMarker()
  readonly redactor = new Redactor()
  readonly #hosts = new Map<string, HostRun>()
  readonly #magic: readonly Layer[]
  /** What `set_stats` keeps: for the run, and by host. */
  readonly stats = new Stats()
  readonly expectedFiles = new ExpectedFiles()
  /** Undefined where nobody asks where the time goes. */
  readonly profile: Profile | undefined
  #tasks = 0

  constructor(inventory: LoadedInventory, options: RunOptions, dependencies: RunDependencies) {
    this.#inventory = inventory
    const inventoryNow = (): Inventory => this.#inventory.inventory
    this.options = options
    this.dependencies = dependencies
    this.profile = options.profile === true ? new Profile() : undefined
    dependencies.vault?.onSecret((secret) => this.redactor.add(secret))
    for (const secret of [options.become.password, options.connection.password])
      if (secret !== undefined) this.redactor.add(secret)
    const { check, diff, verbosity, forks, tags, limit, inventorySources, version } = options
    const runTags = tags.only.length === 0 ? ['all'] : tags.only
    this.#magic = runMagic(
      {
        get inventory() {
          return inventoryNow()
        },
        omit: this.omit,
        check,
        diff,
        verbosity,
        forks,
        runTags,
        skipTags: tags.skip,
        limit,
        inventorySources: inventorySources.map((source) => resolve(source)),
        version,
      },
      (name) => this.#known(name)?.vars.base,
    )
  }

  /** As it is now: tasks add hosts and groups to it. */
  get inventory(): LoadedInventory {
    return this.#inventory
  }

  /** Adds to the inventory; hosts that are known already see it at once. False where that is nothing new. */
  hide(secret: string): void {
    this.redactor.add(secret)
  }

  changeInventory(change: InventoryChange): boolean {
    const { inventorySources: sources } = this.options
    const before = this.#inventory.inventory.hosts.get(change.host)
    this.#inventory = changed(this.#inventory, change, { sources, cwd: process.cwd(), vault: this.dependencies.vault })
    const host = this.#inventory.inventory.hosts.get(change.host)
    if (host !== undefined) this.#hosts.get(change.host)?.relayer(this.#layersOf(host, undefined))
    return before === undefined || host === undefined || !isDeepStrictEqual(before, host)
  }

  emit(event: Event): void {
    this.profile?.take(event)
    this.dependencies.emit(this.redactor.clean(event))
  }

  warn(message: string): void {
    this.emit({ event: 'warning', time: Date.now(), message, at: null })
  }

  nextTask(): number {
    return ++this.#tasks
  }

  get hosts(): Iterable<HostRun> {
    return this.#hosts.values()
  }

  /** The host of that name, made when it is first asked for. Throws `TemplateError` where there is none, `ConnectionVariableError` for a bad address. */
  hostNamed(name: string, playbookDirectory?: string): HostRun {
    const host = this.#known(name, playbookDirectory)
    if (host === undefined) throw new TemplateError('value', `there is no host "${name}" in the inventory`)
    return host
  }

  #layersOf(host: InventoryHost, playbookDirectory: string | undefined): readonly Layer[] {
    const { inventory, besideInventory, besidePlaybooks } = this.#inventory
    const besidePlaybook = besidePlaybooks.get(playbookDirectory ?? '') ?? [...besidePlaybooks.values()][0]
    return [
      ...inventoryLayers(host, { inventory, besideInventory, besidePlaybook }),
      { kind: 'written', level: 'extra-vars', variables: this.options.extraVars },
      ...this.#magic,
      hostMagic(host),
    ]
  }

  #known(name: string, playbookDirectory?: string): HostRun | undefined {
    const known = this.#hosts.get(name)
    if (known !== undefined) return known
    const host = hostOf(this.inventory.inventory, name)
    if (host === undefined) return undefined
    const layers = this.#layersOf(host, playbookDirectory)
    const { vault, connect: open, hostOf: hostInstead } = this.dependencies
    const connect = this.profile?.connecting(name, open) ?? open
    const run = new HostRun(
      name,
      (endpoint) => {
        const line = new Line(endpoint, connect)
        return new Way(
          line,
          (identity) =>
            hostInstead?.(name, identity) ??
            new ShellHost(() => line.shell(identity), {
              dial: (address) => line.dial(address),
              open: () => line.open(),
            }),
        )
      },
      layers,
      vault,
    )
    this.#hosts.set(name, run)
    hideSecrets(run.vars.base, this.redactor)
    return run
  }
}

/** How a run came out. */
export interface RunResult {
  readonly exitStatus: ExitStatus
  readonly recap: Readonly<Record<string, HostRecap>>
}

/**
 * Runs playbooks on the hosts of an inventory, one play after the other. What goes wrong on hosts is told as events and in the exit status;
 * rejects with `ProblemsFound`, `TemplateError` or `ConnectionVariableError` for what makes a whole play senseless.
 */
export async function runPlaybooks(
  playbooks: readonly Playbook[],
  inventory: LoadedInventory,
  options: RunOptions,
  dependencies: RunDependencies,
): Promise<RunResult> {
  const run = new Run(inventory, options, dependencies)
  const start = performance.now()
  run.emit({
    event: 'run-started',
    time: Date.now(),
    playbooks: playbooks.map(({ source }) => source.name),
    check: options.check,
    diff: options.diff,
    forks: options.forks,
  })
  const finish = async (wrong: boolean): Promise<RunResult> => {
    await Promise.all([...run.hosts].map((host) => host.close()))
    const interrupted = dependencies.interruption.stop.aborted
    const recap = await recapOf(run, interrupted || wrong)
    const exitStatus = wrong ? 1 : exitStatusOf(run, interrupted)
    const duration = Math.round(performance.now() - start)
    run.emit({
      event: 'run-finished',
      time: Date.now(),
      recap,
      interrupted,
      check: options.check,
      exitStatus,
      duration,
      ...run.stats.all(),
    })
    if (run.profile !== undefined) run.emit(run.profile.result())
    return { exitStatus, recap }
  }
  try {
    await runPlays(run, playbooks)
  } catch (error) {
    // What had been done until then is told before what went wrong.
    await finish(true)
    throw error
  }
  return finish(false)
}

/** Runs the plays in order, until one is left without hosts since all have failed. */
async function runPlays(run: Run, playbooks: readonly Playbook[]): Promise<void> {
  let number = 0
  for (const playbook of playbooks) {
    for (const play of playbook.plays) {
      if (run.dependencies.interruption.stop.aborted) return
      if (!(await runPlay(run, play, ++number, dirname(playbook.source.path)))) return
    }
  }
}

async function recapOf(run: Run, interrupted: boolean): Promise<Readonly<Record<string, HostRecap>>> {
  const recap: Record<string, HostRecap> = {}
  for (const host of run.hosts) {
    if (!host.tally.used) continue
    recap[host.name] = host.tally.recap(await host.meter(), interrupted || host.standing === 'unreachable')
  }
  return recap
}

function exitStatusOf(run: Run, interrupted: boolean): ExitStatus {
  if (interrupted) return 99
  const troubles = [...run.hosts].map((host) => host.tally.troubled)
  if (troubles.some(({ failed }) => failed)) return 2
  return troubles.some(({ unreachable }) => unreachable) ? 4 : 0
}
