import { patternText } from '../engine/hosts-of-play.ts'
import type { LoadedInventory } from '../inventory/load.ts'
import { selectHosts } from '../inventory/select-hosts.ts'
import type { Problem } from '../language/source.ts'
import type { Playbook } from '../language/tree.ts'

/** The problem that no play has any host, where that is surely a mistake: there is no inventory, or `--limit` leaves nobody. */
export function nobodyMeant(
  playbooks: readonly Playbook[],
  { inventory }: LoadedInventory,
  sources: readonly string[],
  limit: string | undefined,
): readonly Problem[] {
  const patterns = playbooks.flatMap(({ plays }) => plays.map(patternText))
  // Templates are evaluated in the run, and hosts may be added there.
  if (patterns.length === 0 || patterns.some((pattern) => pattern.includes('{{'))) return []
  const meant = (within: string | undefined): boolean =>
    patterns.some((pattern) => selectHosts(inventory, pattern, { limit: within, cwd: process.cwd() }).hosts.length > 0)
  if (meant(limit)) return []
  if (sources.length === 0 && inventory.hosts.size === 0) {
    return [
      {
        message: 'there is no inventory, so no play has a host',
        hint: 'pass one with -i FILE, or name a host with a comma: -i web1,',
      },
    ]
  }
  return limit !== undefined && meant(undefined)
    ? [{ message: `--limit ${limit} leaves no host in any play`, hint: 'see the hosts of each play with --list-hosts' }]
    : []
}
