import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { stringify } from 'yaml'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Event, HostFinished, Wire } from '../../runner/engine/events.ts'
import { mixed } from '../bench/mixed.ts'
import { labAvailable } from '../lab/available.ts'
import type { Lab } from '../lab/lab.ts'
import { run } from '../lab/run.ts'
import { sharedLab } from '../lab/shared.ts'

const main = resolve(import.meta.dirname, '../../runner/cli/main.ts')

/** What is where programs put what they will not need for long, and which programs run. */
const traces = `cd / && find tmp var/tmp dev/shm root -xdev ! -name 'systemd-private-*' | sort
ps -e -o user= -o comm= | grep -v -e ' kworker' -e ' systemd-' | sort`

/** A task that changes something on a host where nothing of it is there yet. */
const changes: Readonly<Record<string, object>> = {
  'a directory': { file: { path: '/srv/trip', state: 'directory' } },
  'a file': { copy: { dest: '/srv/trip/file', content: 'one\n' } },
  'other content': { copy: { dest: '/srv/trip/file', content: 'two\n' } },
  'a mode': { file: { path: '/srv/trip/file', mode: '0600' } },
  'a link': { file: { path: '/srv/trip/link', src: '/srv/trip/file', state: 'link' } },
  'an option': { ini_set: { path: '/srv/trip/settings.ini', section: 'one', option: 'two', value: 'three' } },
  'a line of fstab': { fstab: { path: '/srv/trip', src: 'tmpfs', fstype: 'tmpfs', state: 'present' } },
  'a unit': { systemd: { name: 'cron.service', state: 'stopped', enabled: false } },
  'a removed tree': { file: { path: '/srv/trip', state: 'absent' } },
}

describe.skipIf(!labAvailable)('round trips', () => {
  const directory = mkdtempSync(join(tmpdir(), 'drover-trips-'))
  let lab: Lab
  beforeAll(async () => {
    lab = sharedLab()
    await lab.node('n1').reset()
  })
  afterAll(() => rmSync(directory, { recursive: true, force: true }))

  async function play(playbook: string): Promise<{ readonly finished: readonly HostFinished[]; readonly wire: Wire }> {
    const options = ['-i', lab.inventory, '-l', 'n1', '-o', 'json']
    const output = await run([process.execPath, '--import', 'tsx', main, 'run', playbook, ...options])
    const events = output
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Event)
    const last = events.at(-1)
    const wire = last?.event === 'run-finished' ? last.recap['n1']?.wire : undefined
    if (wire === undefined) throw new Error(`the run did not finish:\n${output}`)
    return { finished: events.filter((event) => event.event === 'host-finished'), wire }
  }

  function writeTasks(tasks: readonly object[]): string {
    const playbook = join(directory, 'tasks.yml')
    writeFileSync(playbook, stringify([{ hosts: 'all', gather_facts: false, tasks }]))
    return playbook
  }

  it.each([50, 200])('a converged run of %i tasks takes four after logging in', async (tasks) => {
    const playbook = mixed(tasks).write(join(directory, `${tasks}`))
    const first = await play(playbook)
    expect(first.finished).toHaveLength(tasks)
    const { finished, wire } = await play(playbook)
    expect(finished.map(({ outcome }) => outcome)).toEqual(Array.from({ length: tasks }, () => 'ok'))
    expect(wire).toMatchObject({ connects: 1, channels: 1 })
    expect(wire.roundTrips).toBeLessThanOrEqual(4)
  })

  it('a task that changes something takes at most two, a command one', async () => {
    const warm = { name: 'connect', command: 'true' }
    const tasks = Object.entries(changes).map(([name, module]) => ({ name, ...module }))
    const { finished } = await play(writeTasks([warm, ...tasks, { name: 'a command', command: 'true' }]))
    expect(finished.map(({ outcome }) => outcome)).toEqual(finished.map(() => 'changed'))
    const over = finished
      .slice(1)
      .map(({ roundTrips }, index) => ({ name: tasks[index]?.name ?? 'a command', roundTrips }))
      .filter(({ name, roundTrips }) => roundTrips > (name === 'a command' ? 1 : 2))
    expect(over).toEqual([])
  })

  it('a converged directory of 1,000 files takes as many as a single file', async () => {
    const source = join(directory, 'many')
    for (let index = 0; index < 1000; index += 1) {
      const folder = join(source, `folder ${index % 40}`)
      mkdirSync(folder, { recursive: true })
      writeFileSync(join(folder, `file-${index}`), `${index}\n`.repeat(index))
    }
    const playbook = writeTasks([
      { name: 'copy', copy: { src: `${source}/`, dest: '/srv/many', mode: 'preserve' } },
      { name: 'own', file: { path: '/srv/many', state: 'directory', recurse: true, owner: 'root', mode: 'u+rwX' } },
    ])
    const first = await play(playbook)
    expect(first.finished[0]?.outcome).toBe('changed')
    const { finished, wire } = await play(playbook)
    expect(finished.map(({ outcome }) => outcome)).toEqual(['ok', 'ok'])
    expect(wire.roundTrips).toBeLessThanOrEqual(6)
    // What is sent is names and questions, a few of each for a file.
    expect(wire.bytesSent).toBeLessThan(1_000_000)
  })

  it('leaves no process and no file that the playbook does not ask for', async () => {
    const node = lab.node('n1')
    const before = await node.sh(traces)
    await play(writeTasks(Object.values(changes)))
    await expect.poll(() => node.sh(traces), { timeout: 10_000 }).toBe(before)
  })
})
