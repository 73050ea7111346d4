import type { Fact } from '../fact.ts'
import type { Balancer } from '../lib/balancer-plan.ts'
import type { CloudService } from '../lib/cloud-service.ts'
import type { HostState } from '../module.ts'
import { becomes, type Effect } from '../step.ts'
import { cloudItems, queryOf, type CloudItems, type Item } from './cloud-items.ts'

/** Neutron's own load balancers, up to Newton: a pool, and a VIP in front of it. https://docs.openstack.org/api-ref/network/v2/, LBaaS 1.0. */
export interface BalancerV1 {
  readonly vip: Item | null
  readonly pool: Balancer['pools'][number] | null
  /**
   * Health monitors of the project that no pool has, as a run leaves one that is cut off before it gives it to its pool; null where the pool
   * is not there or has its own, so that they were not asked for.
   */
  readonly spares: readonly Item[] | null
}

const ends = (neutron: CloudService, name: string, pool: string): Fact<CloudItems> =>
  cloudItems(neutron, `load balancer ${name}`, [
    { path: `/lb/vips${queryOf({ name, tenant_id: neutron.project })}`, key: 'vips' },
    { path: `/lb/pools${queryOf({ name: pool, tenant_id: neutron.project })}`, key: 'pools' },
  ])
/** Apart from the contents of one pool: whichever takes a spare one, it is taken for all. */
const monitors = (neutron: CloudService): Fact<CloudItems> =>
  cloudItems(neutron, 'health monitors', [
    { path: `/lb/health_monitors${queryOf({ tenant_id: neutron.project })}`, key: 'health_monitors' },
  ])
const contents = (neutron: CloudService, pool: Item): Fact<CloudItems> =>
  cloudItems(neutron, `members and health monitors of ${pool.id}`, [
    { path: `/lb/members${queryOf({ pool_id: pool.id })}`, key: 'members' },
    { path: `/lb/health_monitors${queryOf({ tenant_id: neutron.project })}`, key: 'health_monitors' },
  ])

/** The VIP and the pool with these names; a string says why they are not known, or that there are several. */
export async function balancerV1(
  host: HostState,
  neutron: CloudService,
  name: string,
  poolName: string,
): Promise<BalancerV1 | string> {
  const found = await host.get(ends(neutron, name, poolName))
  if (found.kind === 'unknown') return found.message
  const [vips = [], pools = []] = found.lists
  if (vips.length > 1) return `${vips.length} VIPs are called ${name}: remove all but one, or give them other names`
  if (pools.length > 1)
    return `${pools.length} pools are called ${poolName}: remove all but one, or give them other names`
  const [vip = null] = vips
  const [pool] = pools
  if (pool === undefined) return { vip, pool: null, spares: null }
  const inPool = await host.get(contents(neutron, pool))
  if (inPool.kind === 'unknown') return inPool.message
  const [members = [], known = []] = inPool.lists
  const own = pool['health_monitors']
  const ids: readonly unknown[] = Array.isArray(own) ? own : []
  const there = { item: pool, members, monitor: known.find(({ id }) => ids.includes(id)) ?? null }
  if (there.monitor !== null) return { vip, pool: there, spares: null }
  const all = await host.get(monitors(neutron))
  if (all.kind === 'unknown') return all.message
  return { vip, pool: there, spares: all.lists.flat().filter(isSpare) }
}

const isSpare = ({ pools }: Item): boolean => Array.isArray(pools) && pools.length === 0

/** What is then known of it. */
export function balancerV1Becomes(
  neutron: CloudService,
  name: string,
  poolName: string,
  { vip, pool, spares }: BalancerV1,
): readonly Effect[] {
  const item = pool === null ? null : { ...pool.item, health_monitors: pool.monitor === null ? [] : [pool.monitor.id] }
  const lists = [vip === null ? [] : [vip], item === null ? [] : [item]]
  const inPool: CloudItems = {
    kind: 'known',
    lists: [pool?.members ?? [], pool?.monitor == null ? [] : [pool.monitor]],
  }
  return [
    becomes(ends(neutron, name, poolName), { kind: 'known', lists }),
    ...(item === null ? [] : [becomes(contents(neutron, item), inPool)]),
    ...(spares === null ? [] : [becomes(monitors(neutron), { kind: 'known', lists: [spares] })]),
  ]
}
