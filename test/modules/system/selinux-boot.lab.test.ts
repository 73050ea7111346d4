import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { report, troubles, workplace } from '../../e2e/drover.ts'
import { vmAvailable } from '../../lab/available.ts'
import { sharedLab } from '../../lab/shared.ts'
import { vmDown, vmUp, type LabVm } from '../../lab/vm.ts'

const file = '/etc/cron.d/made-without'
/** Twice through a boot, of which the second one gives all files their contexts and boots once more. */
const tasks = [
  { name: 'turned off', selinux: { state: 'disabled' } },
  { name: 'first boot', reboot: { reboot_timeout: 600 } },
  { name: 'facts when off', setup: { gather_subset: 'selinux' } },
  { name: 'a file when off', copy: { dest: file, content: '# no context\n' } },
  { name: 'context when off', command: `ls --context ${file}` },
  { name: 'turned on', selinux: { state: 'permissive', policy: 'default' } },
  { name: 'second boot', reboot: { reboot_timeout: 900, test_command: 'selinuxenabled' } },
  { name: 'facts when on', setup: { gather_subset: 'selinux' } },
  { name: 'enforced', selinux: { state: 'enforcing', policy: 'default' } },
  { name: 'facts at the end', setup: { gather_subset: 'selinux' } },
]

describe.skipIf(!vmAvailable)('SELinux over boots', () => {
  const work = workplace()
  let vm: LabVm
  beforeAll(async () => {
    const lab = sharedLab()
    await vmDown(lab.name)
    vm = await vmUp(lab.name)
    // Each file that is left takes its time to be labelled.
    await vm.sh(
      'rm -rf /usr/share/doc /usr/share/man /usr/share/locale /usr/share/zoneinfo /usr/share/perl /usr/share/fish',
    )
  }, 900_000)
  afterAll(async () => {
    work.remove()
    if (vm !== undefined) await vmDown(vm.lab)
  }, 900_000)

  it('is turned off, and on again with all files labelled', async () => {
    const playbook = work.file('play.yml', stringify([{ hosts: vm.name, gather_facts: false, tasks }]))
    const done = await report([playbook, '-i', vm.inventory])
    expect(troubles(done)).toEqual([])
    const resultOf = (name: string) => done.results.get(`${name} @ ${vm.name}`)?.result
    expect(resultOf('turned off')).toMatchObject({ reboot_required: true })
    expect(resultOf('facts when off')).toMatchObject({ ansible_facts: { selinux: { status: 'disabled' } } })
    expect(resultOf('context when off')).toMatchObject({ stdout: `? ${file}` })
    expect(resultOf('turned on')).toMatchObject({ reboot_required: true, configured: 'disabled' })
    expect(resultOf('facts when on')).toMatchObject({
      ansible_facts: { selinux: { status: 'enabled', mode: 'permissive', config_mode: 'permissive' } },
    })
    expect(resultOf('enforced')).toMatchObject({ reboot_required: false })
    expect(resultOf('facts at the end')).toMatchObject({ ansible_facts: { selinux: { mode: 'enforcing' } } })
    expect(await vm.sh(`stat --format %C ${file}; ls /.autorelabel 2>&1 || true`)).toMatch(
      /:system_cron_spool_t:.*\n.*No such file/,
    )
  }, 1_500_000)
})
