import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import selinux from '../../../modules/system/selinux.ts'
import selinuxBoolean from '../../../modules/system/selinux_boolean.ts'
import selinuxFcontext from '../../../modules/system/selinux_fcontext.ts'
import selinuxPort from '../../../modules/system/selinux_port.ts'
import selinuxRestorecon from '../../../modules/system/selinux_restorecon.ts'
import { outcomes, report, troubles, workplace, type Report } from '../../e2e/drover.ts'
import type { LabNode } from '../../lab/node.ts'
import { sharedLab } from '../../lab/shared.ts'
import { vmDown, vmUp, type LabVm } from '../../lab/vm.ts'
import { vmAvailable } from '../../lab/available.ts'

/** In an order in which none is in another's way: the mode comes last, since a host that is permissive forgives mistakes. */
const examples = [selinuxBoolean, selinuxPort, selinuxRestorecon, selinuxFcontext, selinux].flatMap((module) =>
  module.examples.map(({ title, given, task }) => ({
    given: given === undefined ? [] : (parse(given) as object[]),
    task: { name: `${module.name}: ${title}`, ...(parse(task) as object) },
  })),
)
const given = examples.flatMap((example) => example.given)
const shown = examples.map(({ task }) => task)

const work = workplace()
type Run = (tasks: readonly object[], ...more: readonly string[]) => Promise<Report>
const on =
  (name: string, inventory: string): Run =>
  (tasks, ...more) =>
    report([work.file('play.yml', stringify([{ hosts: name, gather_facts: false, tasks }])), '-i', inventory, ...more])
const resultOf = ({ results }: Report, task: string) => [...results].find(([key]) => key.startsWith(`${task} @ `))?.[1]

/** Runs tasks after a check that has to predict it, and again, which has to do nothing. */
async function once(run: Run, tasks: readonly object[]) {
  const predicted = await run(tasks, '--check')
  expect(troubles(predicted)).toEqual([])
  const done = await run(tasks)
  expect(troubles(done)).toEqual([])
  expect(outcomes(done)).toEqual(outcomes(predicted))
  const again = await run(tasks)
  expect(troubles(again)).toEqual([])
  expect([...again.results.values()].flatMap(({ changes }) => changes)).toEqual([])
  return { done, again }
}

describe.skipIf(!vmAvailable)('SELinux', () => {
  let node: LabNode
  let inventory: string
  let waking: Promise<LabVm>
  beforeAll(async () => {
    const lab = sharedLab()
    inventory = lab.inventory
    node = lab.node('n1')
    await node.reset('selinux')
    await vmDown(lab.name)
    // It boots while the other host is worked on.
    waking = vmUp(lab.name)
    waking.catch(() => {})
  }, 900_000)
  afterAll(async () => {
    work.remove()
    if (node === undefined) return
    await waking.catch(() => {})
    await vmDown(node.lab)
  }, 900_000)

  describe('that is disabled', () => {
    let run: Run
    beforeAll(() => {
      run = on(node.name, inventory)
    })
    const port = { proto: 'tcp', setype: 'mysqld_port_t' }
    const tasks = [
      { name: 'enabled at the next boot', selinux: { state: 'enforcing', policy: 'default' } },
      { name: 'kept', selinux_boolean: { name: 'httpd_can_network_connect', state: true, persistent: true } },
      { name: 'not kept', selinux_boolean: { name: 'httpd_can_network_connect', state: true } },
      { name: 'tcp', selinux_port: { ...port, ports: [4567, '5000-5010', 443, 63140] } },
      { name: 'udp', selinux_port: { ...port, proto: 'udp', ports: 4567 } },
      { name: 'taken away', selinux_port: { ...port, ports: [4456, 3306], state: 'absent' } },
      { name: 'directories', selinux_fcontext: { target: '/srv/new', ftype: 'd', setype: 'var_t' } },
      { name: 'of the policy', selinux_fcontext: { target: '/var/lib/mysql(/.*)?', setype: 'var_t' } },
      { name: 'changed', selinux_fcontext: { target: '/srv/old(/.*)?', setype: 'httpd_sys_content_t' } },
      { name: 'removed', selinux_fcontext: { target: '/srv/gone(/.*)?', state: 'absent' } },
      { name: 'labels', selinux_restorecon: { path: '/etc' } },
    ]
    const set = `
      sed -i s/^SELINUX=.*/SELINUX=permissive/ /etc/selinux/config
      semanage import -N <<END
port -a -t mysqld_port_t -p tcp 4456
fcontext -a -f a -t etc_t '/srv/old(/.*)?'
fcontext -a -f a -t etc_t '/srv/gone(/.*)?'
END`

    it('is changed for the next boot', async () => {
      await node.sh(set)
      const { done, again } = await once(run, tasks)
      expect(resultOf(done, 'enabled at the next boot')?.result).toMatchObject({
        running: 'disabled',
        configured: 'permissive',
        policy: 'default',
        reboot_required: true,
      })
      expect(resultOf(again, 'enabled at the next boot')?.result).toMatchObject({ reboot_required: true })
      expect(resultOf(done, 'not kept')?.outcome).toBe('ok')
      expect(resultOf(done, 'labels')?.outcome).toBe('ok')
      const kept = 'grep ^SELINUX= /etc/selinux/config; ls /.autorelabel; semanage boolean -l -C -n; semanage export'
      const [mode, mark, boolean, ...exported] = (await node.sh(kept)).trim().split('\n')
      expect([mode, mark]).toEqual(['SELINUX=enforcing', '/.autorelabel'])
      expect(boolean).toMatch(/^httpd_can_network_connect .*\(on *, *on\)/)
      const settings = exported.filter((line) => / -a /.test(line)).map((line) => line.replaceAll(/ -r '?s0'?/g, ''))
      expect(settings.toSorted()).toEqual([
        "fcontext -a -f a -t httpd_sys_content_t '/srv/old(/.*)?'",
        "fcontext -a -f a -t var_t '/var/lib/mysql(/.*)?'",
        "fcontext -a -f d -t var_t '/srv/new'",
        'port -a -t mysqld_port_t -p tcp 443',
        'port -a -t mysqld_port_t -p tcp 4567',
        'port -a -t mysqld_port_t -p tcp 5000-5010',
        'port -a -t mysqld_port_t -p udp 4567',
      ])
    }, 300_000)
  })

  describe('that is enforced', () => {
    let vm: LabVm
    let run: Run
    let done: Report
    // All in one run: on an emulated host each takes seconds to log in.
    beforeAll(async () => {
      vm = await waking
      run = on(vm.name, vm.inventory)
      const template = work.file('page.html.j2', '{{ inventory_hostname }}\n')
      await vm.sh(`printf "a=1\\n" >/srv/kept.ini; chcon -t etc_t /srv/kept.ini; echo >/srv/page
        touch /root/one "/root/two words"; mkdir /etc/drover; mv /root/one "/root/two words" /etc/drover`)
      const writes = [
        ...given,
        { copy: { dest: '/etc/cron.d/drover', content: '# nothing\n', validate: 'cp --preserve=all %s /root/validated' } },
        { copy: { dest: '/home/note', content: 'no home\n' } },
        { copy: { dest: '/usr/local/bin/drover-job', content: '#!/bin/sh\n', mode: '0755' } },
        { file: { path: '/var/www/html/more/still', state: 'directory' } },
        { template: { src: template, dest: '/var/www/html/index.html' } },
        { file: { path: '/var/www/html/link', src: 'index.html', state: 'link' } },
        { file: { path: '/var/www/html/hard', src: '/srv/page', state: 'hard' } },
        { ini_set: { path: '/srv/kept.ini', option: 'a', value: '2' } },
        { authorized_key: { user: 'ops', key: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0000000000000000000000000000000000000000000' } },
      ].map((task, index) => ({ name: `write ${index}`, ...task })) // prettier-ignore
      const labels = { name: 'labels', selinux_restorecon: { path: '/etc/drover' } }
      const boolean = { name: 'boolean', selinux_boolean: { name: 'httpd_use_nfs', state: true } }
      const kernel = { selinux: { state: 'disabled', update_kernel_param: true }, ignore_errors: true }
      const now = { name: 'permissive', selinux: { state: 'permissive', persistent: false } }
      done = (await once(run, [...writes, labels, boolean, { name: 'kernel', ...kernel }, now])).done
    }, 900_000)
    const contextOf = async (path: string) => (await vm.sh(`stat --format %C ${path}`)).trim()

    it('gives files that are written the contexts of their places, before they are there', async () => {
      expect(await contextOf('/root/validated')).toContain(':system_cron_spool_t:')
      expect(await contextOf('/var/www/html/index.html')).toContain(':httpd_sys_content_t:')
      await vm.sh('rm /var/www/html/hard')
      expect(await vm.sh('restorecon -R -n -v /etc/cron.d /usr/local/bin /var/www /home')).toBe('')
    })

    it('leaves files that are there the contexts that they have', async () => {
      expect(await contextOf('/srv/kept.ini')).toContain(':etc_t:')
      expect(await contextOf('/srv/page')).toContain(':var_t:')
    })

    it('relabels what restorecon would', async () => {
      expect(resultOf(done, 'labels')?.result).toMatchObject({
        relabeled: expect.arrayContaining(['/etc/drover/one', '/etc/drover/two words']) as string[],
      })
      expect(await contextOf('/etc/drover/one')).toContain(':etc_t:')
    })

    it('is permissive as long as it has to be', async () => {
      expect(resultOf(done, 'permissive')?.result).toMatchObject({
        running: 'enforcing',
        configured: 'enforcing',
        kernel_parameter: 'selinux=1',
        reboot_required: false,
      })
      expect(resultOf(done, 'boolean')?.outcome).toBe('changed')
      expect(resultOf(done, 'kernel')?.message).toMatch(/needs grubby/)
      const modes = 'getenforce; grep ^SELINUX= /etc/selinux/config; setenforce 1'
      expect(await vm.sh(modes)).toBe('Permissive\nSELINUX=enforcing\n')
    })

    it('is what the examples make of it, and can be turned on again', async () => {
      // Without a check, which the other host has had: semanage takes its time here.
      const first = await run(shown)
      const again = await run(shown)
      expect([...troubles(first), ...troubles(again)]).toEqual([])
      expect([...again.results.values()].flatMap(({ changes }) => changes)).toEqual([])
      for (const ran of [first, again])
        expect(resultOf(ran, 'selinux: Off from the next boot on, permissive until then')?.result).toMatchObject({
          reboot_required: true,
        })
      const names = 'httpd_can_network_connect httpd_can_network_connect_db'
      expect(await vm.sh(`getenforce; cd /sys/fs/selinux/booleans; cat ${names}`)).toBe('Permissive\n1 11 1')
      // What the policy is built from, beside the modules.
      const local = 'cd /var/lib/selinux/default/active; cat booleans.local ports.local file_contexts.local'
      const settings = (await vm.sh(`${local} /etc/selinux/default/contexts/files/file_contexts.subs`)).split('\n')
      expect(
        settings.filter((line) => !/^(#|$)/.test(line)).map((line) => line.replaceAll(/\s+/g, ' ').trim()),
      ).toEqual([
        'httpd_can_network_connect_db=1',
        'portcon tcp 4567 system_u:object_r:mysqld_port_t:s0',
        'portcon tcp 4568 system_u:object_r:mysqld_port_t:s0',
        '/srv/mysql(/.*)? system_u:object_r:mysqld_db_t:s0',
        '/srv/home /home',
      ])
      await vm.sh('mkdir -p /srv/mysql; touch /srv/mysql/ibdata1')
      const mended = await run([
        { name: 'enforcing', selinux: { state: 'enforcing' } },
        { name: 'labels', restorecon: { path: '/srv/mysql' } },
      ])
      expect(troubles(mended)).toEqual([])
      expect(await contextOf('/srv/mysql/ibdata1')).toContain(':mysqld_db_t:')
      expect(await vm.sh('getenforce; grep ^SELINUX= /etc/selinux/config')).toBe('Enforcing\nSELINUX=enforcing\n')
    }, 600_000)
  })
})
