import type { JsonObject } from '../../schema/infer.ts'
import { tasksIncluded } from './known.ts'
import type { Inherited, Located, Node, Play, Task } from './tree.ts'

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

/** All tasks of a play in all its sections, those of files that it includes among them. */
export function* visitTasks(play: Play): Generator<VisitedTask> {
  const around = inside({ vars: [], names: [], around: 'always', caught: false }, { ...play, vars: undefined })
  for (const section of [play.preTasks, play.tasks, play.postTasks, play.handlers]) yield* visit(section, around, [])
}

function* visit(
  nodes: readonly Node[],
  around: Around,
  including: readonly (readonly Node[])[],
): Generator<VisitedTask> {
  if (including.includes(nodes)) return
  for (const node of nodes) {
    if (node.kind === 'task') yield* visitTask(node, around, [...including, nodes])
    else {
      const within = conditional(inside(around, node), node.when !== undefined)
      yield* visit(node.block, { ...within, caught: within.caught || node.rescue.length > 0 }, including)
      yield* visit(node.rescue, within, including)
      yield* visit(node.always, within, including)
    }
  }
}

function* visitTask(task: Task, around: Around, including: readonly (readonly Node[])[]): Generator<VisitedTask> {
  const names = task.loop === undefined ? around.names : [...around.names, ...loopNames(task.loop.control)]
  const { vars } = around
  const here = { ...inside(around, { ...task, vars: undefined }), names, vars }
  yield { task, ...here }
  const included =
    task.action.kind === 'statement' && task.action.name === 'include_tasks'
      ? tasksIncluded(task.action.args)
      : undefined
  if (included !== undefined)
    yield* visit(included, conditional(inside(here, task), task.when !== undefined), including)
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
