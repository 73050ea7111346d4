import { resolve } from 'node:path'
import type { Vault } from '../language/vault.ts'
import { type DirectoryVariables, loadDirectoryVariables } from '../vars/directory-variables.ts'
import { InventoryDraft } from './draft.ts'
import type { Inventory, Variables } from './inventory.ts'
import { type LoadedInventory, mergedDirectories, sourceDirectories } from './load.ts'

/** What a task adds to the inventory of a run. */
export interface InventoryChange {
  readonly host: string
  readonly vars?: Variables
  /** Groups that the host is put into, made where they do not exist. */
  readonly groups: readonly string[]
  /** Groups that these are put into. */
  readonly parents?: readonly string[]
}

/** The inventory with a change; what `group_vars/` and `host_vars/` say of new names is read. */
export function changed(
  loaded: LoadedInventory,
  change: InventoryChange,
  {
    sources,
    cwd,
    vault,
  }: { readonly sources: readonly string[]; readonly cwd: string; readonly vault?: Vault | undefined },
): LoadedInventory {
  const draft = draftOf(loaded.inventory)
  const { host, vars = new Map(), groups, parents = [] } = change
  const isNew = !loaded.inventory.hosts.has(host)
  if (isNew) draft.addHost(host, 'ungrouped', undefined)
  for (const [name, variable] of vars) draft.setHostVariable(host, name, variable)
  for (const group of groups) {
    for (const parent of parents) draft.addChild(parent, group, undefined)
    draft.addHost(host, group, undefined)
  }
  const inventory = draft.finish()
  const known = [...groups, ...parents].every((name) => loaded.inventory.groups.has(name))
  if (known && !isNew) return { ...loaded, inventory }
  const read = (directory: string): DirectoryVariables => loadDirectoryVariables(directory, inventory, cwd, vault)
  return {
    ...loaded,
    inventory,
    besideInventory: mergedDirectories(sourceDirectories(sources, cwd).map(read)),
    besidePlaybooks: new Map(
      [...loaded.besidePlaybooks.keys()].map((directory) => [directory, read(resolve(cwd, directory))]),
    ),
  }
}

function draftOf({ hosts, groups }: Inventory): InventoryDraft {
  const draft = new InventoryDraft()
  for (const { name, file, vars } of hosts.values()) {
    draft.addHost(name, 'ungrouped', file)
    for (const [variable, written] of vars) draft.setHostVariable(name, variable, written)
  }
  for (const { name, vars, children, ownHosts, priority } of groups.values()) {
    draft.addGroup(name)
    for (const [variable, written] of vars) draft.setGroupVariable(name, variable, written)
    draft.setGroupVariable(name, 'ansible_group_priority', { value: priority })
    for (const child of children) draft.addChild(name, child, undefined)
    for (const host of ownHosts) draft.addHost(host, name, undefined)
  }
  return draft
}
