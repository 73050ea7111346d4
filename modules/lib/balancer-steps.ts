import { queryOf, type Item } from '../facts/cloud-items.ts'
import type { JsonObject } from '../../schema/infer.ts'
import type { ValueOf } from '../question.ts'
import type { Change, Effect, Step } from '../step.ts'
import { differing, POOL, type Edit } from './balancer-plan.ts'
import type { CloudService } from './cloud-service.ts'
import { cloudStep, type CloudRequest } from './cloud-step.ts'

/** Which load balancer steps are about, and how long each may take. */
export interface Work {
  readonly octavia: CloudService
  readonly name: string
  /** Null where it is yet to be made, by the first of the steps. */
  readonly id: string | null
  /** Whether the last one is waited for, too. */
  readonly wait: boolean
  /** Seconds. */
  readonly timeout: number
}

/** Stands for the id of a load balancer that is yet to be made. */
const BALANCER = '<id of the load balancer>'

/** One step for each change, in order; the effects are those of all of them. Each waits until the load balancer takes the next one. */
export function balancerSteps(edits: readonly Edit[], work: Work, effects: readonly Effect[]): readonly Step[] {
  return edits.map((edit, index) => {
    const last = index === edits.length - 1
    return step(changeOf(edit), work, askedBy(edit, work), { waits: !last || work.wait, effects: last ? effects : [] })
  })
}

/** Waits for what others asked of it, and changes nothing. */
export function settling(work: Work): Step {
  const change = { subject: `load balancer ${work.name}`, verb: 'run' } as const
  return step(
    change,
    work,
    { requests: [], id: null },
    { waits: true, effects: [], title: `wait for the load balancer ${work.name}` },
  )
}

/** Removes it and all its parts. One that somebody has begun to remove is only waited for. */
export function removal(item: Item, work: Work, effects: readonly Effect[]): Step {
  const change = {
    subject: `load balancer ${work.name}`,
    verb: 'remove',
    attributes: [{ name: 'vip_address', before: item['vip_address'] ?? null, after: null }],
  } as const
  const asked = isLeaving(item)
    ? []
    : [patient({ method: 'DELETE', path: `/loadbalancers/${item.id}?cascade=true` }, work)]
  return cloudStep(change, work.octavia, [...asked, ...(work.wait ? [leaving(work)] : [])], effects, {
    problem: (bodies) => (work.wait ? problemIn(bodies.at(-1) ?? '', work) : null),
  })
}

export const isLeaving = (item: Item): boolean => item['provisioning_status'] === 'PENDING_DELETE'

/** The list of those with the name, until none is being removed any more. */
export const leaving = ({ octavia, name, timeout }: Work): CloudRequest => ({
  method: 'GET',
  path: `/loadbalancers${queryOf({ name, project_id: octavia.project })}`,
  again: { matching: status('PENDING_DELETE'), seconds: timeout },
})

interface Asked {
  readonly requests: readonly CloudRequest[]
  /** Where the answers have the id of the load balancer, where it is not known yet. */
  readonly id: ValueOf | null
}

function step(
  change: Change,
  work: Work,
  { requests, id }: Asked,
  { waits, effects, title }: { readonly waits: boolean; readonly effects: readonly Effect[]; readonly title?: string },
): Step {
  const settled: CloudRequest = {
    method: 'GET',
    path: `/loadbalancers/${work.id ?? BALANCER}`,
    ...(id === null ? {} : { fill: { [BALANCER]: id } }),
    ...(waits ? { again: { matching: status('PENDING_'), seconds: work.timeout } } : {}),
  }
  return cloudStep(change, work.octavia, [...requests, settled], effects, {
    ...(title === undefined ? {} : { title }),
    problem: (bodies) => (waits ? problemIn(bodies.at(-1) ?? '', work) : null),
  })
}

/** What is asked for, with what finds the ids that are not known yet before it. The login is request 0. */
function askedBy(edit: Edit, work: Work): Asked {
  const { octavia, name } = work
  if (edit.kind === 'load balancer' && edit.verb === 'create') {
    const project = octavia.project === null ? {} : { project_id: octavia.project }
    const body = { loadbalancer: { name, ...edit.after, ...project } }
    const requests: readonly CloudRequest[] = [leaving(work), { method: 'POST', path: '/loadbalancers', body }]
    return { requests, id: { answerTo: requests.length, at: ['loadbalancer', 'id'] } }
  }
  const requests: CloudRequest[] = []
  const fill: Record<string, ValueOf> = {}
  const look = (placeHolder: string, path: string, list: string): void => {
    requests.push({ method: 'GET', path, fill: { ...fill } })
    fill[placeHolder] = { answerTo: requests.length, at: [list, '*', 'id'] }
  }
  const balancer = work.id ?? BALANCER
  if (work.id === null)
    look(BALANCER, `/loadbalancers${queryOf({ name, project_id: octavia.project })}`, 'loadbalancers')
  const pool = edit.kind === 'pool' && edit.verb === 'create' ? undefined : edit.pool
  if (pool?.id === null) look(POOL, `/pools?loadbalancer_id=${balancer}&name=${encodeURIComponent(pool.name)}`, 'pools')
  const request = requestOf(edit, balancer, pool?.id ?? POOL)
  return { requests: [...requests, patient({ ...request, fill }, work)], id: fill[BALANCER] ?? null }
}

/** https://docs.openstack.org/api-ref/load-balancer/v2/ */
function requestOf(edit: Edit, balancer: string, pool: string): CloudRequest {
  const { path, key, own } = placeOf(edit, balancer, pool)
  switch (edit.verb) {
    case 'create':
      return { method: 'POST', path, body: { [key]: { ...own, ...edit.after } } }
    case 'update':
      return { method: 'PUT', path: `${path}/${edit.before.id}`, body: { [key]: edit.after } }
    case 'remove':
      return { method: 'DELETE', path: `${path}/${edit.before.id}` }
  }
}

function placeOf(
  { kind, name }: Edit,
  balancer: string,
  pool: string,
): { readonly path: string; readonly key: string; readonly own: JsonObject } {
  switch (kind) {
    case 'load balancer':
      return { path: '/loadbalancers', key: 'loadbalancer', own: { name } }
    case 'listener':
      return { path: '/listeners', key: 'listener', own: { loadbalancer_id: balancer } }
    case 'pool':
      return { path: '/pools', key: 'pool', own: { loadbalancer_id: balancer } }
    case 'health monitor':
      return { path: '/healthmonitors', key: 'healthmonitor', own: { pool_id: pool } }
    case 'member':
      return { path: `/pools/${pool}/members`, key: 'member', own: {} }
  }
}

/** Octavia refuses with 409 what is asked while something else is under way. */
const patient = (request: CloudRequest, { timeout }: Work): CloudRequest => ({
  ...request,
  again: { matching: '"faultstring":.*(is immutable|Invalid state PENDING)', seconds: timeout },
})
const status = (beginning: string): string => `"provisioning_status": *"${beginning}`

/** A change for people. */
export function changeOf(edit: Edit): Change {
  const subject = `${edit.kind} ${edit.name}`
  if (edit.verb === 'remove') return { subject, verb: 'remove' }
  const before = edit.verb === 'update' ? edit.before : {}
  const attributes = differing(before, edit.after).map((one) =>
    one.after === POOL ? { ...one, after: edit.pool?.name ?? null } : one,
  )
  return { subject, verb: edit.verb, attributes }
}

/** What is wrong with what was waited for. */
function problemIn(body: string, { name, timeout }: Work): string | null {
  const [, found = ''] = /"provisioning_status": *"([A-Z_]+)"/.exec(body) ?? []
  if (found === 'ERROR') return errorText(name)
  if (found.startsWith('PENDING_'))
    return `${name} is still ${found} after ${timeout} s: see the logs of Octavia's worker, or give it more time with timeout`
  return null
}

/** What there is to say of one that is in ERROR. */
export const errorText = (name: string): string =>
  `the load balancer ${name} is in ERROR: Octavia could not make what was asked for. See the logs of its worker; then fail it over, or remove it and run the playbook again`
