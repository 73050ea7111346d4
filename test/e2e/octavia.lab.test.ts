import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { labAvailable } from '../lab/available.ts'
import type { Lab } from '../lab/lab.ts'
import { sharedLab } from '../lab/shared.ts'
import { adminPassword } from '../modules/openstack/keystone.ts'
import { makeNetworks, octaviaAuth, startDatabase, startOctavia } from '../modules/openstack/octavia.ts'
import { outcomes, report, start, troubles, workplace, type Report } from './drover.ts'

const HOLD = '/run/octavia-hold'
const member = (address: string, more: object = {}): object => ({ address, protocol_port: 3306, ...more })
const [first, second, third] = [member('10.0.32.11'), member('10.0.32.12'), member('10.0.32.13')]
const galera = (members: readonly object[], pool: object = {}): object => ({
  name: 'galera',
  vip_subnet: 'inside',
  vip_address: '10.0.32.11',
  listeners: [
    { protocol: 'TCP', protocol_port: 3307, pool: { members, health_monitor: { delay: 2, timeout: 1 }, ...pool } },
  ],
})
const task = (name: string, args: object): object => ({
  name,
  openstack_loadbalancer: { auth: octaviaAuth, timeout: 60, ...args },
})
const floating = (name: string, args: object): object => ({
  name,
  openstack_floating_ip: { auth: octaviaAuth, ...args },
})
/** What each task changed, in words, or why it failed. */
const told = ({ results }: Report): Record<string, unknown> =>
  Object.fromEntries(
    [...results].map(([name, { outcome, changes, message }]) => [
      name.replace(' @ n1', ''),
      outcome === 'failed' ? message : (changes ?? []).map(({ verb, subject }) => `${verb} ${subject}`),
    ]),
  )

describe.skipIf(!labAvailable)('load balancers of a real Octavia', () => {
  let lab: Lab
  const work = workplace()
  const playbook = (tasks: readonly object[]): readonly string[] => [
    work.file('octavia.yml', stringify([{ hosts: 'n1', gather_facts: false, tasks }])),
    '-i',
    lab.inventory,
  ]
  const run = async (tasks: readonly object[], ...more: readonly string[]): Promise<Report> => {
    const done = await report([...playbook(tasks), ...more])
    expect(done.stdout).not.toContain(JSON.stringify(adminPassword).slice(1, -1))
    return done
  }
  const sql = (text: string): Promise<string> => lab.node('n1').sh('mariadb -NB octavia', { input: text })

  beforeAll(async () => {
    lab = sharedLab()
    const databases = ['n2', 'n3'].map((name) => lab.node(name))
    await Promise.all([
      startOctavia(lab.node('n1')).then(() => makeNetworks(lab.node('n1'))),
      ...databases.map((node) => node.reset('mariadb').then(() => startDatabase(node))),
    ])
  }, 300_000)
  afterAll(async () => {
    work.remove()
    await Promise.all((lab?.nodes ?? []).map((node) => node.reset()))
  })

  it('come to be, change and go as a check foretells, each part once', async () => {
    const tasks = [
      task('make', galera([first, second])),
      task('same', galera([first, second])),
      task('add', galera([first, second, third])),
      task('change', galera([member('10.0.32.11', { weight: 3 }), second, third], { lb_algorithm: 'SOURCE_IP' })),
      task('take out', galera([second, third], { health_monitor: { type: 'PING', delay: 2, timeout: 1 } })),
      task('elsewhere', { ...galera([second]), vip_address: '10.0.32.99' }),
    ]
    const every = tasks.map((one) => ({ ...one, ignore_errors: true }))
    const foretold = await run(every, '--check')
    const done = await run(every)
    const pool = 'galera-3307-pool'
    expect(told(done)).toEqual({
      make: [
        'create load balancer galera',
        `create pool ${pool}`,
        `create health monitor of ${pool}`,
        `create member 10.0.32.11:3306 of ${pool}`,
        `create member 10.0.32.12:3306 of ${pool}`,
        'create listener galera-3307',
      ],
      same: [],
      add: [`create member 10.0.32.13:3306 of ${pool}`],
      change: [`update pool ${pool}`, `update member 10.0.32.11:3306 of ${pool}`],
      'take out': [
        `update pool ${pool}`,
        `remove health monitor of ${pool}`,
        `create health monitor of ${pool}`,
        `remove member 10.0.32.11:3306 of ${pool}`,
      ],
      elsewhere: expect.stringContaining('vip_address is 10.0.32.11 and not 10.0.32.99'),
    })
    expect(outcomes(foretold)).toEqual(outcomes(done))
    expect(done.results.get('make @ n1')?.result).toMatchObject({
      loadbalancer: { vip_address: '10.0.32.11', provisioning_status: 'ACTIVE' },
    })
    const config = await lab.node('n1').sh('cat /etc/haproxy/haproxy.cfg')
    expect(config).toContain('bind 10.0.32.11:3307')
    expect([...config.matchAll(/server \S+ (\S+)/g)].map(([, at]) => at)).toEqual([
      '10.0.32.12:3306',
      '10.0.32.13:3306',
    ])
  }, 120_000)

  it('are completed by the next run where one was killed, which waits for what is under way', async () => {
    const node = lab.node('n1')
    await node.sh(`touch ${HOLD}`)
    const cut = {
      ...galera([first]),
      name: 'cut',
      listeners: [{ protocol: 'TCP', port: 3308, pool: { members: [first] } }],
    }
    const killed = start(['run', ...playbook([task('make', cut)])])
    while ((await sql("SELECT name FROM load_balancer WHERE name = 'cut'")) === '')
      await new Promise((resolve) => setTimeout(resolve, 200))
    killed.signal('SIGKILL')
    await killed.ended

    const impatient = await run([task('impatient', { ...cut, timeout: 1 })])
    expect(told(impatient)).toEqual({ impatient: expect.stringMatching(/create the pool cut-3308-pool: .*immutable/) })
    const waiting = run([task('make', cut), task('again', cut)])
    await new Promise((resolve) => setTimeout(resolve, 1000))
    await node.sh(`rm ${HOLD}`)
    expect(told(await waiting)).toEqual({
      make: ['create pool cut-3308-pool', 'create member 10.0.32.11:3306 of cut-3308-pool', 'create listener cut-3308'],
      again: [],
    })
    expect(await sql("SELECT count(*) FROM load_balancer WHERE name = 'cut'")).toBe('1\n')
  }, 120_000)

  it('say what Octavia says, and refuse what is not clear', async () => {
    const gone = { name: 'cut', state: 'absent' }
    const mixed = { ...galera([]), listeners: [{ protocol: 'UDP', port: 53, pool: { protocol: 'HTTP' } }] }
    const asked = await run([
      { ...task('mixed', mixed), ignore_errors: true },
      task('remove', gone),
      task('removed', gone),
    ])
    expect(told(asked)).toEqual({
      mixed: expect.stringMatching(
        /^cannot create the listener galera-53: Octavia refuses it with status 400: .*protocol/i,
      ),
      remove: ['remove load balancer cut'],
      removed: [],
    })
    await sql("UPDATE load_balancer SET provisioning_status = 'ERROR' WHERE name = 'galera'")
    expect(told(await run([task('broken', galera([]))]))).toEqual({
      broken: expect.stringMatching(/^the load balancer galera is in ERROR/),
    })
    await sql("UPDATE load_balancer SET name = 'galera', provisioning_status = 'ACTIVE'")
    expect(told(await run([task('several', galera([]))]))).toEqual({
      several: expect.stringMatching(/^2 load balancers are called galera/),
    })
  }, 120_000)

  it('get addresses from outside, which real Neutron has', async () => {
    const tasks = [
      floating('make', { port: 'vip', network: 'outside', floating_ip_address: '203.0.113.50' }),
      floating('same', { fixed_address: '10.0.32.11', network: 'outside' }),
      floating('taken', { port: 'other', floating_ip_address: '203.0.113.50' }),
      floating('free', { port: 'vip', state: 'absent' }),
      floating('use again', { port: 'other', network: 'outside', reuse: true }),
      floating('give back', { port: 'other', state: 'absent', purge: true }),
      floating('gone', { floating_ip_address: '203.0.113.50', state: 'absent', purge: true }),
    ].map((one) => ({ ...one, ignore_errors: true }))
    const foretold = await run(tasks, '--check')
    const done = await run(tasks)
    expect(told(done)).toEqual({
      make: ['create floating ip of the port vip'],
      same: [],
      taken: expect.stringMatching(/203.0.113.50 is that of 10.0.32.11 already/),
      free: ['update floating ip 203.0.113.50'],
      'use again': ['update floating ip 203.0.113.50'],
      'give back': ['remove floating ip 203.0.113.50'],
      gone: [],
    })
    expect(done.results.get('make @ n1')?.result).toMatchObject({
      floating_ip: { floating_ip_address: '203.0.113.50', fixed_ip_address: '10.0.32.11' },
    })
    expect(outcomes(foretold)).toEqual(outcomes(done))
    const refused = await run([floating('none', { port: 'vip', network: 'inside' })])
    expect(told(refused)).toEqual({
      none: expect.stringMatching(/Neutron refuses it with status 400: .*not a valid external network|external/),
    })
  }, 120_000)

  it('are what playbooks/galera puts in front of databases, which get connections one after the other', async () => {
    await lab.node('n1').sh('mkdir -p /etc/openstack; cat >/etc/openstack/clouds.yaml', {
      input: stringify({ clouds: { lab: { region_name: 'RegionOne', auth: octaviaAuth } } }),
    })
    const vars = {
      galera_lb_provider: 'octavia',
      galera_lb_cloud: 'lab',
      galera_lb_name: 'databases',
      galera_lb_subnet: 'inside',
      galera_lb_address: '10.0.32.11',
      galera_lb_floating_network: 'outside',
      galera_lb_port: 3309,
    }
    const inventory = work.file('lb.yml', stringify({ all: { children: { galera_lb: { hosts: { n1: {} }, vars } } } }))
    const args = [
      'playbooks/galera/load-balancer.yml',
      '-i',
      lab.inventory,
      '-i',
      'inventory/galera-lab.yml',
      '-i',
      inventory,
    ]
    const foretold = await report([...args, '--check'])
    const done = await report(args)
    expect(troubles(done)).toEqual([])
    const made = 'galera : The load balancer of the cloud knows the nodes @ n1'
    expect(done.results.get(made)?.changes).toHaveLength(7)
    expect(foretold.results.get(made)).toMatchObject({ changes: done.results.get(made)?.changes })
    expect(done.results.get('galera : Connections go to one node after the other @ n1')).toMatchObject({
      outcome: 'ok',
    })
    expect(done.recap['n1']).toMatchObject({ changed: 2, failed: 0 })
    const again = await report(args)
    expect(again.recap['n1']).toMatchObject({ changed: 0, failed: 0 })
    expect(done.stdout).not.toContain('only-for-the-lab')
  }, 120_000)
})
