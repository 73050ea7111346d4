import { beforeAll, describe, expect, it, afterAll } from 'vitest'
import { stringify } from 'yaml'
import { labAvailable } from '../lab/available.ts'
import type { Lab } from '../lab/lab.ts'
import type { LabNode } from '../lab/node.ts'
import { sharedLab } from '../lab/shared.ts'
import { outcomes, report, troubles, workplace, type Report } from './drover.ts'

const accept = { chain: 'INPUT', jump: 'ACCEPT' }
const rules = [
  { name: 'open', iptables: { ...accept, ctstate: ['RELATED', 'ESTABLISHED'], action: 'insert', persist: true } },
  { name: 'ssh', iptables: { ...accept, protocol: 'tcp', destination_port: 'ssh', persist: true } },
  { name: 'ping', iptables: { ...accept, protocol: 'icmp', icmp_type: 'echo-request', persist: true } },
  { name: 'lo', iptables: { ...accept, in_interface: 'lo', comment: 'a "name"', persist: true } },
  { name: 'end', iptables: { chain: 'INPUT', jump: 'REJECT', persist: true } },
  { name: 'sql', iptables: { ...accept, protocol: 'tcp', destination_ports: ['4567:4568', '3306'], source: '10.0.32.0/255.255.255.0', persist: true } },
  { name: 'policy', iptables: { chain: 'INPUT', policy: 'DROP', persist: true } },
  { name: 'nat', iptables: { table: 'nat', chain: 'PREROUTING', protocol: 'tcp', destination_port: 'http', jump: 'REDIRECT', to_ports: '8080', persist: true } },
  { name: 'six', iptables: { ...accept, ip_version: 'ipv6', source: 'FE80:0::/10', protocol: 'icmpv6', persist: true } },
] // prettier-ignore
const lockout = [
  { name: 'out', iptables: { chain: 'INPUT', action: 'insert', protocol: 'tcp', destination_port: '22', jump: 'DROP', persist: true, confirm_timeout: 4 } },
  { name: 'after', command: 'touch /run/after' },
] // prettier-ignore

/** What iptables-save prints, without dates and counters. */
const inForce = (node: LabNode): Promise<string> =>
  node.sh("{ iptables-save; ip6tables-save; } 2>/dev/null | sed -e '/^#/d' -e 's/ \\[.*//' | sort")

describe.skipIf(!labAvailable)('the packet filter of a host', () => {
  let lab: Lab
  let node: LabNode
  const work = workplace()
  beforeAll(async () => {
    lab = sharedLab()
    node = lab.node('n1')
    await node.reset()
  })
  afterAll(work.remove)
  const run = (tasks: readonly object[], ...more: readonly string[]): Promise<Report> => {
    const playbook = work.file('rules.yml', stringify([{ hosts: 'n1', gather_facts: false, tasks }]))
    return report([playbook, '-i', lab.inventory, ...more])
  }

  it('is what a check predicts, once, and after a reboot', async () => {
    const predicted = await run(rules, '--check', '--diff')
    expect(troubles(predicted)).toEqual([])
    const done = await run(rules, '--diff')
    expect(troubles(done)).toEqual([])
    expect(done.recap['n1']).toMatchObject({ changed: rules.length })
    expect(outcomes(done)).toEqual(outcomes(predicted))
    expect((await run(rules)).recap['n1']).toMatchObject({ ok: rules.length, changed: 0 })
    const before = await inForce(node)
    await node.reboot()
    expect(await inForce(node)).toBe(before)
    expect((await run(rules)).recap['n1']).toMatchObject({ ok: rules.length, changed: 0 })
  })

  it('goes back to what it was where a rule locks drover out', async () => {
    const kept = 'cat /etc/iptables/rules.v4'
    const before = [await inForce(node), await node.sh(kept)]
    const done = await run(lockout)
    expect(done.results.get('out @ n1')).toMatchObject({
      outcome: 'failed',
      changes: [],
      message: expect.stringMatching(/could not be reached over a new connection.*restored by itself/) as string,
    })
    expect(done.recap['n1']).toMatchObject({ failed: 1, unreachable: 0, changed: 0 })
    expect([await inForce(node), await node.sh(kept)]).toEqual(before)
    expect(await node.sh('ls /run | grep -c "^drover\\|^after" || :')).toBe('0\n')
  })

  it('goes back at once where a command fails', async () => {
    const before = await inForce(node)
    // The kernel has no such set, which only iptables itself can say.
    const args = { chain: 'INPUT', action: 'insert', match_set: 'missing', match_set_flags: 'src', jump: 'DROP' }
    const done = await run([{ name: 'set', iptables: args }])
    expect(done.results.get('set @ n1')).toMatchObject({ outcome: 'failed', message: expect.stringMatching(/missing/) as string }) // prettier-ignore
    expect(await inForce(node)).toBe(before)
    expect(await node.sh('ls /run | grep -c "^drover" || :')).toBe('0\n')
  })
})
