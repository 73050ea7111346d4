import pLimit, { type LimitFunction } from 'p-limit'
import type { Module, RenderOptions } from '../../modules/module.ts'
import type { JsonObject } from '../../schema/infer.ts'
import type { InventoryChange } from '../inventory/change.ts'
import { selectHosts } from '../inventory/select-hosts.ts'
import type { Position } from '../language/source.ts'
import type { Block, Located, Node, Play, Task } from '../language/tree.ts'
import { requestOf } from '../language/role-statements.ts'
import { type Scope, TemplateError } from '../template/template.ts'
import type { Layer, Level } from '../vars/layers.ts'
import { playMagic } from '../vars/magic.ts'
import { LayeredScope } from '../vars/scope.ts'
import { Coming } from './coming.ts'
import type { SearchPath } from './controller.ts'
import { keepResult, shareResult } from './keep-result.ts'
import { answers } from './prompts.ts'
import { exposed, type PlacedRole, rolesIn } from './roles-in.ts'
import { RolesRun } from './roles-run.ts'
import { Endpoints } from './endpoints.ts'
import { describeTemplateError, evaluate, readable } from './evaluate.ts'
import type { Event } from './events.ts'
import { gathering } from './gathering.ts'
import { Handlers } from './handlers.ts'
import { type HostRun, isBroken, liveNames, running } from './host-run.ts'
import { areCrowd, batches, isFree, patternText } from './hosts-of-play.ts'
import { selectForPlay } from './select-for-play.ts'
import { type Lineage, nearest, rolesOf, type TagSelection } from './lineage.ts'
import { PlayVariables } from './play-variables.ts'
import type { Run } from './run.ts'
import { isYes, type SettingDefaults } from './settings.ts'
import { type Interruption, sleep, UnknownValue } from './signals.ts'
import { Stepping } from './stepping.ts'
import type { TaskRun } from './task-run.ts'
import { type Site, walk, type WalkContext } from './walk.ts'

/**
 * Runs one play: its hosts in batches, each batch through all sections, as many hosts at a time as `forks` says. Gives whether the run
 * goes on: not where all hosts of a batch have failed.
 */
export async function runPlay(run: Run, play: Play, number: number, directory: string): Promise<boolean> {
  const { listed, inOrder } = selectForPlay(run, play, directory)
  const hosts = running(inOrder)
  const planned = new PlayRun(run, play, number, directory, listed)
  if (hosts.length > 0) planned.variables.prompted(await answers(run, play))
  const scope = hosts[0] === undefined ? new LayeredScope([]) : planned.variables.ofPlay(hosts[0])
  const name = play.name === undefined ? patternText(play) : readable(play.name, scope)
  run.emit({ event: 'play-started', time: Date.now(), play: number, name, hosts: hosts.map((host) => host.name) })
  for (const host of hosts) planned.endpoints.check(host, play, () => planned.variables.ofPlay(host))
  const serial = play.serial === undefined ? undefined : evaluate(play.serial, scope)
  for (const batch of batches(hosts, serial, play)) {
    await planned.batch(running(batch))
    if (planned.isFinished || batch.every(isBroken)) break
  }
  const goesOn = hosts.length === 0 || !planned.hasBroken
  for (const host of hosts) host.forget()
  run.emit({ event: 'play-finished', time: Date.now(), play: number })
  return goesOn
}

class PlayRun implements WalkContext {
  readonly play: Play
  readonly number: number
  readonly checks: boolean
  readonly verbosity: number
  readonly readsAhead: boolean
  isCrowd = false
  readonly omit: string
  readonly tags: TagSelection
  readonly rolesRun = new RolesRun()
  readonly #roles: { readonly listed: readonly PlacedRole[]; readonly imported: readonly PlacedRole[] }
  readonly #forks: LimitFunction
  readonly interruption: Interruption
  readonly variables: PlayVariables
  readonly #run: Run
  readonly #stepping: Stepping | undefined
  readonly #directory: string
  readonly #coming: Coming
  readonly endpoints: Endpoints
  readonly #gathering: Task | undefined
  #handlers: Handlers | undefined
  #batch: readonly HostRun[] = []
  #ended: 'end_play' | 'end_batch' | undefined
  #aborted = false

  constructor(run: Run, play: Play, number: number, directory: string, hosts: readonly HostRun[]) {
    const { options, dependencies } = run
    this.#run = run
    this.#stepping = options.step === true ? new Stepping(dependencies.ask) : undefined
    this.play = play
    this.number = number
    this.#directory = directory
    this.checks = options.check
    this.verbosity = options.verbosity
    this.readsAhead = options.readAhead
    this.omit = run.omit
    this.tags = options.tags
    this.#forks = pLimit(options.forks)
    this.interruption = dependencies.interruption
    this.#gathering = gathering(play)
    this.endpoints = new Endpoints(options.connection, run.redactor)
    this.#coming = new Coming(play, this.#gathering)
    this.variables = new PlayVariables(
      play,
      directory,
      playMagic({
        name: play.name ?? '',
        playbookDir: directory,
        roles: () => this.variables.exposed,
        allHosts: () => hosts.map((host) => host.name),
        liveHosts: () => liveNames(hosts),
        batchHosts: () => liveNames(this.#batch),
      }),
    )
    this.#roles = {
      listed: rolesIn(play.roles),
      imported: rolesIn([...play.preTasks, ...play.tasks, ...play.postTasks]),
    }
    this.variables.expose(...exposed([...this.#roles.listed, ...this.#roles.imported]))
  }

  /** True where a batch was lost whole, which ends the run. */
  get hasBroken(): boolean {
    return this.#aborted || (this.#batch.length > 0 && this.#batch.every(isBroken))
  }

  /** True where no further batch is to run. */
  get isFinished(): boolean {
    return this.#ended === 'end_play' || this.#aborted || this.interruption.stop.aborted
  }

  async batch(hosts: readonly HostRun[]): Promise<void> {
    if (hosts.length === 0) return
    this.#batch = hosts
    this.isCrowd = areCrowd(hosts, this.#forks.concurrency)
    if (this.#ended === 'end_batch') this.#ended = undefined
    this.#handlers = new Handlers(this.play, this.#roles, (task) => this.#handlerName(task))
    const { play } = this
    const lead = this.#gathering === undefined ? [] : [this.#gathering]
    await this.#atOwnPace(isFree(play), hosts, async (some) => {
      for (const nodes of [lead, play.preTasks, [...play.roles, ...play.tasks], play.postTasks]) {
        await walk(this, nodes, { lineage: [play], extra: [], handlers: false }, some)
        if (nodes !== lead) await this.flushHandlers(some)
      }
    })
  }

  /** Under the strategies `free` and `host_pinned` each host goes on alone; otherwise all go together. */
  async #atOwnPace(
    free: boolean,
    hosts: readonly HostRun[],
    go: (hosts: readonly HostRun[]) => Promise<void>,
  ): Promise<void> {
    if (free) await Promise.all(hosts.map((host) => go([host])))
    else await go(hosts)
  }

  onFork<T>(work: () => Promise<T>): Promise<T> {
    return this.#forks(work)
  }

  emit(event: Event): void {
    this.#run.emit(event)
  }

  confirm(task: string): Promise<boolean> {
    return this.#stepping?.confirm(task) ?? Promise.resolve(true)
  }

  nextNumber(): number {
    return this.#run.nextTask()
  }

  isOver(): boolean {
    return this.interruption.stop.aborted || this.#ended !== undefined
  }

  scopeOf(host: HostRun, lineage: Lineage, extra?: readonly Layer[]): LayeredScope {
    return this.variables.scopeOf(host, lineage, extra)
  }

  layerOf(vars: Located<JsonObject>, level: Level): Layer {
    return this.variables.layerOf(vars, level)
  }

  withVariables(scope: LayeredScope, values: Readonly<Record<string, unknown>>): LayeredScope {
    return scope.with({ kind: 'values', level: 'running', variables: new Map(Object.entries(values)) })
  }

  settingDefaults(host: HostRun, lineage: Lineage, scope: Scope): SettingDefaults {
    const { check, diff, become } = this.#run.options
    return {
      check,
      diff,
      become,
      endpoint: () => this.endpoints.of(host, lineage, scope),
      wrong: (lineage, message) => {
        throw new TemplateError('value', message, { at: lineage.at(-1)?.at })
      },
    }
  }

  moduleNamed(name: string): Module {
    const module = this.#run.dependencies.moduleNamed(name)
    if (module === undefined) throw new TypeError(`no module ${name}`)
    return module
  }

  hostNamed(name: string): HostRun {
    return this.#run.hostNamed(name, this.#directory)
  }

  get run(): Run {
    return this.#run
  }

  changeInventory(change: InventoryChange): boolean {
    return this.#run.changeInventory(change)
  }

  hostsMatching(pattern: readonly string[]): readonly string[] {
    return selectHosts(this.#run.inventory.inventory, pattern).hosts
  }

  searchPath(lineage: Lineage): SearchPath {
    return this.variables.searchPath(lineage)
  }

  renderFile(file: string, text: string, scope: Scope, options: RenderOptions, path: SearchPath): string {
    return this.variables.renderFile(file, text, scope, options, path)
  }

  learnFacts(host: HostRun, facts: JsonObject): void {
    host.vars.setGathered(facts)
  }

  coming(task: Task): readonly Lineage[] {
    return this.#coming.from(task)
  }

  announce(nodes: readonly Node[], site: Site, task: Task): void {
    this.#coming.announce(nodes, site.lineage, task)
  }

  loadIncluded(file: string, { action }: Task, { lineage, handlers }: Site): readonly Node[] {
    const section = handlers ? 'handlers' : 'tasks'
    return this.#run.dependencies.loadTasks(file, action.at, section, this.#directory, rolesOf(lineage))
  }

  loadRole(args: JsonObject, { action }: Task, lineage: Lineage): Block {
    const request = requestOf(args, action.at)
    return this.#run.dependencies.loadRole(request, this.#directory, rolesOf(lineage).at(-1)?.path)
  }

  welcome(nodes: readonly Node[], site: Site): void {
    const roles = rolesIn(nodes)
    this.variables.expose(...exposed(roles))
    for (const placed of roles) this.#handlers?.add(placed, site)
  }

  sleep(milliseconds: number): Promise<void> {
    return sleep(milliseconds, this.interruption.stop)
  }

  ask(prompt: string, hidden: boolean): Promise<string | undefined> {
    return this.#run.dependencies.ask(prompt, hidden)
  }

  end(what: 'end_play' | 'end_batch'): void {
    this.#ended = what
  }

  reviveAll(): void {
    for (const host of this.#batch) if (isBroken(host)) host.standing = 'ended'
  }

  settle(host: HostRun, lineage: Lineage, task: Task, run: TaskRun): void {
    const { outcome, ignored } = run.outcome
    // Steering the run is no task of the host's; the tasks of a role are, and not what includes it.
    if (task.action.name !== 'meta' && !(task.action.name === 'include_role' && outcome === 'ok'))
      host.tally.add(outcome, ignored, run.result?.['changed'] === true)
    if (outcome === 'unreachable' && !ignored) host.standing = 'unreachable'
    if (outcome === 'failed' && !ignored) host.standing = 'failed'
    keepResult(host, task, run)
    if (outcome !== 'changed' && outcome !== 'unknown') return
    for (const node of lineage)
      if (node.kind !== 'play') for (const name of node.notify) this.#notify(host, node.at, name, outcome === 'changed')
  }

  share(from: readonly HostRun[], hosts: readonly HostRun[], site: Site, task: Task, run: TaskRun): void {
    const delegated = nearest(site.lineage, 'delegateFacts')
    for (const host of this.#batch) {
      if (from.includes(host) || host.standing === 'unreachable') continue
      const facts = delegated !== undefined && isYes(evaluate(delegated, this.scopeOf(host, site.lineage, site.extra)))
      shareResult(host, task, run, { fails: hosts.includes(host), delegatesFacts: facts })
    }
  }

  #notify(host: HostRun, at: Position, written: string, certain: boolean): void {
    const name = this.#tolerant(written, () =>
      String(evaluate({ value: written, at: () => at }, this.scopeOf(host, [this.play]))),
    )
    if (this.#handlers?.notify(host, name, certain) !== true) this.#run.warn(`no handler answers to "${name}"`)
  }

  #handlerName(task: Task): string | undefined {
    const [host] = this.#batch
    if (task.name === undefined || host === undefined) return task.name
    try {
      return String(evaluate({ value: task.name, at: () => task.at }, this.variables.ofPlay(host)))
    } catch {
      // A name that depends on what is not known yet is compared as it was written.
      return task.name
    }
  }

  judge({ lineage, rescued }: Site, hosts: readonly HostRun[]): void {
    // A failure that a rescue takes care of is none of the play's.
    if (rescued === true || !hosts.some(isBroken)) return
    const [first] = hosts
    const scope = first === undefined ? new LayeredScope([]) : this.scopeOf(first, lineage)
    const fatal = nearest(lineage, 'anyErrorsFatal')
    const { maxFailPercentage } = this.play
    const most =
      maxFailPercentage === undefined ? undefined : this.#tolerant(0, () => Number(evaluate(maxFailPercentage, scope)))
    const tooMany = most !== undefined && (this.#batch.filter(isBroken).length * 100) / this.#batch.length > most
    if (!tooMany && (fatal === undefined || !this.#tolerant(true, () => isYes(evaluate(fatal, scope))))) return
    this.#aborted = true
    for (const host of running(this.#batch)) host.standing = 'failed'
  }

  /** A keyword that is looked at when the task is over: what is wrong with it is told, and the careful answer taken. */
  #tolerant<T>(careful: T, evaluated: () => T): T {
    try {
      return evaluated()
    } catch (error) {
      if (!(error instanceof TemplateError) && !(error instanceof UnknownValue)) throw error
      this.#run.warn(error instanceof TemplateError ? describeTemplateError(error) : error.message)
      return careful
    }
  }

  async flushHandlers(hosts: readonly HostRun[]): Promise<void> {
    const { forceHandlers: forced } = this.play
    const [first] = this.#batch
    const asked =
      forced !== undefined &&
      first !== undefined &&
      this.#tolerant(true, () => isYes(evaluate(forced, this.variables.ofPlay(first))))
    await this.#handlers?.flush(this, hosts, this.#run.options.forceHandlers || asked)
  }
}
