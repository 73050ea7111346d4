import { entryOf, type MapNode, place } from '../../language/node.ts'
import type { Position } from '../../language/source.ts'
import type { Vault } from '../../language/vault.ts'
import { asData, construct } from '../constructed.ts'
import type { InventoryDraft } from '../draft.ts'
import type { SourceAnswer } from './answer.ts'
import { openstackOptions, type OpenstackOptions } from './options.ts'
import { type Server, serverOf } from './server.ts'

/**
 * Adds the servers of clouds as hosts, with their variables and groups. A cloud that cannot be asked is a warning, or a problem where
 * `fail_on_errors` is set or there is no other cloud that answers: no hosts at all are never taken for an empty cloud.
 */
export function readOpenstack(
  root: MapNode,
  draft: InventoryDraft,
  answer: SourceAnswer | undefined,
  vault?: Vault,
): void {
  const { options, problems } = openstackOptions(root)
  draft.problems.push(...problems)
  if (problems.length > 0) return
  const at = place(entryOf(root, 'plugin')?.value ?? root)
  if (answer === undefined || typeof answer === 'string') {
    draft.problems.push({ message: answer ?? 'the clouds have not been asked', at })
    return
  }
  const failed = answer.flatMap((one) =>
    one.kind === 'unknown' ? [{ message: `cloud "${one.cloud}": ${one.message}`, at }] : [],
  )
  const stops = options.failOnErrors || failed.length === answer.length
  ;(stops ? draft.problems : draft.warnings).push(...failed)
  if (stops && failed.length > 0) return
  const servers = answer
    .flatMap((one) => (one.kind === 'known' ? one.servers.map((told) => serverOf(told, one, options.private)) : []))
    .filter(({ active, address }) => options.showAll || (active && address !== ''))
  const hosts = addServers(servers, options, draft, at)
  construct(root, root.source, draft, { vault, hosts })
}

/** Adds servers by their names, or by their ids where several have one name. Gives the names of the hosts. */
function addServers(
  servers: readonly Server[],
  options: OpenstackOptions,
  draft: InventoryDraft,
  at: Position,
): readonly string[] {
  const seen = new Map<string, number>()
  for (const { name } of servers) seen.set(name, (seen.get(name) ?? 0) + 1)
  return servers.map((server) => {
    const byId = options.named === 'uuid' || seen.get(server.name) !== 1
    const host = byId ? server.id : server.name
    draft.addHost(host, 'ungrouped', at.source.path)
    if (byId) draft.addHost(host, server.name, at.source.path)
    if (options.legacyGroups) for (const group of server.groups) draft.addHost(host, group, at.source.path)
    const address = options.useNames ? server.name : server.address
    if (address !== '') {
      draft.setHostVariable(host, 'ansible_host', { value: asData(address), at })
      draft.setHostVariable(host, 'ansible_ssh_host', { value: asData(address), at })
    }
    draft.setHostVariable(host, 'openstack', { value: asData(server.facts), at })
    return host
  })
}
