import { didYouMean } from '../../schema/nearest.ts'
import { globToRegExp } from '../inventory/glob.ts'
import type { Problem } from './source.ts'
import type { Node, Play, Playbook, Task } from './tree.ts'

/**
 * The playbooks without what comes before the first task of a name, or of a glob as Python's `fnmatch` has it: earlier plays, and earlier
 * tasks of its own play. Files that are included in the run are not searched. A problem where there is no such task.
 */
export function startAt(playbooks: readonly Playbook[], name: string | undefined): readonly Playbook[] | Problem {
  if (name === undefined) return playbooks
  const glob = globToRegExp(name)
  const matches = (written: string): boolean => written === name || glob.test(written)
  for (const [index, playbook] of playbooks.entries()) {
    for (const [number, play] of playbook.plays.entries()) {
      const rest = fromTask(play, matches)
      if (rest === undefined) continue
      const plays = Object.freeze([rest, ...playbook.plays.slice(number + 1)])
      return [Object.freeze({ ...playbook, plays }), ...playbooks.slice(index + 1)]
    }
  }
  const names = playbooks.flatMap(({ plays }) =>
    plays.flatMap((play) => sections(play).flatMap((nodes) => namesIn(nodes))),
  )
  return {
    message: `no task matches --start-at-task "${name}"`,
    hint: didYouMean(name, names) ?? 'tasks of files that are included in the run cannot be started at',
  }
}

type Matches = (written: string) => boolean

const sections = ({ preTasks, roles, tasks, postTasks }: Play): readonly (readonly Node[])[] => [
  preTasks,
  roles,
  tasks,
  postTasks,
]

function fromTask(play: Play, matches: Matches): Play | undefined {
  const found = sections(play).map((nodes) => from(nodes, undefined, matches))
  const [preTasks, roles, tasks, postTasks] = found
  if (preTasks !== undefined) return Object.freeze({ ...play, preTasks })
  const later = { ...play, preTasks: [] }
  if (roles !== undefined) return Object.freeze({ ...later, roles })
  if (tasks !== undefined) return Object.freeze({ ...later, roles: [], tasks })
  return postTasks === undefined ? undefined : Object.freeze({ ...later, roles: [], tasks: [], postTasks })
}

/** The nodes from the task on; a block that holds it is cut. Undefined where it is not among them. */
function from(nodes: readonly Node[], role: string | undefined, matches: Matches): readonly Node[] | undefined {
  for (const [index, node] of nodes.entries()) {
    const rest = nodes.slice(index + 1)
    if (node.kind === 'task') {
      if (namesOf(node, role).some(matches)) return [node, ...rest]
      continue
    }
    const inner = node.role?.name ?? role
    const block = from(node.block, inner, matches)
    if (block !== undefined) return [Object.freeze({ ...node, block }), ...rest]
    const rescue = from(node.rescue, inner, matches)
    if (rescue !== undefined) return [Object.freeze({ ...node, block: rescue, rescue: [] }), ...rest]
    const always = from(node.always, inner, matches)
    if (always !== undefined) return [Object.freeze({ ...node, block: [], rescue: [], always }), ...rest]
  }
  return undefined
}

/** A task of a role has two names: its own, and with the role's in front, as it is shown. */
function namesOf({ name, action }: Task, role: string | undefined): readonly string[] {
  const own = name ?? action.written
  return role === undefined ? [own] : [own, `${role} : ${own}`]
}

const namesIn = (nodes: readonly Node[]): readonly string[] =>
  nodes.flatMap((node) =>
    node.kind === 'task'
      ? [node.name ?? node.action.written]
      : [...namesIn(node.block), ...namesIn(node.rescue), ...namesIn(node.always)],
  )
