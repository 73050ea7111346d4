import type { JsonObject } from '../../schema/infer.ts'
import { applied } from './apply.ts'
import { tasksIncluded } from './known.ts'
import type { Inherited, Located, Node, Play, Role, Task } from './tree.ts'

/** A task with what is around it. */
export interface VisitedTask {
  readonly task: Task
  /** `vars` of the blocks and includes around it, the nearest first; its own are not among them. */
  readonly vars: readonly Located<JsonObject>[]
  /** Names of loop variables that are seen in it. */
  readonly names: readonly string[]
  /** Whether it is reached at all: `sometimes` below a condition, or where only `--tags` brings it in. */
  readonly around: 'always' | 'sometimes'
  /** True where its failure does not fail the host. */
  readonly caught: boolean
}

type Around = Omit<VisitedTask, 'task'>

interface Visiting {
  /** The lists of tasks that include one another, so that a file that includes itself is visited once. */
  readonly lists: readonly (readonly Node[])[]
  readonly onRole: (role: Role) => void
}

function ignore(): void {
  // Most who visit tasks ask for nothing else.
}

/** All tasks of a play in all its sections, those of files and roles that it includes among them. `onRole` is told of each role. */
export function* visitTasks(play: Play, onRole: (role: Role) => void = ignore): Generator<VisitedTask> {
  const around = inside({ vars: [], names: [], around: 'always', caught: false }, { ...play, vars: undefined })
  const sections = [play.preTasks, play.roles, play.tasks, play.postTasks, play.handlers]
  for (const section of sections) yield* visit(section, around, { lists: [], onRole })
}

function* visit(nodes: readonly Node[], around: Around, visiting: Visiting): Generator<VisitedTask> {
  if (visiting.lists.includes(nodes)) return
  for (const node of nodes) {
    if (node.kind === 'task') yield* visitTask(node, around, { ...visiting, lists: [...visiting.lists, nodes] })
    else {
      if (node.role !== undefined) visiting.onRole(node.role)
      const within = conditional(inside(inRole(around, node.role), node), node.when !== undefined)
      yield* visit(node.block, { ...within, caught: within.caught || node.rescue.length > 0 }, visiting)
      yield* visit(node.rescue, within, visiting)
      yield* visit(node.always, within, visiting)
      // Whether a handler runs at all is not known.
      yield* visit(node.role?.handlers ?? [], conditional(within, true), visiting)
    }
  }
}

function* visitTask(task: Task, around: Around, visiting: Visiting): Generator<VisitedTask> {
  const names = task.loop === undefined ? around.names : [...around.names, ...loopNames(task.loop.control)]
  const { vars } = around
  const here = { ...inside(around, { ...task, vars: undefined }), names, vars }
  yield { task, ...here }
  const included = task.action.kind === 'statement' && includes.has(task.action.name) ? includedBy(task) : undefined
  if (included !== undefined) yield* visit(included, conditional(inside(here, task), task.when !== undefined), visiting)
}

/** One list for each include, so that what includes itself is known again. */
const appliedLists = new WeakMap<Task, readonly Node[]>()
function includedBy(task: Task): readonly Node[] | undefined {
  const nodes = tasksIncluded(task.action.args)
  if (nodes === undefined || task.apply === undefined) return nodes
  const list = appliedLists.get(task) ?? applied(task, nodes)
  appliedLists.set(task, list)
  return list
}

const includes: ReadonlySet<string> = new Set(['include_tasks', 'include_role'])

/** What is around the tasks of a role: its variables, those that override others first. */
function inRole(around: Around, role: Role | undefined): Around {
  if (role === undefined) return around
  return { ...around, vars: [...layersOf(role), ...around.vars] }
}

/** The variables of a role and of those that it depends on, those that override others first. */
export function layersOf(role: Role): readonly Located<JsonObject>[] {
  const own = [role.params, role.useVars, role.vars, role.defaults].flatMap((vars) => vars ?? [])
  return [...own, ...role.dependencies.flatMap(layersOf)]
}

const loopNames = ({ loopVar, indexVar }: NonNullable<Task['loop']>['control']) =>
  indexVar === undefined ? [loopVar] : [loopVar, indexVar]

function inside(around: Around, node: Pick<Inherited, 'vars' | 'ignoreErrors' | 'tags'>): Around {
  return {
    ...around,
    vars: node.vars === undefined ? around.vars : [node.vars, ...around.vars],
    around: node.tags.includes('never') ? 'sometimes' : around.around,
    caught: around.caught || (node.ignoreErrors !== undefined && node.ignoreErrors.value !== false),
  }
}

const conditional = (around: Around, is: boolean): Around => (is ? { ...around, around: 'sometimes' } : around)
