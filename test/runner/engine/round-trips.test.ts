import { describe, expect, test } from 'vitest'
import { stat } from '../../../modules/facts/stat.ts'
import type { Module } from '../../../modules/module.ts'
import { connect } from '../../../runner/transport/connect.ts'
import { ConnectionError } from '../../../runner/transport/transport.ts'
import { play, type Played, scratch } from './harness.ts'

/** A directory and, in it, an ini file, by turns. */
const tasksOf = (count: number): string =>
  Array.from({ length: count }, (_, index) =>
    index % 2 === 0
      ? `    - file: { path: "{{ here }}/d${index}", state: directory, mode: "0755" }`
      : `    - ini_set: { path: "{{ here }}/d${index - 1}/x.ini", section: s, option: o${index}, value: "${index}", create: true }`,
  ).join('\n')
const playbook = (count: number): string => `- hosts: a\n  gather_facts: false\n  tasks:\n${tasksOf(count)}\n`

/** Round trips but those that opening a line, a channel and its shell takes. */
const trips = ({ recap }: Played): number => {
  const wire = recap['a']?.wire
  if (wire === undefined) throw new Error('no host a')
  return wire.requests
}

describe.each([50, 200])('%i tasks', (count) => {
  test('cost a few round trips when there is nothing to do, two each when they change something', async () => {
    const directory = scratch()
    const first = await play({ playbook: playbook(count), directory })
    expect(first.recap['a']).toMatchObject({ changed: count, failed: 0 })
    for (const { hosts } of first.tasks)
      expect(hosts['a']?.roundTrips).toBeLessThanOrEqual(first.tasks[0]?.hosts['a'] === hosts['a'] ? 4 : 2)
    const second = await play({ playbook: playbook(count), directory })
    expect(second.recap['a']).toMatchObject({ changed: 0, ok: count, failed: 0 })
    expect(trips(second)).toBeLessThanOrEqual(4)
    const apart = await play({ playbook: playbook(count), directory, options: { readAhead: false } })
    expect(trips(apart)).toBeGreaterThanOrEqual(count / 2)
  })
})

test('a command costs one round trip, also where it only looks between others', async () => {
  const directory = scratch()
  const text = `- hosts: a
  gather_facts: false
  tasks:
    - file: { path: "{{ here }}/d", state: directory }
    - { name: one, command: echo 1 }
    - { name: two, command: echo 2 }
    - { name: look, command: echo 3, changed_when: false }
    - { name: after, file: { path: "{{ here }}/d", state: directory } }
    - { name: look again, command: echo 4, changed_when: false }
    - { name: still known, file: { path: "{{ here }}/d", state: directory } }
`
  const played = await play({ playbook: text, directory })
  expect(['one', 'two', 'look', 'look again'].map((name) => played.of(name).roundTrips)).toEqual([1, 1, 1, 1])
  expect(played.of('after').roundTrips).toBe(1)
  expect(played.of('still known').roundTrips).toBe(0)
})

describe('a crowd of hosts', () => {
  const names = Array.from({ length: 70 }, (_, index) => `h${index}`)
  const text = `- hosts: all
  gather_facts: false
  tasks:
${tasksOf(6)}
`
  test('is read ahead as well: one request each where there is nothing to do', async () => {
    const directory = scratch()
    await play({ playbook: text, directory, inventory: 'h0\n' })
    const played = await play({ playbook: text, directory, inventory: names.join('\n'), options: { forks: 70 } })
    for (const name of names) {
      expect(played.recap[name]).toMatchObject({ ok: 6, changed: 0, failed: 0 })
      expect(played.recap[name]?.wire.requests).toBe(1)
    }
  })

  test.each([
    ['one host', 1, 1],
    ['each of a crowd', 70, 0],
  ])(
    'what comes is prepared for %s while it is called only where nobody waits for a turn',
    async (_, count, prepared) => {
      let observed = 0
      const look: Module = {
        name: 'look',
        summary: 'Looks at a file.',
        args: { type: 'object', properties: {} },
        examples: [],
        observe: (host) => {
          observed++
          return host.get(stat('/etc/passwd'))
        },
        plan: () => ({ kind: 'proposal', steps: [], result: {}, warnings: [] }),
      }
      const atCall: number[] = []
      const played = await play({
        playbook: `- hosts: all\n  gather_facts: false\n  tasks:\n    - file: { path: "{{ here }}", state: directory }\n    - look:\n`,
        inventory: names.slice(0, count).join('\n'),
        options: { forks: count },
        modules: [look],
        dependencies: {
          connect: async (endpoint) => {
            await new Promise(setImmediate)
            atCall.push(observed)
            return connect(endpoint)
          },
        },
      })
      expect(Math.min(...atCall)).toBe(prepared)
      for (const name of names.slice(0, count))
        expect(played.recap[name]).toMatchObject({ ok: 2, wire: { requests: 1 } })
    },
  )

  test('is called once each, also where nobody answers', async () => {
    const calls = new Map<string, number>()
    const played = await play({
      playbook: text.replace('gather_facts: false', 'gather_facts: false\n  connection: ssh'),
      inventory: names.map((name) => `${name} ansible_host=${name}`).join('\n'),
      options: { forks: 70 },
      dependencies: {
        connect: async (endpoint) => {
          const name = endpoint.kind === 'ssh' ? endpoint.host : ''
          calls.set(name, (calls.get(name) ?? 0) + 1)
          if (name.endsWith('3')) throw new ConnectionError('timeout', `${name} did not answer`)
          return connect({ kind: 'local' })
        },
      },
    })
    expect(calls).toEqual(new Map(names.map((name) => [name, 1])))
    for (const name of names)
      expect(played.recap[name]).toMatchObject(
        name.endsWith('3') ? { unreachable: 1, failed: 0, ok: 0 } : { unreachable: 0, failed: 0 },
      )
  })
})
