import { describe, expect, it } from 'vitest'
import { balancerBecomes } from '../../../modules/facts/balancer.ts'
import { cloudItems, type Item } from '../../../modules/facts/cloud-items.ts'
import { tokenCatalog, type TokenCatalog } from '../../../modules/facts/keystone-token.ts'
import type { Balancer } from '../../../modules/lib/balancer-plan.ts'
import { neutronOf, octaviaOf } from '../../../modules/lib/cloud-service.ts'
import type { Plan } from '../../../modules/module.ts'
import openstackLoadbalancer from '../../../modules/openstack/openstack_loadbalancer.ts'
import type { JsonObject } from '../../../schema/infer.ts'
import { FakeHost, planOf } from '../fake-host.ts'
import { AUTH, LOGIN, WAY } from './requests.ts'

const endpoint = (url: string) => [{ interface: 'public', region: 'R', url }]
const token: Extract<TokenCatalog, { kind: 'known' }> = {
  kind: 'known',
  project: 'p1',
  services: [
    { name: 'octavia', type: 'load-balancer', endpoints: endpoint('http://lb:9876/load-balancer/v2.0') },
    { name: 'neutron', type: 'network', endpoints: endpoint('http://net:9696') },
  ],
}
const cloud = { login: LOGIN, way: WAY, token, interface: 'public', region: undefined }
const octavia = octaviaOf(cloud)
const neutron = neutronOf(cloud)
if (typeof octavia === 'string' || typeof neutron === 'string') throw new Error('no services')

const SUBNET = '00000000-0000-4000-8000-000000000001'
const item = (id: string, more: JsonObject = {}): Item => ({ id, admin_state_up: true, ...more })
const member = (id: string, address: string, more: JsonObject = {}): Item =>
  item(id, { address, protocol_port: 3306, weight: 1, ...more })
/** What the arguments `db` describe. */
const DB: Balancer = {
  item: item('b', { name: 'db', vip_subnet_id: SUBNET, vip_address: '10.0.0.9', provisioning_status: 'ACTIVE' }),
  listeners: [item('l', { name: 'db-3306', protocol: 'TCP', protocol_port: 3306, default_pool_id: 'p' })],
  pools: [
    {
      item: item('p', { name: 'db-3306-pool', protocol: 'TCP', lb_algorithm: 'ROUND_ROBIN', healthmonitor_id: 'h' }),
      monitor: item('h', { type: 'TCP', delay: 5, timeout: 3, max_retries: 3, max_retries_down: 3 }),
      members: [member('m1', '10.0.0.1'), member('m2', '10.0.0.2')],
    },
  ],
}
const two = ['10.0.0.1', '10.0.0.2'].map((address) => ({ address, protocol_port: 3306 }))
const db = ({ listener = {}, pool = {}, members = two, ...more }: Wish = {}): JsonObject => ({
  name: 'db',
  vip_subnet: SUBNET,
  listeners: [{ protocol: 'TCP', protocol_port: 3306, ...listener, pool: { members, health_monitor: {}, ...pool } }],
  ...more,
})
interface Wish {
  readonly listener?: JsonObject
  readonly pool?: JsonObject
  readonly members?: readonly JsonObject[]
  readonly [name: string]: unknown
}
const status = (provisioning_status: string): Balancer => ({ ...DB, item: { ...DB.item, provisioning_status } })

const host = (balancer: Balancer | null): FakeHost =>
  new FakeHost([
    [tokenCatalog(LOGIN, WAY), token],
    ...balancerBecomes(octavia, 'db', balancer).flatMap((effect) =>
      effect.kind === 'becomes' ? [[effect.fact, effect.value] as const] : [],
    ),
    [
      cloudItems(neutron, 'inside', [{ path: '/subnets?name=inside', key: 'subnets' }]),
      { kind: 'known', lists: [[item(SUBNET)]] },
    ],
    [
      cloudItems(neutron, 'twice', [{ path: '/subnets?name=twice', key: 'subnets' }]),
      { kind: 'known', lists: [[item('1'), item('2')]] },
    ],
  ])

/** Each step in a line: what it asks for after the login, with the base of the API left out; or why nothing is done. A second run has to plan nothing. */
async function steps(args: JsonObject, there: Balancer | null): Promise<readonly string[]> {
  const whole = { auth: AUTH, ...args }
  const before = host(there)
  const plan = await planOf(openstackLoadbalancer, whole, before)
  if (plan.kind === 'refusal') return [plan.message]
  const again = plan.result['changed'] === false ? null : await planOf(openstackLoadbalancer, whole, before.after(plan))
  expect(again).toSatisfy(
    (second: Plan | null) => second === null || (second.kind === 'proposal' && second.steps.length === 0),
  )
  return plan.steps
    .flatMap(({ actions }) => actions)
    .map((action) => {
      const all = action.do === 'request' && action.request.protocol === 'http' ? action.request.requests.slice(1) : []
      return all
        .map(({ method, path, body }) => {
          expect(path).toMatch(/^\/load-balancer\/v2\/lbaas\//)
          return `${method} ${path.slice('/load-balancer/v2/lbaas/'.length)}${body === undefined ? '' : ` ${JSON.stringify(Object.values(body)[0])}`}`
        })
        .join(', ')
    })
}

const B = '<id of the load balancer>'
const P = '<id of the pool>'
const own = 'GET loadbalancers?name=db&project_id=p1'
const ownPool = `${own}, GET pools?loadbalancer_id=${B}&name=db-3306-pool`
const newMember = (address: string): string =>
  `POST pools/${P}/members {"address":"${address}","protocol_port":3306,"weight":1,"admin_state_up":true}`

describe('openstack_loadbalancer', () => {
  it('makes one part after the other, and finds those that it made by name', async () => {
    expect(await steps(db(), null)).toEqual([
      `${own}, POST loadbalancers {"name":"db","admin_state_up":true,"vip_subnet_id":"${SUBNET}","project_id":"p1"}, GET loadbalancers/${B}`,
      `${own}, POST pools {"loadbalancer_id":"${B}","protocol":"TCP","lb_algorithm":"ROUND_ROBIN","admin_state_up":true,"name":"db-3306-pool"}, GET loadbalancers/${B}`,
      `${ownPool}, POST healthmonitors {"pool_id":"${P}","type":"TCP","delay":5,"timeout":3,"max_retries":3,"max_retries_down":3,"admin_state_up":true}, GET loadbalancers/${B}`,
      `${ownPool}, ${newMember('10.0.0.1')}, GET loadbalancers/${B}`,
      `${ownPool}, ${newMember('10.0.0.2')}, GET loadbalancers/${B}`,
      `${ownPool}, POST listeners {"loadbalancer_id":"${B}","protocol":"TCP","protocol_port":3306,"admin_state_up":true,"name":"db-3306","default_pool_id":"${P}"}, GET loadbalancers/${B}`,
    ])
  })

  const wait = ', GET loadbalancers/b'
  it.each<[string, JsonObject, Balancer | null, readonly string[]]>([
    ['nothing where all is right', db(), DB, []],
    ['nothing where what is not mentioned differs', { name: 'db' }, DB, []],
    ['names of subnets', db({ vip_subnet: 'inside' }), DB, []],
    [
      'only what differs',
      db({ description: 'Databases', pool: { lb_algorithm: 'SOURCE_IP' } }),
      DB,
      [`PUT loadbalancers/b {"description":"Databases"}${wait}`, `PUT pools/p {"lb_algorithm":"SOURCE_IP"}${wait}`],
    ],
    [
      'members that come, change and go, in this order',
      db({
        members: [
          { address: '10.0.0.2', protocol_port: 3306, weight: 5 },
          { address: '10.0.0.3', port: 3306 },
        ],
      }),
      DB,
      [
        `PUT pools/p/members/m2 {"weight":5}${wait}`,
        `POST pools/p/members {"address":"10.0.0.3","protocol_port":3306,"weight":1,"admin_state_up":true}${wait}`,
        `DELETE pools/p/members/m1${wait}`,
      ],
    ],
    [
      'a health monitor of another type anew',
      db({ pool: { health_monitor: { type: 'PING' } } }),
      DB,
      [
        `DELETE healthmonitors/h${wait}`,
        `POST healthmonitors {"pool_id":"p","type":"PING","delay":5,"timeout":3,"max_retries":3,"max_retries_down":3,"admin_state_up":true}${wait}`,
      ],
    ],
    [
      'a new name of a listener at its port',
      db({ listener: { name: 'sql' } }),
      DB,
      [`PUT listeners/l {"name":"sql"}${wait}`],
    ],
    [
      'what a run that was cut short left undone',
      db(),
      { ...DB, listeners: [], item: { ...DB.item, provisioning_status: 'PENDING_UPDATE' } },
      [
        `POST listeners {"loadbalancer_id":"b","protocol":"TCP","protocol_port":3306,"admin_state_up":true,"name":"db-3306","default_pool_id":"p"}${wait}`,
      ],
    ],
    ['waits for what somebody else asked for', db(), status('PENDING_UPDATE'), ['GET loadbalancers/b']],
    ['does not wait where that is not wanted', db({ wait: false }), status('PENDING_UPDATE'), []],
    ['removes all at once', { name: 'db', state: 'absent' }, DB, [`DELETE loadbalancers/b?cascade=true, ${own}`]],
    ['waits for one that is being removed', { name: 'db', state: 'absent' }, status('PENDING_DELETE'), [own]],
    ['removes nothing', { name: 'db', state: 'absent' }, null, []],
    ['says that it is in ERROR', db(), status('ERROR'), [expect.stringMatching(/^the load balancer db is in ERROR: /)]],
    ['none without a place', { name: 'db' }, null, [expect.stringMatching(/^say where db is to have its address/)]],
    [
      'no other address',
      db({ vip_address: '10.0.0.8' }),
      DB,
      [expect.stringMatching(/vip_address is 10.0.0.9 and not 10.0.0.8/)],
    ],
    [
      'no other protocol',
      db({ pool: { protocol: 'PROXY' } }),
      DB,
      [expect.stringMatching(/has protocol TCP and not PROXY/)],
    ],
    [
      'no other port of a listener',
      db({ listener: { name: 'db-3306', protocol_port: 3307 } }),
      DB,
      [expect.stringMatching(/listener db-3306 of db has protocol_port 3306 and not 3307/)],
    ],
    ['no subnet of two', db({ vip_subnet: 'twice' }), DB, ['2 subnets are called twice: say which by its id: 1, 2']],
    [
      'a member once',
      db({ members: [...two, ...two] }),
      DB,
      ['10.0.0.1:3306 is listed twice among the members of db-3306-pool'],
    ],
  ])('%s', async (_name, args, there, wanted) => {
    expect(await steps(args, there)).toEqual(wanted)
  })

  it('refuses to choose one of several', async () => {
    const several = new FakeHost([
      [tokenCatalog(LOGIN, WAY), token],
      [
        cloudItems(octavia, 'load balancer db', [
          { path: '/loadbalancers?name=db&project_id=p1', key: 'loadbalancers' },
        ]),
        { kind: 'known', lists: [[item('1', { vip_address: 'a' }), item('2', { vip_address: 'b' })]] },
      ],
    ])
    expect(await planOf(openstackLoadbalancer, { auth: AUTH, ...db() }, several)).toMatchObject({
      message: '2 load balancers are called db: 1 (a), 2 (b). Remove all but one, or give them other names',
    })
  })
})
