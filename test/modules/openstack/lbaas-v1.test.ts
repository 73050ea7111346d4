import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import openstackLoadbalancer from '../../../modules/openstack/openstack_loadbalancer.ts'
import type { JsonObject } from '../../../schema/infer.ts'
import { planOf } from '../fake-host.ts'
import { askingHost, perform } from './asking-host.ts'
import { lbaasV1Server } from './lbaas-v1-server.ts'

const SUBNET = '00000000-0000-4000-8000-000000000001'
const members = ['10.0.32.23', '10.0.32.24'].map((address) => ({ name: address, address, protocol_port: 3306 }))

const db = (listener: JsonObject = {}, pool: JsonObject = {}, more: JsonObject = {}): JsonObject => ({
  vip_subnet: SUBNET,
  listeners: [
    {
      protocol: 'TCP',
      protocol_port: 3306,
      ...listener,
      pool: { name: 'nodes', members, health_monitor: { type: 'TCP' }, ...pool },
    },
  ],
  ...more,
})

describe('openstack_loadbalancer with LBaaS 1.0', () => {
  const log: string[] = []
  const server = lbaasV1Server(log)
  let url = ''
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(() => {
    server.close()
  })

  /** Carries out what is planned, and gives what was asked of Neutron, or why nothing was; a second run has to plan nothing. */
  async function run(args: JsonObject): Promise<readonly string[]> {
    const auth = { auth_url: `${url}/v3`, username: 'admin', password: 's', project_name: 'admin' }
    const whole = { auth, via: 'controller', api: 'lbaas_v1', name: 'db', timeout: 20, ...args }
    log.length = 0
    const done = await perform(openstackLoadbalancer, whole)
    if ('refusal' in done) return [done.refusal]
    expect(await planOf(openstackLoadbalancer, whole, askingHost)).toMatchObject({ steps: [] })
    return [...log]
  }

  const neutron = (method: string, path: string, body: object | null = null): Promise<Response> =>
    fetch(`${url}/v2.0/lb/${path}`, { method, ...(body === null ? {} : { body: JSON.stringify(body) }) })

  it('makes pool, monitor and members, and the VIP when they are there', async () => {
    expect(await run(db())).toEqual([
      'POST pools',
      'POST health_monitors',
      'POST pools/pools1/health_monitors',
      'POST members',
      'POST members',
      'POST vips',
    ])
  })

  it('changes only what differs', async () => {
    const [first] = members
    expect(await run(db({}, { lb_algorithm: 'SOURCE_IP', members: [{ ...first, weight: 2 }] }))).toEqual([
      'PUT pools/pools1',
      'PUT members/members3',
      'DELETE members/members4',
    ])
    expect(
      await run(
        db({}, { lb_algorithm: 'SOURCE_IP', health_monitor: { type: 'PING' }, members: [{ ...first, weight: 2 }] }),
      ),
    ).toEqual([
      'DELETE pools/pools1/health_monitors/health_monitors2',
      'DELETE health_monitors/health_monitors2',
      'POST health_monitors',
      'POST pools/pools1/health_monitors',
    ])
  })

  it('takes the monitor that a run has left which was cut off before it gave it to its pool', async () => {
    const cut = db({}, { lb_algorithm: 'SOURCE_IP', health_monitor: { type: 'PING' }, members: null })
    const { health_monitors: made } = (await (await neutron('GET', 'health_monitors')).json()) as {
      readonly health_monitors: readonly { readonly id: string }[]
    }
    const id = made[0]?.id ?? ''
    await neutron('DELETE', `pools/pools1/health_monitors/${id}`)
    // Another one's, which is otherwise.
    await neutron('POST', 'health_monitors', { health_monitor: { type: 'PING', delay: 77 } })
    expect(await run(cut)).toEqual(['POST pools/pools1/health_monitors'])
    const { pools } = (await (await neutron('GET', 'pools')).json()) as { readonly pools: readonly JsonObject[] }
    expect(pools[0]?.['health_monitors']).toEqual([id])
  })

  it('refuses what there is not, and what cannot be changed', async () => {
    expect(await run(db({ protocol_port: 3307 }))).toEqual([
      expect.stringMatching(/^db has protocol_port 3306 and not 3307/),
    ])
    expect(await run(db({}, {}, { provider: 'ovn' }))).toEqual(['there is no provider with api: lbaas_v1'])
    expect(await run({ vip_subnet: SUBNET })).toEqual([expect.stringMatching(/one listener with a pool/)])
  })

  it('removes all of it', async () => {
    expect(await run(db({}, {}, { state: 'absent' }))).toEqual([
      'DELETE vips/vips5',
      'DELETE pools/pools1',
      expect.stringMatching(/^DELETE health_monitors\//),
    ])
  })
})
