import { describe, expect, it } from 'vitest'
import { content } from '../../../modules/facts/content.ts'
import { creator } from '../../../modules/facts/creator.ts'
import { getent } from '../../../modules/facts/getent.ts'
import { hostName } from '../../../modules/facts/host-name.ts'
import { stat } from '../../../modules/facts/stat.ts'
import { predictedStat, ROOT } from '../../../modules/lib/ownership.ts'
import getentModule from '../../../modules/system/getent.ts'
import hostname from '../../../modules/system/hostname.ts'
import timezone from '../../../modules/system/timezone.ts'
import type { JsonObject } from '../../../schema/infer.ts'
import { FakeHost, planOf, proposalOf, type Known } from '../fake-host.ts'
import { readLocally, SHELLS } from '../local-facts.ts'
import { textHost } from '../text-host.ts'

describe('hostname', () => {
  it.each<[string, string | null, string, readonly string[]]>([
    ['db1', 'db1\n', 'db1', []],
    ['old', 'old\n', 'db1', ['/etc/hostname', 'hostname']],
    ['old', 'db1\n', 'db1', ['hostname']],
    ['db1', null, 'db1', ['/etc/hostname']],
    ['db1', '# mine\ndb1\n', 'db1', []],
  ])('running %s, written %j, wanted %s', async (running, written, name, subjects) => {
    const host = textHost(written, '/etc/hostname', [[hostName(), running]])
    const plan = await proposalOf(hostname, { name }, host)
    expect(plan.steps.map(({ change }) => change.subject)).toEqual(subjects)
    expect((await proposalOf(hostname, { name }, host.after(plan))).steps).toEqual([])
  })
  it('tells the facts that follow', async () => {
    const { result } = await proposalOf(
      hostname,
      { name: 'db1.example.org' },
      textHost('', '/etc/hostname', [[hostName(), 'x']]),
    )
    expect(result).toMatchObject({ ansible_facts: { hostname: 'db1', domain: 'example.org', fqdn: 'db1.example.org' } })
  })
  it.each(['-x', 'a b', 'a;b', 'x'.repeat(65), 'a..b'])('refuses %j', async (name) => {
    expect(await planOf(hostname, { name }, textHost('', '/etc/hostname', [[hostName(), 'x']]))).toMatchObject({
      kind: 'refusal',
    })
  })
})

const zone = (name: string): Known => [stat(`/usr/share/zoneinfo/${name}`), predictedStat('file', {})]

describe('timezone', () => {
  const local: Known = [
    stat('/etc/localtime'),
    { ...predictedStat('link', {}), target: '/usr/share/zoneinfo/Etc/UTC', resolved: '/usr/share/zoneinfo/Etc/UTC' },
  ]
  const host = (text: string | null, more: readonly Known[] = [local]) =>
    textHost(text, '/etc/timezone', [zone('Etc/UTC'), zone('Europe/Berlin'), ...more])
  it.each<[string | null, string, readonly string[]]>([
    ['Etc/UTC\n', 'Etc/UTC', []],
    ['Etc/UTC\n', 'Europe/Berlin', ['time zone', '/etc/timezone']],
    [null, 'Europe/Berlin', ['time zone']],
    ['Europe/Berlin\n', 'Etc/UTC', ['/etc/timezone']],
  ])('written %j, wanted %s', async (text, name, subjects) => {
    const before = host(text)
    const plan = await proposalOf(timezone, { name }, before)
    expect(plan.steps.map(({ change }) => change.subject)).toEqual(subjects)
    expect((await proposalOf(timezone, { name }, before.after(plan))).steps).toEqual([])
  })
  it('shows zones', async () => {
    const { steps } = await proposalOf(timezone, { name: 'Europe/Berlin' }, host(null))
    expect(steps[0]?.change.attributes).toEqual([{ name: 'name', before: 'Etc/UTC', after: 'Europe/Berlin' }])
  })
  it.each(['Nowhere', '../../etc/passwd'])('refuses %j', async (name) => {
    expect(await planOf(timezone, { name }, host(null))).toMatchObject({ kind: 'refusal' })
  })
})

const found = (status: number, ...lines: readonly string[]) => ({ status, lines })

describe('getent', () => {
  const host = new FakeHost([
    [creator(), ROOT],
    [content('/etc/passwd'), null],
    [getent('passwd', 'root'), found(0, 'root:x:0:0:root:/root:/bin/bash')],
    [getent('passwd', 'nope'), found(2)],
    [getent('services', 'ssh'), found(0, 'ssh                   22/tcp')],
    [getent('ahosts', 'h'), found(0, '::1 STREAM h', '::1 DGRAM', '::1 RAW')],
    [getent('netgroup', ''), found(3)],
    [getent('zz', ''), found(1)],
  ])
  it.each<[JsonObject, JsonObject]>([
    [{ database: 'passwd', key: 'root' }, { getent_passwd: { root: ['x', '0', '0', 'root', '/root', '/bin/bash'] } }],
    [{ database: 'services', key: 'ssh' }, { getent_services: { ssh: ['22/tcp'] } }],
    [{ database: 'passwd', key: 'nope', fail_key: false }, { getent_passwd: { nope: null } }],
    [{ database: 'ahosts', key: 'h' }, { getent_ahosts: { '::1': [['STREAM', 'h'], ['DGRAM'], ['RAW']] } }],
  ])('%j', async (args, facts) => {
    expect((await proposalOf(getentModule, args, host)).result).toEqual({ ansible_facts: facts })
  })
  it.each<[JsonObject, string]>([
    [{ database: 'passwd', key: 'nope' }, 'could not be found'],
    [{ database: 'netgroup' }, 'Enumeration'],
    [{ database: 'zz' }, 'database unknown'],
  ])('refuses %j', async (args, message) => {
    expect(await planOf(getentModule, args, host)).toMatchObject({
      kind: 'refusal',
      message: expect.stringContaining(message),
    })
  })
  it.each(SHELLS.map((shell) => [shell.join(' '), shell] as const))('reads databases with %s', async (_, shell) => {
    const [root, none, unknown] = await readLocally(
      [getent('passwd', 'root'), getent('passwd', 'no-such'), getent('zz', '')],
      shell,
    )
    expect(root).toMatchObject({ status: 0, lines: [expect.stringMatching(/^root:/)] })
    expect(none).toEqual({ status: 2, lines: [] })
    expect(unknown).toMatchObject({ status: 1 })
    expect(await readLocally([hostName()], shell)).toEqual([expect.stringMatching(/^\S+$/)])
  })
})
