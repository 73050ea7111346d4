import type { Block, Node, Play, Role, Task } from '../language/tree.ts'
import { type HostRun, nevertheless, running } from './host-run.ts'
import type { PlacedRole } from './roles-in.ts'
import { type Site, walk, type WalkContext } from './walk.ts'

/** A handler where it stands: in blocks of handlers, and in a role, it inherits from them. */
interface Handler {
  readonly task: Task
  readonly site: Site
  /** The names it answers to, their templates evaluated: its own, and that with its role's in front. */
  readonly names: readonly string[]
}

/** The handlers of a play and of its roles, and who is to run which. */
export class Handlers {
  /** Those of one place together, in the order in which the places came. */
  readonly #groups: (readonly Handler[])[] = []
  readonly #nameOf: (task: Task) => string | undefined

  /** `nameOf` evaluates the templates in a handler's name. Imported roles come after the play's own handlers, as in Ansible. */
  constructor(
    play: Play,
    { listed, imported }: { readonly listed: readonly PlacedRole[]; readonly imported: readonly PlacedRole[] },
    nameOf: (task: Task) => string | undefined,
  ) {
    this.#nameOf = nameOf
    const site: Site = { lineage: [play], extra: [], handlers: true }
    for (const placed of listed) this.add(placed, site)
    this.#groups.push(this.#from(play.handlers, site, undefined))
    for (const placed of imported) this.add(placed, site)
  }

  /** Takes in the handlers of a role that stands at a site. */
  add({ role, blocks }: PlacedRole, site: Site): void {
    const [play, ...around] = site.lineage
    const enclosing = [...around, ...blocks].filter((node): node is Block => node.kind === 'block')
    this.#groups.push(
      this.#from(role.handlers, { lineage: [play, ...enclosing], extra: site.extra, handlers: true }, role),
    )
  }

  #from(nodes: readonly Node[], site: Site, role: Role | undefined): readonly Handler[] {
    return nodes.flatMap((node) => {
      if (node.kind === 'block') return this.#from(node.block, { ...site, lineage: [...site.lineage, node] }, role)
      const name = this.#nameOf(node)
      const names = name === undefined ? [] : role === undefined ? [name] : [name, `${role.name} : ${name}`]
      return [{ task: node, site, names }]
    })
  }

  /**
   * Notes that a host is to run what answers to a name: the first handler of that name, of the place that came last, and all that listen
   * to it. False where nothing does.
   */
  notify(host: HostRun, name: string, certain: boolean): boolean {
    const group = this.#groups.findLast((handlers) => handlers.some(({ names }) => names.includes(name)))
    const named = group?.find(({ names }) => names.includes(name))
    const called = this.#groups.flat().filter((handler) => handler === named || handler.task.listen.includes(name))
    for (const { task } of called)
      if (certain || !host.notified.has(task)) host.notified.set(task, certain ? 'yes' : 'maybe')
    return called.length > 0
  }

  /** Runs what hosts were notified of, in the order of definition, each once. What a handler notifies runs in its turn, an earlier one at the next flush. */
  async flush(context: WalkContext, hosts: readonly HostRun[], evenFailed: boolean): Promise<void> {
    // Who fails in a handler runs no further one, whatever is forced.
    const out = new Set<HostRun>()
    const able = (): readonly HostRun[] =>
      evenFailed
        ? hosts.filter((host) => !out.has(host) && ['running', 'failed'].includes(host.standing))
        : running(hosts)
    // A handler that includes a role brings in further ones.
    for (const handlers of this.#groups)
      for (const { task, site } of handlers) {
        if (context.isOver()) return
        const called = able().filter((host) => host.notified.has(task))
        if (called.length === 0) continue
        const maybe = new Set(called.filter((host) => host.notified.get(task) === 'maybe'))
        for (const host of called) host.notified.delete(task)
        await nevertheless(called, async () => {
          await walk(context, [task], { ...site, maybe }, called)
          for (const host of called.filter(({ standing }) => standing === 'failed')) {
            out.add(host)
            host.notified.clear()
          }
        })
      }
  }
}
