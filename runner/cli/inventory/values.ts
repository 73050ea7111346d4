import type { Json } from '../../../schema/infer.ts'
import type { Inventory, InventoryHost, Variables } from '../../inventory/inventory.ts'
import type { LoadedInventory } from '../../inventory/load.ts'
import { vaultedText } from '../../language/vault.ts'
import { inventoryLayers } from '../../vars/inventory-layers.ts'
import { strongestFirst } from '../../vars/layers.ts'

/** Variables as they were written, in the order of their names. */
export type Written = { readonly [name: string]: Json }

/** What a host's variables come to, extra vars last; templates stay as they were written. */
export function hostVariables(host: InventoryHost, loaded: LoadedInventory, extra: Variables): Written {
  const { inventory, besideInventory, besidePlaybooks } = loaded
  const [besidePlaybook] = besidePlaybooks.values()
  const layers = strongestFirst(inventoryLayers(host, { inventory, besideInventory, besidePlaybook })).toReversed()
  const maps = layers.flatMap((layer) => (layer.kind === 'written' ? [layer.variables] : []))
  return merged([...maps, extra])
}

/** The variables that a source and `host_vars/` give to the host itself. */
export function ownHostVariables(host: InventoryHost, loaded: LoadedInventory): Written {
  const beside = [loaded.besideInventory, ...loaded.besidePlaybooks.values()].map(({ hosts }) => hosts.get(host.name))
  return merged([host.vars, ...beside])
}

/** The variables that a source and `group_vars/` give to a group. */
export function groupVariables(name: string, loaded: LoadedInventory): Written {
  const beside = [loaded.besideInventory, ...loaded.besidePlaybooks.values()].map(({ groups }) => groups.get(name))
  return merged([loaded.inventory.groups.get(name)?.vars, ...beside])
}

/** Names of the groups of an inventory from one on, each once, the outer ones first. */
export function groupsBelow({ groups }: Inventory, top: string): readonly string[] {
  const found = new Set([top])
  for (const name of found) for (const child of groups.get(name)?.children ?? []) found.add(child)
  return [...found]
}

function merged(all: readonly (Variables | undefined)[]): Written {
  const values = new Map<string, Json>()
  for (const variables of all) for (const [name, { value }] of variables ?? []) values.set(name, value)
  return Object.fromEntries([...values].toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

/** A written value with what stands for encrypted and unsafe texts put back by `vaulted` and `unsafe`. */
export function unwrapped(
  value: Json,
  vaulted: (text: string) => unknown,
  unsafe: (text: string) => unknown,
): unknown {
  if (typeof value === 'string') {
    const secret = vaultedText(value)
    if (secret !== undefined) return vaulted(secret)
    const raw = /^\{% raw %\}(.*)\{% endraw %\}$/s.exec(value)?.[1]
    return raw === undefined ? value : unsafe(raw)
  }
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item: Json) => unwrapped(item, vaulted, unsafe))
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]: [string, Json]) => [name, unwrapped(inner, vaulted, unsafe)]),
  )
}
