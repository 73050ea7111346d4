import { randomBytes } from 'node:crypto'
import { dirname } from 'node:path'
import type { Inventory, InventoryHost } from '../inventory/inventory.ts'
import type { Scope } from '../template/template.ts'
import type { Layer } from './layers.ts'
import { lazyObject } from './lazy-object.ts'

/** What holds for the whole run. */
export interface RunFacts {
  /** Asked for each time: tasks add hosts and groups to it. */
  readonly inventory: Inventory
  /** The marker that `omit` stands for: `omitMarker()`, one for a run. */
  readonly omit: string
  readonly check: boolean
  readonly diff: boolean
  readonly verbosity: number
  readonly forks: number
  /** As given: `['all']` where no tags are asked for. */
  readonly runTags: readonly string[]
  readonly skipTags: readonly string[]
  readonly limit: string | undefined
  /** Absolute paths of the inventory sources. */
  readonly inventorySources: readonly string[]
  readonly version: string
}

/** What holds for a play. Lists of hosts are asked for each time: they shrink as hosts fail. */
export interface PlayFacts {
  readonly name: string
  /** Absolute path of the playbook's directory. */
  readonly playbookDir: string
  /** Those that the whole play knows of; asked for each time, since includes add to them. */
  readonly roles: () => readonly RoleNames[]
  /** All hosts of the play, and those that have not failed, in all batches and in this one. */
  readonly allHosts: () => readonly string[]
  readonly liveHosts: () => readonly string[]
  readonly batchHosts: () => readonly string[]
}

/** A role's name, and the roles that it depends on. */
export interface RoleNames {
  readonly name: string
  readonly dependencies: readonly RoleNames[]
}

function dependent(roles: readonly RoleNames[]): readonly string[] {
  return [
    ...new Set(
      roles.flatMap(({ dependencies }) => [...dependent(dependencies), ...dependencies.map(({ name }) => name)]),
    ),
  ]
}

/** The variables of any host, for `hostvars`; undefined where there is no such host. */
export type HostScopes = (host: string) => (Scope & { has(name: string): boolean }) | undefined

/** A marker that no user writes by chance; an argument that is this is left out. */
export function omitMarker(): string {
  return `__omit_place_holder__${randomBytes(20).toString('hex')}`
}

/** The magic variables of the run; the same layers for all hosts. */
export function runMagic(run: RunFacts, hostScope: HostScopes): readonly Layer[] {
  const [major = 0, minor = 0, revision = 0] = run.version.split('.').map(Number)
  let groups: { readonly of: Inventory; readonly hosts: Readonly<Record<string, readonly string[]>> } | undefined
  const groupsNow = (): unknown => {
    const { inventory } = run
    if (groups?.of !== inventory)
      groups = {
        of: inventory,
        hosts: Object.fromEntries([...inventory.groups].map(([name, group]) => [name, group.hosts])),
      }
    return groups.hosts
  }
  const hostvars = hostvarsOf(run, hostScope)
  const fixed: Record<string, unknown> = {
    omit: run.omit,
    ansible_check_mode: run.check,
    ansible_diff_mode: run.diff,
    ansible_verbosity: run.verbosity,
    ansible_forks: run.forks,
    ansible_run_tags: run.runTags,
    ansible_skip_tags: run.skipTags,
    ansible_inventory_sources: run.inventorySources,
    ansible_version: { full: run.version, string: run.version, major, minor, revision },
    ansible_playbook_python: '/usr/bin/python3',
    ...(run.limit === undefined ? {} : { ansible_limit: run.limit }),
  }
  return [values(fixed), computed({ groups: groupsNow, hostvars: () => hostvars, vars: variablesOf })]
}

/** The magic variables of a host, whatever plays run on it. */
export function hostMagic(host: InventoryHost): Layer {
  return values({
    inventory_hostname: host.name,
    inventory_hostname_short: host.name.split('.')[0],
    inventory_file: host.file ?? null,
    inventory_dir: host.file === undefined ? null : dirname(host.file),
    group_names: host.groups.filter((group) => group !== 'all').toSorted(),
  })
}

/** The magic variables of a play; the same layers for all hosts. */
export function playMagic(play: PlayFacts): readonly Layer[] {
  return [
    values({
      ansible_play_name: play.name,
      playbook_dir: play.playbookDir,
    }),
    computed({
      ansible_play_hosts_all: play.allHosts,
      ansible_play_hosts: play.liveHosts,
      ansible_play_batch: play.batchHosts,
      play_hosts: play.batchHosts,
      role_names: () => play.roles().map(({ name }) => name),
      ansible_play_role_names: () => play.roles().map(({ name }) => name),
      ansible_dependent_role_names: () => dependent(play.roles()),
      ansible_role_names: () => [...new Set([...dependent(play.roles()), ...play.roles().map(({ name }) => name)])],
    }),
  ]
}

/** The magic variables of a role's tasks. `parents` are the names of the roles that brought it in, the nearest first. */
export function roleMagic(role: {
  readonly name: string
  readonly path: string
  readonly parents: readonly string[]
}): Layer {
  const parents = role.parents.length === 0 ? {} : { ansible_parent_role_names: role.parents }
  return values({ role_name: role.name, ansible_role_name: role.name, role_path: role.path, ...parents })
}

function hostvarsOf(run: Pick<RunFacts, 'inventory'>, hostScope: HostScopes): unknown {
  const objects = new Map<string, { readonly of: Scope; readonly object: unknown }>()
  const get = (host: string): unknown => {
    const scope = hostScope(host)
    if (scope === undefined) return undefined
    const known = objects.get(host)
    if (known?.of === scope) return known.object
    const object = variablesOf(scope)
    objects.set(host, { of: scope, object })
    return object
  }
  return lazyObject(
    () => run.inventory.hosts.keys(),
    get,
    (host) => hostScope(host) !== undefined,
  )
}

function variablesOf(scope: Scope & { has?(name: string): boolean }): unknown {
  const names = (): Iterable<string> => [...scope.names()].filter((name) => name !== 'vars' && name !== 'hostvars')
  return lazyObject(
    names,
    (name) => scope.get(name),
    (name) => scope.has?.(name) ?? new Set(scope.names()).has(name),
  )
}

type Compute = (scope: Scope) => unknown

function computed(variables: Readonly<Record<string, Compute>>): Layer {
  return { kind: 'computed', level: 'magic', variables: new Map(Object.entries(variables)) }
}

function values(variables: Readonly<Record<string, unknown>>): Layer {
  return { kind: 'values', level: 'magic', variables: new Map(Object.entries(variables)) }
}
