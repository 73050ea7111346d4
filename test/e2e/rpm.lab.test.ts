import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import type { JsonObject } from '../../schema/infer.ts'
import { labAvailable } from '../lab/available.ts'
import type { Lab } from '../lab/lab.ts'
import type { LabNode } from '../lab/node.ts'
import { sharedLab } from '../lab/shared.ts'
import { outcomes, report, workplace, type Report } from './drover.ts'
import { belongings, leftOn } from './remains.ts'

/** Two repositories, of which the second has newer packages, a group, what cannot be installed, and what replaces another. */
const repositories = `
  set -e
  cd /var/tmp/rpms
  make-rpm old hello 1.0 'Requires: greet'
  make-rpm old greet 1.0
  make-rpm old hello3 1.0
  make-rpm new hello 1.1 'Requires: greet'
  make-rpm new hello2 2.0 'Epoch: 2' 'Obsoletes: hello3 < 2' 'Provides: virtual-hello'
  make-rpm new broken 1.0 'Requires: nowhere'
  make-rpm new clash 1.0 'Conflicts: hello'
  make-rpm urls remote 1.0
  make-rpm urls remote 2.0
  cat >groups.xml <<'END'
<?xml version="1.0" encoding="UTF-8"?>
<comps><group><id>greetings</id><name>Greetings</name><description/><default>true</default><uservisible>true</uservisible><packagelist>
<packagereq type="mandatory">hello</packagereq><packagereq type="default">hello2</packagereq></packagelist></group></comps>
END
  createrepo_c --quiet old
  createrepo_c --quiet --groupfile "$PWD/groups.xml" new
  for name in old new; do
    printf '[%s]\\nname=%s\\nbaseurl=file:///var/tmp/rpms/%s\\ngpgcheck=0\\n' $name $name $name
  done >/etc/yum.repos.d/tests.repo
  dnf --quiet makecache
  systemd-run --quiet --unit packages python3 -m http.server 8000 --bind 127.0.0.1 --directory /var/tmp/rpms/urls
  curl --silent --retry 20 --retry-connrefused --retry-delay 1 --output /dev/null http://127.0.0.1:8000/
`
const PACKAGES = 'hello hello2 hello3 greet broken clash remote'
const URL = 'http://127.0.0.1:8000'

/** What changed, by name: before and after. */
const attributes = (of: Report): object =>
  Object.fromEntries(
    (of.results.get('It @ n1')?.changes ?? []).flatMap(({ attributes = [] }) =>
      attributes.map(({ name, before, after }) => [name, [before, after]]),
    ),
  )

describe.skipIf(!labAvailable)('packages of rpm', () => {
  let lab: Lab
  let node: LabNode
  let before: readonly string[]
  const work = workplace()
  beforeAll(async () => {
    lab = sharedLab()
    node = lab.node('n1')
    await node.reset()
    await node.sh(`mkdir -p /var/tmp/rpms; ${repositories}`)
    before = await belongings(node)
  })
  afterAll(work.remove)
  afterAll(async () => {
    await node.sh('systemctl stop packages')
  })

  const run = (args: JsonObject, ...more: readonly string[]): Promise<Report> => {
    const playbook = work.file(
      'play.yml',
      stringify([{ hosts: 'n1', gather_facts: false, tasks: [{ name: 'It', yum: args }] }]),
    )
    return report([playbook, '-i', lab.inventory, ...more])
  }
  /** What is installed, of what the tests know; `given` is made so first. */
  const installed = async (): Promise<readonly string[]> => {
    const all = await node.sh(`rpm -q --qf '%{NAME}-%{EVR}\\n' ${PACKAGES} | grep -v 'not installed' | sort`)
    return all.trim().split('\n').filter(Boolean)
  }
  const given = async (packages: string): Promise<void> => {
    await node.sh(`rpm -e --nodeps $(rpm -q --qf '%{NAME}\n' ${PACKAGES} | grep -v 'not installed')
      [ -z "${packages}" ] || dnf -q -y install ${packages}`)
  }
  const hold = (seconds: number, what: string): Promise<string> =>
    node.sh(`systemd-run --quiet --collect --unit holder --property RuntimeMaxSec=${seconds} ${what}`)

  it.each<[string, string, JsonObject, object, readonly string[]]>([
    [
      'installs with what it needs',
      '',
      { name: 'hello' },
      { hello: [null, '1.1-1'], greet: [null, '1.0-1'] },
      ['greet-1.0-1', 'hello-1.1-1'],
    ],
    [
      'installs a version',
      '',
      { name: 'hello-1.0' },
      { hello: [null, '1.0-1'], greet: [null, '1.0-1'] },
      ['greet-1.0-1', 'hello-1.0-1'],
    ],
    [
      'upgrades and installs',
      'hello-1.0',
      { name: ['hello', 'hello2'], state: 'latest' },
      { hello: ['1.0-1', '1.1-1'], hello2: [null, '2:2.0-1'] },
      ['greet-1.0-1', 'hello-1.1-1', 'hello2-2:2.0-1'],
    ],
    [
      'goes back',
      'hello',
      { name: 'hello-1.0', allow_downgrade: true },
      { hello: ['1.1-1', '1.0-1'] },
      ['greet-1.0-1', 'hello-1.0-1'],
    ],
    [
      'takes another repository',
      '',
      { name: 'hello', disablerepo: ['new'] },
      { hello: [null, '1.0-1'], greet: [null, '1.0-1'] },
      ['greet-1.0-1', 'hello-1.0-1'],
    ],
    [
      'leaves packages alone',
      'hello-1.0',
      { name: '*', state: 'latest', exclude: ['hello'], disablerepo: ['lab'] },
      {},
      ['greet-1.0-1', 'hello-1.0-1'],
    ],
    [
      'installs a group',
      '',
      { name: '@greetings' },
      { hello: [null, '1.1-1'], greet: [null, '1.0-1'], hello2: [null, '2:2.0-1'] },
      ['greet-1.0-1', 'hello-1.1-1', 'hello2-2:2.0-1'],
    ],
    ['installs what provides it', '', { name: 'virtual-hello' }, { hello2: [null, '2:2.0-1'] }, ['hello2-2:2.0-1']],
    [
      'installs what has a path',
      '',
      { name: '/usr/share/lab-rpms/hello2' },
      { hello2: [null, '2:2.0-1'] },
      ['hello2-2:2.0-1'],
    ],
    [
      'replaces',
      '/var/tmp/rpms/old/hello3-1.0.rpm --disablerepo=new',
      { name: 'hello2' },
      { hello2: [null, '2:2.0-1'], hello3: ['1.0-1', null] },
      ['hello2-2:2.0-1'],
    ],
    [
      'installs a file',
      'greet',
      { name: '/var/tmp/rpms/old/hello-1.0.rpm' },
      { hello: [null, '1.0-1'] },
      ['greet-1.0-1', 'hello-1.0-1'],
    ],
    ['installs a url', '', { name: `${URL}/remote-1.0.rpm` }, { remote: [null, '1.0-1'] }, ['remote-1.0-1']],
    [
      'upgrades by a url',
      `${URL}/remote-1.0.rpm`,
      { name: `${URL}/remote-2.0.rpm` },
      { remote: ['1.0-1', '2.0-1'] },
      ['remote-2.0-1'],
    ],
    ['has a newer one than a url', `${URL}/remote-2.0.rpm`, { name: `${URL}/remote-1.0.rpm` }, {}, ['remote-2.0-1']],
    ['has it', 'hello-1.0', { name: ['hello', 'greet'] }, {}, ['greet-1.0-1', 'hello-1.0-1']],
    [
      'removes with what needs it',
      'hello hello2',
      { name: ['greet', 'nothing'], state: 'absent' },
      { greet: ['1.0-1', null], hello: ['1.1-1', null] },
      ['hello2-2:2.0-1'],
    ],
    ['removes that alone', 'hello', { name: 'hello', state: 'removed' }, { hello: ['1.1-1', null] }, ['greet-1.0-1']],
    [
      'removes with what came along',
      'hello',
      { name: 'hello', state: 'absent', autoremove: true },
      { hello: ['1.1-1', null], greet: ['1.0-1', null] },
      [],
    ],
    [
      'removes by a pattern',
      'hello hello2',
      { name: 'hell*', state: 'absent' },
      { hello: ['1.1-1', null], hello2: ['2:2.0-1', null] },
      ['greet-1.0-1'],
    ],
  ])('%s: as a check predicts, and once', async (_, setting, args, changes, after) => {
    await given(setting)
    const there = await installed()
    const predicted = await run(args, '--check')
    expect(attributes(predicted)).toEqual(changes)
    expect(await installed()).toEqual(there)
    const done = await run(args)
    expect(outcomes(done)).toEqual(outcomes(predicted))
    expect(done.results.get('It @ n1')).toMatchObject({ message: null })
    expect(await installed()).toEqual(after)
    expect((await run(args)).results.get('It @ n1')).toMatchObject({ outcome: 'ok', changes: [] })
  })

  it.each<[string, JsonObject, string]>([
    ['what is nowhere', { name: ['greet', 'nope'] }, 'No match for argument: nope'],
    ['what lacks something', { name: 'broken' }, 'nothing provides nowhere needed by broken'],
    ['what does not go with it', { name: ['hello', 'clash'] }, 'conflicts with hello'],
    ['a file that is none', { name: '/etc/none.rpm' }, 'there is no package in that file'],
  ])('fails for %s, in a check too, and installs nothing', async (_, args, message) => {
    await given('')
    for (const more of [['--check'], []]) {
      const ended = (await run(args, ...more)).results.get('It @ n1')
      expect(ended).toMatchObject({ outcome: 'failed', message: expect.stringContaining(message) })
    }
    expect(await installed()).toEqual([])
  })

  it('says what stays because it is newer', async () => {
    await given('hello')
    const ran = await run({ name: 'hello-1.0' })
    expect(ran.results.get('It @ n1')).toMatchObject({ outcome: 'ok' })
    expect(ran.stdout).toContain('hello stays at 1.1-1, which is newer than 1.0-1')
  })

  describe('while another holds the lock', () => {
    const rpmLock = `python3 -c "
import fcntl, time
file = open('/var/lib/rpm/.rpm.lock', 'a')
fcntl.lockf(file, fcntl.LOCK_EX)
open('/run/held', 'w')
time.sleep(60)"; until [ -e /run/held ]; do sleep 0.1; done; rm /run/held`

    it('waits', async () => {
      await given('greet')
      await hold(3, rpmLock)
      expect((await run({ name: 'hello2' })).results.get('It @ n1')).toMatchObject({
        outcome: 'changed',
        message: null,
      })
      expect(await installed()).toEqual(['greet-1.0-1', 'hello2-2:2.0-1'])
    })
    it('names it when it has waited for too long', async () => {
      await given('')
      await hold(60, rpmLock)
      const pid = (await node.sh('systemctl show --property MainPID --value holder')).trim()
      const ended = (await run({ name: 'hello2', lock_timeout: 1 })).results.get('It @ n1')
      await node.sh('systemctl stop holder')
      expect(ended).toMatchObject({
        outcome: 'failed',
        message: expect.stringMatching(new RegExp(`did not end within 1 seconds: process ${pid} \\(.*python3`)),
      })
      expect(await installed()).toEqual([])
    })
    it("of dnf's own as well", async () => {
      await given('')
      await hold(60, `sh -c 'echo $$$$ >/var/cache/dnf/metadata_lock.pid; exec sleep 60'; sleep 0.5`)
      const ended = (await run({ name: 'hello2', lock_timeout: 1 })).results.get('It @ n1')
      await node.sh('systemctl stop holder; rm -f /var/cache/dnf/metadata_lock.pid')
      expect(ended).toMatchObject({ outcome: 'failed', message: expect.stringMatching(/process \d+ \(sleep 60\)/) })
    })
  })

  it('installs below another root', async () => {
    await node.sh('rm -rf /var/tmp/rpm-root')
    const args = { name: 'hello2', installroot: '/var/tmp/rpm-root', releasever: '9' }
    const predicted = await run(args, '--check')
    const done = await run(args)
    expect(attributes(done)).toEqual({ hello2: [null, '2:2.0-1'] })
    expect(outcomes(predicted)).toEqual(outcomes(done))
    expect((await run(args)).results.get('It @ n1')).toMatchObject({ outcome: 'ok' })
    expect(await node.sh('cat /var/tmp/rpm-root/usr/share/lab-rpms/hello2; rm -r /var/tmp/rpm-root')).toBe('2.0\n')
  })

  it('foresees what later tasks find', async () => {
    await given('')
    const tasks = [
      { name: 'First', yum: { name: 'hello-1.0' } },
      { name: 'Second', dnf: { name: ['greet', 'hello2'] } },
      { name: 'Third', 'ansible.builtin.yum': { name: 'hello', state: 'latest' } },
      { name: 'Fourth', package: { name: 'hello', state: 'absent', use: 'dnf' } },
    ]
    const playbook = work.file('four.yml', stringify([{ hosts: 'n1', gather_facts: false, tasks }]))
    const predicted = outcomes(await report([playbook, '-i', lab.inventory, '--check']))
    const done = outcomes(await report([playbook, '-i', lab.inventory]))
    for (const task of ['First @ n1', 'Second @ n1']) expect(done[task]).toEqual(predicted[task])
    expect(done['Second @ n1']).toMatchObject({ changes: [{ attributes: [{ name: 'hello2' }] }] })
    // dnf cannot be asked about what only would be there.
    for (const task of ['Third @ n1', 'Fourth @ n1']) {
      expect(predicted[task]).toMatchObject({ outcome: 'unknown' })
      expect(done[task]).toMatchObject({ outcome: 'changed' })
    }
  })

  it('adds repositories, and installs from them', async () => {
    const tasks = [
      {
        name: 'Repository',
        yum_repository: { name: 'mine', description: 'Mine', baseurl: [URL, 'file:///none'], gpgcheck: false, cost: 5 },
      },
      { name: 'Package', yum: { name: 'remote', disablerepo: ['*'], enablerepo: ['mine'] } },
    ]
    await given('')
    await node.sh(
      'createrepo_c --quiet /var/tmp/rpms/urls; printf "# Ours.\n[other]\nname=x\nbaseurl=file:///x\n" >/etc/yum.repos.d/mine.repo',
    )
    const playbook = work.file('mine.yml', stringify([{ hosts: 'n1', gather_facts: false, tasks }]))
    const predicted = await report([playbook, '-i', lab.inventory, '--check'])
    expect(predicted.results.get('Package @ n1')).toMatchObject({ outcome: 'unknown' })
    const done = await report([playbook, '-i', lab.inventory])
    expect([...done.results.values()].map(({ message }) => message)).toEqual([null, null])
    expect(outcomes(done)['Repository @ n1']).toEqual(outcomes(predicted)['Repository @ n1'])
    expect(await installed()).toEqual(['remote-2.0-1'])
    expect(await node.sh('cat /etc/yum.repos.d/mine.repo')).toMatch(
      /^# Ours\.\n\[other\]\n[^]*\n\[mine\]\nname=Mine\nbaseurl=http/,
    )
    const again = await report([playbook, '-i', lab.inventory])
    expect([...again.results.values()].map(({ outcome }) => outcome)).toEqual(['ok', 'ok'])
    await node.sh('rm /etc/yum.repos.d/mine.repo')
  })

  it('leaves no process and no temporary file', async () => {
    expect(await leftOn(node, before, (path) => path.startsWith('/var/tmp/rpms/urls/repodata'))).toEqual([])
  })
})
