import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { labAvailable } from '../lab/available.ts'
import type { Lab } from '../lab/lab.ts'
import { sharedLab } from '../lab/shared.ts'
import { centosRules } from './centos-rpms.ts'
import { outcomes, report, start, troubles, workplace, type Report } from './drover.ts'
import { gotchas } from './spice-gotchas.ts'
import { likeCentos } from './spice-rpms.ts'

const INVENTORY = 'inventory/spice-lab.yml'
const URL = 'http://10.0.32.11:6082/spice_auto.html'
/** What CentOS has at first: ssh gets through, and nothing else. apt knows the packages of the layer. */
const bare = `
cat >/etc/iptables/rules.v4 <<'END'
${centosRules}END
iptables-restore </etc/iptables/rules.v4 && apt-get -qq update
`

/** What the document has on the control node and on the compute node, of which this is both, and what was there before. */
const documented = `[DEFAULT]
vnc_enabled=False
novnc_enabled=False
web=/usr/share/spice-html5
cert=/root/console.crt
key=/root/console.key
[database]
connection=mysql://nova:secret@192.168.1.100/nova
[spice]
html5proxy_host=0.0.0.0
html5proxy_port=6082
html5proxy_base_url=https://10.0.32.13:6082/spice_auto.html
server_listen=0.0.0.0
server_proxyclient_address=10.0.32.13
# Enable spice related features (boolean value)
#enabled=false
enabled=True
agent_enabled=true
keymap=en-us
`
/** The host that is both. */
const kiloHosts = {
  all: {
    children: { spice_control: { hosts: { n3: {} } }, spice_compute: { hosts: { n3: {} } } },
    vars: {
      spice_control_address: '10.0.32.13',
      spice_proxyclient_address: '10.0.32.13',
      spice_certificate: '/root/console.crt',
      spice_certificate_key: '/root/console.key',
      spice_validate_certs: false,
    },
  },
}

const changes = ({ recap }: Report): readonly number[] => Object.values(recap).map(({ changed }) => changed)
const lines = (text: string): readonly string[] => text.trim().split('\n').toSorted()

describe.skipIf(!labAvailable)('playbooks/spice-console', () => {
  let lab: Lab
  const work = workplace()
  beforeAll(async () => {
    lab = sharedLab()
    await Promise.all(lab.nodes.map((node) => node.reset('nova')))
    await Promise.all(lab.nodes.map((node) => node.sh(bare)))
    await likeCentos(lab.node('n3'))
  }, 300_000)
  afterAll(async () => {
    work.remove()
    await Promise.all((lab?.nodes ?? []).map((node) => node.reset()))
  })

  const kilo = (): string => work.file('kilo.yml', stringify(kiloHosts))
  const args = (stage: string, inventory = INVENTORY): readonly string[] => [
    `playbooks/spice-console/${stage}.yml`,
    '-i',
    lab.inventory,
    '-i',
    inventory,
  ]
  const run = (stage: string, ...more: readonly string[]): Promise<Report> => report([...args(stage), ...more])
  /** What could be changed on the nodes. */
  const state = async (): Promise<readonly string[]> =>
    Promise.all(
      ['n1', 'n2'].map((name) =>
        lab.node(name).sh(`
          sha256sum /etc/nova/nova.conf /etc/default/nova-consoleproxy /etc/iptables/rules.v4 2>&1
          stat -c %a:%U:%G:%Y /etc/nova/nova.conf 2>&1
          dpkg -l 'nova*' 'spice*' | sha256sum; iptables-save | sed -e '/^#/d' -e 's/ \\[.*//'
          systemctl show -p Id,MainPID,UnitFileState nova-spicehtml5proxy nova-novncproxy nova-compute`),
      ),
    )
  /** What somebody gets who opens the page of the console; 0: nothing. */
  const opened = async (): Promise<number> =>
    Number((await lab.exec(['curl', '-s', '-m', '5', '-o', '/dev/null', '-w', '%{http_code}', URL])).stdout)

  it('names what is wrong with a variable before a host is touched', async () => {
    for (const [wrong, said] of [
      ['spice_port=http', 'spice_port'],
      ['spice_base_url=http://10.0.32.11:6082/', 'spice_auto.html'],
      ['spice_control_address=127.0.0.1', 'spice_control_address'],
    ] as const) {
      const done = await run('site', '-e', wrong)
      expect(done.status).not.toBe(0)
      expect(done.stdout).toContain(said)
      expect(done.stdout).not.toContain('Gathering Facts')
    }
  })

  it('opens consoles of bare hosts, as a check foretells, and once', async () => {
    const before = await state()
    const predicted = await run('site', '--check')
    expect(troubles(predicted)).toEqual([])
    expect(await state()).toEqual(before)
    const done = await run('site')
    expect(troubles(done)).toEqual([])
    const known = [...predicted.results].filter(
      ([, { outcome, changes }]) => outcome !== 'unknown' && (outcome !== 'skipped' || changes.length > 0),
    )
    // nova.conf comes with a package: a check cannot know its text, only that it would be another one.
    for (const [task, { outcome }] of known) expect([task, done.results.get(task)?.outcome]).toEqual([task, outcome])
    const same = known.map(([task]) => task).filter((task) => !task.includes('nova.conf says what the node'))
    expect(Object.fromEntries(same.map((task) => [task, outcomes(done)[task]]))).toEqual(
      Object.fromEntries(same.map((task) => [task, outcomes(predicted)[task]])),
    )
    expect(await opened()).toBe(200)

    const settled = await state()
    for (const more of [['--check'], []]) {
      const again = await run('site', ...more)
      expect(troubles(again)).toEqual([])
      expect(changes(again)).toEqual([0, 0])
    }
    expect(await state()).toEqual(settled)
  }, 240_000)

  it.each(gotchas)('names what makes a console unavailable: $what', async ({ on, plant, undo, more = [], says }) => {
    const nodes = on.map((name) => lab.node(name))
    const keep = 'cp -p /etc/nova/nova.conf /root/nova.conf'
    await Promise.all(nodes.map((node) => node.sh(`${keep}; ${plant}`)))
    const found = await run('verify', ...more)
    await Promise.all(nodes.map((node) => node.sh(`cp -p /root/nova.conf /etc/nova/nova.conf; ${undo ?? ''}`)))
    expect(found.status).toBe(2)
    const failed = [...found.results.values()].filter(({ outcome }) => outcome === 'failed')
    expect(failed.map(({ message }) => message)).toEqual(
      nodes.slice(0, 1).map(() => expect.stringMatching(says) as string),
    )
  })

  it('puts all that right again, and restarts what has to be', async () => {
    await lab.node('n1').sh(`
      iptables-save | grep -v 6082 | iptables-restore; iptables-save >/etc/iptables/rules.v4
      sed -i 's/spicehtml5/novnc/' /etc/default/nova-consoleproxy; systemctl restart nova-spicehtml5proxy
      sed -i '/^html5proxy/d; s/^enabled = .*/enabled = False/' /etc/nova/nova.conf`)
    await lab.node('n2').sh('systemctl disable --now nova-compute')
    expect(await opened()).toBe(0)
    const done = await run('site')
    expect(troubles(done)).toEqual([])
    expect(await opened()).toBe(200)
    expect(changes(await run('site'))).toEqual([0, 0])
  }, 120_000)

  it('does on CentOS what the document says, with yum and over https, also if it is killed in each stage', async () => {
    const node = lab.node('n3')
    expect(troubles(await report([...args('site', kilo()), '--check']))).toEqual([])
    const pid = (): Promise<string> => node.sh('systemctl show -p MainPID --value httpd')
    const before = await pid()
    for (const moment of ['The packages of the', 'Browsers reach the', 'Whether a file says', 'The compute service']) {
      const running = start(['run', ...args('site', kilo()), '--output', 'json'])
      await running.says(`"name":"spice_console : ${moment}`)
      // A little later, so that it is done in part.
      await sleep(200)
      running.signal('SIGKILL')
      await running.ended
    }
    const done = await report(args('site', kilo()))
    expect(troubles(done)).toEqual([])
    expect(done.stdout).not.toContain('"encoding":"base64"')
    const after = await pid()
    expect(after).not.toBe(before)
    expect(changes(await report(args('site', kilo())))).toEqual([0])
    expect(await pid()).toBe(after)
    expect(lines(await node.sh('cat /etc/nova/nova.conf'))).toEqual(lines(documented))
  }, 240_000)

  it('lasts through a reboot', async () => {
    await Promise.all(lab.nodes.map((node) => node.reboot()))
    for (const inventory of [INVENTORY, kilo()]) expect(troubles(await report(args('verify', inventory)))).toEqual([])
    expect(await opened()).toBe(200)
    const names = 'openstack-nova-spicehtml5proxy openstack-nova-compute openstack-nova-novncproxy'
    expect(await lab.node('n3').sh(`systemctl is-active ${names} || :; iptables -S INPUT 1`)).toBe(
      'active\nactive\ninactive\n' +
        '-A INPUT -p tcp -m multiport --dports 6082 -m comment --comment "Allow SPICE connections for console access " -j ACCEPT\n',
    )
  }, 240_000)
})
