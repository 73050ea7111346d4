import type { JsonObject } from '../../schema/infer.ts'
import { type Problem, ProblemsFound } from '../language/source.ts'
import { applied } from '../language/apply.ts'
import type { Loop, Node, Task } from '../language/tree.ts'
import type { Layer } from '../vars/layers.ts'
import { describeProblem } from './evaluate.ts'
import { placeOf } from './events.ts'
import { type HostRun, running } from './host-run.ts'
import type { TaskRun } from './task-run.ts'
import type { Site, WalkContext } from './walk.ts'

/** What hosts want included, with the item of the loop that it is for: a file, or a role with the arguments that choose it. */
interface Inclusion {
  readonly what: { readonly file: string } | { readonly role: JsonObject }
  readonly variables: Readonly<Record<string, unknown>>
  readonly hosts: HostRun[]
}

type Walk = (nodes: readonly Node[], site: Site, hosts: readonly HostRun[]) => Promise<void>

/**
 * After `include_tasks` or `include_role` ran on its hosts: the tasks of each file or role, for the hosts that asked for it, in the order
 * of the items. They do not inherit from the include but its variables and what `apply` says.
 */
export async function includedTasks(
  context: WalkContext,
  task: Task,
  site: Site,
  hosts: readonly HostRun[],
  runs: readonly (TaskRun | undefined)[],
  walk: Walk,
): Promise<void> {
  if (task.action.name !== 'include_tasks' && task.action.name !== 'include_role') return
  const own: Layer[] = task.vars === undefined ? [] : [context.layerOf(task.vars, 'include-params')]
  const lineage = site.lineage.slice(0, -1) as unknown as Site['lineage']
  const loaded = inclusions(task, hosts, runs).map(({ what, variables, hosts: some }) => {
    const extra = [
      ...site.extra,
      ...own,
      { kind: 'values', level: 'include-params', variables: new Map(Object.entries(variables)) } as const,
    ]
    const inner = { ...site, lineage, extra, includes: (site.includes ?? 0) + 1 }
    const nodes = applied(task, nodesOf(context, what, task, site, some))
    context.welcome(nodes, inner)
    return { nodes, inner, some }
  })
  for (const { nodes, inner, some } of loaded) {
    const live = running(some)
    if (nodes.length === 0 || live.length === 0) continue
    context.announce(nodes, inner, task)
    await walk(nodes, inner, live)
  }
}

/** How deep includes may be in each other. */
const mostIncludes = 100

const endless = ({ action }: Task): Problem => ({
  message: `more than ${mostIncludes} includes are inside each other`,
  at: action.at,
  hint: 'a file that includes itself needs a condition that ends it',
})

/** The tasks of a file or role; where it cannot be read, the hosts that asked for it fail. */
function nodesOf(
  context: WalkContext,
  what: Inclusion['what'],
  task: Task,
  site: Site,
  hosts: readonly HostRun[],
): readonly Node[] {
  try {
    if ((site.includes ?? 0) >= mostIncludes) throw new ProblemsFound([endless(task)])
    if ('file' in what) return context.loadIncluded(what.file, task, site)
    return [context.loadRole(what.role, task, site.lineage)]
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
      const what = whatOf(result)
      if (what === undefined || result['failed'] === true || result['skipped'] === true) continue
      const names = task.loop === undefined ? [] : loopNames(task.loop)
      const variables = Object.fromEntries(
        names.flatMap((name) => (result[name] === undefined ? [] : [[name, result[name]]])),
      )
      const key = JSON.stringify([what, variables])
      const known = found.get(key)
      if (known === undefined) found.set(key, { what, variables, hosts: [host] })
      else known.hosts.push(host)
    }
  })
  return [...found.values()]
}

function whatOf({ include: file, include_args: role }: JsonObject): Inclusion['what'] | undefined {
  if (typeof file === 'string') return { file }
  return typeof role === 'object' && role !== null && !Array.isArray(role) ? { role: role as JsonObject } : undefined
}

function loopNames({ control: { loopVar, indexVar } }: Loop): readonly string[] {
  return [
    loopVar,
    'ansible_loop_var',
    'ansible_loop',
    ...(indexVar === undefined ? [] : [indexVar, 'ansible_index_var']),
  ]
}

function resultsOf(run: TaskRun | undefined): readonly JsonObject[] {
  const result = run?.result ?? {}
  const list = result['results']
  return Array.isArray(list) ? (list as readonly JsonObject[]) : [result]
}
