import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { labAvailable } from '../lab/available.ts'
import type { Lab } from '../lab/lab.ts'
import type { LabNode } from '../lab/node.ts'
import { attempt, type Outcome } from '../lab/run.ts'
import { sharedLab } from '../lab/shared.ts'
import { serveApt } from './apt-repository.ts'
import { report, workplace, type Report } from './drover.ts'

/** Whether ansible-playbook is here, with the collections that the roles use. */
const hasAnsible = ['ansible.posix.sysctl', 'community.general.ini_file'].every(
  (module) => spawnSync('ansible-doc', ['--type', 'module', '--snippet', module]).status === 0,
)

/** Files with their modes, owners and contents; accounts, units, rules, jobs, parameters of the kernel, packages. */
const state = `
  cd /
  places='etc home opt srv usr/local var/backups var/spool/cron var/log/webserver.log'
  # Left out: what Ansible leaves in homes, and what programs keep beside the files that they change.
  find $places \\( -name .ansible -o -name .pwd.lock -o -path 'etc/*-' -o -path opt/repository \\) -prune \\
    -o -printf '%p %y %m %U:%G %l\\n' | sort
  find $places -name .ansible -prune -o -type f ! -path 'etc/*-' ! -path etc/shadow ! -path 'opt/repository/*' \\
    ! -path 'etc/ssh/ssh_host_*' ! -path etc/hosts ! -path etc/lab-net.env ! -path etc/hostname ! -path etc/machine-id \\
    ! -path 'var/spool/cron/*' ! -name site.cnf -print0 | sort -z | xargs -0 sha256sum
  # Empty lines between sections, and what crontab writes above a table, are a matter of taste.
  grep . /etc/mysql/conf.d/site.cnf
  tail -n 2 /etc/hosts
  getent passwd; getent group; cut -d: -f1,2,5- /etc/shadow
  for unit in webserver ssh cron; do echo $unit $(systemctl is-enabled $unit) $(systemctl is-active $unit); done
  iptables-save | grep -v '^#' | sed 's/\\[[0-9:]*\\]//'
  crontab -l -u root
  sysctl net.ipv4.conf.all.accept_redirects net.ipv4.conf.all.log_martians net.ipv4.tcp_keepalive_time
  dpkg-query -W -f '\${Package} \${db:Status-Abbrev} \${Version}\\n'
`

describe.skipIf(!labAvailable)('roles as people write them', () => {
  const work = workplace()
  const playbook = join(import.meta.dirname, 'site/site.yml')
  let lab: Lab
  let ours: LabNode
  let theirs: LabNode
  beforeAll(async () => {
    lab = sharedLab()
    ours = lab.node('n1')
    theirs = lab.node('n2')
    await Promise.all([ours, theirs].map((node) => node.reset()))
    await Promise.all([ours, theirs].map(serveApt))
  })
  afterAll(work.remove)

  /** Each tool has a host of its own, which goes by the same name. The second host is only spoken of. */
  const options = (node: LabNode): readonly string[] => {
    const inventory = work.file(`${node.name}.yml`, stringify(inventoryOf(lab, node)))
    return ['-i', inventory, '--limit', 'app1']
  }
  const drover = (node: LabNode): Promise<Report> => report([playbook, ...options(node)])

  it('are run by drover as they are, and a second run finds nothing to do', async () => {
    const first = await drover(ours)
    expect(failures(first)).toEqual([])
    const second = await drover(ours)
    expect([...failures(second), ...changes(second)]).toEqual([])
  })

  it.skipIf(!hasAnsible)(
    'come to the same as with Ansible, whose host drover finds as it should be',
    async () => {
      const told = await ansible(playbook, options(theirs), work.file('ansible.cfg', ''))
      expect(told.stdout + told.stderr).toMatch(/^app1 .*unreachable=0 +failed=0/m)
      expect(await stateOf(ours)).toEqual(await stateOf(theirs))
      const after = await drover(theirs)
      expect([...failures(after), ...changes(after)]).toEqual([])
    },
    900_000,
  )
})

const stateOf = async (node: LabNode): Promise<readonly string[]> => (await node.sh(state)).split('\n')

const inventoryOf = (lab: Lab, node: LabNode): object => ({
  all: {
    vars: {
      ansible_user: 'root',
      ansible_ssh_private_key_file: lab.key,
      ansible_ssh_common_args: `-o UserKnownHostsFile=${lab.knownHosts}`,
    },
    hosts: { app1: { ansible_host: '127.0.0.1', ansible_port: node.port }, app2: { ansible_host: '192.0.2.2' } },
    children: { web: { hosts: { app1: null, app2: null } }, db: { hosts: { app1: null } } },
  },
})

function ansible(playbook: string, options: readonly string[], config: string): Promise<Outcome> {
  return attempt(['ansible-playbook', ...options, playbook], {
    timeout: 800_000,
    env: {
      ANSIBLE_CONFIG: config,
      ANSIBLE_NOCOLOR: '1',
      ANSIBLE_PIPELINING: 'true',
      ANSIBLE_PYTHON_INTERPRETER: '/usr/bin/python3',
      LC_ALL: 'C.UTF-8',
    },
  })
}

const told = ({ results }: Report, what: (outcome: string) => boolean): readonly string[] =>
  [...results].flatMap(([task, { outcome, message }]) =>
    what(outcome) ? [`${task}: ${outcome} ${message ?? ''}`] : [],
  )
const failures = (of: Report): readonly string[] => [
  ...told(of, (outcome) => outcome === 'failed' || outcome === 'unreachable'),
  ...(of.status === 0 ? [] : [of.stderr]),
]
const changes = (of: Report): readonly string[] => told(of, (outcome) => outcome === 'changed')
