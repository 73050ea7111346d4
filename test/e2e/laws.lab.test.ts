import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { labAvailable } from '../lab/available.ts'
import type { Lab } from '../lab/lab.ts'
import type { LabNode } from '../lab/node.ts'
import { sharedLab } from '../lab/shared.ts'
import { holdSwap } from '../lab/swap.ts'
import { taskOf } from '../modules/laws/case.ts'
import { hostile, TRACE } from '../modules/laws/hostile.ts'
import { subjects } from '../modules/laws/stage.ts'
import { drover, report, type Report } from './drover.ts'
import { CRASH, deedOf, faultsOf, type Runs } from './laws-faults.ts'
import { lawsWorkplace, stageLaws } from './laws-stage.ts'
import { belongings, leftOn } from './remains.ts'
import { differences, snapshot } from './snapshot.ts'

/** What a tool could change beside files: packets and packages. */
const beside =
  "(iptables-save; ip6tables-save) | sed '/^#/d; s/\\[.*\\]//'; dpkg-query -W; rpm -qa | sort; sysctl -a 2>/dev/null | grep '^net.ipv4.[a-z]'"

const everything = async (node: LabNode): Promise<readonly string[]> =>
  [...(await node.sh(beside)).split('\n'), ...(await belongings(node)), ...(await snapshot(node))]
    // What any reader of rpm's database maps into its memory.
    .filter((line) => !line.startsWith('/var/lib/rpm/rpmdb.sqlite-shm '))
    // The lab's stand-in for sfdisk tells the kernel of the partitions anew each time, which numbers them.
    .map((line) => line.replace(/^ *259 +\d+ /, '259 '))

interface Seen extends Runs {
  readonly before: readonly string[]
  readonly afterCheck: readonly string[]
  readonly left: readonly string[]
}

if (labAvailable) await holdSwap()

describe.skipIf(!labAvailable)('the laws of modules', () => {
  let lab: Lab
  const work = lawsWorkplace()
  const seen = new Map<string, Seen>()
  const run = (host: string, tasks: readonly object[], ...more: readonly string[]): Promise<Report> => {
    const tolerant = tasks.map((task) => ({ ...task, ignore_errors: true }))
    const playbook = work.file(`${host}.yml`, stringify([{ hosts: host, gather_facts: false, tasks: tolerant }]))
    return report([playbook, '-i', lab.inventory, ...more])
  }

  beforeAll(async () => {
    lab = sharedLab()
    await Promise.all(
      lab.nodes.map(async (node) => {
        const cases = subjects[node.name] ?? []
        await stageLaws(node)
        const had = await belongings(node)
        const tasks = cases.map(taskOf)
        const before = await everything(node)
        const predicted = await run(node.name, tasks, '--check')
        const afterCheck = await everything(node)
        const done = await run(node.name, tasks)
        const again = await run(node.name, tasks)
        seen.set(node.name, {
          before,
          afterCheck,
          predicted,
          done,
          again,
          left: await leftOn(node, had, (one) => /laws/.test(one)),
        })
      }),
    )
  }, 300_000)
  afterAll(async () => {
    work.remove()
    await Promise.all((lab?.nodes ?? []).map((node) => node.reset()))
  })

  for (const [host, cases] of Object.entries(subjects)) {
    const of = (): Seen => {
      const found = seen.get(host)
      if (found === undefined) throw new Error(`nothing ran on ${host}`)
      return found
    }
    it.each(cases.map((each) => [each.name, each] as const))('%s', (_, each) => {
      expect(faultsOf(each, host, of())).toEqual([])
    })
    it(`a check changes nothing on ${host}`, () => {
      const { before, afterCheck } = of()
      expect(differences(before, afterCheck)).toEqual([])
    })
    it(`nothing is left on ${host}`, () => expect(of().left).toEqual([]))
  }

  it('texts are literal or refused', async () => {
    const faults: string[] = []
    const third = Math.ceil(hostile.length / lab.nodes.length)
    await Promise.all(
      lab.nodes.map(async (node, index) => {
        const tasks = hostile.slice(index * third, (index + 1) * third)
        const predicted = await run(node.name, tasks, '--check')
        const done = await run(node.name, tasks)
        expect((await node.ssh(`test ! -e ${TRACE}`)).status).toBe(0)
        for (const { name } of tasks) {
          const [foretold, deed] = [predicted, done].map((each) => deedOf(each, name, node.name))
          const right = /^(?:ok|changed|failed)$/.test(deed?.outcome ?? '') && !CRASH.test(deed?.message ?? '')
          if (!right || foretold?.outcome === undefined) faults.push(`${name}: ${JSON.stringify({ foretold, deed })}`)
        }
      }),
    )
    expect(faults).toEqual([])
  }, 300_000)

  it('a secret is seen nowhere', async () => {
    const node = lab.node('n1')
    const secret = 'Laws4711Secret'
    const tasks = [
      { name: 'password', user: { name: 'laws-secret', password: `$6$salt$${secret}` } },
      {
        name: 'repository',
        yum_repository: {
          name: 'laws-secret',
          description: 'x',
          baseurl: 'file:///x',
          enabled: false,
          username: 'u',
          password: secret,
        },
      },
      { name: 'content', copy: { dest: '/etc/laws-secret', content: `a ${secret}\n`, mode: '0600' }, no_log: true },
      { name: 'line', lineinfile: { path: '/etc/laws-secret', line: `password=${secret}` }, no_log: true },
      { name: 'environment', command: 'sleep 0.3', environment: { PASSWORD: secret }, no_log: true },
      { name: 'failure', user: { name: 'laws:no', password: secret }, ignore_errors: true },
    ]
    const playbook = work.file('secret.yml', stringify([{ hosts: 'n1', gather_facts: false, tasks }]))
    const watching = node.ssh(
      'rm -f /run/laws-stop; while [ ! -e /run/laws-stop ]; do cat /proc/[0-9]*/cmdline 2>/dev/null | tr "\\0" " "; sleep 0.01; done',
    )
    const ways = [['--check'], ['--output', 'lines'], ['--output', 'json']]
    const said: string[] = []
    for (const way of ways) {
      const { stdout, stderr } = await drover(['run', playbook, '-i', lab.inventory, '--diff', '-vvv', ...way])
      said.push(stdout, stderr)
    }
    await node.sh('touch /run/laws-stop')
    expect((await watching).stdout).not.toContain(secret)
    expect(said.join('')).toContain('laws-secret')
    expect(said.join('')).not.toContain(secret)
    const holders = await node.sh(
      `grep -rlsF ${secret} /etc /tmp /var /run /root /home /srv /usr/local --exclude-dir=cache || true`,
    )
    expect(holders.split('\n').filter(Boolean).toSorted()).toEqual([
      '/etc/laws-secret',
      '/etc/shadow',
      '/etc/yum.repos.d/laws-secret.repo',
    ])
  })
})
