import { dirname } from 'node:path'
import { patternText } from '../engine/hosts-of-play.ts'
import type { Variables } from '../inventory/inventory.ts'
import type { LoadedInventory } from '../inventory/load.ts'
import { selectHosts } from '../inventory/select-hosts.ts'
import type { Problem } from '../language/source.ts'
import type { Play, Playbook } from '../language/tree.ts'
import { undefinedVariables } from '../language/undefined-variables.ts'

/** Variables that a playbook refers to and that no host of the play can have; `mentioned` are names that may be defined in what could not be read. */
export function findUndefined(
  playbook: Playbook,
  loaded: LoadedInventory,
  extra: Variables,
  limit: string | undefined,
  mentioned: ReadonlySet<string> = new Set(),
): readonly Problem[] {
  const { inventory, besideInventory, besidePlaybooks } = loaded
  const beside = [
    besideInventory,
    ...[...besidePlaybooks]
      .filter(([directory]) => directory === dirname(playbook.source.path))
      .map(([, variables]) => variables),
  ]
  return undefinedVariables(playbook, (play: Play) => {
    const text = patternText(play)
    // Hosts that are known only in the run could have any variable of the inventory.
    const hosts = text.includes('{{')
      ? [...inventory.hosts.keys()]
      : selectHosts(inventory, text, { limit, cwd: process.cwd() }).hosts
    const names = new Set<string>([...mentioned, ...extra.keys()])
    for (const name of hosts) {
      const host = inventory.hosts.get(name)
      for (const variables of [host?.vars, ...beside.map((each) => each.hosts.get(name))])
        for (const variable of variables?.keys() ?? []) names.add(variable)
    }
    for (const group of new Set(hosts.flatMap((name) => inventory.hosts.get(name)?.groups ?? ['all']))) {
      for (const variables of [inventory.groups.get(group)?.vars, ...beside.map((each) => each.groups.get(group))])
        for (const variable of variables?.keys() ?? []) names.add(variable)
    }
    return names
  })
}
