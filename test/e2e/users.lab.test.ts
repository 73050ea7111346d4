import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { labAvailable } from '../lab/available.ts'
import type { Lab } from '../lab/lab.ts'
import type { LabNode } from '../lab/node.ts'
import { sharedLab } from '../lab/shared.ts'
import { drover, eventsOf, report, start, workplace, troubles } from './drover.ts'
import { belongings, leftOn } from './remains.ts'

/** Of the user `locked`, who needs it for sudo. It holds what shells, YAML and templates might take for theirs. */
const password = `pa'ss "wörd" $(id) \\n #1`

const identities = `
- hosts: n1
  gather_facts: false
  tasks:
    - name: Who logs in
      command: id -un
    - name: Root
      become: true
      command: id -un
    - name: Another one's file
      become: true
      become_user: noisy
      copy: { dest: /var/tmp/drover-of-noisy, content: "mine\\n" }
    - name: Whose shell is fish
      become: true
      become_user: fish
      shell: 'id -un; echo "$HOME"'
    - name: Who logs in, again
      command: sh -c 'id -un; pwd'
    - name: Root's file, seen by root
      become: true
      command: stat -c %U /var/tmp/drover-of-noisy
`

const work = workplace()
const rootPlaybook = (): string =>
  work.file('root.yml', '- hosts: n1\n  become: true\n  gather_facts: false\n  tasks: [command: id -un]\n')

describe.skipIf(!labAvailable)('users of a host', () => {
  let lab: Lab
  let node: LabNode
  let before: readonly string[]
  beforeAll(async () => {
    lab = sharedLab()
    node = lab.node('n1')
    await node.reset()
    await node.sh('chpasswd', { input: `locked:${password}\n` })
    before = await belongings(node)
  })
  afterAll(work.remove)

  const vars = (name: string, values: Readonly<Record<string, unknown>>): readonly string[] => [
    '-e',
    `@${work.file(name, JSON.stringify(values))}`,
  ]
  const as = (user: string, more: Readonly<Record<string, unknown>> = {}): readonly string[] => [
    '-i',
    lab.inventory,
    ...vars(`${user}.json`, { ansible_user: user, ...more }),
  ]

  it.each(['root', 'ops', 'noisy', 'fish', 'ash', 'locked'])(
    '%s logs in, and is others for some tasks',
    async (user) => {
      const playbook = work.file('identities.yml', identities)
      const more = user === 'locked' ? { ansible_become_password: password } : {}
      const ran = await report([playbook, ...as(user, more)])
      expect(troubles(ran)).toEqual([])
      const home = user === 'root' ? '/root' : `/home/${user}`
      const stdout = (task: string): unknown => ran.results.get(`${task} @ n1`)?.result?.['stdout']
      expect(stdout('Who logs in')).toBe(user)
      expect(stdout('Root')).toBe('root')
      expect(stdout('Whose shell is fish')).toBe('fish\n/home/fish')
      expect(stdout('Who logs in, again')).toBe(`${user}\n${home}`)
      expect(stdout("Root's file, seen by root")).toBe('noisy')
      expect(await leftOn(node, before, (path) => path === '/var/tmp/drover-of-noisy')).toEqual([])
    },
  )

  describe('who needs a password to become root', () => {
    it.each([
      ['no password', {}, /sudo asks for a password to become root.*-K.*ansible_become_password/],
      ['a wrong one', { ansible_become_password: 'not this one' }, /sudo did not take the password to become root/],
    ])('is told so with %s', async (_, more, message) => {
      const { status, stdout } = await drover(['run', rootPlaybook(), ...as('locked', more)])
      expect(stdout).toMatch(message)
      expect(stdout).not.toContain('not this one')
      expect(status).toBe(2)
      expect(await leftOn(node, before, (path) => path.startsWith('/var/tmp/drover'))).toEqual([])
    })

    it('gives it in the inventory too', async () => {
      const vault = { ansible_become_password: password, ansible_user: 'locked' }
      const inventory = work.file(
        'hosts.json',
        JSON.stringify({ all: { hosts: { n1: { ...vault, ansible_host: '127.0.0.1', ansible_port: node.port } } } }),
      )
      const args = ['--private-key', lab.key, '--ssh-common-args', `-o UserKnownHostsFile=${lab.knownHosts}`]
      expect((await drover(['run', rootPlaybook(), '-i', inventory, ...args])).status).toBe(0)
    })

    it('or becomes somebody by su', async () => {
      const su = work.file(
        'su.yml',
        '- { hosts: n1, become: true, become_method: su, become_user: locked, gather_facts: false, tasks: [command: id -un] }',
      )
      const right = await report([su, ...as('ops', { ansible_become_password: password })])
      expect([...right.results.values()][0]?.result?.['stdout']).toBe('locked')
      const wrong = await drover(['run', su, ...as('ops', { ansible_become_password: 'not this one' })])
      expect(wrong).toMatchObject({ status: 2, stdout: expect.stringContaining('su did not take the password') })
      const none = await drover(['run', su, ...as('ops')])
      expect(none).toMatchObject({ status: 2, stdout: expect.stringContaining('su asks for a password') })
    })
  })

  it.each(['lines', 'json'])('keeps a password out of its %s and out of the processes of the host', async (output) => {
    const playbook = work.file(
      'secret.yml',
      `
- hosts: n1
  gather_facts: false
  become: true
  tasks:
    - name: Said by a command
      shell: cat /run/drover-e2e-secret || true
    - name: Said by a template
      debug: { msg: "{{ ansible_become_password }}" }
    - name: Written to a file
      copy: { dest: /run/drover-e2e-copy, content: "password = {{ ansible_become_password }}\\n" }
    - name: A moment to look
      command: sh -c 'touch /run/drover-e2e-now; while [ -e /run/drover-e2e-now ]; do sleep 0.1; done'
`,
    )
    await node.sh('cat >/run/drover-e2e-secret', { input: `it is ${password}\n` })
    const run = start([
      'run',
      playbook,
      ...as('locked', { ansible_become_password: password }),
      '-vvv',
      '--diff',
      '-o',
      output,
    ])
    await node.sh('until [ -e /run/drover-e2e-now ]; do sleep 0.1; done', { timeout: 30_000 })
    const there = await node.sh(
      // First all, then the search: it would find itself.
      `read -r secret
      cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ >/run/drover-e2e-processes 2>/dev/null
      printf '%s\\n' "$secret" | grep -acF -f - /run/drover-e2e-processes || true`,
      {
        input: `${password}\n`,
      },
    )
    await node.sh('rm /run/drover-e2e-now')
    const ended = await run.ended
    expect(troubles(ended)).toEqual([])
    const { stdout, stderr } = ended
    expect(there).toBe('0\n')
    const said = output === 'json' ? JSON.stringify(eventsOf(stdout)) + stderr : stdout + stderr
    for (const form of [password, JSON.stringify(password).slice(1, -1), `pa'ss`]) expect(said).not.toContain(form)
    expect(said).toContain('********')
    expect(await node.sh('cat /run/drover-e2e-copy; rm /run/drover-e2e-*')).toBe(`password = ${password}\n`)
  })
})
