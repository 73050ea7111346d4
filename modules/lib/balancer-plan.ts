import { textOf, type Item } from '../facts/cloud-items.ts'
import type { Json, JsonObject } from '../../schema/infer.ts'
import { memberPlace, type BalancerWish, type ListenerWish, type PoolWish } from './balancer-wish.ts'

/** A load balancer with its parts, as Octavia describes each. */
export interface Balancer {
  readonly item: Item
  readonly listeners: readonly Item[]
  readonly pools: readonly Pool[]
}
export interface Pool {
  readonly item: Item
  readonly monitor: Item | null
  readonly members: readonly Item[]
}

/** One change of a load balancer or a part of it. What is made has its place in `pool` if it belongs to one. */
export type Edit = {
  readonly kind: 'load balancer' | 'pool' | 'health monitor' | 'member' | 'listener'
  /** What it is called, for people. */
  readonly name: string
  /** The pool it belongs to: its id, or its name where it is yet to be made. */
  readonly pool?: PoolRef
} & (
  | { readonly verb: 'create'; readonly after: JsonObject }
  | { readonly verb: 'update'; readonly before: Item; readonly after: JsonObject }
  | { readonly verb: 'remove'; readonly before: Item }
)
export type PoolRef = { readonly name: string; readonly id: string | null }

/** The changes that make a load balancer as it is wanted, in an order in which no listener is without members; a string says why none may be made. */
export function balancerEdits(wish: BalancerWish, there: Balancer | null): readonly Edit[] | string {
  const { name } = wish
  if (there === null && !['vip_subnet_id', 'vip_network_id', 'vip_port_id'].some((place) => place in wish.place))
    return `say where ${name} is to have its address: vip_subnet, vip_network or vip_port`
  const own: Edit[] =
    there === null
      ? [{ kind: 'load balancer', verb: 'create', name, after: { ...wish.attributes, ...wish.place } }]
      : updates({ kind: 'load balancer', name }, there.item, wish.attributes)
  if (there !== null) {
    const { vip_subnet_id, vip_network_id, vip_port_id, vip_address } = wish.place
    const moved = differing(there.item, given({ vip_subnet_id, vip_network_id, vip_port_id, vip_address }))
    const [first] = moved
    if (first !== undefined)
      return `${name} has its address elsewhere: ${first.name} is ${textOf(first.before)} and not ${textOf(first.after)}. That cannot be changed: remove it first, or give the new one another name`
  }
  const edits = [...own]
  for (const listener of wish.listeners) {
    const found = listenerEdits(name, listener, there)
    if (typeof found === 'string') return found
    edits.push(...found)
  }
  return edits
}

function listenerEdits(balancer: string, wish: ListenerWish, there: Balancer | null): readonly Edit[] | string {
  const { protocol, protocol_port: port } = wish.attributes
  const all = there?.listeners ?? []
  const named = wish.name === null ? [] : all.filter((one) => one['name'] === wish.name)
  if (named.length > 1) return `${named.length} listeners of ${balancer} are called ${wish.newName}: remove all but one`
  const before = named[0] ?? all.find((one) => one['protocol_port'] === port && one['protocol'] === protocol)
  const name = wish.name ?? (before === undefined ? wish.newName : textOf(before['name']))
  const drift =
    before === undefined
      ? null
      : drifted(`the listener ${name} of ${balancer}`, before, { protocol, protocol_port: port })
  if (drift !== null) return drift

  const pool = wish.pool === null ? null : poolEdits(balancer, wish.pool, before, there)
  if (typeof pool === 'string') return pool
  const attributes = { ...wish.attributes, ...(wish.name === null && before !== undefined ? {} : { name }) }
  const edits = pool?.edits ?? []
  const to = pool === null ? {} : { default_pool_id: pool.ref.id ?? POOL }
  const after = { ...attributes, ...to }
  const own = { kind: 'listener', name, ...(pool === null ? {} : { pool: pool.ref }) } as const
  return [
    ...edits,
    ...(before === undefined ? [{ ...own, verb: 'create', after } as const] : updates(own, before, after)),
  ]
}

/** Stands for the id of a pool that is yet to be made. */
export const POOL = '<id of the pool>'

function poolEdits(
  balancer: string,
  wish: PoolWish,
  listener: Item | undefined,
  there: Balancer | null,
): { readonly ref: PoolRef; readonly edits: readonly Edit[] } | string {
  const pools = there?.pools ?? []
  const named = pools.filter(({ item }) => item['name'] === (wish.name ?? wish.newName))
  if (named.length > 1) return `${named.length} pools of ${balancer} are called ${wish.newName}: remove all but one`
  const current = pools.find(({ item }) => item.id === listener?.['default_pool_id'])
  const before = (wish.name === null ? current : undefined) ?? named[0]
  const name = before === undefined ? wish.newName : textOf(before.item['name'])
  const { protocol } = wish.attributes
  const drift = before === undefined ? null : drifted(`the pool ${name} of ${balancer}`, before.item, { protocol })
  if (drift !== null) return drift
  const ref = { name, id: before?.item.id ?? null }
  const own = { kind: 'pool', name, pool: ref } as const
  return {
    ref,
    edits: [
      ...(before === undefined
        ? [{ ...own, verb: 'create', after: { ...wish.attributes, name } } as const]
        : updates(own, before.item, wish.attributes)),
      ...monitorEdits(ref, wish, before?.monitor ?? null),
      ...memberEdits(ref, wish, before?.members ?? []),
    ],
  }
}

export function monitorEdits(pool: PoolRef, { monitor: after }: PoolWish, before: Item | null): readonly Edit[] {
  if (after === null) return []
  const own = { kind: 'health monitor', name: `of ${pool.name}`, pool } as const
  if (before === null) return [{ ...own, verb: 'create', after }]
  if (before['type'] === after.type) return updates(own, before, after)
  return [
    { ...own, verb: 'remove', before },
    { ...own, verb: 'create', after },
  ]
}

export function memberEdits(pool: PoolRef, { members }: PoolWish, there: readonly Item[]): readonly Edit[] {
  if (members === null) return []
  const own = (member: JsonObject) =>
    ({ kind: 'member', name: `${memberPlace(member)} of ${pool.name}`, pool }) as const
  const wanted = new Set(members.map(memberPlace))
  const edits = members.flatMap((after): readonly Edit[] => {
    const before = there.find((one) => memberPlace(one) === memberPlace(after))
    if (before === undefined) return [{ ...own(after), verb: 'create', after }]
    // The subnet of a member cannot be changed.
    if (differing(before, given({ subnet_id: after['subnet_id'] })).length === 0)
      return updates(own(after), before, after)
    return [
      { ...own(after), verb: 'remove', before },
      { ...own(after), verb: 'create', after },
    ]
  })
  const gone = there.filter((one) => !wanted.has(memberPlace(one)))
  return [...edits, ...gone.map((before): Edit => ({ ...own(before), verb: 'remove', before }))]
}

export function updates(
  own: Pick<Edit, 'kind' | 'name' | 'pool'>,
  before: Item,
  attributes: JsonObject,
): readonly Edit[] & Edit[] {
  const changed = differing(before, attributes)
  const after = Object.fromEntries(changed.map((one) => [one.name, one.after]))
  return changed.length === 0 ? [] : [{ ...own, verb: 'update', before, after }]
}

/** Says which of the attributes, none of which can be changed, is otherwise; null where none is. */
export function drifted(what: string, before: Item, attributes: JsonObject): string | null {
  const [drift] = differing(before, attributes)
  return drift === undefined
    ? null
    : `${what} has ${drift.name} ${textOf(drift.before)} and not ${textOf(drift.after)}, and that cannot be changed: remove it first, or give the new one another name`
}

/** Those of the attributes that are otherwise. */
export const differing = (
  before: JsonObject,
  attributes: JsonObject,
): readonly { readonly name: string; readonly before: Json; readonly after: Json }[] =>
  Object.entries(attributes)
    .map(([name, after]) => ({ name, before: before[name] ?? null, after }))
    .filter((one) => canonical(one.before) !== canonical(one.after))

const canonical = (value: Json): string =>
  JSON.stringify(Array.isArray(value) ? (value as readonly Json[]).map(textOf).toSorted() : value)
const given = (values: { readonly [name: string]: Json | undefined }): JsonObject =>
  Object.fromEntries(Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))
