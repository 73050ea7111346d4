import { queryOf, type Item } from '../facts/cloud-items.ts'
import type { BalancerV1 } from '../facts/lbaas-v1.ts'
import type { ValueOf } from '../question.ts'
import type { Change, Effect, Step } from '../step.ts'
import { balancerAfter } from './balancer-after.ts'
import { POOL, type Edit } from './balancer-plan.ts'
import { changeOf } from './balancer-steps.ts'
import type { CloudService } from './cloud-service.ts'
import { cloudStep, type CloudRequest } from './cloud-step.ts'
import { spareFor } from './lbaas-v1-plan.ts'

/** Which load balancer steps are about, and how long each may take. */
export interface WorkV1 {
  readonly neutron: CloudService
  readonly name: string
  readonly poolName: string
  /** Seconds. */
  readonly timeout: number
}

const MONITOR = '<id of the health monitor>'

/** One step for each change, in order; the effects are those of all of them. Each waits until it is in force. */
export function stepsV1(
  edits: readonly Edit[],
  there: BalancerV1,
  work: WorkV1,
  effects: readonly Effect[],
): readonly Step[] {
  return edits.map((edit, index) => {
    const spare = spareFor(edit, there)
    return cloudStep(
      spare === null ? changeOf(edit) : taking(edit),
      work.neutron,
      [
        ...(spare === null ? askedBy(edit, work) : takenBy(edit, spare)),
        settled(work, edit.kind === 'load balancer' ? 'vips' : 'pools'),
      ],
      index === edits.length - 1 ? effects : [],
      { problem: (bodies) => problemIn(bodies.at(-1) ?? '', work) },
    )
  })
}

/** A health monitor is there, and its pool gets it. */
const taking = ({ kind, name, pool }: Edit): Change => ({
  subject: `${kind} ${name}`,
  verb: 'update',
  attributes: [{ name: 'pool', before: null, after: pool?.name ?? null }],
})
const takenBy = ({ pool }: Edit, { id }: Item): readonly CloudRequest[] => [
  { method: 'POST', path: `/lb/pools/${pool?.id ?? ''}/health_monitors`, body: { health_monitor: { id } } },
]

/** Removes the VIP, then the pool with its members, then its health monitor where no other pool has it. */
export function removalsV1({ vip, pool }: BalancerV1, work: WorkV1, effects: readonly Effect[]): readonly Step[] {
  const { neutron, name, poolName } = work
  const shared = pool?.monitor?.['pools']
  const monitor = Array.isArray(shared) && shared.length > 1 ? null : (pool?.monitor ?? null)
  const gone = [
    { what: `load balancer ${name}`, path: vip === null ? null : `/lb/vips/${vip.id}`, list: 'vips' },
    { what: `pool ${poolName}`, path: pool === null ? null : `/lb/pools/${pool.item.id}`, list: 'pools' },
    {
      what: `health monitor of ${poolName}`,
      path: monitor === null ? null : `/lb/health_monitors/${monitor.id}`,
      list: 'pools',
    },
  ] as const
  return gone.flatMap(({ what, path, list }) =>
    path === null
      ? []
      : [
          cloudStep(
            { subject: what, verb: 'remove' },
            neutron,
            [{ method: 'DELETE', path }, settled(work, list)],
            effects,
          ),
        ],
  )
}

/** What is there after changes. */
export function afterV1(edits: readonly Edit[], there: BalancerV1, name: string): BalancerV1 {
  const { vip, pool, spares } = there
  const made = balancerAfter(
    edits,
    { item: vip ?? { id: '', name }, listeners: [], pools: pool === null ? [] : [pool] },
    name,
  )
  const [first = null] = made.pools
  const [taken] = edits.flatMap((edit) => spareFor(edit, there) ?? [])
  return {
    vip: made.item,
    pool: first === null || taken === undefined ? first : { ...first, monitor: taken },
    spares: spares?.filter((one) => one !== taken) ?? null,
  }
}

const ofProject = ({ neutron }: WorkV1, name: string): string => queryOf({ name, tenant_id: neutron.project })

const settled = (work: WorkV1, list: 'vips' | 'pools'): CloudRequest => ({
  method: 'GET',
  path: `/lb/${list}${ofProject(work, list === 'vips' ? work.name : work.poolName)}`,
  again: { matching: '"status": *"PENDING_', seconds: work.timeout },
})

/** https://docs.openstack.org/api-ref/network/v2/, LBaaS 1.0. The login is request 0. */
function askedBy(edit: Edit, work: WorkV1): readonly CloudRequest[] {
  const pool = edit.kind === 'pool' && edit.verb === 'create' ? undefined : edit.pool
  const find: readonly CloudRequest[] =
    pool?.id === null ? [{ method: 'GET', path: `/lb/pools${ofProject(work, pool.name)}` }] : []
  const fill: Record<string, ValueOf> = pool?.id === null ? { [POOL]: { answerTo: 1, at: ['pools', '*', 'id'] } } : {}
  const poolId = pool?.id ?? POOL
  const { path, key, own } = placeOf(edit, poolId)
  const tenant = work.neutron.project === null ? {} : { tenant_id: work.neutron.project }
  if (edit.verb === 'update')
    return [{ method: 'PUT', path: `${path}/${edit.before.id}`, body: { [key]: edit.after }, fill }]
  if (edit.verb === 'remove') {
    const remove: CloudRequest = { method: 'DELETE', path: `${path}/${edit.before.id}` }
    return edit.kind === 'health monitor'
      ? [{ method: 'DELETE', path: `/lb/pools/${poolId}/health_monitors/${edit.before.id}` }, remove]
      : [remove]
  }
  const create: CloudRequest = { method: 'POST', path, body: { [key]: { ...tenant, ...own, ...edit.after } }, fill }
  if (edit.kind !== 'health monitor') return [...find, create]
  const made: ValueOf = { answerTo: find.length + 1, at: ['health_monitor', 'id'] }
  const associate: CloudRequest = {
    method: 'POST',
    path: `/lb/pools/${poolId}/health_monitors`,
    body: { health_monitor: { id: MONITOR } },
    fill: { ...fill, [MONITOR]: made },
  }
  return [...find, create, associate]
}

function placeOf({ kind, name }: Edit, pool: string) {
  switch (kind) {
    case 'load balancer':
      return { path: '/lb/vips', key: 'vip', own: { name } }
    case 'pool':
      return { path: '/lb/pools', key: 'pool', own: {} }
    case 'health monitor':
      return { path: '/lb/health_monitors', key: 'health_monitor', own: {} }
    case 'member':
      return { path: '/lb/members', key: 'member', own: { pool_id: pool } }
    case 'listener':
      throw new Error('LBaaS 1.0 has no listeners')
  }
}

function problemIn(body: string, { name, timeout }: WorkV1): string | null {
  const [, found = ''] = /"status": *"([A-Z_]+)"/.exec(body) ?? []
  if (found === 'ERROR') return `the load balancer ${name} is in ERROR: see the log of Neutron's LBaaS agent`
  return found.startsWith('PENDING_')
    ? `${name} is still ${found} after ${timeout} s: is Neutron's LBaaS agent up?`
    : null
}
