import type { Fact } from '../fact.ts'
import type { Balancer, Pool } from '../lib/balancer-plan.ts'
import type { CloudService } from '../lib/cloud-service.ts'
import type { HostState } from '../module.ts'
import { becomes, type Effect } from '../step.ts'
import { cloudItems, queryOf, textOf, type CloudItems, type Item, type Listing } from './cloud-items.ts'

/** The load balancers of the project with a name. */
const balancersCalled = (octavia: CloudService, name: string): Fact<CloudItems> =>
  cloudItems(octavia, `load balancer ${name}`, [
    { path: `/loadbalancers${queryOf({ name, project_id: octavia.project })}`, key: 'loadbalancers' },
  ])

/** The listeners and pools of a load balancer. */
const partsOf = (octavia: CloudService, name: string, id: string): Fact<CloudItems> =>
  cloudItems(octavia, `parts of ${name}`, [
    { path: `/listeners${queryOf({ load_balancer_id: id })}`, key: 'listeners' },
    { path: `/pools${queryOf({ loadbalancer_id: id })}`, key: 'pools' },
  ])

/** The members of each pool, then the health monitors that there are. */
function contentsOf(octavia: CloudService, name: string, pools: readonly Item[]): Fact<CloudItems> {
  const members = pools.map(({ id }): Listing => ({ path: `/pools/${id}/members`, key: 'members' }))
  const monitors = pools.flatMap(({ healthmonitor_id: id }): Listing[] =>
    typeof id === 'string' ? [{ path: `/healthmonitors/${id}`, key: 'healthmonitor' }] : [],
  )
  return cloudItems(octavia, `members and health monitors of ${name}`, [...members, ...monitors])
}

/** The load balancer with a name, null where there is none; a string says why that is not known, or that there are several. */
export async function balancerCalled(
  host: HostState,
  octavia: CloudService,
  name: string,
): Promise<Balancer | null | string> {
  const found = await host.get(balancersCalled(octavia, name))
  if (found.kind === 'unknown') return found.message
  const [all = []] = found.lists
  const [item] = all
  if (item === undefined) return null
  if (all.length > 1)
    return `${all.length} load balancers are called ${name}: ${all.map(({ id, vip_address: at }) => `${id} (${textOf(at)})`).join(', ')}. Remove all but one, or give them other names`
  const parts = await host.get(partsOf(octavia, name, item.id))
  if (parts.kind === 'unknown') return parts.message
  const [listeners = [], pools = []] = parts.lists
  if (pools.length === 0) return { item, listeners, pools: [] }
  const contents = await host.get(contentsOf(octavia, name, pools))
  if (contents.kind === 'unknown') return contents.message
  const monitors = contents.lists.slice(pools.length).flat()
  return {
    item,
    listeners,
    pools: pools.map((pool, index): Pool => ({
      item: pool,
      members: contents.lists[index] ?? [],
      monitor: monitors.find(({ id }) => id === pool['healthmonitor_id']) ?? null,
    })),
  }
}

const known = (...lists: readonly (readonly Item[])[]): CloudItems => ({ kind: 'known', lists })

/** What is then known of it, null where it is gone. */
export function balancerBecomes(octavia: CloudService, name: string, balancer: Balancer | null): readonly Effect[] {
  if (balancer === null) return [becomes(balancersCalled(octavia, name), known([]))]
  const { item, listeners, pools } = balancer
  const items = pools.map((pool) => pool.item)
  const monitors = pools.flatMap(({ monitor }) => (monitor === null ? [] : [[monitor]]))
  return [
    becomes(balancersCalled(octavia, name), known([item])),
    becomes(partsOf(octavia, name, item.id), known(listeners, items)),
    becomes(contentsOf(octavia, name, items), known(...pools.map(({ members }) => members), ...monitors)),
  ]
}
