import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { labAvailable } from '../lab/available.ts'
import type { Lab } from '../lab/lab.ts'
import { sharedLab } from '../lab/shared.ts'
import { outcomes, report, start, troubles, workplace, type Report } from './drover.ts'
import { likeCentosForGalera } from './galera-rpms.ts'

/** The stages of site.yml, each with the tasks of which a check cannot know what the run will do. */
const stages: Readonly<Record<string, readonly string[]>> = {
  prepare: [],
  security: [],
  // The repository of the server comes with a package.
  install: ['The server is installed', 'All packages of the server are there'],
  configure: [],
  bootstrap: ['The first node is in the cluster'],
  join: [],
  settle: [],
  // A table of a database that is not there yet.
  accounts: ['There is a test table with a row'],
  secure: [],
  verify: [],
}
/** Where drover is killed, one run after the other: from the first stage to settle. */
const moments = [
  'The data volume is mounted',
  'The repository of the server',
  'The server is installed',
  'A new cluster is started by its own',
  'The service that started the cluster is stopped',
]

const changes = ({ recap }: Report): readonly number[] => Object.values(recap).map(({ changed }) => changed)

describe.skipIf(!labAvailable)("playbooks/galera on the document's platform", () => {
  let lab: Lab
  const work = workplace()
  beforeAll(async () => {
    lab = sharedLab()
    await bare()
  }, 300_000)
  afterAll(async () => {
    work.remove()
    await Promise.all((lab?.nodes ?? []).map((node) => node.reset()))
  })

  async function bare(): Promise<void> {
    await Promise.all(lab.nodes.map((node) => node.reset('mariadb')))
    await likeCentosForGalera(lab.nodes)
  }
  const args = (playbook: string, ...more: readonly string[]): readonly string[] => [
    `playbooks/galera/${playbook}.yml`,
    '-i',
    lab.inventory,
    '-i',
    'inventory/galera-lab.yml',
    '-e',
    'galera_platform=el7-percona',
    ...more,
  ]
  const run = (playbook: string, ...more: readonly string[]): Promise<Report> => report(args(playbook, ...more))
  const each = (command: string): Promise<readonly string[]> => Promise.all(lab.nodes.map((node) => node.sh(command)))
  const servers = (): Promise<readonly string[]> => each('pgrep -a mariadbd || echo none')

  /** Does what a check foretells; gives the tasks of which it could not know. */
  async function foretold(playbook: string, ...more: readonly string[]): Promise<readonly string[]> {
    const predicted = await run(playbook, '--check', ...more)
    expect(troubles(predicted)).toEqual([])
    const done = await run(playbook, ...more)
    expect(troubles(done)).toEqual([])
    const known = [...predicted.results].flatMap(([task, { outcome }]) =>
      outcome === 'unknown' || outcome === 'skipped' ? [] : [task],
    )
    for (const task of known) expect([task, outcomes(done)[task]]).toEqual([task, outcomes(predicted)[task]])
    const open = [...predicted.results].filter(([, { outcome }]) => outcome === 'unknown')
    return [...new Set(open.map(([task]) => task.replace(/^galera : (.*) @ n\d$/, '$1')))]
  }

  it('makes a cluster of bare hosts with yum, each stage as a check foretells', async () => {
    const whole = await run('site', '--check')
    expect(troubles(whole)).toEqual([])
    expect(changes(whole).every((changed) => changed > 10)).toBe(true)
    for (const [stage, open] of Object.entries(stages)) expect([stage, await foretold(stage)]).toEqual([stage, open])
    expect(await each('mysql -uroot -ponly-for-the-lab -NBe "SELECT * FROM my_test_db.my_test_table"')).toEqual(
      lab.nodes.map(() => '1998\tHello year 1998\n'),
    )
    expect(
      await each('rpm -q epel-release || :; systemctl is-enabled mysql; systemctl is-active mysql@bootstrap || :'),
    ).toEqual(lab.nodes.map(() => 'package epel-release is not installed\nenabled\ninactive\n'))
    expect(await lab.node('n2').sh('grep Galera /etc/sysconfig/iptables')).toBe(
      '-A INPUT -p tcp -m multiport --dports 873,3306,4444,4567,4568 -m comment --comment "Galera cluster" -j ACCEPT\n',
    )
  }, 300_000)

  it('finds nothing to do at a cluster that serves, and does not disturb it', async () => {
    const before = await servers()
    for (const more of [['--check'], []]) {
      const again = await run('site', ...more)
      expect(troubles(again)).toEqual([])
      expect(changes(again)).toEqual([0, 0, 0])
    }
    expect(await servers()).toEqual(before)
  }, 120_000)

  it("puts haproxy and a page in front of it by CentOS's names, as a check foretells", async () => {
    const fronts = {
      all: {
        children: { galera_lb: { hosts: { n1: {} } }, galera_web: { hosts: { n1: {} } } },
        vars: { galera_lb_port: 3307, galera_web_database_host: '10.0.32.11' },
      },
    }
    const front = ['-i', work.file('fronts.yml', stringify(fronts))]
    expect(await foretold('load-balancer', ...front)).toEqual([
      'The load balancer knows the nodes',
      'The load balancer runs, now and at every boot',
    ])
    // A web server that runs already has no PHP before it is started again.
    await lab.node('n1').sh('dnf --quiet -y install httpd; systemctl start httpd')
    expect(await foretold('web', ...front)).toEqual([])
    for (const playbook of ['load-balancer', 'web'])
      for (const more of [['--check'], []]) {
        const again = await run(playbook, ...front, ...more)
        expect(troubles(again)).toEqual([])
        expect(changes(again)).toEqual([0])
      }
  }, 180_000)

  it('restarts no node while one is down, and brings that one back', async () => {
    await lab.node('n1').sh('systemctl stop mysql')
    const before = await servers()
    const refused = await run('rolling-restart', '-e', 'galera_verify_timeout=2')
    expect(refused.results.get('galera : The cluster is whole @ n1')).toMatchObject({ outcome: 'failed' })
    expect(await servers()).toEqual(before)
    const back = await run('recover')
    expect(troubles(back)).toEqual([])
    expect(changes(back)).toEqual([1, 0, 0])
  }, 120_000)

  it('changes nothing for a new host that cannot be reached', async () => {
    const nowhere = { ansible_host: '127.0.0.1', ansible_port: 9, galera_node_address: '10.0.32.14' }
    const inventory = { all: { children: { galera: { hosts: { n4: nowhere } } } } }
    const ended = await run('add-node', '-i', work.file('four.yml', stringify(inventory)))
    expect(ended.recap['n4']).toMatchObject({ unreachable: 1 })
    expect(changes(ended)).toEqual([0, 0, 0, 0])
    expect(ended.results.has('galera : The node has its configuration @ n1')).toBe(false)
  })

  it('converges after it was killed in several stages, and after a full stop before the first node is back to normal', async () => {
    await bare()
    for (const moment of moments) {
      const running = start(['run', ...args('site', '--output', 'json')])
      await running.says(`"name":"galera : ${moment}`)
      // A little later, so that it is done in part.
      await sleep(300)
      running.signal('SIGKILL')
      await running.ended
    }
    // A node that joins with nothing of its own has an empty grastate.dat until the data has come.
    await lab.node('n2').sh('systemctl stop mysql; rm -rf /var/lib/mysql/mysql_data/*')
    const joining = start(['run', ...args('join', '--output', 'json')])
    await joining.says('"name":"galera : The node runs","action":"systemd","handler":false,"hosts":["n2"]')
    await sleep(1000)
    joining.signal('SIGKILL')
    await joining.ended
    expect(troubles(await run('join'))).toEqual([])
    for (const name of ['n1', 'n2', 'n3']) await lab.node(name).sh('systemctl stop mysql mysql@bootstrap')
    const refused = await run('site')
    expect(refused.results.get('galera : No node has been in a cluster before @ n1')).toMatchObject({
      outcome: 'failed',
    })
    const recovered = await run('recover', '-e', 'galera_test_database=')
    expect(recovered.results.get('galera : A new cluster is started by its own service @ n3')).toMatchObject({
      outcome: 'changed',
    })
    expect(troubles(await run('site'))).toEqual([])
    expect(changes(await run('site'))).toEqual([0, 0, 0])
  }, 300_000)
})
