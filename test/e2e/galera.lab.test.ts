import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { labAvailable } from '../lab/available.ts'
import type { Lab } from '../lab/lab.ts'
import { sharedLab } from '../lab/shared.ts'
import { outcomes, report, troubles, workplace, type Report } from './drover.ts'
import { differences, snapshot } from './snapshot.ts'

const DATA = '/var/lib/mysql/mysql_data'

/** Writes one row after the other over the load balancer until it is told to stop; keeps the numbers of those that were taken. */
const writer = `
rm -rf /root/writer; mkdir /root/writer; cd /root/writer
i=$1
while [ ! -e stop ]; do
  i=$((i + 1))
  timeout 10 mariadb --connect-timeout=2 -h 10.0.32.11 -P 3307 -u admin -ponly-for-the-lab my_test_db -e "INSERT INTO written VALUES ($i)" && echo $i >>taken
done
touch stopped
`

describe.skipIf(!labAvailable)('playbooks/galera', () => {
  let lab: Lab
  const work = workplace()
  /** The first node is what is in front of the others, too. */
  const fronts = work.file(
    'fronts.yml',
    stringify({
      all: {
        children: { galera_lb: { hosts: { n1: {} } }, galera_web: { hosts: { n1: {} } } },
        vars: { galera_lb_port: 3307, galera_web_database_host: '10.0.32.11' },
      },
    }),
  )
  beforeAll(async () => {
    lab = sharedLab()
    await Promise.all(lab.nodes.map((node) => node.reset('mariadb')))
  }, 300_000)
  afterAll(async () => {
    work.remove()
    await Promise.all((lab?.nodes ?? []).map((node) => node.reset()))
  })

  const run = (playbook: string, ...more: readonly string[]): Promise<Report> =>
    report([`playbooks/galera/${playbook}.yml`, '-i', lab.inventory, '-i', 'inventory/galera-lab.yml', ...more])
  /** The same with the hosts in front of the cluster. */
  const front = (playbook: string, ...more: readonly string[]): Promise<Report> => run(playbook, '-i', fronts, ...more)
  const each = (command: string): Promise<readonly string[]> => Promise.all(lab.nodes.map((node) => node.sh(command)))
  const sql = async (node: string, text: string): Promise<string> => lab.node(node).sh('mariadb -NB', { input: text })
  const changes = ({ recap }: Report): readonly number[] => lab.nodes.map(({ name }) => recap[name]?.changed ?? -1)
  /** Each server's process, and how it was started. */
  const servers = (): Promise<readonly string[]> => each('pgrep -a mariadbd')

  const startWriter = (from: number): Promise<string> =>
    lab.node('n1').sh(`cat >/root/writer.sh; setsid sh /root/writer.sh ${from} >/dev/null 2>&1 &`, { input: writer })
  /** Gives the numbers of the rows that were taken. */
  const stopWriter = async (): Promise<readonly string[]> => {
    const wait = 'touch /root/writer/stop; while [ ! -e /root/writer/stopped ]; do sleep 0.1; done'
    return (await lab.node('n1').sh(`${wait}; cat /root/writer/taken`)).trim().split('\n')
  }
  async function expectEverywhere(taken: readonly string[]): Promise<void> {
    for (const { name } of lab.nodes) {
      const rows = await sql(name, 'SET SESSION wsrep_sync_wait = 1; SELECT i FROM my_test_db.written')
      const there = new Set(rows.split('\n'))
      expect(taken.filter((row) => !there.has(row))).toEqual([])
    }
  }

  it.each([
    ['site', 'galera_ports=[http]', 'galera_ports'],
    ['site', 'galera_node_address=127.0.0.1', 'set galera_node_address'],
    ['site', 'galera_node_name=same', 'n1 has the galera_node_address or galera_node_name of n2, n3'],
    ['site', '{"galera_cluster_name": "two words"}', 'galera_cluster_name may have up to 32 characters'],
    ['configure', 'mysql_data_dir=/srv/mysql', 'not below mysql_dir, /var/lib/mysql'],
    ['site', 'swap_size=much', 'swap_size is much'],
    ['recover', 'galera_recover_from=n9', 'galera_recover_from is n9, which is none of n1, n2, n3'],
    ['load-balancer', 'galera_lb_port=3306', 'n1 is a node, whose server has port 3306'],
    ['load-balancer', 'galera_lb_provider=octavia', 'set galera_lb_cloud'],
    ['web', 'galera_admin_password=', 'admin has no password'],
  ])('%s names what is wrong with %s before a host is touched', async (playbook, variable, message) => {
    const wrong = await front(playbook, '-e', variable)
    expect(wrong.status).not.toBe(0)
    expect(wrong.stdout).toContain(message)
    expect(wrong.stdout).not.toContain('Gathering Facts')
    expect(Object.values(wrong.recap).every(({ changed }) => changed === 0)).toBe(true)
  })

  it('leave the packet filter alone where they are told to on the command line', async () => {
    const { results } = await run('security', '-e', 'galera_firewall=false', '--check')
    const ports = [...results].filter(([name]) => name.includes('The ports of the cluster are open'))
    expect(ports.map(([, { outcome }]) => outcome)).toEqual(['skipped', 'skipped', 'skipped'])
  })

  it('make a cluster of bare hosts, as a check foretells as far as it can be known', async () => {
    const before = await Promise.all(lab.nodes.map((node) => snapshot(node)))
    const predicted = await run('site', '--check')
    expect(troubles(predicted)).toEqual([])
    const after = await Promise.all(lab.nodes.map((node) => snapshot(node)))
    expect(after.map((lines, index) => differences(before[index] ?? [], lines))).toEqual([[], [], []])

    const done = await run('site')
    expect(troubles(done)).toEqual([])
    const foretold = Object.entries(outcomes(predicted)).filter(
      ([task]) => predicted.results.get(task)?.outcome !== 'unknown',
    )
    expect(outcomes(done)).toMatchObject(Object.fromEntries(foretold))
    expect(predicted.recap['n1']).toMatchObject({ changed: 11, failed: 0 })
    expect(await each('mariadb -NBe "SELECT * FROM my_test_db.my_test_table"')).toEqual(
      lab.nodes.map(() => '1998\tHello year 1998\n'),
    )
    expect((await servers()).join('')).not.toContain('--wsrep-new-cluster')
    expect(done.stdout).not.toContain('only-for-the-lab')
  }, 240_000)

  it('find nothing to do at a cluster that serves, and do not disturb it', async () => {
    const before = await servers()
    for (const more of [['--check'], []]) {
      const again = await run('site', ...more)
      expect(troubles(again)).toEqual([])
      expect(changes(again)).toEqual([0, 0, 0])
    }
    for (const playbook of ['recover', 'verify']) expect(changes(await run(playbook))).toEqual([0, 0, 0])
    expect(await servers()).toEqual(before)
  })

  it('put haproxy in front of it, and a page that shows what each node has, as a check foretells', async () => {
    for (const [playbook, least] of [
      ['load-balancer', 1],
      ['web', 2],
    ] as const) {
      const foretold = await front(playbook, '--check')
      expect(troubles(foretold)).toEqual([])
      const done = await front(playbook)
      expect(troubles(done)).toEqual([])
      const known = [...foretold.results].flatMap(([task, { outcome }]) =>
        outcome === 'changed' || outcome === 'ok' ? [task] : [],
      )
      expect(foretold.recap['n1']?.changed).toBeGreaterThan(least)
      for (const task of known) expect([task, outcomes(done)[task]]).toEqual([task, outcomes(foretold)[task]])
      const last = playbook === 'web' ? 'The page comes from' : 'Connections go to'
      expect(done.results.get(`galera : ${last} one node after the other @ n1`)).toMatchObject({ outcome: 'ok' })
      expect(done.stdout).not.toContain('only-for-the-lab')
      for (const more of [['--check'], []]) {
        const again = await front(playbook, ...more)
        expect(troubles(again)).toEqual([])
        expect(again.recap['n1']?.changed).toBe(0)
      }
    }
  }, 120_000)

  it('restart one node after the other, and no row is lost that a writer was told of', async () => {
    await sql('n1', 'CREATE TABLE my_test_db.written (i int PRIMARY KEY)')
    await startWriter(0)
    const before = await servers()
    const restarted = await run('rolling-restart')
    const taken = await stopWriter()
    expect(troubles(restarted)).toEqual([])
    expect(changes(restarted)).toEqual([1, 1, 1])
    expect((await servers()).map((server, index) => server === before[index])).toEqual([false, false, false])
    expect(taken.length).toBeGreaterThan(20)
    await expectEverywhere(taken)
  }, 180_000)

  it('take a new host in, and never start a second cluster for it', async () => {
    await lab.node('n3').reset('mariadb')
    const alone = await run('site', '--limit', 'n3')
    expect(alone.results.get('galera : All nodes are asked @ n3')).toMatchObject({ outcome: 'failed' })
    expect(await lab.node('n3').sh('pgrep mariadbd || echo none')).toBe('none\n')
    const others = (): Promise<readonly string[]> =>
      Promise.all(['n1', 'n2'].map((name) => lab.node(name).sh('pgrep -a mariadbd')))
    const before = await others()
    await startWriter(500_000)
    expect(troubles(await run('add-node'))).toEqual([])
    const taken = await stopWriter()
    expect(taken.length).toBeGreaterThan(20)
    await expectEverywhere(taken)
    expect(await sql('n3', 'SELECT count(*) > 20 FROM my_test_db.written')).toBe('1\n')
    expect(await others()).toEqual(before)
  }, 180_000)

  it('have a node that lost its power back after it has booted, and no row is lost that was taken', async () => {
    const node = lab.node('n2')
    await startWriter(1_000_000)
    await node.powerCut()
    await sql('n1', "INSERT INTO my_test_db.my_test_table VALUES (1999, 'Hello year 1999')")
    await node.boot()
    expect(troubles(await run('verify'))).toEqual([])
    const taken = await stopWriter()
    expect(taken.length).toBeGreaterThan(20)
    await expectEverywhere(taken)
    expect(await sql('n2', 'SELECT count(*) FROM my_test_db.my_test_table')).toBe('2\n')
    expect(troubles(await front('verify-load-balancer'))).toEqual([])
  }, 180_000)

  it('start a cluster that crashed where its last transaction is', async () => {
    await lab.node('n1').sh('systemctl stop mariadb')
    await sql('n3', "INSERT INTO my_test_db.my_test_table VALUES (2000, 'Hello year 2000')")
    // What is not written to disk yet is lost with a server that is killed; after a second it is there.
    await sleep(1500)
    await Promise.all(
      ['n2', 'n3'].map((name) => lab.node(name).sh('systemctl kill -s KILL mariadb; systemctl stop mariadb')),
    )
    const stopped = (await each(`grep seqno ${DATA}/grastate.dat`)).map((line) => Number(line.split(':')[1]))
    expect(stopped).toEqual([expect.toSatisfy((seqno) => Number(seqno) > 0), -1, -1])

    const refused = await run('site')
    expect(refused.results.get('galera : No node has been in a cluster before @ n1')).toMatchObject({
      outcome: 'failed',
    })
    const recovered = await run('recover')
    expect(troubles(recovered)).toEqual([])
    expect(recovered.results.get('galera : A new cluster is started @ n1')).toMatchObject({ outcome: 'skipped' })
    expect(await each('mariadb -NBe "SELECT count(*) FROM my_test_db.my_test_table"')).toEqual(['3\n', '3\n', '3\n'])
    expect(changes(await run('site'))).toEqual([0, 0, 0])
  }, 240_000)
})
