import pLimit from 'p-limit'
import type { JsonObject } from '../../schema/infer.ts'
import type { Block, Located, Node, Role, Task } from '../language/tree.ts'
import type { Layer, Level } from '../vars/layers.ts'
import { placeOf } from './events.ts'
import { type HostRun, nevertheless, running } from './host-run.ts'
import { includedTasks } from './include.ts'
import type { RolesRun } from './roles-run.ts'
import { evaluate } from './evaluate.ts'
import { isSelected, type Lineage, nearest, tagsOf, type TagSelection, withRole } from './lineage.ts'
import { isYes } from './settings.ts'
import type { PlayContext } from './play-context.ts'
import { failedWith, runTask, type TaskRun } from './task-run.ts'

/** What a walk over tasks needs beside them. */
export interface WalkContext extends PlayContext {
  readonly tags: TagSelection
  readonly rolesRun: RolesRun
  /** Runs work for a host as soon as fewer than `forks` hosts are busy. */
  onFork<T>(work: () => Promise<T>): Promise<T>
  /** A number for the task that is about to run, unique in the run. */
  nextNumber(): number
  /** Whether the user wants the task run, where `--step` asks before each. */
  confirm(task: string): Promise<boolean>
  /** True where no further task may start. */
  isOver(): boolean
  /** Takes note of how a task went on a host: recap, register, notifications, standing. */
  settle(host: HostRun, lineage: Lineage, task: Task, run: TaskRun): void
  /** Takes over what a task that runs once gave on another host: its failure for `hosts`, its result for all of the batch. */
  share(from: readonly HostRun[], hosts: readonly HostRun[], site: Site, task: Task, run: TaskRun): void
  flushHandlers(hosts: readonly HostRun[]): Promise<void>
  /** Called after each task with the hosts that it failed on. */
  judge(site: Site, hosts: readonly HostRun[]): void
  /** Written variables as a layer. */
  layerOf(vars: Located<JsonObject>, level: Level): Layer
  /** The tasks of a file that a task includes. Throws `ProblemsFound`. */
  loadIncluded(file: string, task: Task, site: Site): readonly Node[]
  /** The role that a task includes, as a block. Throws `ProblemsFound`. */
  loadRole(args: JsonObject, task: Task, lineage: Lineage): Block
  /** Takes in the handlers of roles among nodes that come next, and the variables that these show to the play. */
  welcome(nodes: readonly Node[], site: Site): void
  /** Says that these nodes come next, before what comes after `task`. */
  announce(nodes: readonly Node[], site: Site, task: Task): void
}

/** What holds where a list of nodes stands: what encloses it, variables of an include, whether these are handlers. */
export interface Site {
  readonly lineage: Lineage
  readonly extra: readonly Layer[]
  readonly handlers: boolean
  /** Hosts for which check mode cannot say whether the handler runs at all. */
  readonly maybe?: ReadonlySet<HostRun>
  /** True where a rescue takes care of failures. */
  readonly rescued?: boolean
  /** How many includes lead here. */
  readonly includes?: number
}

/** Runs nodes in order, each on all hosts before the next: Ansible's linear strategy. Hosts that fail drop out, and come back in a rescue. */
export async function walk(
  context: WalkContext,
  nodes: readonly Node[],
  site: Site,
  hosts: readonly HostRun[],
): Promise<void> {
  for (const node of nodes) {
    const live = running(hosts)
    if (live.length === 0 || context.isOver()) return
    const inner: Site = { ...site, lineage: [...site.lineage, node] }
    if (node.kind === 'block')
      await (node.role === undefined
        ? walkBlock(context, node, inner, live)
        : walkRole(context, node, node.role, inner, live))
    else await walkTask(context, node, inner, live)
  }
}

/** A block: its tasks; for hosts that failed in them the rescue; for all hosts that came in, the always part. */
async function walkBlock(context: WalkContext, block: Block, site: Site, hosts: readonly HostRun[]): Promise<void> {
  // As in Ansible, a rescue that has nothing to run, since its tags are not asked for, rescues nothing.
  const rescues = hasSelected(context, block.rescue, site, hosts)
  await walk(context, block.block, rescues ? { ...site, rescued: true } : site, hosts)
  const failed = hosts.filter((host) => host.standing === 'failed')
  if (failed.length > 0 && rescues) {
    for (const host of failed) {
      host.standing = 'running'
      host.tally.rescue()
    }
    await walk(context, block.rescue, site, failed)
  }
  if (block.always.length === 0) return
  await nevertheless(hosts, () => walk(context, block.always, site, hosts))
}

/** Whether there is a task among nodes that the tags ask for. */
function hasSelected(context: WalkContext, nodes: readonly Node[], site: Site, hosts: readonly HostRun[]): boolean {
  return nodes.some((node) => {
    const inner: Site = { ...site, lineage: [...site.lineage, node] }
    return node.kind === 'block'
      ? [node.block, node.rescue, node.always].some((part) => hasSelected(context, part, inner, hosts))
      : site.handlers || isSelected(evaluatedTags(context, inner, hosts), context.tags)
  })
}

/** A role: not again on hosts where it has run. */
async function walkRole(
  context: WalkContext,
  { block }: Block,
  role: Role,
  site: Site,
  hosts: readonly HostRun[],
): Promise<void> {
  const due = context.rolesRun.due(role, hosts)
  const before = new Map(due.map((host) => [host, host.tally.performed]))
  await walk(context, block, site, due)
  for (const [host, performed] of before) if (host.tally.performed > performed) context.rolesRun.note(role, host)
}

async function walkTask(context: WalkContext, task: Task, site: Site, hosts: readonly HostRun[]): Promise<void> {
  const { lineage } = site
  // Who was notified runs its handler, whatever its tags.
  if (!site.handlers && !isSelected(evaluatedTags(context, site, hosts), context.tags)) return
  if (!site.handlers && !(await context.confirm(taskName(context, task, site, hosts)))) return
  const number = context.nextNumber()
  const { once, shared, most, wrong } = spread(context, task, lineage, hosts)
  const chosen = once ? hosts.slice(0, 1) : hosts
  context.emit({
    event: 'task-started',
    time: Date.now(),
    task: number,
    play: context.number,
    name: taskName(context, task, site, chosen),
    action: task.action.name,
    handler: site.handlers,
    hosts: chosen.map((host) => host.name),
    at: placeOf(task.at),
  })
  const limit = pLimit(most)
  const runs = await Promise.all(
    chosen.map((host) => limit(() => context.onFork(() => onHost(context, task, site, host, number, wrong)))),
  )
  context.emit({ event: 'task-finished', time: Date.now(), task: number })
  const [only] = runs
  // What one host found out for all, all of them know.
  if (shared && only !== undefined) context.share(chosen, hosts, site, task, only)
  context.judge(site, once ? hosts : chosen)
  await includedTasks(context, task, site, chosen, runs, (nodes, inner, some) => walk(context, nodes, inner, some))
  if (task.action.name === 'meta' && task.action.args.value['free_form'] === 'flush_handlers')
    await context.flushHandlers(running(hosts))
}

/** The tags of a task, those that are templates evaluated for the first host. */
function evaluatedTags(
  context: WalkContext,
  { lineage, extra }: Site,
  [first]: readonly HostRun[],
): ReadonlySet<string> {
  const written = tagsOf(lineage)
  if (first === undefined || ![...written].some((tag) => tag.includes('{{'))) return written
  const at = (): Task['at'] => (lineage.at(-1) ?? context.play).at
  const scope = context.scopeOf(first, lineage, extra)
  const values = [...written].flatMap((tag) => {
    const value = tag.includes('{{') ? evaluate({ value: tag, at }, scope) : tag
    return Array.isArray(value) ? value.map(String) : String(value).split(',')
  })
  return new Set(values.map((tag) => tag.trim()))
}

/** Undefined where the run was interrupted before the host's turn came. */
async function onHost(
  context: WalkContext,
  task: Task,
  site: Site,
  host: HostRun,
  number: number,
  wrong: TaskRun | undefined,
): Promise<TaskRun | undefined> {
  if (context.interruption.stop.aborted) return undefined
  const start = performance.now()
  context.emit({ event: 'host-started', time: Date.now(), task: number, host: host.name })
  const before = (await host.meter()).roundTrips
  const scope = context.scopeOf(host, site.lineage, site.extra)
  const found = wrong ?? (await runTask(context, site.lineage, task, host, scope, number))
  const run = site.maybe?.has(host) === true ? inDoubt(found) : found
  const { outcome, noLog } = run
  context.settle(host, site.lineage, task, run)
  context.emit({
    event: 'host-finished',
    time: Date.now(),
    task: number,
    host: host.name,
    outcome: outcome.outcome,
    ignored: outcome.ignored,
    message: noLog && outcome.message !== null ? 'hidden, since no_log is set' : outcome.message,
    changes: noLog ? [] : outcome.changes,
    result: noLog ? null : run.result,
    warnings: noLog ? [] : outcome.warnings,
    items: noLog ? [] : outcome.items,
    duration: Math.round(performance.now() - start),
    roundTrips: (await host.meter()).roundTrips - before,
  })
  return run
}

/** A handler that may not be notified at all: what it would change is unknown. */
function inDoubt(run: TaskRun): TaskRun {
  if (run.outcome.outcome !== 'changed') return run
  return {
    ...run,
    outcome: { ...run.outcome, outcome: 'unknown', message: 'only if a task that cannot be foretold notifies it' },
    result: null,
  }
}

/** What acts on the play and not on a host runs once, as the first host sees it; the user is asked, or kept waiting, once. */
function forAll({ action: { name, args } }: Task): boolean {
  if (name === 'pause' || name === 'add_host') return true
  const what = args.value['free_form']
  return name === 'meta' && typeof what === 'string' && !['end_host', 'clear_facts', 'reset_connection'].includes(what)
}

/** Whether a task runs on one host for all, whether all share what it gives, and on how many hosts at a time; `wrong` is how it ends where that cannot be said. */
function spread(
  context: WalkContext,
  task: Task,
  lineage: Lineage,
  [first]: readonly HostRun[],
): { readonly once: boolean; readonly shared: boolean; readonly most: number; readonly wrong?: TaskRun } {
  const runOnce = nearest(lineage, 'runOnce')
  const throttle = nearest(lineage, 'throttle')
  const once = forAll(task)
  // As in Ansible, what these two give belongs to the first host.
  const shared = once && task.action.name !== 'pause' && task.action.name !== 'add_host'
  if (first === undefined || (runOnce === undefined && throttle === undefined)) return { once, shared, most: Infinity }
  try {
    const scope = context.scopeOf(first, lineage)
    const most = throttle === undefined ? 0 : Number(evaluate(throttle, scope))
    const asked = runOnce !== undefined && isYes(evaluate(runOnce, scope))
    return {
      once: once || asked,
      shared: shared || asked,
      most: most >= 1 ? Math.floor(most) : Infinity,
    }
  } catch (error) {
    return { once, shared, most: Infinity, wrong: failedWith(error, task) }
  }
}

/** The task's name with its templates evaluated for the first host, as it was written where they cannot be; without one, the action's. */
function taskName(context: WalkContext, task: Task, site: Site, [first]: readonly HostRun[]): string {
  const written = task.name ?? unnamed(task)
  // As Ansible has it, what includes a role is not called after the role it stands in.
  const whole = (name: string): string => (task.action.name === 'include_role' ? name : withRole(site.lineage, name))
  if (first === undefined) return whole(written)
  try {
    const scope = context.scopeOf(first, site.lineage, site.extra)
    return whole(String(evaluate({ value: written, at: () => task.at }, scope)))
  } catch {
    return whole(written)
  }
}

/** What a task without a name is called: its action, and which role it includes. */
function unnamed({ action: { written, name, args } }: Task): string {
  const role = args.value['name']
  return name === 'include_role' && typeof role === 'string' ? `${written} : ${role}` : written
}
