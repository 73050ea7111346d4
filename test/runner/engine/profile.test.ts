import { describe, expect, it } from 'vitest'
import type { RunOptions } from '../../../runner/engine/run.ts'
import type { Parts, RunProfiled, Spent } from '../../../runner/engine/events.ts'
import { play, type Played } from './harness.ts'

const sumOf = (parts: Parts): number => Object.values(parts).reduce((sum: number, part: number) => sum + part, 0)
/** Times are told to the microsecond: so many of them may be so far apart. */
const rounding = (count: number): number => count * 1e-6

const profileOf = ({ events }: Played): RunProfiled => {
  const last = events.at(-1)
  if (last?.event !== 'run-profiled') throw new Error(`the last event is ${last?.event}`)
  return last
}

/** Playbooks in which time goes different ways. */
const playbooks: Readonly<
  Record<string, { readonly text: string; readonly inventory?: string; readonly options?: Partial<RunOptions> }>
> = {
  'loops whose turns overlap, and loops whose turns do not': {
    text: `- hosts: all
  gather_facts: false
  tasks:
    - { name: together, copy: { dest: "{{ here }}/{{ inventory_hostname }}{{ item }}", content: x }, loop: [1, 2, 3] }
    - { name: apart, command: "true", loop: [1, 2] }
    - { name: again and again, command: "false", retries: 2, delay: 0, register: x, until: x is success, ignore_errors: true }
    - { name: pause, pause: { seconds: 0.05 } }`,
  },
  'handlers, includes, blocks and failures': {
    text: `- hosts: all
  gather_facts: false
  tasks:
    - { name: notes, command: "true", notify: told }
    - { include_tasks: inner.yml, loop: [1, 2] }
    - block: [{ name: fails, fail: {}, when: inventory_hostname == 'a' }]
      rescue: [{ name: rescues, command: "true" }]
    - { name: once, command: "true", run_once: true }
    - { name: elsewhere, command: "true", delegate_to: c }
  handlers: [{ name: told, debug: { msg: told } }]`,
  },
  'hosts that cannot be reached': {
    text: `- hosts: all
  gather_facts: false
  tasks: [{ name: one, command: "true" }, { name: two, command: "true" }]`,
    inventory: 'a\nb ansible_connection=ssh ansible_host=127.0.0.1 ansible_port=1\nc\n',
  },
  'hosts at their own pace': {
    text: `- hosts: all
  gather_facts: false
  strategy: free
  tasks: [{ name: one, command: "true" }, { name: two, file: { path: "{{ here }}/d", state: directory } }]`,
  },
}

const settings: Readonly<Record<string, Partial<RunOptions>>> = {
  'as it is': {},
  'one host at a time': { forks: 1 },
  'a check': { check: true },
}

describe.each(Object.entries(playbooks))('the profile of a run with %s', (_name, { text, inventory }) => {
  it.each(Object.entries(settings))('%s: lists every task and host, and its parts add up', async (_how, options) => {
    const played = await play({
      playbook: text,
      ...(inventory === undefined ? {} : { inventory }),
      files: { 'inner.yml': '- { name: inner, command: "true" }\n' },
      options: { ...options, profile: true },
    })
    const profile = profileOf(played)
    const started = played.events.filter((event) => event.event === 'task-started')
    expect(started.length).toBeGreaterThan(1)
    expect(profile.tasks.map(({ task, name, at, hosts }) => ({ task, name, at, hosts: Object.keys(hosts) }))).toEqual(
      started.map(({ task, name, at, hosts }) => ({ task, name, at, hosts })),
    )
    expect(Object.keys(profile.hosts).toSorted()).toEqual(Object.keys(played.recap).toSorted())
    const consistent = ({ elapsed, parts }: Spent): boolean =>
      Object.values(parts).every((part: number) => part >= 0) && Math.abs(sumOf(parts) - elapsed) <= rounding(7)
    for (const task of profile.tasks) {
      const own = Object.values(task.hosts)
      expect(own.filter((spent) => !consistent(spent))).toEqual([])
      expect(own.filter(({ elapsed }) => elapsed > task.elapsed + rounding(2))).toEqual([])
      expect(sumOf(task.parts)).toBeCloseTo(
        own.reduce((sum, { parts }) => sum + sumOf(parts), 0),
        4,
      )
    }
    for (const [host, spent] of Object.entries(profile.hosts)) {
      const own = profile.tasks.flatMap(({ hosts }) => hosts[host] ?? [])
      expect(spent.elapsed).toBeCloseTo(
        own.reduce((sum, { elapsed }) => sum + elapsed, 0),
        4,
      )
      // A host has one task at a time.
      expect(spent.elapsed).toBeLessThanOrEqual(profile.elapsed + rounding(own.length))
      expect(sumOf(spent.parts)).toBeLessThanOrEqual(spent.elapsed + rounding(7))
    }
    expect(sumOf(profile.parts)).toBeCloseTo(
      Object.values(profile.hosts).reduce((sum, { elapsed }) => sum + elapsed, 0),
      4,
    )
    expect(profile.computing).toBeLessThanOrEqual(profile.elapsed)
  })
})

it('knows the parts from each other', async () => {
  const played = await play({
    playbook: `- hosts: a
  gather_facts: false
  tasks:
    - { name: reads and performs, copy: { dest: "{{ here }}/x", content: x } }
    - { name: knows, copy: { dest: "{{ here }}/x", content: x } }
    - { name: performs, command: "true" }
    - { name: waits, pause: { seconds: 0.01 } }
    - { name: shows, debug: { msg: "{{ here }}" } }
`,
    options: { profile: true },
  })
  const spent = Object.fromEntries(
    profileOf(played).tasks.map(({ name, parts }) => [
      name,
      Object.entries(parts)
        .filter(([part, seconds]) => seconds > 0 && part !== 'wait' && part !== 'plan' && part !== 'render')
        .map(([part]) => part),
    ]),
  )
  expect(spent).toEqual({
    'reads and performs': ['connect', 'read', 'perform'],
    // What it has read is what it has performed.
    knows: expect.not.arrayContaining(['perform', 'connect']) as unknown,
    performs: expect.arrayContaining(['perform']) as unknown,
    waits: [],
    shows: [],
  })
  const parts = (name: string): Parts | undefined => profileOf(played).tasks.find((task) => task.name === name)?.parts
  expect(parts('waits')?.wait).toBeGreaterThan(0)
  expect(parts('shows')?.render).toBeGreaterThan(0)
  expect(parts('knows')?.plan).toBeGreaterThan(0)
})

it('is not made unless it is asked for', async () => {
  const played = await play({ playbook: '- { hosts: a, gather_facts: false, tasks: [{ command: "true" }] }' })
  expect(played.events.at(-1)?.event).toBe('run-finished')
})
