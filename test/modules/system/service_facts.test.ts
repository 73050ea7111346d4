import { expect, it } from 'vitest'
import { parseServices, services } from '../../../modules/facts/services.ts'
import serviceFacts from '../../../modules/system/service_facts.ts'
import { FakeHost, proposalOf } from '../fake-host.ts'
import { readLocally, SHELLS } from '../local-facts.ts'

/** What a Debian 12 host prints, in part. */
const systemd = `unit auditd.service                       not-found inactive dead    auditd.service
unit console-getty.service                masked    inactive dead    console-getty.service
unit cron.service                         loaded    active   running Regular background program processing daemon
unit lab-net.service                      loaded    active   exited  The node's address (/etc/lab-net.env)
unit modprobe@drm.service                 loaded    inactive dead    Load Kernel Module drm
unit bad.service                          loaded    failed   failed  bad.service
file autovt@.service                        alias           -
file bad.service                            enabled         enabled
file console-getty.service                  masked          enabled
file cron.service                           enabled         enabled
file dbus-org.freedesktop.login1.service    alias           -
file lab-net.service                        enabled         enabled
file fstrim.service                         static          -
active bad.service failed
active console-getty.service inactive
active cron.service active
active dbus-org.freedesktop.login1.service active
active lab-net.service active
active fstrim.service inactive
sysv  [ + ]  cron
sysv  [ - ]  hwclock.sh
sysv  [ ? ]  odd
`
/** As Ansible tells it of the same host. */
const expected = {
  'auditd.service': ['stopped', 'not-found', 'systemd'],
  'autovt@.service': ['unknown', 'alias', 'systemd'],
  'bad.service': ['stopped', 'failed', 'systemd'],
  'console-getty.service': ['stopped', 'masked', 'systemd'],
  cron: ['running', undefined, 'sysv'],
  'cron.service': ['running', 'enabled', 'systemd'],
  'dbus-org.freedesktop.login1.service': ['active', 'alias', 'systemd'],
  'fstrim.service': ['inactive', 'static', 'systemd'],
  'hwclock.sh': ['stopped', undefined, 'sysv'],
  'lab-net.service': ['stopped', 'enabled', 'systemd'],
  'modprobe@drm.service': ['stopped', 'inactive', 'systemd'],
  odd: ['unknown', undefined, 'sysv'],
}

it('tells the services of systemd and of init scripts', () => {
  const found = parseServices(systemd).map(({ name, state, status, source }) => [name, [state, status, source]])
  expect(Object.fromEntries(found)).toEqual(expected)
})

it('tells the services of OpenRC and of chkconfig', () => {
  expect(
    parseServices('rc Runlevel: default\nrc  sshd                     [  started  ]\nrc  crond  [  crashed  ]\n'),
  ).toEqual([
    { name: 'crond', runlevel: 'default', state: 'crashed', source: 'openrc' },
    { name: 'sshd', runlevel: 'default', state: 'started', source: 'openrc' },
  ])
  expect(parseServices('chkconfig network running enabled\n')).toEqual([
    { name: 'network', state: 'running', status: 'enabled', source: 'sysv' },
  ])
})

it('makes facts of them', async () => {
  const host = new FakeHost([[services(), parseServices('sysv  [ + ]  cron\n')]])
  expect((await proposalOf(serviceFacts, {}, host)).result).toEqual({
    ansible_facts: { services: { cron: { name: 'cron', state: 'running', source: 'sysv' } } },
  })
})

it.each(SHELLS)('reads them with %s', async (...shell) => {
  const [found] = await readLocally(
    [services()],
    shell.filter((word) => typeof word === 'string'),
  )
  expect(found).toBeInstanceOf(Array)
})
