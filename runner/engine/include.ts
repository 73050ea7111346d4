import type { JsonObject } from '../../schema/infer.ts'
import { ProblemsFound } from '../language/source.ts'
import type { Loop, Node, Task } from '../language/tree.ts'
import type { Layer } from '../vars/layers.ts'
import { describeProblem } from './evaluate.ts'
import { placeOf } from './events.ts'
import { type HostRun, running } from './host-run.ts'
import type { TaskRun } from './task-run.ts'
import type { Site, WalkContext } from './walk.ts'

/** One file that hosts want included, with the item of the loop that it is for. */
interface Inclusion {
  readonly file: string
  readonly variables: Readonly<Record<string, unknown>>
  readonly hosts: HostRun[]
}

type Walk = (nodes: readonly Node[], site: Site, hosts: readonly HostRun[]) => Promise<void>

/**
 * After `include_tasks` ran on its hosts: the tasks of each file, for the hosts that asked for it, in the order of the items. They do not
 * inherit from the include but its variables and what `apply` says.
 */
export async function includedTasks(
  context: WalkContext,
  task: Task,
  site: Site,
  hosts: readonly HostRun[],
  runs: readonly (TaskRun | undefined)[],
  walk: Walk,
): Promise<void> {
  if (task.action.name !== 'include_tasks') return
  const own: Layer[] = task.vars === undefined ? [] : [context.layerOf(task.vars, 'include-params')]
  const lineage = site.lineage.slice(0, -1) as unknown as Site['lineage']
  for (const { file, variables, hosts: some } of inclusions(task, hosts, runs)) {
    const nodes = nodesOf(context, file, task, site, some)
    const live = running(some)
    if (nodes.length === 0 || live.length === 0) continue
    const extra = [
      ...site.extra,
      ...own,
      { kind: 'values', level: 'include-params', variables: new Map(Object.entries(variables)) } as const,
    ]
    const inner = { ...site, lineage, extra }
    context.announce(nodes, inner, task)
    await walk(nodes, inner, live)
  }
}

/** The tasks of a file; where it cannot be read, the hosts that asked for it fail. */
function nodesOf(
  context: WalkContext,
  file: string,
  task: Task,
  { handlers }: Site,
  hosts: readonly HostRun[],
): readonly Node[] {
  try {
    return context.loadIncluded(file, task, handlers)
  } catch (error) {
    if (!(error instanceof ProblemsFound)) throw error
    const message = error.problems.map(describeProblem).join('\n')
    context.emit({ event: 'warning', time: Date.now(), message, at: placeOf(task.action.at) })
    for (const host of hosts) {
      host.standing = 'failed'
      host.tally.add('failed', false, false)
    }
    return []
  }
}

function inclusions(
  task: Task,
  hosts: readonly HostRun[],
  runs: readonly (TaskRun | undefined)[],
): readonly Inclusion[] {
  const found = new Map<string, Inclusion>()
  hosts.forEach((host, index) => {
    for (const result of resultsOf(runs[index])) {
      const file = result['include']
      if (typeof file !== 'string' || result['failed'] === true) continue
      const names = task.loop === undefined ? [] : loopNames(task.loop)
      const variables = Object.fromEntries(names.map((name) => [name, result[name]]))
      const key = JSON.stringify([file, variables])
      const known = found.get(key)
      if (known === undefined) found.set(key, { file, variables, hosts: [host] })
      else known.hosts.push(host)
    }
  })
  return [...found.values()]
}

function loopNames({ control: { loopVar, indexVar } }: Loop): readonly string[] {
  return [loopVar, 'ansible_loop_var', ...(indexVar === undefined ? [] : [indexVar, 'ansible_index_var'])]
}

function resultsOf(run: TaskRun | undefined): readonly JsonObject[] {
  const result = run?.result ?? {}
  const list = result['results']
  return Array.isArray(list) ? (list as readonly JsonObject[]) : [result]
}
