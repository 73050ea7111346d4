import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { labAvailable } from '../lab/available.ts'
import type { Lab } from '../lab/lab.ts'
import { sharedLab } from '../lab/shared.ts'
import { report, start, troubles, workplace, type Report } from './drover.ts'
import { belongings, leftOn } from './remains.ts'

const resultOf = ({ results }: Report, name: string) => results.get(`${name} @ n1`)

describe.skipIf(!labAvailable)('a host that goes away', () => {
  let lab: Lab
  const work = workplace()
  beforeAll(async () => {
    lab = sharedLab()
    await lab.node('n1').reset()
  })
  afterAll(async () => {
    work.remove()
    await lab?.node('n1').boot()
  })
  const play = (tasks: string): string =>
    work.file('play.yml', stringify([{ hosts: 'n1', gather_facts: false, tasks: parse(tasks) as unknown }]))
  const run = (tasks: string, ...more: readonly string[]): Promise<Report> =>
    report([play(tasks), '-i', lab.inventory, ...more])

  const tasks = `
- { name: look, slurp: { src: /run/drover-boot }, ignore_errors: true }
- { name: mark, copy: { dest: /run/drover-boot, content: "before\\n" } }
- { name: go, reboot: { msg: "it's \\"time\\"; $(id)", post_reboot_delay: 1, test_command: systemctl is-system-running --wait } }
- { name: look again, stat: { path: /run/drover-boot } }
- { name: work, command: cat /etc/hostname, changed_when: false }
`
  it('is predicted to reboot, and stays up', async () => {
    const node = lab.node('n1')
    const before = await node.ready()
    const checked = await run(tasks, '--check')
    expect(resultOf(checked, 'go')).toMatchObject({ outcome: 'changed', result: { rebooted: true } })
    expect(await node.ready()).toBe(before)
  })
  it('reboots, comes back, and is read anew', async () => {
    const node = lab.node('n1')
    const before = await node.ready()
    const done = await run(tasks)
    expect(troubles(done)).toEqual([])
    expect(await node.ready()).not.toBe(before)
    expect(resultOf(done, 'go')).toMatchObject({ outcome: 'changed', result: { rebooted: true } })
    expect(resultOf(done, 'look again')?.result).toMatchObject({ stat: { exists: false } })
    expect(resultOf(done, 'work')?.result).toMatchObject({ stdout: 'n1' })
  })
  it('says what is wrong where the test does not succeed', async () => {
    const failed = await run(`- { name: go, reboot: { test_command: "false", reboot_timeout: 12 } }`)
    expect(resultOf(failed, 'go')).toMatchObject({ outcome: 'failed', result: { rebooted: false } })
    expect(resultOf(failed, 'go')?.message).toMatch(/come back: not within 12 s: cannot run false/)
  })
  it('is not rebooted by a drover that was killed before, and keeps nothing of it', async () => {
    const node = lab.node('n1')
    const before = await node.ready()
    const had = await belongings(node)
    const running = start(['run', play('- reboot: { pre_reboot_delay: 8 }'), '-i', lab.inventory, '--output', 'json'])
    await running.says('task-started')
    await node.sh('until pgrep -x sleep -a | grep -q "sleep 8"; do sleep 0.1; done')
    running.signal('SIGKILL')
    await running.ended
    expect(await leftOn(node, had)).toEqual([])
    expect(await node.ready()).toBe(before)
  })
  it('is waited for while it boots', async () => {
    const node = lab.node('n1')
    await node.powerCut()
    const [waited] = await Promise.all([
      run('- { name: wait, wait_for_connection: { timeout: 60 } }\n- ping:'),
      node.boot(),
    ])
    expect(troubles(waited)).toEqual([])
    expect(resultOf(waited, 'wait')?.outcome).toBe('ok')
  })
  it('is not waited for for ever', async () => {
    const node = lab.node('n1')
    await node.powerCut()
    const late = await run('- { name: wait, wait_for_connection: { timeout: 3, sleep: 1 } }')
    expect(resultOf(late, 'wait')?.message).toMatch(/^cannot wait for a connection: not within 3 s: /)
    await node.boot()
  })
  it('is never the machine that drover runs on', async () => {
    const own = await report([
      work.file('own.yml', '- hosts: localhost\n  gather_facts: false\n  tasks: [{ name: go, reboot: {} }]\n'),
      '--check',
    ])
    expect(own.results.get('go @ localhost')).toMatchObject({
      outcome: 'failed',
      message: expect.stringContaining('runs on that machine'),
    })
  })
})
