import { describe, expect, test } from 'vitest'
import { content } from '../../../modules/facts/content.ts'
import { creator } from '../../../modules/facts/creator.ts'
import { getent } from '../../../modules/facts/getent.ts'
import { packetFilter, rulesStore } from '../../../modules/facts/packet-filter.ts'
import { serviceManager } from '../../../modules/facts/service-manager.ts'
import { stat } from '../../../modules/facts/stat.ts'
import { unit } from '../../../modules/facts/unit.ts'
import { runningTable } from '../../../modules/lib/iptables-table.ts'
import { predictedStat, ROOT } from '../../../modules/lib/ownership.ts'
import type { Plan } from '../../../modules/module.ts'
import iptables from '../../../modules/network/iptables.ts'
import { FakeHost, planOf, type Known } from '../fake-host.ts'

const V4 = '/etc/iptables/rules.v4'
const file = (path: string, text: string): readonly Known[] => [
  [stat(path), predictedStat('file', {})],
  [content(path), Buffer.from(text)],
]
const host = (rules: string, ...more: readonly Known[]): FakeHost =>
  new FakeHost([
    [creator(), ROOT],
    [serviceManager(), 'systemd'],
    [unit('firewalld.service'), { LoadState: 'not-found', ActiveState: 'inactive' }],
    [getent('services', 'ssh'), { status: 0, lines: ['ssh                   22/tcp'] }],
    [packetFilter('ipv4', 'filter'), runningTable(rules, 'filter')],
    [packetFilter('ipv4', 'nat'), runningTable('', 'nat')],
    [packetFilter('ipv6', 'filter'), runningTable('', 'filter')],
    [rulesStore('ipv4'), { path: V4, loader: 'netfilter-persistent', enabled: true }],
    [stat('/etc/iptables'), predictedStat('directory', {})],
    [stat('/etc'), predictedStat('directory', {})],
    ...more,
  ])
/** What is run on the host; `*` where it is watched over until confirmed. */
const deeds = (plan: Plan): readonly string[] =>
  plan.kind === 'refusal'
    ? [plan.message]
    : plan.steps.flatMap(({ actions, confirm }) =>
        actions.flatMap((one) =>
          one.do === 'run'
            ? [one.argv.slice(4).join(' ')]
            : one.do === 'sh'
              ? one.args.slice(5).map((line) => `${confirm ? '* ' : ''}${line.replace(/^\S+ -w -t \S+ /, '')}`)
              : one.do === 'write' && one.content.kind === 'bytes'
                ? [`${one.path}: ${one.content.bytes.toString()}`]
                : [one.do],
        ),
      )
/** Deeds; and what is done is done: planning again gives nothing. */
async function planned(args: object, on: FakeHost): Promise<readonly string[]> {
  const plan = await planOf(iptables, { chain: 'INPUT', ...args }, on)
  const again = deeds(await planOf(iptables, { chain: 'INPUT', ...args }, on.after(plan)))
  expect(again).toEqual(plan.kind === 'refusal' ? deeds(plan) : [])
  return deeds(plan)
}
const RULES = `*filter
:INPUT ACCEPT
:FORWARD ACCEPT
:OUTPUT ACCEPT
:web -
-A INPUT -m state --state RELATED,ESTABLISHED -j ACCEPT
-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT
-A INPUT -j REJECT --reject-with icmp-host-prohibited
-A INPUT -p tcp -m tcp --dport 8080 -j ACCEPT
-A web -j RETURN
COMMIT
`
const SSH = { protocol: 'tcp', destination_port: 'ssh', jump: 'ACCEPT' }
const LATE = { protocol: 'tcp', destination_port: '8080', jump: 'ACCEPT' }
const SQL = { protocol: 'tcp', destination_port: '3306', jump: 'ACCEPT' }
const sql = '-p tcp -m tcp --dport 3306 -j ACCEPT'

test.each<readonly [string, object, readonly unknown[]]>([
  ['there already, by another spelling', SSH, []],
  ['inserting what is there already', { ...SSH, action: 'insert' }, []],
  ['appended before what catches all', SQL, [`-I INPUT 3 ${sql}`]],
  ['inserted first', { ...SQL, action: 'insert' }, [`-I INPUT 1 ${sql}`]],
  ['inserted at a place', { ...SQL, action: 'insert', rule_num: 2 }, [`-I INPUT 2 ${sql}`]],
  ['inserted before what catches all, at the latest', { ...SQL, action: 'insert', rule_num: 4 }, [`-I INPUT 3 ${sql}`]],
  ['inserted beyond the end', { ...SQL, action: 'insert', rule_num: 6 }, ['rule_num is 6, and INPUT has only 4 rules']],
  ['found only after what catches all: moved', LATE, ['-I INPUT 3 -p tcp -m tcp --dport 8080 -j ACCEPT', '-D INPUT 5']],
  ['another that catches all', { jump: 'DROP' }, ['* -I INPUT 3 -j DROP']],
  ['another comment is another rule', { ...SSH, comment: 'admins' }, ['-I INPUT 3 -p tcp -m tcp --dport 22 -m comment --comment admins -j ACCEPT']],
  ['two sources are two rules', { ...SQL, source: '10.0.0.1,10.0.0.2' }, [`-I INPUT 3 -s 10.0.0.1/32 ${sql}`, `-I INPUT 4 -s 10.0.0.2/32 ${sql}`]],
  ['two sources inserted', { ...SQL, source: '10.0.0.1,10.0.0.2', action: 'insert' }, [`-I INPUT 1 -s 10.0.0.2/32 ${sql}`, `-I INPUT 1 -s 10.0.0.1/32 ${sql}`]],
  ['removed, which may cut', { ...SSH, state: 'absent' }, ['* -D INPUT 2']],
  ['removing what refuses', { jump: 'REJECT', reject_with: 'host-prohib', state: 'absent' }, ['-D INPUT 3']],
  ['removing what is not there', { ...SQL, state: 'absent' }, []],
  ['extensions in the order of Ansible', { protocol: 'icmp', icmp_type: '8', comment: 'x', limit: '5/second', ctstate: ['NEW'], jump: 'ACCEPT', action: 'insert' }, ['-I INPUT 1 -p icmp -m conntrack --ctstate NEW -m limit --limit 5/sec -m icmp --icmp-type 8 -m comment --comment x -j ACCEPT']],
  ['a policy', { policy: 'DROP' }, ['* -P INPUT DROP']],
  ['a policy that holds', { policy: 'ACCEPT' }, []],
  ['a policy of an own chain', { chain: 'web', policy: 'DROP' }, [expect.stringMatching(/only these have a policy/)]],
  ['emptied, where all is let through', { flush: true }, ['-F INPUT']],
  ['emptied, an own chain', { chain: 'web', flush: true }, ['* -F web']],
  ['emptied already', { chain: 'OUTPUT', flush: true }, []],
  ['in an own chain before its return', { chain: 'web', ...SQL }, [`-I web 1 ${sql}`]],
  ['a chain that is missing', { chain: 'db', ...SQL }, ['table filter has no chain db: chain_management: true makes it']],
  ['a chain that is made', { chain: 'db', ...SQL, chain_management: true }, ['-N db', `-I db 1 ${sql}`]],
  ['a chain that is there', { chain: 'web', chain_management: true }, []],
  ['a chain with rules is not removed', { chain: 'web', chain_management: true, state: 'absent' }, [expect.stringMatching(/still has rules/)]],
  ['passed on: cannot cut', { chain: 'FORWARD', jump: 'DROP' }, ['-I FORWARD 1 -j DROP']],
  ['udp: cannot cut', { protocol: 'udp', jump: 'DROP', action: 'insert' }, ['-I INPUT 1 -p udp -j DROP']],
  ['logged: cannot cut', { log_prefix: 'in ', action: 'insert' }, ['-I INPUT 1 -j LOG --log-prefix in ']],
  ['a name as source', { ...SQL, source: 'db1' }, [expect.stringMatching(/no IPv4 address.*"db1".*not looked up/)]],
  ['an address of the other kind', { ...SQL, source: '::1' }, [expect.stringMatching(/no IPv4 address/)]],
  ['a port without protocol', { destination_port: '22', jump: 'DROP' }, [expect.stringMatching(/needs a protocol/)]],
  ['rule_num without insert', { ...SQL, rule_num: 1 }, [expect.stringMatching(/needs action: insert/)]],
])('%s', async (_, args, expected) => expect(await planned(args, host(RULES))).toEqual(expected)) // prettier-ignore

test('all copies go, the last one first', async () => {
  const twice = RULES.replace('-A web', '-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT\n-A web')
  expect(await planned({ ...SSH, state: 'absent' }, host(twice))).toEqual(['* -D INPUT 5', '* -D INPUT 2'])
})
test('an own chain that nothing uses is removed, one in use is not', async () => {
  const args = { chain: 'web', chain_management: true, state: 'absent' }
  const empty = RULES.replace('-A web -j RETURN\n', '')
  expect(await planned(args, host(empty))).toEqual(['-X web'])
  const used = empty.replace('-A INPUT -j REJECT', '-A INPUT -g web\n-A INPUT -j REJECT')
  expect(await planned(args, host(used))).toEqual([expect.stringMatching(/used by a rule of INPUT/)])
})
test('both packet filters at once, each with its own words', async () => {
  const plan = await planOf(iptables, { chain: 'INPUT', ...SQL, ip_version: 'both', wait: '5' }, host(''))
  const argv =
    plan.kind === 'proposal' ? plan.steps.map(({ actions: [one] }) => (one?.do === 'run' ? one.argv : [])) : []
  expect(argv.map((words) => words.slice(0, 6).join(' '))).toEqual([
    'iptables -w 5 -t filter -I',
    'ip6tables -w 5 -t filter -I',
  ])
})
test('firewalld in charge', async () => {
  const known: Known = [unit('firewalld.service'), { LoadState: 'loaded', ActiveState: 'active' }]
  expect(await planned(SQL, host(RULES, known))).toEqual([expect.stringMatching(/firewalld is in charge/)])
})

describe('kept for the next boot', () => {
  const KEPT = '# mine\n*filter\n:INPUT DROP [1:2]\n-A INPUT -p tcp --dport ssh -j ACCEPT\n-A INPUT -j DROP\nCOMMIT\n'
  const line = `-A INPUT ${sql}\n`
  test('only this rule changes in the file, in its own right place', async () => {
    const after = KEPT.replace('-A INPUT -j DROP\n', `${line}-A INPUT -j DROP\n`)
    const on = host(RULES, ...file(V4, KEPT))
    expect(await planned({ ...SQL, persist: true }, on)).toEqual([`-I INPUT 3 ${sql}`, `${V4}: ${after}`])
  })
  test('is there already', async () => {
    expect(await planned({ ...SSH, persist: true }, host(RULES, ...file(V4, KEPT)))).toEqual([])
  })
  test('in force already, but not kept', async () => {
    const on = host(RULES, ...file(V4, '*filter\nCOMMIT\n'))
    expect(await planned({ ...SSH, persist: true }, on)).toEqual([
      `${V4}: *filter\n-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT\nCOMMIT\n`,
    ])
  })
  test('a table that the file lacks is written as it runs; the file is tested first', async () => {
    const plan = await planOf(iptables, { chain: 'INPUT', ...SSH, persist: '/etc/rules' }, host(RULES))
    expect(deeds(plan)).toEqual([`/etc/rules: ${RULES.replace(/^(:.*)/gm, '$1 [0:0]')}`])
    const [step] = plan.kind === 'proposal' ? plan.steps : []
    expect(step?.actions).toMatchObject([{ mode: '0600', validate: ['iptables-restore', '--test', '%s'] }])
  })
  test('what may cut is confirmed before it is kept', async () => {
    const plan = await planOf(iptables, { chain: 'INPUT', policy: 'DROP', persist: true, confirm_timeout: 7 }, host(RULES)) // prettier-ignore
    const steps = plan.kind === 'proposal' ? plan.steps : []
    expect(steps.map(({ confirm, actions }) => [confirm?.within, actions[0]?.do])).toEqual([
      [7, 'sh'],
      [undefined, 'write'],
    ])
  })
  test('nothing loads the file', async () => {
    const on = host(RULES, ...file(V4, KEPT), [rulesStore('ipv4'), { path: V4, loader: null, enabled: false }])
    const plan = await planOf(iptables, { chain: 'INPUT', ...SSH, persist: true }, on)
    expect(plan).toMatchObject({ warnings: [expect.stringMatching(/nothing loads .* at boot/)] })
    const none = host(RULES, [rulesStore('ipv4'), { path: null, loader: null, enabled: false }])
    expect(await planned({ ...SSH, persist: true }, none)).toEqual([expect.stringMatching(/install iptables-persist/)])
  })
})
