import type { BalancerV1 } from '../facts/lbaas-v1.ts'
import type { Json, JsonObject } from '../../schema/infer.ts'
import type { Item } from '../facts/cloud-items.ts'
import { differing, drifted, memberEdits, monitorEdits, POOL, updates, type Edit } from './balancer-plan.ts'
import type { BalancerWish, ListenerWish, PoolWish } from './balancer-wish.ts'

/** What LBaaS 1.0 can have: one port, which is the VIP’s, and one pool behind it. */
export interface WishV1 {
  readonly name: string
  readonly vip: JsonObject
  readonly pool: PoolWish
}

/** The same wish, as far as LBaaS 1.0 can have it; a string says what it cannot. */
export function wishV1({ name, attributes, place, listeners }: BalancerWish): WishV1 | string {
  const [listener, ...others] = listeners
  if (listener?.pool == null || others.length > 0)
    return `with api: lbaas_v1 a load balancer has one listener with a pool: ${name} is to have ${listeners.length}`
  const { vip_subnet_id: subnet_id, vip_address: address, ...more } = place
  const [unknown] = Object.keys(more)
  if (unknown !== undefined) return `there is no ${unknown} with api: lbaas_v1`
  if (subnet_id === undefined) return `say where ${name} is to have its address: vip_subnet`
  return {
    name,
    vip: { ...attributes, ...vipOf(listener), subnet_id, ...(address === undefined ? {} : { address }) },
    pool: poolOf(listener.pool, subnet_id),
  }
}

const vipOf = ({ attributes }: ListenerWish): JsonObject =>
  only(attributes, ['protocol', 'protocol_port', 'connection_limit'])

function poolOf({ name, newName, attributes, monitor, members }: PoolWish, subnet: Json): PoolWish {
  const { protocol, lb_algorithm: method = 'ROUND_ROBIN', admin_state_up = true } = attributes
  return {
    name,
    newName,
    attributes: { protocol, lb_method: method, admin_state_up, subnet_id: subnet },
    monitor: monitor === null ? null : withoutName(monitor, 'max_retries_down'),
    members:
      members?.map((member) => ({
        address: member.address,
        protocol_port: member.protocol_port,
        ...only(member, ['weight', 'admin_state_up']),
      })) ?? null,
  }
}

const only = (values: JsonObject, names: readonly string[]): JsonObject =>
  Object.fromEntries(Object.entries(values).filter(([name]) => names.includes(name)))
const withoutName = <T extends JsonObject>(values: T, name: string): T =>
  Object.fromEntries(Object.entries(values).filter(([one]) => one !== name)) as unknown as T

/** The changes that make it as it is wanted, the VIP last; a string says why none may be made. */
export function editsV1({ name, vip, pool: wish }: WishV1, { vip: there, pool }: BalancerV1): readonly Edit[] | string {
  const ref = { name: wish.newName, id: pool?.item.id ?? null }
  const { protocol, subnet_id, ...mutable } = wish.attributes
  const moved =
    pool === null ? null : drifted(`the pool ${ref.name}`, pool.item, { protocol, subnet_id: subnet_id ?? null })
  if (moved !== null) return moved
  const own = { kind: 'pool', name: ref.name, pool: ref } as const
  const fixed = only(vip, ['subnet_id', 'address', 'protocol', 'protocol_port'])
  const more = only(vip, ['description', 'admin_state_up', 'connection_limit'])
  const shifted = there === null ? null : drifted(name, there, fixed)
  if (shifted !== null) return shifted
  const front = { kind: 'load balancer', name, pool: ref } as const
  const pool_id = ref.id ?? POOL
  return [
    ...(pool === null
      ? [{ ...own, verb: 'create', after: { ...wish.attributes, name: ref.name } } as const]
      : updates(own, pool.item, mutable)),
    ...monitorEdits(ref, wish, pool?.monitor ?? null),
    ...memberEdits(ref, wish, pool?.members ?? []),
    ...(there === null
      ? [{ ...front, verb: 'create', after: { ...vip, pool_id } } as const]
      : updates(front, there, { ...more, pool_id })),
  ]
}

/** The health monitor that no pool has and that is as the wanted one, so that none need be made. */
export const spareFor = (edit: Edit, { spares }: BalancerV1): Item | null =>
  edit.kind === 'health monitor' && edit.verb === 'create'
    ? (spares?.find((one) => differing(one, edit.after).length === 0) ?? null)
    : null
