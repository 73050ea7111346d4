import type { Node, Play, Task } from '../language/tree.ts'
import type { Lineage } from './lineage.ts'

/** The tasks of a play in the order in which they come, for reading ahead. Rescues are not expected. */
export class Coming {
  readonly #places = new Map<Task, { readonly list: readonly Lineage[]; readonly index: number }>()

  /** `lead` comes before all others. */
  constructor(play: Play, lead: Task | undefined) {
    this.#add(
      [
        ...(lead === undefined ? [] : [lead]),
        ...play.preTasks,
        ...play.roles,
        ...play.tasks,
        ...play.postTasks,
      ].flatMap((node) => flatten(node, [play])),
    )
  }

  /** The task and what comes after it, at most `most` tasks. */
  from(task: Task, most = 1000): readonly Lineage[] {
    const place = this.#places.get(task)
    return place === undefined ? [] : place.list.slice(place.index, place.index + most)
  }

  /** Says that nodes come next, before what comes after `task`. */
  announce(nodes: readonly Node[], lineage: Lineage, task: Task): void {
    this.#add([...nodes.flatMap((node) => flatten(node, lineage)), ...this.from(task).slice(1)])
  }

  #add(list: readonly Lineage[]): void {
    list.forEach((lineage, index) => {
      const task = lineage.at(-1)
      if (task?.kind === 'task') this.#places.set(task, { list, index })
    })
  }
}

function flatten(node: Node, enclosing: Lineage): readonly Lineage[] {
  const lineage: Lineage = [...enclosing, node]
  return node.kind === 'task' ? [lineage] : [...node.block, ...node.always].flatMap((inner) => flatten(inner, lineage))
}
