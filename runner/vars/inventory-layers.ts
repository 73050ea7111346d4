import type { Inventory, InventoryHost, Variables } from '../inventory/inventory.ts'
import type { DirectoryVariables } from './directory-variables.ts'
import type { Layer, Level } from './layers.ts'

/** Where the variables of hosts and groups come from. */
export interface InventoryVariables {
  readonly inventory: Inventory
  readonly besideInventory: DirectoryVariables
  /** Those beside the playbook that runs. */
  readonly besidePlaybook: DirectoryVariables | undefined
}

/** The layers of a host that the inventory and `group_vars/` and `host_vars/` give, weakest first. Groups' layers are shared, not copied. */
export function inventoryLayers(
  host: InventoryHost,
  { inventory, besideInventory, besidePlaybook }: InventoryVariables,
): readonly Layer[] {
  const groups = host.groups.filter((group) => group !== 'all')
  const layers: Layer[] = []
  const add = (level: Level, variables: Variables | undefined): void => {
    if (variables !== undefined && variables.size > 0) layers.push({ kind: 'written', level, variables })
  }
  for (const group of host.groups) add('inventory-groups', inventory.groups.get(group)?.vars)
  add('inventory-group-vars-all', besideInventory.groups.get('all'))
  add('playbook-group-vars-all', besidePlaybook?.groups.get('all'))
  for (const group of groups) add('inventory-group-vars', besideInventory.groups.get(group))
  for (const group of groups) add('playbook-group-vars', besidePlaybook?.groups.get(group))
  add('inventory-hosts', host.vars)
  add('inventory-host-vars', besideInventory.hosts.get(host.name))
  add('playbook-host-vars', besidePlaybook?.hosts.get(host.name))
  return layers
}
