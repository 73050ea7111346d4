import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { labAvailable } from '../lab/available.ts'
import type { Lab } from '../lab/lab.ts'
import { sharedLab } from '../lab/shared.ts'
import { holdSwap } from '../lab/swap.ts'
import { outcomes, readReport, report, start, troubles } from './drover.ts'
import { belongings, leftOn } from './remains.ts'
import { differences, snapshot } from './snapshot.ts'

const playbook = 'playbooks/galera/prepare.yml'

if (labAvailable) await holdSwap()

describe.skipIf(!labAvailable)('playbooks/galera/prepare.yml', () => {
  let lab: Lab
  let args: readonly string[]
  beforeAll(async () => {
    lab = sharedLab()
    args = [playbook, '-i', lab.inventory, '-e', 'swap_size=64M']
    await Promise.all(lab.nodes.map((node) => node.reset()))
  })

  it('is predicted by a check that changes nothing, and does what was predicted', async () => {
    const before = await Promise.all(lab.nodes.map((node) => snapshot(node)))
    const programs = await Promise.all(lab.nodes.map((node) => belongings(node)))
    const predicted = await report([...args, '--check', '--diff'])
    expect(troubles(predicted)).toEqual([])
    const after = await Promise.all(lab.nodes.map((node) => snapshot(node)))
    expect(after.map((lines, index) => differences(before[index] ?? [], lines))).toEqual(lab.nodes.map(() => []))
    for (const [index, node] of lab.nodes.entries()) expect(await leftOn(node, programs[index] ?? [])).toEqual([])

    const done = await report([...args, '--diff'])
    expect(troubles(done)).toEqual([])
    for (const { name } of lab.nodes) expect(done.recap[name]).toMatchObject({ changed: 8, failed: 0 })
    expect(outcomes(done)).toEqual(outcomes(predicted))
    for (const [index, node] of lab.nodes.entries()) expect(await leftOn(node, programs[index] ?? [])).toEqual([])
    for (const node of lab.nodes) {
      expect(await node.sh('swapon --show=NAME --noheadings; findmnt -no SOURCE,FSTYPE /var/lib/mysql')).toBe(
        '/swapfile\n/dev/vdb5 ext4\n',
      )
    }
  })

  it('finds nothing to do a second time, nor after a reboot', async () => {
    const again = async (): Promise<void> => {
      const second = await report(args)
      expect(troubles(second)).toEqual([])
      for (const { name } of lab.nodes)
        expect(second.recap[name]).toMatchObject({ changed: 0, failed: 0, unreachable: 0 })
    }
    await again()
    const node = lab.node('n2')
    await node.reboot()
    expect(await node.sh('swapon --show=NAME --noheadings; findmnt -no SOURCE,FSTYPE /var/lib/mysql')).toBe(
      '/swapfile\n/dev/vdb5 ext4\n',
    )
    await again()
  })

  it('converges after drover was killed at any moment', async () => {
    await Promise.all(lab.nodes.map((node) => node.reset()))
    const before = await Promise.all(lab.nodes.map((node) => belongings(node)))
    // Spread over the time that the run takes, at another place each time that this runs.
    for (let moment = 1; moment <= 4; moment++) {
      const run = start(['run', ...args, '--output', 'json'])
      await run.says('task-started')
      await sleep(moment * 350 + Math.random() * 300)
      run.signal('SIGKILL')
      await run.ended
      for (const [index, node] of lab.nodes.entries()) expect(await leftOn(node, before[index] ?? [])).toEqual([])
    }
    const last = readReport(await start(['run', ...args, '--output', 'json']).ended)
    expect(troubles(last)).toEqual([])
    const converged = await report(args)
    for (const node of lab.nodes) {
      expect(converged.recap[node.name]).toMatchObject({ changed: 0, failed: 0 })
      expect(await node.sh("ls -A / | grep -c swapfile; grep -vc '^#' /etc/fstab")).toBe('1\n2\n')
    }
  })
})
