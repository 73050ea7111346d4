import type { Json } from '../../../schema/infer.ts'
import type { Inventory, InventoryHost, Variables } from '../../inventory/inventory.ts'
import type { LoadedInventory } from '../../inventory/load.ts'
import { vaultedText } from '../../language/vault.ts'
import { inventoryLayers } from '../../vars/inventory-layers.ts'
import { type Level, strongestFirst } from '../../vars/layers.ts'

/** Variables as they were written, in the order of their names. */
export type Written = { readonly [name: string]: Json }

/** What a host's variables come to, extra vars last; templates stay as they were written. */
export function hostVariables(host: InventoryHost, loaded: LoadedInventory, extra: Variables): Written {
  const { inventory, besideInventory, besidePlaybooks } = loaded
  const [besidePlaybook] = besidePlaybooks.values()
  const layers = strongestFirst(inventoryLayers(host, { inventory, besideInventory, besidePlaybook })).toReversed()
  const maps = layers.flatMap((layer) => (layer.kind === 'written' ? [layer] : []))
  const ofGroups = maps.filter(({ level }) => !OF_HOSTS.has(level)).map(({ variables }) => variables)
  const own = maps.filter(({ level }) => OF_HOSTS.has(level)).map(({ variables }) => variables)
  const shared = sharedVariables(host.groups, ofGroups, loaded)
  return own.length === 0 && extra.size === 0 ? shared : ordered({ ...shared, ...merged([...own, extra]) })
}
/** The levels of variables that a host has for itself: the strongest of what an inventory gives. */
const OF_HOSTS: ReadonlySet<Level> = new Set<Level>(['inventory-hosts', 'inventory-host-vars', 'playbook-host-vars'])

/** What groups come to: the same for all hosts of the same groups, so that it is put together once. */
function sharedVariables(groups: readonly string[], maps: readonly Variables[], loaded: LoadedInventory): Written {
  const ofInventory = shared.get(loaded) ?? new Map<string, Written>()
  shared.set(loaded, ofInventory)
  const key = groups.join('\0')
  const made = ofInventory.get(key) ?? merged(maps)
  ofInventory.set(key, made)
  return made
}
const shared = new WeakMap<LoadedInventory, Map<string, Written>>()

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
  return ordered(Object.fromEntries(values))
}

/** The same in the order of the names; what is in order already is not made again. */
export function ordered<T>(mapping: { readonly [name: string]: T }): { readonly [name: string]: T } {
  const names = Object.keys(mapping)
  const first = names.findIndex((name, index) => index > 0 && (names[index - 1] ?? '') > name)
  if (first < 0) return mapping
  // Without a function to compare with, which is many times faster, texts are ordered alike.
  return Object.fromEntries(names.toSorted().map((name) => [name, mapping[name] as T]))
}

/** A mapping with each value changed; the mapping itself where none is. */
export function changed(
  mapping: { readonly [name: string]: unknown },
  change: (value: unknown) => unknown,
): { readonly [name: string]: unknown } {
  const others = Object.keys(mapping).flatMap((name) => {
    const after = change(mapping[name])
    return after === mapping[name] ? [] : [[name, after] as const]
  })
  return others.length === 0 ? mapping : { ...mapping, ...Object.fromEntries(others) }
}

/** A written value with what stands for encrypted and unsafe texts put back by `vaulted` and `unsafe`. */
export function unwrapped(value: Json, vaulted: (text: string) => unknown, unsafe: (text: string) => unknown): unknown {
  if (typeof value === 'string') {
    if (!value.startsWith('{')) return value
    const secret = vaultedText(value)
    if (secret !== undefined) return vaulted(secret)
    const raw = /^\{% raw %\}(.*)\{% endraw %\}$/s.exec(value)?.[1]
    return raw === undefined ? value : unsafe(raw)
  }
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item: Json) => unwrapped(item, vaulted, unsafe))
  return changed(value as Written, (inner) => unwrapped(inner as Json, vaulted, unsafe))
}
