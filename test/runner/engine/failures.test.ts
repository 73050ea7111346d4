import { describe, expect, test } from 'vitest'
import type { Module } from '../../../modules/module.ts'
import type { Connection, Shell } from '../../../runner/transport/transport.ts'
import { BecomeError, ConnectionError } from '../../../runner/transport/transport.ts'
import { connect } from '../../../runner/transport/connect.ts'
import type { Connect } from '../../../runner/host/line.ts'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { play, scratch } from './harness.ts'

/** Connections to this machine, of which the one that carries the request is lost: the `at`-th one, or the first that holds the text. */
function cutting(
  at: number | string,
  when: 'before' | 'after',
): { readonly connect: Connect; readonly requests: () => number } {
  let requests = 0
  let done = false
  const connecting: Connect = async (endpoint) => {
    const real = await connect(endpoint)
    let lost = false
    const shellOf = (shell: Shell): Shell => ({
      async request(script, options) {
        if (lost) throw new ConnectionError('lost', 'the connection was lost')
        const number = ++requests
        const hit = !done && (number === at || (typeof at === 'string' && script.includes(at)))
        done ||= hit
        const reply = hit && when === 'before' ? undefined : await shell.request(script, options)
        if (!hit && reply !== undefined) return reply
        lost = true
        throw new ConnectionError('lost', 'the connection was lost')
      },
    })
    const wrapped: Connection = {
      shell: async (identity) => {
        if (lost) throw new ConnectionError('lost', 'the connection was lost')
        return shellOf(await real.shell(identity))
      },
      dial: (address) => real.dial(address),
      get meter() {
        return real.meter
      },
      close: () => real.close(),
    }
    return wrapped
  }
  return { connect: connecting, requests: () => requests }
}

const steady = `- hosts: a
  gather_facts: false
  tasks:
    - file: { path: "{{ here }}/d", state: directory }
    - ini_set: { path: "{{ here }}/d/x.ini", section: s, option: o, value: "1", create: true }
    - file: { path: "{{ here }}/d/l", src: x.ini, state: link }
    - ini_set: { path: "{{ here }}/d/x.ini", section: s, option: p, value: "2" }
`

describe('a connection that is lost', () => {
  test.each(['before', 'after'] as const)(
    '%s any request was carried out: the run connects again and converges',
    async (when) => {
      const whole = cutting(0, when)
      await play({ playbook: steady, dependencies: { connect: whole.connect } })
      expect(whole.requests()).toBeGreaterThan(3)
      for (let at = 1; at <= whole.requests(); at++) {
        const directory = scratch()
        const cut = cutting(at, when)
        const played = await play({ playbook: steady, directory, dependencies: { connect: cut.connect } })
        expect(played.summary, `request ${at}`).toEqual([
          'file: a=changed',
          'ini_set: a=changed',
          'file: a=changed',
          'ini_set: a=changed',
        ])
        expect(readFileSync(join(directory, 'd/x.ini'), 'utf8')).toBe('[s]\no = 1\np = 2\n')
        expect(played.exitStatus).toBe(0)
      }
    },
  )

  test('under a command: it is not repeated, and the host is given up with what was done', async () => {
    const directory = scratch()
    const playbook = `- hosts: all
  gather_facts: false
  tasks:
    - file: { path: "{{ here }}/{{ inventory_hostname }}", state: directory }
    - { name: count, shell: "echo x >> {{ here }}/{{ inventory_hostname }}/count" }
    - debug: { msg: further }
`
    const cut = cutting('/count', 'after')
    const played = await play({
      playbook,
      directory,
      inventory: 'a\nb\n',
      dependencies: { connect: cut.connect },
      options: { forks: 1 },
    })
    expect(played.of('count').outcome).toBe('unreachable')
    expect(played.of('count').message).toMatch(/whether it was carried out is not known/)
    expect(readFileSync(join(directory, 'a/count'), 'utf8')).toBe('x\n')
    expect(played.recap['a']?.done).toEqual([`${directory}/a (create)`])
    expect(played.recap['b']).toMatchObject({ ok: 3, unreachable: 0 })
    expect(played.said('b')).toEqual(['further'])
    expect(played.exitStatus).toBe(4)
  })

  test('for good: unreachable, with what was done until then', async () => {
    let connections = 0
    const directory = scratch()
    const cut = cutting('\nfinish ', 'before')
    const played = await play({
      playbook: steady,
      directory,
      dependencies: {
        connect: (endpoint) => {
          if (connections++ === 0) return cut.connect(endpoint)
          throw new ConnectionError('refused', 'nobody listens there')
        },
      },
    })
    expect(played.summary).toEqual(['file: a=changed', 'ini_set: a=unreachable'])
    expect(played.of('ini_set').message).toBe('nobody listens there')
    expect(played.recap['a']?.done).toEqual([`${directory}/d (create)`])
    expect(played.exitStatus).toBe(4)
  })
})

const refusing: Connect = (endpoint) =>
  endpoint.kind === 'ssh' ? Promise.reject(new ConnectionError('refused', 'refused')) : connect(endpoint)

test('a host that refuses is unreachable; the others go on, and so does one that ignores it', async () => {
  const inventory = 'a ansible_connection=ssh\nb\nc ansible_connection=ssh lenient=true\n'
  const playbook = `- hosts: all
  gather_facts: false
  tasks:
    - { name: touch, file: { path: "{{ here }}", state: directory }, ignore_unreachable: "{{ lenient | default(false) }}" }
    - debug: { msg: further }
`
  const played = await play({ playbook, inventory, dependencies: { connect: refusing } })
  expect(played.summary).toEqual(['touch: a=unreachable b=ok c=unreachable(ignored)', 'debug: b=ok c=ok'])
  expect(played.recap['a']).toMatchObject({ unreachable: 1, done: [] })
  expect(played.exitStatus).toBe(4)
})

test('a user who cannot be become fails the task', async () => {
  const played = await play({
    playbook:
      '- hosts: a\n  gather_facts: false\n  tasks:\n    - { name: x, file: { path: /tmp, state: directory }, ignore_errors: true }\n',
    dependencies: {
      connect: async (endpoint) => {
        const real = await connect(endpoint)
        return {
          shell: () => Promise.reject(new BecomeError('sudo: wrong password')),
          dial: (address) => real.dial(address),
          meter: real.meter,
          close: () => real.close(),
        }
      },
    },
  })
  expect(played.of('x')).toMatchObject({ outcome: 'failed', ignored: true, message: 'sudo: wrong password' })
})

const buggy: Module = {
  name: 'buggy',
  summary: 'Has a bug.',
  args: { type: 'object', properties: {} },
  examples: [],
  observe: () => Promise.resolve(null),
  plan: () => {
    throw new TypeError('nothing is not a function')
  },
}

test('a bug in a module fails its task and nothing else, and can be rescued', async () => {
  const playbook = `- hosts: all
  gather_facts: false
  tasks:
    - { name: x, buggy: {}, when: inventory_hostname != 'b' }
    - debug: { msg: further }
`
  const played = await play({ playbook, modules: [buggy] })
  expect(played.summary).toEqual(['x: a=failed b=skipped c=failed', 'debug: b=ok'])
  expect(played.of('x').message).toMatch(
    /this is a bug in drover or its module buggy: nothing is not a function \(set DROVER_DEBUG=1/,
  )
  expect(played.exitStatus).toBe(2)
})

describe('keywords that cannot be evaluated', () => {
  test.each(['run_once', 'throttle'])('%s fails the task on all its hosts, with the place', async (keyword) => {
    const playbook = `- hosts: all\n  gather_facts: false\n  tasks:\n    - name: x\n      debug: { msg: y }\n      ${keyword}: "{{ nowhere }}"\n    - debug: { msg: further }\n`
    const played = await play({ playbook })
    expect(played.summary).toEqual(['x: a=failed b=failed c=failed'])
    expect(played.of('x').message).toMatch(/nowhere.*playbook\.yml:6:/)
    expect(played.exitStatus).toBe(2)
  })

  test('serial ends the run with the place, after the recap', async () => {
    const playbook =
      '- hosts: all\n  gather_facts: false\n  tasks:\n    - debug: { msg: y }\n- hosts: all\n  gather_facts: false\n  serial: "{{ nowhere }}"\n  tasks: []\n'
    const seen: string[] = []
    await expect(play({ playbook, watch: (event) => seen.push(event.event) })).rejects.toMatchObject({
      message: expect.stringContaining('nowhere') as string,
      at: { line: 7 },
    })
    expect(seen.at(-1)).toBe('run-finished')
  })

  test.each(['ignore_errors', 'become', 'environment', 'timeout', 'check_mode', 'delegate_to'])(
    '%s fails no other host',
    async (keyword) => {
      const playbook = `- hosts: all\n  gather_facts: false\n  tasks:\n    - name: x\n      file: { path: "{{ here }}/{{ inventory_hostname }}" }\n      ${keyword}: "{{ nowhere }}"\n      when: inventory_hostname == 'a'\n    - debug: { msg: further }\n`
      const played = await play({ playbook })
      expect(played.said('b')).toEqual(['further'])
      expect(played.of('x').outcome).toBe('failed')
    },
  )

  test('a play of an unknown name keeps it as written', async () => {
    const played = await play({
      playbook: '- hosts: a\n  name: "p {{ nowhere }}"\n  gather_facts: false\n  tasks: []\n',
    })
    expect(played.events.find((event) => event.event === 'play-started')).toMatchObject({ name: 'p {{ nowhere }}' })
  })
})

describe('an interrupted run', () => {
  test('starts nothing new, finishes what runs, and says 99', async () => {
    const stop = new AbortController()
    const playbook = `- hosts: all
  gather_facts: false
  tasks:
    - { name: first, shell: "echo done > {{ here }}/{{ inventory_hostname }}" }
    - debug: { msg: further }
- hosts: all
  gather_facts: false
  tasks: [{ debug: { msg: next } }]
`
    const directory = scratch()
    const played = await play({
      playbook,
      directory,
      options: { forks: 1 },
      dependencies: { interruption: { stop: stop.signal, abort: new AbortController().signal } },
      watch: (event) => {
        if (event.event === 'host-started') stop.abort()
      },
    })
    expect(played.summary).toEqual(['first: a=changed'])
    expect(existsSync(join(directory, 'a'))).toBe(true)
    expect(existsSync(join(directory, 'b'))).toBe(false)
    expect(played.exitStatus).toBe(99)
    expect(played.recap['a']?.done).toHaveLength(1)
    expect(played.events.at(-1)).toMatchObject({ event: 'run-finished', interrupted: true })
  })

  test('ends what runs when it is asked again', async () => {
    const [stop, abort] = [new AbortController(), new AbortController()]
    const playbook = `- hosts: a\n  gather_facts: false\n  tasks:\n    - { name: long, shell: "echo begun > {{ here }}/begun; sleep 1000" }\n`
    const directory = scratch()
    const running = play({
      playbook,
      directory,
      dependencies: { interruption: { stop: stop.signal, abort: abort.signal } },
    })
    await expect.poll(() => existsSync(join(directory, 'begun')), { timeout: 10_000 }).toBe(true)
    stop.abort()
    abort.abort()
    const played = await running
    expect(played.of('long')).toMatchObject({ outcome: 'failed' })
    expect(played.of('long').message).toMatch(/interrupted/)
    expect(played.exitStatus).toBe(99)
  })
})

test('the timeout keyword ends a command', async () => {
  const played = await play({
    playbook: '- hosts: a\n  gather_facts: false\n  timeout: 1\n  tasks:\n    - { name: long, command: sleep 1000 }\n',
  })
  expect(played.of('long')).toMatchObject({ outcome: 'failed' })
  expect(played.of('long').message).toMatch(/longer than allowed/)
})

test('a refusing line is asked once for each task that needs it', async () => {
  const played = await play({
    playbook: '- hosts: a\n  gather_facts: false\n  tasks:\n    - { name: x, command: "true" }\n',
    dependencies: { connect: () => Promise.reject(new ConnectionError('authentication', 'no key is accepted')) },
  })
  expect(played.of('x')).toMatchObject({ outcome: 'unreachable', message: 'no key is accepted' })
})
