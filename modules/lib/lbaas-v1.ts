import { balancerV1, balancerV1Becomes, type BalancerV1 } from '../facts/lbaas-v1.ts'
import { propose, refuse, type HostState, type JsonObject, type Plan } from '../module.ts'
import type { BalancerArgs, BalancerWish } from './balancer-wish.ts'
import { neutronOf, type Cloud } from './cloud-service.ts'
import { editsV1, wishV1, type WishV1 } from './lbaas-v1-plan.ts'
import { afterV1, removalsV1, stepsV1, type WorkV1 } from './lbaas-v1-steps.ts'

/** What `api: lbaas_v1` observes. */
export interface StateV1 {
  readonly api: 'lbaas_v1'
  readonly work: WorkV1
  readonly there: BalancerV1
  /** Null where it is to go. */
  readonly wish: WishV1 | null
}

/** Reads the load balancer that is wanted, or is to go; a string says why that cannot be. */
export async function observeV1(
  host: HostState,
  cloud: Cloud,
  args: BalancerArgs,
  wanted: BalancerWish,
): Promise<StateV1 | string> {
  const neutron = neutronOf(cloud)
  if (typeof neutron === 'string') return neutron
  const wish = args.state === 'absent' ? null : wishV1(wanted)
  if (typeof wish === 'string') return wish
  const pool = wanted.listeners[0]?.pool
  // Without a listener, a pool is what it is called where it was given no name.
  const poolName = pool?.newName ?? `${args.name}-pool`
  const there = await balancerV1(host, neutron, args.name, poolName)
  return typeof there === 'string'
    ? there
    : { api: 'lbaas_v1', work: { neutron, name: args.name, poolName, timeout: args.timeout }, there, wish }
}

/** The steps that remain. */
export function planV1({ work, there, wish }: StateV1): Plan {
  const { neutron, name, poolName } = work
  const becomes = (after: BalancerV1) => balancerV1Becomes(neutron, name, poolName, after)
  if (wish === null) return propose(removalsV1(there, work, becomes({ vip: null, pool: null, spares: null })))
  const edits = editsV1(wish, there)
  if (typeof edits === 'string') return refuse(edits)
  if (edits.length === 0) return propose([], resultOf(there))
  const after = afterV1(edits, there, name)
  return propose(stepsV1(edits, there, work, becomes(after)), resultOf(after))
}

/** The names of Octavia's API, for tasks that come later. */
export const resultV1 = (vip: JsonObject): JsonObject => ({
  id: vip['id'] ?? null,
  loadbalancer: { ...vip, vip_address: vip['address'] ?? null, vip_port_id: vip['port_id'] ?? null },
})
const resultOf = ({ vip }: BalancerV1): JsonObject => (vip === null ? {} : resultV1(vip))
