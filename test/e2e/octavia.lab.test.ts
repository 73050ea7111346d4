import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { labAvailable } from '../lab/available.ts'
import type { Lab } from '../lab/lab.ts'
import { sharedLab } from '../lab/shared.ts'
import floatingModule from '../../modules/openstack/openstack_floating_ip.ts'
import balancerModule from '../../modules/openstack/openstack_loadbalancer.ts'
import { cloudProperties } from '../../modules/lib/cloud-service.ts'
import { hostileTasks } from '../modules/laws/hostile.ts'
import { octavia, octaviaGiven } from '../modules/laws/octavia.ts'
import { adminPassword } from '../modules/openstack/keystone.ts'
import { makeNetworks, octaviaAuth, startDatabase, startOctavia } from '../modules/openstack/octavia.ts'
import { cutFaults } from './laws-service-cut.ts'
import { hostileFaults, serviceFaults, type LawsService } from './laws-service.ts'
import { report, start, troubles, workplace, type Report } from './drover.ts'

const HOLD = '/run/octavia-hold'
const member = { address: '10.0.32.11', protocol_port: 3306 }
const task = (name: string, args: object): object => ({
  name,
  openstack_loadbalancer: { auth: octaviaAuth, timeout: 60, ...args },
})
const stock = {
  ...octaviaGiven,
  ports: {
    ...octaviaGiven.ports,
    vip: '10.0.32.11',
    ...Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`cut${index}`, `10.0.32.${140 + index}`])),
  },
}
/** How a module logs in is the same for all. */
const isOwn = (argument: string): boolean => !(argument in cloudProperties)
/** Whether a hostile text is tried: of what is passed on to the API in the same way, one. */
const isOne = ({ name }: { readonly name: string }): boolean =>
  /(description|name|port|floating_ip_address|url_path): one line$/.test(name) || /r\.(name|vip_subnet):/.test(name)
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
  const laws = (): LawsService => ({
    node: lab.node('n1'),
    inventory: lab.inventory,
    work,
    login: Object.fromEntries([balancerModule, floatingModule].map(({ name }) => [name, { auth: octaviaAuth }])),
    listing: () =>
      lab.node('n1').sh('mariadb-dump --skip-comments --skip-extended-insert --databases keystone neutron octavia'),
    secrets: [adminPassword],
  })
  const sql = (text: string): Promise<string> => lab.node('n1').sh('mariadb -NB octavia', { input: text })

  beforeAll(async () => {
    lab = sharedLab()
    const databases = ['n2', 'n3'].map((name) => lab.node(name))
    await Promise.all([
      startOctavia(lab.node('n1')).then(() => makeNetworks(lab.node('n1'), stock)),
      ...databases.map((node) => node.reset('mariadb').then(() => startDatabase(node))),
    ])
  }, 300_000)
  afterAll(async () => {
    work.remove()
    await Promise.all((lab?.nodes ?? []).map((node) => node.reset()))
  })

  it('are kept to the laws of modules, and so are floating ips', async () => {
    expect(await serviceFaults(laws(), [], octavia)).toEqual([])
    const config = await lab.node('n1').sh('cat /etc/haproxy/haproxy.cfg')
    expect(config).toContain('bind 10.0.32.11:3412')
    const servers = config.slice(config.indexOf('balance source'))
    expect([...servers.matchAll(/server \S+ (\S+)/g)].slice(0, 2).map(([, at]) => at)).toEqual([
      '10.0.32.11:3306',
      '10.0.32.13:3306',
    ])
  }, 120_000)

  it('take hostile texts literally or refuse them, and so do floating ips', async () => {
    const own = { name: 'laws-own', vip_subnet: 'inside', vip_address: '10.0.32.11' }
    const members = [member]
    const parts = {
      ...own,
      name: 'laws-parts',
      listeners: [{ port: 3420, allowed_cidrs: ['10.0.32.0/24'], pool: { members, health_monitor: { type: 'HTTP' } } }],
    }
    const inParts = hostileTasks(balancerModule, parts, (argument) => argument === 'listeners')
    // New pools last: each is read again with the others.
    const faults = await Promise.all(
      [
        hostileTasks(balancerModule, own, isOwn).filter(isOne),
        inParts.filter(isOne).toReversed(),
        hostileTasks(floatingModule, { port: 'laws-none', network: 'outside' }, isOwn).filter(isOne),
      ].map((tasks) => hostileFaults(laws(), tasks)),
    )
    expect(faults.flat()).toEqual([])
  }, 120_000)

  it('converge after a cut at any round trip, and so do floating ips', async () => {
    const tasks = [
      {
        openstack_loadbalancer: {
          name: '{{ inventory_hostname }}',
          vip_subnet: 'inside',
          vip_address: '10.0.32.11',
          listeners: [
            { protocol: 'TCP', port: '{{ 3430 + inventory_hostname[3:] | int }}', pool: { members: [member] } },
          ],
        },
      },
      { openstack_floating_ip: { port: '{{ inventory_hostname }}', network: 'outside' } },
    ]
    expect(await cutFaults(laws(), tasks, { stride: 17, forks: 4 })).toEqual([])
  }, 240_000)

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

  it('are completed by the next run where one was killed, which waits for what is under way', async () => {
    const node = lab.node('n1')
    await node.sh(`touch ${HOLD}`)
    const cut = {
      name: 'cut',
      vip_subnet: 'inside',
      vip_address: '10.0.32.11',
      listeners: [{ protocol: 'TCP', port: 3308, pool: { members: [member] } }],
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
    const name = 'laws-right'
    const mixed = { name, listeners: [{ protocol: 'UDP', port: 53, pool: { protocol: 'HTTP' } }] }
    const asked = await run([
      { ...task('mixed', mixed), ignore_errors: true },
      {
        name: 'inward',
        openstack_floating_ip: { auth: octaviaAuth, port: 'laws-none', network: 'inside' },
        ignore_errors: true,
      },
      task('remove', gone),
      task('removed', gone),
    ])
    expect(told(asked)).toEqual({
      mixed: expect.stringMatching(
        /^cannot create the listener laws-right-53: Octavia refuses it with status 400: .*protocol/i,
      ),
      inward: expect.stringMatching(/Neutron refuses it with status 400: .*not a valid external network|external/),
      remove: ['remove load balancer cut'],
      removed: [],
    })
    await sql(`UPDATE load_balancer SET provisioning_status = 'ERROR' WHERE name = '${name}'`)
    expect(told(await run([task('broken', { name })]))).toEqual({
      broken: expect.stringMatching(/^the load balancer laws-right is in ERROR/),
    })
    await sql(`UPDATE load_balancer SET name = '${name}', provisioning_status = 'ACTIVE' WHERE name LIKE 'laws-%'`)
    expect(told(await run([task('several', { name })]))).toEqual({
      several: expect.stringMatching(/^[2-9] load balancers are called laws-right/),
    })
  }, 120_000)
})
