import { describe, expect, test } from 'vitest'
import type { Fact } from '../../../modules/fact.ts'
import { content } from '../../../modules/facts/content.ts'
import { selinuxContexts } from '../../../modules/facts/selinux-contexts.ts'
import {
  relabel,
  selinux as mode,
  selinuxBoolean,
  selinuxKeptBoolean,
  selinuxPorts,
  type Selinux,
} from '../../../modules/facts/selinux.ts'
import { stat } from '../../../modules/facts/stat.ts'
import { predictedStat } from '../../../modules/lib/ownership.ts'
import type { Module, Plan } from '../../../modules/module.ts'
import selinux from '../../../modules/system/selinux.ts'
import selinuxBooleanModule from '../../../modules/system/selinux_boolean.ts'
import selinuxFcontext from '../../../modules/system/selinux_fcontext.ts'
import selinuxPort from '../../../modules/system/selinux_port.ts'
import selinuxRestorecon from '../../../modules/system/selinux_restorecon.ts'
import { FakeHost, planOf, type Known } from '../fake-host.ts'

const now = (changes: Partial<Selinux> = {}): Selinux => ({
  running: 'enforcing',
  kernel: [],
  policies: ['targeted'],
  grubby: true,
  nextKernel: [],
  ...changes,
})
const NONE = now({ running: 'disabled', policies: [], grubby: false })
const OFF = now({ running: 'disabled' })
const CONFIG = '/etc/selinux/config'
const config = (text: string): readonly Known[] => [
  [stat(CONFIG), predictedStat('file', {})],
  [content(CONFIG), Buffer.from(text)],
]
const ENFORCING = '# mode\nSELINUX=enforcing\nSELINUXTYPE=targeted\n'
const deeds = (plan: Plan): readonly string[] =>
  plan.kind === 'refusal'
    ? [plan.message]
    : plan.steps.flatMap(({ actions }) =>
        actions.map((one) =>
          one.do === 'run'
            ? [one.argv.join(' '), ...(one.stdin === undefined ? [] : [`<<${one.stdin.toString()}`])].join(' ')
            : one.do === 'write' && one.content.kind === 'bytes'
              ? `${one.path}: ${one.content.bytes.toString()}`
              : one.do,
        ),
      )
/** Deeds; and planning again after them gives nothing, or the same refusal. */
async function planned(module: Module, args: object, known: readonly Known[]): Promise<readonly string[]> {
  const host = new FakeHost(known)
  const plan = await planOf(module, { ...args }, host)
  const next = plan.kind === 'refusal' ? [deeds(plan)] : [deeds(await planOf(module, { ...args }, host.after(plan)))]
  expect(next).toEqual(plan.kind === 'refusal' ? [deeds(plan)] : [[]])
  return deeds(plan)
}

describe('the mode', () => {
  const written = (value: string) => `${CONFIG}: ${ENFORCING.replace('=enforcing', `=${value}`)}`
  test.each<readonly [string, object, Selinux, string | null, readonly unknown[]]>([
    ['as it is', { state: 'enforcing' }, now(), ENFORCING, []],
    ['permissive, now and later', { state: 'permissive' }, now(), ENFORCING, [written('permissive'), 'setenforce 0']],
    ['permissive only now', { state: 'permissive', persistent: false }, now(), ENFORCING, ['setenforce 0']],
    ['permissive until the reboot', { state: 'disabled' }, now(), ENFORCING, [written('disabled'), 'setenforce 0']],
    ['disabled at the next boot, permissive already', { state: 'disabled' }, now({ running: 'permissive' }), ENFORCING, [written('disabled')]],
    ['from disabled: labelled at the next boot', { state: 'enforcing' }, OFF, ENFORCING, ['/.autorelabel: ']],
    ['from disabled, not labelled', { state: 'enforcing', relabel: false }, OFF, ENFORCING, []],
    ['from disabled, only now', { state: 'permissive', persistent: false }, OFF, ENFORCING, [expect.stringMatching(/cannot go from disabled to permissive without a reboot/)]],
    ['a policy that is not there', { state: 'enforcing', policy: 'mls' }, now(), ENFORCING, ['the policy mls is not installed; there is targeted']],
    ['another policy', { state: 'enforcing', policy: 'mls' }, now({ policies: ['mls', 'targeted'] }), ENFORCING, [`${CONFIG}: ${ENFORCING.replace('targeted', 'mls')}`]],
    ['without SELinux, disabled', { state: 'disabled' }, NONE, null, []],
    ['without SELinux, enforcing', { state: 'enforcing' }, NONE, null, [expect.stringMatching(/has no SELinux.*install a policy/)]],
    ['off by the kernel', { state: 'disabled', update_kernel_param: true }, now({ running: 'permissive' }), 'SELINUX=disabled\n', ['grubby --update-kernel=ALL --args=selinux=0']],
    ['on by the kernel', { state: 'enforcing', update_kernel_param: true }, now({ nextKernel: ['selinux=0'] }), ENFORCING, ['grubby --update-kernel=ALL --remove-args=selinux=0']],
    ['by the kernel without grubby', { state: 'disabled', update_kernel_param: true }, now({ grubby: false }), ENFORCING, [expect.stringMatching(/needs grubby/)]],
  ])('%s', async (_, args, is, text, expected) => {
    const host = [[mode(), is] as Known, ...(text === null ? [] : config(text))]
    const plan = await planOf(selinux, { ...args }, new FakeHost(host))
    expect(deeds(plan)).toEqual(expected)
  }) // prettier-ignore

  test.each<readonly [string, object, Selinux, string, object, readonly unknown[]]>([
    ['nothing', { state: 'enforcing' }, now(), ENFORCING, { running: 'enforcing', configured: 'enforcing', policy: 'targeted', kernel_parameter: '', reboot_required: false }, []],
    ['disabling', { state: 'disabled' }, now(), ENFORCING, { reboot_required: true }, []],
    ['a reboot that is still to come', { state: 'disabled' }, now({ running: 'permissive' }), 'SELINUX=disabled', { reboot_required: true }, []],
    ['enabling against the kernel', { state: 'enforcing' }, { ...OFF, kernel: ['selinux=0'], nextKernel: ['selinux=0'] }, ENFORCING, { reboot_required: true, kernel_parameter: 'selinux=0' }, [expect.stringMatching(/keeps SELinux disabled/)]],
    ['another mode than the kernel\u2019s', { state: 'permissive' }, now({ grubby: false, kernel: ['enforcing=1'] }), ENFORCING, {}, [expect.stringMatching(/enforcing=1 .* goes before/)]],
  ])('tells of %s', async (_, args, is, text, result, warnings) => {
    const plan = await planOf(selinux, { ...args }, new FakeHost([[mode(), is], ...config(text)]))
    expect(plan).toMatchObject({ kind: 'proposal', result, warnings })
  }) // prettier-ignore

  test('what a host says', () => {
    const raw = 'running 1\nkernel enforcing=1\npolicy default\npolicy mls\ngrubby\nnext selinux=0\n'
    expect(mode().parse(Buffer.from(raw))).toEqual({ running: 'enforcing', kernel: ['enforcing=1'], policies: ['default', 'mls'], grubby: true, nextKernel: ['selinux=0'] }) // prettier-ignore
    expect(mode().parse(Buffer.from('running\n'))).toMatchObject({ running: 'disabled', policies: [] })
    expect(mode().parse(Buffer.from('running 0\n'))).toMatchObject({ running: 'permissive' })
  })
})

describe('booleans', () => {
  const name = 'httpd_can_network_connect'
  const is = (running: boolean | null, kept: boolean | null, manageable = true): readonly Known[] => [
    [selinuxBoolean(name), running],
    [selinuxKeptBoolean(name), { kept, manageable }],
  ]
  test.each<readonly [string, object, Selinux, readonly Known[], readonly unknown[]]>([
    ['on now', {}, now(), is(false, false), [`setsebool ${name} on`]],
    ['on already', {}, now(), is(true, false), []],
    ['kept too', { persistent: true }, now(), is(true, false), [`setsebool -P ${name} on`]],
    ['kept already, not on', { persistent: true }, now(), is(false, true), [`setsebool ${name} on`]],
    ['kept while disabled', { persistent: true }, OFF, is(null, false), [`semanage boolean -N -m --on ${name}`]],
    ['on while disabled', {}, OFF, is(null, false), []],
    ['unknown', {}, now(), is(null, null), [`the policy has no boolean ${name}`]],
    ['kept without semanage', { persistent: true }, now(), is(false, null, false), [expect.stringMatching(/semanage is not installed/)]],
    ['without SELinux', { persistent: true }, NONE, is(null, null, false), []],
  ])('%s', async (_, args, state, known, expected) =>
    expect(await planned(selinuxBooleanModule, { name, state: true, ...args }, [[mode(), state], ...known])).toEqual(expected)) // prettier-ignore

  test('what a host says', () => {
    expect(selinuxBoolean(name).parse(Buffer.from('1 0\n'))).toBe(true)
    expect(selinuxBoolean(name).parse(Buffer.from('0 1\n'))).toBe(false)
    expect(selinuxBoolean(name).parse(Buffer.from(''))).toBeNull()
    const raw = `semanage\n${name}      (off  ,   on)  Allow httpd to can network connect\n`
    expect(selinuxKeptBoolean(name).parse(Buffer.from(raw))).toEqual({ kept: true, manageable: true })
    expect(selinuxKeptBoolean(name).parse(Buffer.from(''))).toEqual({ kept: null, manageable: false })
  })
})

describe('ports', () => {
  /** semanage 3.4 with Debian's policy. */
  const raw = `agentx_port_t                  tcp      705
http_port_t                    tcp      80, 443, 8008-8010
mysqld_port_t                  tcp      4567, 1186, 3306, 63132-63164
unreserved_port_t              tcp      1024-65535
unreserved_port_t              udp      1024-65535
==
mysqld_port_t                  tcp      4567
`
  const ports = selinuxPorts().parse(Buffer.from(raw))
  const type = 'mysqld_port_t'
  test.each<readonly [string, object, Selinux, readonly unknown[]]>([
    ['has it', { ports: '3306' }, now(), []],
    ['is within a range that has it', { ports: '63140' }, now(), []],
    ['is within a wider range of another type', { ports: '4568' }, now(), [`semanage port -a -t ${type} -p tcp 4568`]],
    ['has another', { ports: [443, '8008-8010'] }, now(), [`semanage import <<port -m -t ${type} -p tcp 443\nport -m -t ${type} -p tcp 8008-8010\n`]],
    ['of another protocol', { ports: 3306, proto: 'udp' }, now(), [`semanage port -a -t ${type} -p udp 3306`]],
    ['while disabled', { ports: 4568 }, OFF, [`semanage port -N -a -t ${type} -p tcp 4568`]],
    ['not loaded', { ports: 4568, reload: false }, now(), [`semanage port -N -a -t ${type} -p tcp 4568`]],
    ['taken away', { ports: 4567, state: 'absent' }, now(), ['semanage port -d -p tcp 4567']],
    ['of the policy, not taken away', { ports: 3306, state: 'absent' }, now(), []],
    ['never had it', { ports: 4568, state: 'absent' }, now(), []],
    ['no port', { ports: ['http'] }, now(), [expect.stringMatching(/neither a port nor a range.*"http"/)]],
    ['backwards', { ports: ['90-80'] }, now(), [expect.stringMatching(/neither a port nor a range/)]],
    ['without SELinux', { ports: 4568 }, NONE, []],
  ])('that %s', async (_, args, state, expected) =>
    expect(await planned(selinuxPort, { proto: 'tcp', setype: type, ...args }, [[mode(), state], [selinuxPorts(), ports]])).toEqual(expected)) // prettier-ignore
  test('a host without semanage', () =>
    expect(selinuxPorts().parse(Buffer.from('!missing\n'))).toEqual({ manageable: false, all: [], local: [] }))
  test('who may not ask', () =>
    expect(() => selinuxPorts().parse(Buffer.from('ValueError: SELinux policy is not managed or store cannot be accessed.\n!1\n==\n!1\n'))).toThrow(/cannot be accessed.*become: true/)) // prettier-ignore
})

/** What the files of the policy and of the host hold. */
const raw = (local: string): string => `file /etc/selinux/default/contexts/files/file_contexts
policy /srv/.*\tsystem_u:object_r:var_t:s0
policy /srv/.*\t-l\t<<none>>
${local}semanage
`

describe('contexts of files', () => {
  const target = '/srv/.*'
  const of = (text: string): Known => [selinuxContexts(target), selinuxContexts(target).parse(Buffer.from(text))]
  const local = 'local /srv/.*    system_u:object_r:etc_t:s0\n'
  test.each<readonly [string, object, Selinux, string, readonly unknown[]]>([
    ['as the policy has it', { setype: 'var_t' }, now(), raw(''), []],
    ['another than the policy', { setype: 'etc_t' }, now(), raw(''), [`semanage fcontext -m -f a -t etc_t ${target}`]],
    ['set already', { setype: 'etc_t' }, now(), raw(local), []],
    ['another level', { setype: 'etc_t', selevel: 's0:c1' }, now(), raw(local), [`semanage fcontext -m -f a -t etc_t -r s0:c1 ${target}`]],
    ['of directories', { setype: 'etc_t', ftype: 'd' }, now(), raw(''), [`semanage fcontext -a -f d -t etc_t ${target}`]],
    ['none, for links', { setype: '<<none>>', ftype: 'l' }, now(), raw(''), []],
    ['while disabled', { setype: 'etc_t' }, OFF, raw(''), [`semanage fcontext -N -m -f a -t etc_t ${target}`]],
    ['taken away', { state: 'absent' }, now(), raw(local), [`semanage fcontext -d -f a ${target}`]],
    ['of the policy, not taken away', { state: 'absent' }, now(), raw(''), []],
    ['like another', { substitute: '/home' }, now(), raw(''), [`semanage fcontext -a -e /home ${target}`]],
    ['like another already', { substitute: '/home' }, now(), raw('substitute /srv/.* /home\n'), []],
    ['like no other', { substitute: '/home', state: 'absent' }, now(), raw('substitute /srv/.* /home\n'), [`semanage fcontext -d -e /home ${target}`]],
    ['nothing said', {}, now(), raw(''), [expect.stringMatching(/setype is missing/)]],
    ['without semanage', { setype: 'etc_t' }, now(), raw('').replace('semanage\n', ''), [expect.stringMatching(/semanage is not installed/)]],
    ['without SELinux', { setype: 'etc_t' }, NONE, '', []],
  ])('%s', async (_, args, state, text, expected) =>
    expect(await planned(selinuxFcontext, { target, ...args }, [[mode(), state], of(text)])).toEqual(expected)) // prettier-ignore
})

const touched = ({ kind, param }: Fact<unknown>, changed: string) => kind.touchedBy?.(changed, param)

describe('restorecon', () => {
  const path = '/srv/www'
  const fact = relabel(path, { recursive: true, force: false })
  const there: Known = [stat(path), predictedStat('directory', {})]
  test.each([
    [
      'Would relabel /srv/www/a b from unconfined_u:object_r:var_t:s0 to unconfined_u:object_r:httpd_sys_content_t:s0\n',
    ],
    [
      'restorecon reset /srv/www/a b context unconfined_u:object_r:var_t:s0->unconfined_u:object_r:httpd_sys_content_t:s0\n',
    ],
  ])('acts where asking first says so: %s', async (raw) => {
    const changes = fact.parse(Buffer.from(raw))
    expect(changes).toEqual([{ path: '/srv/www/a b', before: 'unconfined_u:object_r:var_t:s0', after: 'unconfined_u:object_r:httpd_sys_content_t:s0' }]) // prettier-ignore
    expect(await planned(selinuxRestorecon, { path }, [[mode(), now()], there, [fact, changes]])).toEqual([
      'restorecon -R -- /srv/www',
    ])
  })
  test('does nothing otherwise', async () => {
    expect(await planned(selinuxRestorecon, { path }, [[mode(), now()], there, [fact, []]])).toEqual([])
    expect(await planned(selinuxRestorecon, { path }, [[mode(), OFF], there])).toEqual([])
    expect(
      await planned(selinuxRestorecon, { path }, [
        [mode(), now()],
        [fact, []],
      ]),
    ).toEqual(['/srv/www does not exist'])
  })
  test('has to be asked again once files or rules are others', () => {
    expect(touched(fact, '/srv/www/index.html')).toBe(true)
    expect(touched(fact, '/etc/selinux/targeted/contexts/files/file_contexts.local')).toBe(true)
    expect(touched(fact, '/srv/www2')).toBe(false)
  })
})
