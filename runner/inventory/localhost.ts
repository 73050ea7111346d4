import type { Inventory, InventoryHost, Variable } from './inventory.ts'

/** Names that mean this machine where the inventory does not have them. */
export const LOCALHOST: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '::1'])

/**
 * The host of a name; the implicit localhost where a pattern named it and the inventory does not. That one is in no group, so `all`
 * does not mean it, but variables of `all` hold for it.
 */
export function hostOf(inventory: Inventory, name: string): InventoryHost | undefined {
  const host = inventory.hosts.get(name)
  if (host !== undefined || !LOCALHOST.has(name)) return host
  const vars = new Map<string, Variable>([['ansible_connection', { value: 'local' }]])
  return { name, vars, groups: ['all'], file: undefined }
}
