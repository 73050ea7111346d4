import pLimit from 'p-limit'
import type { JsonObject } from '../../schema/infer.ts'
import type { Block, Located, Node, Task } from '../language/tree.ts'
import type { Layer, Level } from '../vars/layers.ts'
import { placeOf } from './events.ts'
import { type HostRun, running } from './host-run.ts'
import { includedTasks } from './include.ts'
import { evaluate } from './evaluate.ts'
import { isSelected, type Lineage, nearest, tagsOf, type TagSelection } from './lineage.ts'
import { isYes } from './settings.ts'
import type { PlayContext } from './play-context.ts'
import { runTask, type TaskRun } from './task-run.ts'

/** What a walk over tasks needs beside them. */
export interface WalkContext extends PlayContext {
  readonly tags: TagSelection
  readonly forks: number
  /** A number for the task that is about to run, unique in the run. */
  nextNumber(): number
  /** True where no further task may start. */
  isOver(): boolean
  /** Takes note of how a task went on a host: recap, register, notifications, standing. */
  settle(host: HostRun, task: Task, run: TaskRun, handler: boolean): void
  /** Takes over what a task that runs once gave on another host. */
  share(host: HostRun, task: Task, run: TaskRun): void
  flushHandlers(hosts: readonly HostRun[]): Promise<void>
  /** Called after each task with the hosts that it failed on. */
  judge(lineage: Lineage, hosts: readonly HostRun[]): void
  /** Written variables as a layer. */
  layerOf(vars: Located<JsonObject>, level: Level): Layer
  /** The tasks of a file that a task includes. Throws `ProblemsFound`. */
  loadIncluded(file: string, task: Task, handlers: boolean): readonly Node[]
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
    if (node.kind === 'block') await walkBlock(context, node, inner, live)
    else await walkTask(context, node, inner, live)
  }
}

/** A block: its tasks; for hosts that failed in them the rescue; for all hosts that came in, the always part. */
async function walkBlock(context: WalkContext, block: Block, site: Site, hosts: readonly HostRun[]): Promise<void> {
  await walk(context, block.block, site, hosts)
  const failed = hosts.filter((host) => host.standing === 'failed')
  if (failed.length > 0 && block.rescue.length > 0) {
    for (const host of failed) {
      host.standing = 'running'
      host.tally.rescue()
    }
    await walk(context, block.rescue, site, failed)
  }
  if (block.always.length === 0) return
  const broken = hosts.filter((host) => host.standing === 'failed')
  for (const host of broken) host.standing = 'running'
  await walk(context, block.always, site, hosts)
  for (const host of broken) if (host.standing === 'running') host.standing = 'failed'
}

async function walkTask(context: WalkContext, task: Task, site: Site, hosts: readonly HostRun[]): Promise<void> {
  const { lineage } = site
  if (!isSelected(tagsOf(lineage), context.tags)) return
  const number = context.nextNumber()
  const once = runsOnce(context, lineage, hosts)
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
  const limit = pLimit(forksOf(context, lineage, hosts))
  const runs = await Promise.all(chosen.map((host) => limit(() => onHost(context, task, site, host, number))))
  context.emit({ event: 'task-finished', time: Date.now(), task: number })
  const [only] = runs
  // What one host found out for all, all of them know.
  if (once && only !== undefined) for (const host of hosts.slice(1)) context.share(host, task, only)
  context.judge(lineage, hosts)
  await includedTasks(context, task, site, chosen, runs, (nodes, inner, some) => walk(context, nodes, inner, some))
  if (task.action.name === 'meta' && task.action.args.value['free_form'] === 'flush_handlers')
    await context.flushHandlers(running(hosts))
}

async function onHost(context: WalkContext, task: Task, site: Site, host: HostRun, number: number): Promise<TaskRun> {
  const start = Date.now()
  context.emit({ event: 'host-started', time: start, task: number, host: host.name })
  const before = (await host.line.meter()).roundTrips
  const scope = context.scopeOf(host, site.lineage, site.extra)
  const found = await runTask(context, site.lineage, task, host, scope, number)
  const run = site.maybe?.has(host) === true ? inDoubt(found) : found
  const { outcome, noLog } = run
  context.settle(host, task, run, site.handlers)
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
    duration: Date.now() - start,
    roundTrips: (await host.line.meter()).roundTrips - before,
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

function runsOnce(context: WalkContext, lineage: Lineage, [first]: readonly HostRun[]): boolean {
  const written = nearest(lineage, 'runOnce')
  return written !== undefined && first !== undefined && isYes(evaluate(written, context.scopeOf(first, lineage)))
}

/** How many hosts at a time: `forks`, or fewer where `throttle` says so. */
function forksOf(context: WalkContext, lineage: Lineage, [first]: readonly HostRun[]): number {
  const written = nearest(lineage, 'throttle')
  if (written === undefined || first === undefined) return context.forks
  const most = Number(evaluate(written, context.scopeOf(first, lineage)))
  return most >= 1 ? Math.min(Math.floor(most), context.forks) : context.forks
}

/** The task's name with its templates evaluated for the first host, as it was written where they cannot be; without one, the action's. */
function taskName(context: WalkContext, task: Task, site: Site, [first]: readonly HostRun[]): string {
  const written = task.name ?? task.action.written
  if (first === undefined) return written
  try {
    return String(evaluate({ value: written, at: () => task.at }, context.scopeOf(first, site.lineage, site.extra)))
  } catch {
    return written
  }
}
