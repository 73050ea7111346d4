import { createServer, type Server } from 'node:http'
import { textOf } from '../../../modules/facts/cloud-items.ts'
import type { JsonObject } from '../../../schema/infer.ts'

type Thing = Record<string, unknown> & { id: string; status?: string }

/**
 * A stand-in for Keystone and for Neutron with LBaaS 1.0, which no release since Ocata has: written from the API reference
 * (https://docs.openstack.org/api-ref/network/v2/, LBaaS 1.0). What is made stays PENDING_CREATE until it was asked for twice.
 */
export function lbaasV1Server(log: string[]): Server {
  const lists: Record<string, Thing[]> = { pools: [], vips: [], members: [], health_monitors: [] }
  const asked = new Map<string, number>()
  let next = 1
  const answer = (method: string, url: URL, body: JsonObject): readonly [status: number, body: object | null] => {
    if (url.pathname === '/v3/auth/tokens') {
      const endpoints = [{ interface: 'public', region_id: 'R', url: url.origin }]
      return [201, { token: { project: { id: 'p1' }, catalog: [{ name: 'neutron', type: 'network', endpoints }] } }]
    }
    const [, what = '', id, , monitor] =
      /^\/v2\.0\/lb\/(\w+)(?:\/(\w+))?(\/health_monitors)?(?:\/(\w+))?$/.exec(url.pathname) ?? []
    if (method !== 'GET') log.push(`${method} ${url.pathname.slice('/v2.0/lb/'.length)}`)
    const things = lists[what]
    if (things === undefined) return [404, { NeutronError: { message: 'The resource could not be found.' } }]
    if (method === 'GET') {
      const found = things.filter((one) =>
        [...url.searchParams].every(([name, value]) => name === 'tenant_id' || one[name] === value),
      )
      for (const one of found) {
        asked.set(one.id, (asked.get(one.id) ?? 0) + 1)
        if (one.status === 'PENDING_CREATE' && (asked.get(one.id) ?? 0) > 1) one.status = 'ACTIVE'
      }
      return [200, { [what]: found }]
    }
    const given = Object.values(body)[0] as JsonObject | undefined
    const there = things.find((one) => one.id === id)
    if (id === undefined) {
      const made: Thing = {
        status: 'PENDING_CREATE',
        ...given,
        id: `${what}${next++}`,
        ...(what === 'pools' ? { health_monitors: [] } : {}),
        ...(what === 'health_monitors' ? { pools: [] } : {}),
      }
      things.push(made)
      return [201, { [what.slice(0, -1)]: made }]
    }
    if (there === undefined) return [404, { NeutronError: { message: `${what} ${id} could not be found` } }]
    if (url.pathname.includes('/health_monitors') && what === 'pools') {
      const own = there['health_monitors'] as string[]
      const associated = textOf(given?.['id'])
      there['health_monitors'] = method === 'POST' ? [...own, associated] : own.filter((one) => one !== monitor)
      for (const one of lists['health_monitors'] ?? [])
        one['pools'] = (lists['pools'] ?? [])
          .filter((pool) => (pool['health_monitors'] as string[]).includes(one.id))
          .map((pool) => ({ pool_id: pool.id, status: 'ACTIVE' }))
      return [method === 'POST' ? 201 : 204, method === 'POST' ? {} : null]
    }
    if (method === 'PUT') return [200, { [what.slice(0, -1)]: Object.assign(there, given) }]
    if (what === 'pools' && lists['vips']?.some((vip) => vip['pool_id'] === id) === true)
      return [409, { NeutronError: { message: `Pool ${id} is in use` } }]
    lists[what] = things.filter((one) => one !== there)
    return [204, null]
  }
  return createServer((request, response) => {
    const pieces: Buffer[] = []
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.on('end', () => {
      const url = new URL(request.url ?? '', `http://${request.headers.host}`)
      const body = JSON.parse(Buffer.concat(pieces).toString('utf8') || '{}') as JsonObject
      const [status, told] = answer(request.method ?? '', url, body)
      response.writeHead(status, { 'x-subject-token': 't' }).end(told === null ? '' : JSON.stringify(told))
    })
  })
}
