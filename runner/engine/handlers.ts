import type { Block, Play, Task } from '../language/tree.ts'
import { type HostRun, running } from './host-run.ts'
import { type Site, walk, type WalkContext } from './walk.ts'

/** A handler where it stands: in blocks of handlers it inherits from them. */
interface Handler {
  readonly task: Task
  readonly site: Site
  /** The name it answers to, its templates evaluated. */
  readonly name: string | undefined
}

/** The handlers of a play, and who is to run which. */
export class Handlers {
  readonly #handlers: readonly Handler[]

  /** `nameOf` evaluates the templates in a handler's name. */
  constructor(play: Play, nameOf: (task: Task) => string | undefined) {
    const from = (nodes: readonly (Task | Block)[], site: Site): readonly Handler[] =>
      nodes.flatMap((node) =>
        node.kind === 'task'
          ? [{ task: node, site, name: nameOf(node) }]
          : from(node.block, { ...site, lineage: [...site.lineage, node] }),
      )
    this.#handlers = from(play.handlers, { lineage: [play], extra: [], handlers: true })
  }

  /** Notes that a host is to run what answers to a name: the first handler of that name, and all that listen to it. False where nothing does. */
  notify(host: HostRun, name: string, certain: boolean): boolean {
    const named = this.#handlers.find((handler) => handler.name === name)
    const called = this.#handlers.filter((handler) => handler === named || handler.task.listen.includes(name))
    for (const { task } of called)
      if (certain || !host.notified.has(task)) host.notified.set(task, certain ? 'yes' : 'maybe')
    return called.length > 0
  }

  /** Runs what hosts were notified of, in the order of definition, each once. What a handler notifies runs in its turn, an earlier one at the next flush. */
  async flush(context: WalkContext, hosts: readonly HostRun[], evenFailed: boolean): Promise<void> {
    const able = (): readonly HostRun[] =>
      evenFailed ? hosts.filter((host) => host.standing === 'running' || host.standing === 'failed') : running(hosts)
    for (const { task, site } of this.#handlers) {
      if (context.isOver()) return
      const called = able().filter((host) => host.notified.has(task))
      if (called.length === 0) continue
      const maybe = new Set(called.filter((host) => host.notified.get(task) === 'maybe'))
      for (const host of called) host.notified.delete(task)
      await runOn(context, task, { ...site, maybe }, called)
    }
  }
}

/** Runs one handler; a host that had failed is failed again afterwards. */
async function runOn(context: WalkContext, task: Task, site: Site, hosts: readonly HostRun[]): Promise<void> {
  const failed = hosts.filter((host) => host.standing === 'failed')
  for (const host of failed) host.standing = 'running'
  await walk(context, [task], site, hosts)
  for (const host of failed) if (host.standing === 'running') host.standing = 'failed'
}
