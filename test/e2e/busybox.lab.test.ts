import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { labAvailable } from '../lab/available.ts'
import type { Lab } from '../lab/lab.ts'
import type { LabNode } from '../lab/node.ts'
import { sharedLab } from '../lab/shared.ts'
import { taskOf } from '../modules/laws/case.ts'
import { files } from '../modules/laws/files.ts'
import { stage } from '../modules/laws/stage.ts'
import { outcomes, report, troubles, workplace, type Report } from './drover.ts'

const ROOT = '/srv/small'
/** A system of busybox alone, as in small containers and routers: who logs in as `small` sees nothing else. */
const make = `
set -e
mkdir -p ${ROOT} && cd ${ROOT}
mkdir -p bin etc tmp root proc dev var/tmp srv; chmod 1777 tmp var/tmp
cp /bin/busybox bin; for library in $(ldd /bin/busybox | grep -o '/[^ ]*'); do cp -L --parents $library .; done
for applet in $(busybox --list); do [ -e bin/$applet ] || ln -s busybox bin/$applet; done
mount -t proc proc proc; mount --bind /dev dev
printf 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n' >etc/passwd
printf 'root:x:0:\nadm:x:4:\nnogroup:x:65534:\n' >etc/group
printf '127.0.0.1 localhost\n' >etc/hosts
printf 'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.20.0\n' >etc/os-release
echo 3.20.0 >etc/alpine-release
useradd --non-unique --uid 0 --gid 0 --home-dir /root --shell /bin/sh small
cat >/etc/ssh/sshd_config.d/small.conf <<END
Match User small
  ChrootDirectory ${ROOT}
  AuthorizedKeysFile /etc/ssh/lab_authorized_keys
END
systemctl reload ssh
`

describe.skipIf(!labAvailable)('a host that has busybox and nothing else', () => {
  const work = workplace()
  let lab: Lab
  let node: LabNode
  let inventory: string
  beforeAll(async () => {
    lab = sharedLab()
    node = lab.node('n1')
    await node.reset()
    await node.sh(make)
    inventory = work.file(
      'inventory.yml',
      readFileSync(lab.inventory, 'utf8').replace('ansible_user: root', 'ansible_user: small'),
    )
  })
  afterAll(async () => {
    work.remove()
    await node?.reset()
  })

  const run = (tasks: readonly object[], ...more: readonly string[]): Promise<Report> =>
    report([
      work.file('play.yml', stringify([{ hosts: 'n1', gather_facts: false, tasks }])),
      '-i',
      inventory,
      '--limit',
      'n1',
      ...more,
    ])

  it('has no program of another', async () => {
    const told = await run([
      { name: 'look', shell: 'readlink -f /proc/self/exe; ls /usr 2>&1 || true; type ip sha256sum', register: 'x' },
    ])
    expect(troubles(told)).toEqual([])
    expect(told.results.get('look @ n1')?.result).toMatchObject({
      stdout: expect.stringMatching(/^\/bin\/busybox\n.*No such file/),
    })
  })

  it('is known', async () => {
    const told = await run([{ name: 'facts', setup: {} }])
    expect(troubles(told)).toEqual([])
    expect(told.results.get('facts @ n1')?.result).toMatchObject({
      ansible_facts: {
        distribution: 'Alpine',
        distribution_version: '3.20.0',
        user_id: 'root',
      },
    })
  })

  it('has its files managed like any other: a check predicts the run, a second run has nothing to do', async () => {
    await node.ssh(`chroot ${ROOT} /bin/sh`, { input: stage(files) })
    // What must be valid is only known when it is tried.
    const cases = files.filter(({ name }) => name !== 'copy: what must be valid is not')
    const tasks = cases.map((each) => ({ ...taskOf(each), ignore_errors: true }))
    const predicted = await run(tasks, '--check')
    const done = await run(tasks)
    const again = await run(tasks)
    expect(outcomes(done)).toEqual(outcomes(predicted))
    const ends = (of: Report): readonly unknown[] =>
      cases.map(({ name }) => [name, of.results.get(`${name} @ n1`)?.outcome])
    expect(ends(done)).toEqual(cases.map(({ name, ends }) => [name, ends]))
    expect(ends(again)).toEqual(cases.map(({ name, ends }) => [name, ends === 'failed' ? 'failed' : 'ok']))
  })

  it('is told what it lacks', async () => {
    const told = await run([
      { name: 'pack', archive: { path: '/etc', dest: '/srv/etc.tar.gz' }, ignore_errors: true },
      { name: 'service', service: { name: 'x', state: 'started' }, ignore_errors: true },
      { name: 'user', user: { name: 'x' }, ignore_errors: true },
    ])
    const messages = ['pack', 'service', 'user'].map((name) => told.results.get(`${name} @ n1`)?.message)
    expect(messages).toEqual([
      expect.stringContaining('needs GNU tar on the host: install it first'),
      expect.stringContaining('no service manager runs on this host'),
      expect.stringContaining('neither useradd nor adduser'),
    ])
  })
})
