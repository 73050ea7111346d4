import type { Item } from '../facts/cloud-items.ts'
import type { JsonObject } from '../../schema/infer.ts'
import { POOL, type Balancer, type Edit, type Pool } from './balancer-plan.ts'

/** A load balancer after changes. What Octavia has yet to make has a name for its id. */
export function balancerAfter(edits: readonly Edit[], there: Balancer | null, name: string): Balancer {
  const none: Balancer = { item: { id: NOT_YET, name, vip_address: null, vip_port_id: null }, listeners: [], pools: [] }
  const after = edits.reduce(afterEdit, there ?? none)
  return { ...after, item: { ...after.item, provisioning_status: 'ACTIVE' } }
}

/** The id of what Octavia has yet to make. */
const NOT_YET = ''

function afterEdit(balancer: Balancer, edit: Edit): Balancer {
  const { item, listeners, pools } = balancer
  const pool = edit.pool?.id ?? newId(edit.pool?.name ?? '')
  const inPool = (change: (pool: Pool) => Pool): Balancer => ({
    ...balancer,
    pools: pools.map((one) => (one.item.id === pool ? change(one) : one)),
  })
  switch (edit.kind) {
    case 'load balancer':
      return edit.verb === 'remove' ? balancer : { ...balancer, item: { ...item, ...edit.after } }
    case 'listener':
      return { ...balancer, listeners: listAfter(listeners, edit, pool) }
    case 'pool':
      if (edit.verb !== 'create') return inPool((one) => ({ ...one, item: { ...one.item, ...afterOf(edit) } }))
      return { ...balancer, pools: [...pools, { item: { ...edit.after, id: pool }, monitor: null, members: [] }] }
    case 'health monitor':
      return inPool((one) => {
        const [monitor = null] = listAfter(one.monitor === null ? [] : [one.monitor], edit, pool)
        return { ...one, monitor, item: { ...one.item, healthmonitor_id: monitor?.id ?? null } }
      })
    case 'member':
      return inPool((one) => ({ ...one, members: listAfter(one.members, edit, pool) }))
  }
}

function listAfter(items: readonly Item[], edit: Edit, pool: string): readonly Item[] {
  if (edit.verb === 'create') return [...items, { ...attributesOf(edit.after, pool), id: newId(edit.name) }]
  return items.flatMap((one) =>
    one.id !== edit.before.id ? [one] : edit.verb === 'remove' ? [] : [{ ...one, ...attributesOf(edit.after, pool) }],
  )
}

const newId = (name: string): string => `new ${name}`
const afterOf = (edit: Edit): JsonObject => (edit.verb === 'remove' ? {} : edit.after)
const attributesOf = (attributes: JsonObject, pool: string): JsonObject =>
  attributes['default_pool_id'] === POOL ? { ...attributes, default_pool_id: pool } : attributes
