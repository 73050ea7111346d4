import { describe, expect, it } from 'vitest'
import { aptCache, aptSimulation, deb, debArchive, type Deb } from '../../../modules/facts/deb.ts'
import { packageName } from '../../../modules/lib/apt-words.ts'
import apt from '../../../modules/packages/apt.ts'
import type { JsonObject } from '../../../schema/infer.ts'
import { FakeHost, planOf, proposalOf, type Known } from '../fake-host.ts'
import { readLocally, SHELLS } from '../local-facts.ts'

const DPKG = ['-o', 'Dpkg::Options::=--force-confdef', '-o', 'Dpkg::Options::=--force-confold']
const installed = (name: string, version = '1.0-1', status = 'installed'): readonly Deb[] => [
  { name, arch: 'amd64', version, status },
]

const INSTALL = `Reading package lists...
Inst libtext-charwidth-perl (0.04-11 Debian:12.15/oldstable [amd64])
Inst cowsay (3.03+dfsg2-8 Debian:12.15/oldstable [all])
Inst jq [1.6-2.1+deb12u1] (1.6-2.1+deb12u3 Debian-Security:12/oldstable-security [amd64]) []
Conf jq (1.6-2.1+deb12u3 Debian-Security:12/oldstable-security [amd64])
status 0
`
const REMOVE = 'Remv yq [3.1.0-3]\nPurg jq [1.6-2.1+deb12u1]\nstatus 0\n'
const NOTHING = '0 upgraded, 0 newly installed, 0 to remove and 123 not upgraded.\nstatus 0\n'
const MISSING = 'Reading package lists...\nE: Unable to locate package nope\nstatus 100\n'

const simulated = (words: readonly string[], output: string): Known => {
  const fact = aptSimulation(words)
  return [fact, fact.parse(Buffer.from(output))]
}
const host = (simulations: readonly Known[] = [], age = 100) =>
  new FakeHost([
    [aptCache(), { now: 10_000, updated: 10_000 - age }],
    [deb('jq'), installed('jq')],
    [deb('bash'), installed('bash', '5.2.15-2+b8')],
    [deb('old'), installed('old', '1', 'config-files')],
    ...['cowsay', 'nope', 'ba*'].map((name): Known => [deb(name), []]),
    ...simulations,
  ])

const archive = (version: string): Known => [debArchive('/tmp/x.deb'), installed('jq', version)[0]]

/** apt-get's words for a task, the first two of the script's apart. */
async function words(args: JsonObject, on: FakeHost): Promise<readonly string[]> {
  const { steps } = await proposalOf(apt, args, on)
  return steps
    .flatMap(({ actions }) => actions)
    .map((action) =>
      action.do === 'sh'
        ? action.args
            .slice(2)
            .filter((word) => !DPKG.includes(word))
            .join(' ')
        : action.do,
    )
}

describe('apt', () => {
  it.each<[string, JsonObject, readonly string[], string, readonly string[]]>([
    [
      'installs what is missing, and that only',
      { name: ['jq', 'cowsay'] },
      ['install', 'cowsay'],
      INSTALL,
      ['-y -q install cowsay'],
    ],
    ['wants the newest', { name: 'jq', state: 'latest' }, ['install', 'jq'], INSTALL, ['-y -q install jq']],
    ['is the newest', { name: 'jq', state: 'latest' }, ['install', 'jq'], NOTHING, []],
    ['wants a version', { name: 'jq=2.0' }, ['install', 'jq=2.0'], INSTALL, ['-y -q install jq=2.0']],
    ['wants a pattern', { name: 'ba*' }, ['install', 'ba*'], NOTHING, []],
    ['removes', { name: ['jq', 'nope'], state: 'absent' }, ['remove', 'jq'], REMOVE, ['-y -q remove jq']],
    [
      'purges what was removed',
      { name: 'old', state: 'absent', purge: true },
      ['purge', 'old'],
      REMOVE,
      ['-y -q purge old'],
    ],
    ['upgrades all', { upgrade: 'dist' }, ['dist-upgrade'], INSTALL, ['-y -q dist-upgrade']],
    ['has nothing to upgrade', { upgrade: true }, ['--with-new-pkgs', 'upgrade'], NOTHING, []],
    ['removes what is not needed', { autoremove: true }, ['autoremove'], REMOVE, ['-y -q autoremove']],
    [
      'leaves out what is recommended',
      { name: 'cowsay', install_recommends: false },
      ['-o', 'APT::Install-Recommends=no', 'install', 'cowsay'],
      INSTALL,
      ['-y -q -o APT::Install-Recommends=no install cowsay'.replace('-o ', '')],
    ],
  ])('%s', async (_, args, call, output, expected) => {
    expect(await words(args, host([simulated([...DPKG, ...call], output)]))).toEqual(expected)
  })

  it.each<[JsonObject]>([
    [{ name: ['jq', 'bash'] }],
    [{ name: 'bash=5.2*' }],
    [{ name: 'nope', state: 'absent' }],
    [{ name: 'cowsay', only_upgrade: true }],
    [{ name: 'jq', update_cache: true }],
  ])('has nothing to do for %j', async (args) => {
    expect(await words(args, host())).toEqual([])
  })

  it('fetches lists that are old', async () => {
    expect(await words({ update_cache: true, cache_valid_time: 50 }, host())).toEqual(['update'])
    expect(await words({ update_cache: true, cache_valid_time: 5000 }, host())).toEqual([])
    expect(await words({ cache_valid_time: 50 }, host())).toEqual(['update'])
    const missing = host([simulated([...DPKG, 'install', 'nope'], MISSING)])
    expect(await words({ name: 'nope', update_cache: true }, missing)).toEqual(['update', '-y -q install nope'])
  })

  it('shows what comes and goes, and predicts it', async () => {
    const on = host([simulated([...DPKG, 'install', 'cowsay'], INSTALL)])
    const plan = await proposalOf(apt, { name: 'cowsay' }, on)
    expect(plan.steps[0]?.change.attributes).toEqual([
      { name: 'libtext-charwidth-perl', before: null, after: '0.04-11' },
      { name: 'cowsay', before: null, after: '3.03+dfsg2-8' },
      { name: 'jq', before: '1.6-2.1+deb12u1', after: '1.6-2.1+deb12u3' },
    ])
    expect((await proposalOf(apt, { name: 'cowsay' }, on.after(plan))).steps).toEqual([])
  })

  it('is no change where fresh lists bring nothing newer', () => {
    const ran = {
      status: 0,
      stdout: Buffer.from('Reading...\n0 upgraded, 0 newly installed, 0 to remove and 3 not upgraded.\n'),
      stderr: Buffer.alloc(0),
      start: 0,
      end: 0,
    }
    expect(apt.result?.({}, { cache: { now: 1, updated: 0 }, jobs: [{}] }, [ran])).toMatchObject({ changed: false })
  })

  it('installs a file that is not installed in that version', async () => {
    const sim = simulated([...DPKG, 'install', '/tmp/x.deb'], INSTALL)
    expect(await words({ deb: '/tmp/x.deb' }, host([archive('2.0'), sim]))).toEqual(['-y -q install /tmp/x.deb'])
    expect(await words({ deb: '/tmp/x.deb' }, host([archive('1.0-1')]))).toEqual([])
  })

  it.each<[JsonObject, readonly Known[], string]>([
    [{ name: 'nope' }, [simulated([...DPKG, 'install', 'nope'], MISSING)], 'Unable to locate package nope'],
    [{ deb: 'https://example.org/x.deb' }, [], 'get_url'],
    [{ upgrade: 'full', fail_on_autoremove: true }, [simulated([...DPKG, 'dist-upgrade'], REMOVE)], 'yq, jq'],
  ])('refuses %j', async (args, known, message) => {
    expect(await planOf(apt, args, host(known))).toMatchObject({
      kind: 'refusal',
      message: expect.stringContaining(message),
    })
  })

  it('knows the name in what is written', () => {
    expect(['a=1', 'a:i386=2', 'a/sid', 'a'].map(packageName)).toEqual(['a', 'a:i386', 'a', 'a'])
  })
})

it.each(SHELLS.map((shell) => [shell.join(' '), shell] as const))('reads dpkg with %s', async (_, shell) => {
  const [bash, none, base] = await readLocally([deb('bash'), deb('no-such-package'), deb('base-*')], shell)
  expect(bash).toMatchObject([{ name: 'bash', status: 'installed', version: expect.stringMatching(/^\d/) }])
  expect(none).toEqual([])
  expect(base).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ name: 'base-files' }),
      expect.objectContaining({ name: 'base-passwd' }),
    ]),
  )
  expect(await readLocally([aptSimulation(['install', 'bash'])], shell)).toMatchObject([
    { problem: null, removals: [] },
  ])
  expect(await readLocally([aptCache()], shell)).toMatchObject([
    { now: expect.any(Number), updated: expect.any(Number) },
  ])
  expect(await readLocally([debArchive('/etc/hosts')], shell)).toEqual([null])
})
