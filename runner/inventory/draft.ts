import type { Position, Problem } from '../language/source.ts'
import type { Inventory, InventoryGroup, InventoryHost, Variable } from './inventory.ts'

interface HostDraft {
  readonly name: string
  readonly file: string | undefined
  readonly vars: Map<string, Variable>
}
interface GroupDraft {
  readonly name: string
  readonly vars: Map<string, Variable>
  readonly hosts: Set<string>
  readonly children: Set<string>
  readonly parents: Set<string>
  priority: number
}

/** An inventory being put together from its sources: later sources add to and override what earlier ones said. */
export class InventoryDraft {
  readonly problems: Problem[] = []
  readonly warnings: Problem[] = []
  /** True where a source is kept encrypted. */
  sealed = false
  readonly #hosts = new Map<string, HostDraft>()
  readonly #groups = new Map<string, GroupDraft>()

  constructor() {
    this.addGroup('all')
    this.addGroup('ungrouped')
    this.addChild('all', 'ungrouped', undefined)
  }

  /** A draft of the same hosts and groups that goes its own way. */
  copy(): InventoryDraft {
    const draft = new InventoryDraft()
    for (const host of this.#hosts.values()) draft.#hosts.set(host.name, { ...host, vars: new Map(host.vars) })
    for (const group of this.#groups.values()) {
      const { vars, hosts, children, parents } = group
      const own = { vars: new Map(vars), hosts: new Set(hosts), children: new Set(children), parents: new Set(parents) }
      draft.#groups.set(group.name, { ...group, ...own })
    }
    return draft
  }

  addGroup(name: string): void {
    if (this.#groups.has(name)) return
    this.#groups.set(name, {
      name,
      vars: new Map(),
      hosts: new Set(),
      children: new Set(),
      parents: new Set(),
      priority: 1,
    })
  }

  hasGroup(name: string): boolean {
    return this.#groups.has(name)
  }

  groupNames(): readonly string[] {
    return [...this.#groups.keys()]
  }

  hostNames(): readonly string[] {
    return [...this.#hosts.keys()]
  }

  /** Adds a host to a group; a host that is already known keeps the file that named it first. */
  addHost(name: string, group: string, file: string | undefined): void {
    this.addGroup(group)
    this.#groups.get(group)?.hosts.add(name)
    if (!this.#hosts.has(name)) this.#hosts.set(name, { name, file, vars: new Map() })
  }

  /** Puts one group into another. A group that would contain itself is a problem, and is left out. */
  addChild(parent: string, child: string, at: Position | undefined): void {
    this.addGroup(parent)
    this.addGroup(child)
    const path = this.#pathBetween(child, parent)
    if (path !== undefined) {
      const message =
        parent === child
          ? `group "${parent}" cannot contain itself`
          : `group "${parent}" would contain itself: ${[parent, ...path].join(' → ')}`
      this.problems.push({ message, at, hint: `take "${child}" out of the children of "${parent}"` })
      return
    }
    this.#groups.get(parent)?.children.add(child)
    this.#groups.get(child)?.parents.add(parent)
  }

  setHostVariable(host: string, name: string, variable: Variable): void {
    this.#hosts.get(host)?.vars.set(name, variable)
  }

  /** Sets a variable of a group; `ansible_group_priority` is no variable, but says how strong the others are. */
  setGroupVariable(name: string, variable: string, written: Variable): void {
    this.addGroup(name)
    const group = this.#groups.get(name)
    if (group === undefined) return
    if (variable !== 'ansible_group_priority') {
      group.vars.set(variable, written)
      return
    }
    const priority = typeof written.value === 'string' ? Number(written.value.trim() || 'none') : written.value
    if (typeof priority === 'number' && Number.isInteger(priority)) group.priority = priority
    else
      this.problems.push({ message: `ansible_group_priority of group "${name}" is not a whole number`, at: written.at })
  }

  /** The merged inventory. Groups without a parent go into `all`, hosts without a group into `ungrouped`. */
  finish(): Inventory {
    this.#adopt()
    const depths = new Map<string, number>()
    const groups = new Map<string, InventoryGroup>()
    for (const group of this.#groups.values()) groups.set(group.name, this.#finishGroup(group, depths))
    const memberships = this.#memberships(groups)
    const hosts = new Map<string, InventoryHost>()
    for (const host of this.#hosts.values()) {
      hosts.set(host.name, {
        name: host.name,
        vars: host.vars,
        file: host.file,
        groups: memberships.get(host.name) ?? ['all'],
      })
      if (groups.has(host.name))
        this.warnings.push({
          message: `"${host.name}" is both a group and a host`,
          hint: 'rename one of them: a pattern with this name means the group',
        })
    }
    return { hosts, groups }
  }

  #adopt(): void {
    const grouped = new Set<string>()
    for (const group of this.#groups.values()) {
      if (group.name === 'all') continue
      if (group.parents.size === 0) this.addChild('all', group.name, undefined)
      if (group.name !== 'ungrouped') for (const host of group.hosts) grouped.add(host)
    }
    const ungrouped = this.#groups.get('ungrouped')
    for (const name of this.#hosts.keys()) {
      if (grouped.has(name)) ungrouped?.hosts.delete(name)
      else ungrouped?.hosts.add(name)
    }
  }

  #finishGroup(group: GroupDraft, depths: Map<string, number>): InventoryGroup {
    const hosts = new Set<string>()
    for (const name of this.#descendants(group.name))
      for (const host of this.#groups.get(name)?.hosts ?? []) hosts.add(host)
    return {
      name: group.name,
      vars: group.vars,
      children: [...group.children],
      hosts: [...hosts],
      ownHosts: [...group.hosts],
      depth: this.#depth(group.name, depths),
      priority: group.priority,
    }
  }

  /** The group itself, then what it contains, level by level: the order of Ansible's hosts of a group. */
  #descendants(name: string): Iterable<string> {
    const found = new Set([name])
    for (const next of found) for (const child of this.#groups.get(next)?.children ?? []) found.add(child)
    return found
  }

  #depth(name: string, depths: Map<string, number>): number {
    const known = depths.get(name)
    if (known !== undefined) return known
    const parents = [...(this.#groups.get(name)?.parents ?? [])]
    const depth = parents.reduce((deepest, parent) => Math.max(deepest, this.#depth(parent, depths) + 1), 0)
    depths.set(name, depth)
    return depth
  }

  #memberships(groups: ReadonlyMap<string, InventoryGroup>): ReadonlyMap<string, readonly string[]> {
    const memberships = new Map<string, string[]>()
    for (const group of [...groups.values()].toSorted(weakestFirst)) {
      for (const host of group.hosts) {
        const list = memberships.get(host)
        if (list === undefined) memberships.set(host, [group.name])
        else list.push(group.name)
      }
    }
    return memberships
  }

  #pathBetween(from: string, to: string, seen = new Set<string>()): readonly string[] | undefined {
    if (from === to) return [to]
    seen.add(from)
    for (const child of this.#groups.get(from)?.children ?? []) {
      const path = seen.has(child) ? undefined : this.#pathBetween(child, to, seen)
      if (path !== undefined) return [from, ...path]
    }
    return undefined
  }
}

/** Order of precedence among groups: deeper wins over shallower, then the higher priority, then the later name. */
function weakestFirst(a: InventoryGroup, b: InventoryGroup): number {
  return a.depth - b.depth || a.priority - b.priority || (a.name < b.name ? -1 : 1)
}
