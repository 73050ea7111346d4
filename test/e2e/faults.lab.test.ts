import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { labAvailable } from '../lab/available.ts'
import type { Lab } from '../lab/lab.ts'
import type { LabNode } from '../lab/node.ts'
import { sharedLab } from '../lab/shared.ts'
import { drover, readReport, report, start, workplace, type Report, troubles } from './drover.ts'
import { belongings, leftOn } from './remains.ts'

/** Goes on when the test removes the file it makes. */
const gate = '/run/e2e-gate'
const waiting = `sh -c 'touch ${gate}; while [ -e ${gate} ]; do sleep 0.1; done'`

const steps = `
- hosts: galera
  gather_facts: false
  tasks:
    - name: First
      file: { path: /run/e2e-first, state: directory }
    - name: Long
      command: ${waiting}
    - name: Last
      file: { path: /run/e2e-last, state: directory }
`

const gateIsReached = (node: LabNode): Promise<string> =>
  node.sh(`until [ -e ${gate} ]; do sleep 0.05; done`, { timeout: 30_000 })
const open = (...which: readonly LabNode[]): Promise<unknown> => Promise.all(which.map((node) => node.sh(`rm ${gate}`)))

/** The inventory's variables, with others over them. */
const over = (values: Readonly<Record<string, unknown>>): readonly string[] => ['-e', JSON.stringify(values)]

describe.skipIf(!labAvailable)('faults', () => {
  let lab: Lab
  let nodes: readonly LabNode[]
  let before: ReadonlyMap<LabNode, readonly string[]>
  const work = workplace()
  beforeAll(async () => {
    lab = sharedLab()
    nodes = ['n1', 'n2', 'n3'].map((name) => lab.node(name))
    await Promise.all(nodes.map((node) => node.reset()))
    before = new Map(await Promise.all(nodes.map(async (node) => [node, await belongings(node)] as const)))
  })
  afterAll(work.remove)

  /** Connections that notice within three seconds that nobody answers. */
  const impatient = (): readonly string[] => [
    '--timeout',
    '3',
    ...over({
      ansible_ssh_common_args: `-o UserKnownHostsFile=${lab.knownHosts} -o ServerAliveInterval=1 -o ServerAliveCountMax=3`,
    }),
  ]
  const clean = async (...which: readonly LabNode[]): Promise<void> => {
    await Promise.all(
      (which.length > 0 ? which : nodes).map(async (node) => {
        await node.sh('rm -rf /run/e2e-*')
        expect(await leftOn(node, before.get(node) ?? [])).toEqual([])
      }),
    )
  }
  const play = (name: string, text: string): string => work.file(name, text)
  describe('of the network', () => {
    it('give up a host that is not there, and go on with the others', async () => {
      const [n1, n2, n3] = nodes as [LabNode, LabNode, LabNode]
      await n2.cut()
      try {
        const run = start(['run', play('steps.yml', steps), '-i', lab.inventory, ...impatient(), '-o', 'json'])
        await Promise.all([gateIsReached(n1), gateIsReached(n3)])
        await open(n1, n3)
        const { status, recap, results } = readReport(await run.ended)
        expect(status).toBe(4)
        expect(recap).toMatchObject({
          n1: { ok: 3, changed: 3 },
          n2: { ok: 0, unreachable: 1 },
          n3: { ok: 3, changed: 3 },
        })
        expect(results.get('First @ n2')?.message).toMatch(/did not answer within 3 s/)
      } finally {
        await n2.plug()
      }
      await clean()
    })

    it.each([
      ['unplugged', (node: LabNode) => node.cut(), (node: LabNode) => node.plug()],
      ['without power', (node: LabNode) => node.powerCut(), (node: LabNode) => node.boot()],
    ])('lose a host that is suddenly %s, and say what was done on it', async (_, strike, mend) => {
      const [n1, n2, n3] = nodes as [LabNode, LabNode, LabNode]
      const run = start(['run', play('steps.yml', steps), '-i', lab.inventory, ...impatient(), '-o', 'lines'])
      await Promise.all(nodes.map(gateIsReached))
      await strike(n2)
      try {
        await run.says('unreachable: n2')
        await open(n1, n3)
        const { status, stdout } = await run.ended
        expect(status).toBe(4)
        expect(stdout).toMatch(
          /unreachable: n2 .*the connection to .* was lost: .*whether it was carried out is not known/,
        )
        expect(stdout).toMatch(/n1 : ok=3 changed=3 unreachable=0/)
        expect(stdout).toMatch(/n2 : ok=1 changed=1 unreachable=1/)
        expect(stdout).toMatch(/Done on n2 before it became unreachable:\n {4}\/run\/e2e-first/)
      } finally {
        await mend(n2)
      }
      await n2.ssh(`rm -f ${gate}`)
      await clean()
    })

    it('are told apart: nobody listens, a changed key, an unknown key', async () => {
      const ping = play('ping.yml', '- { hosts: n1, gather_facts: false, tasks: [command: "true"] }')
      const refused = await drover(['run', ping, '-i', lab.inventory, ...over({ ansible_port: await freePort() })])
      expect(refused).toMatchObject({ status: 4, stdout: expect.stringMatching(/refuses connections/) })

      const lines = readFileSync(lab.knownHosts, 'utf8').split('\n')
      const [own = '', other = ''] = lines
      const wrong = work.file('changed', `${own.split(' ')[0]} ${other.split(' ').slice(1).join(' ')}\n`)
      const known = (file: string, more = ''): readonly string[] =>
        over({ ansible_ssh_common_args: `-o UserKnownHostsFile=${file} ${more}` })
      const changed = await drover(['run', ping, '-i', lab.inventory, ...known(wrong)])
      expect(changed.status).toBe(4)
      expect(changed.stdout).toMatch(/host key of 127\.0\.0\.1 has changed/)
      const fix = /ssh-keygen -f \S+ -R '?\[127\.0\.0\.1\]:\d+'?/.exec(changed.stdout)?.[0]
      expect(fix).toBeDefined()

      // What the message says to do is what helps.
      execFileSync('sh', ['-c', fix ?? 'false'], { stdio: 'ignore' })
      const unknown = await drover(['run', ping, '-i', lab.inventory, ...known(wrong)])
      expect(unknown).toMatchObject({
        status: 4,
        stdout: expect.stringMatching(/host key of 127\.0\.0\.1 is not known/),
      })
      const taken = await drover([
        'run',
        ping,
        '-i',
        lab.inventory,
        ...known(wrong, '-o StrictHostKeyChecking=accept-new'),
      ])
      expect(troubles(taken)).toEqual([])
      expect(readFileSync(wrong, 'utf8')).toContain(own.split(' ')[2])
      expect((await drover(['run', ping, '-i', lab.inventory, ...known(wrong)])).status).toBe(0)
      await clean()
    })
  })

  describe('of the host', () => {
    let done: Report
    beforeAll(async () => {
      const node = lab.node('n3')
      await node.sh(
        'mkdir /run/e2e-small /run/e2e-ro; mount -t tmpfs -o size=64k tmpfs /run/e2e-small; mount -t tmpfs -o ro tmpfs /run/e2e-ro; mount -t tmpfs -o noexec,nosuid tmpfs /tmp',
      )
      const playbook = play(
        'host.yml',
        `
- hosts: n3
  gather_facts: false
  ignore_errors: true
  tasks:
    - name: Full
      copy: { dest: /run/e2e-small/big, content: "{{ 'x' * 200000 }}" }
    - name: After full
      command: ls -A /run/e2e-small
    - name: Read-only file
      copy: { dest: /run/e2e-ro/file, content: x }
    - name: Read-only option
      ini_set: { path: /run/e2e-ro/file, section: a, option: b, value: c }
    - name: Read-only directory
      file: { path: /run/e2e-ro/directory, state: directory }
    - name: No execution in tmp
      copy: { dest: /tmp/file, content: "text\\n" }
    - name: Binary output
      shell: printf '\\377\\376\\000\\001 text'
    - name: Very much output
      command: head -c 100000000 /dev/zero
    - name: After it
      command: echo "still here"
    - ignore_errors: false
      block:
        - name: Ever more output
          command: yes and so on
          timeout: 60
      rescue:
        - name: Rescued from output
          command: echo rescued
    - ignore_errors: false
      block:
        - name: Endless
          shell: sleep 5001 & while :; do echo line; sleep 0.1; done
          timeout: 2
      rescue:
        - name: Rescued from waiting
          command: echo rescued
`,
      )
      done = await report([playbook, '-i', lab.inventory])
      await node.sh('umount /run/e2e-small /run/e2e-ro /tmp')
    })
    const result = (task: string) => done.results.get(`${task} @ n3`)

    it('are told with their reason, and leave nothing half-done', async () => {
      expect(troubles(done)).toEqual([])
      expect(result('Full')?.message).toMatch(/cannot write \/run\/e2e-small\/big: [^]*(No space left|disk full)/)
      expect(result('After full')?.result?.['stdout']).toBe('')
      for (const task of ['Read-only file', 'Read-only option', 'Read-only directory'])
        expect(result(task)).toMatchObject({
          outcome: 'failed',
          message: expect.stringMatching(/Read-only file system/),
        })
      expect(result('No execution in tmp')?.outcome).toBe('changed')
    })

    it('do not include output, whatever it is', async () => {
      expect(result('Binary output')?.result?.['stdout']).toBe('\ufffd\ufffd\0\u0001 text')
      // As text, each of these bytes takes six: more than any JSON text can hold.
      expect(result('Very much output')).toMatchObject({
        outcome: 'changed',
        result: null,
        warnings: [expect.stringMatching(/too long to be told/)],
      })
      expect(result('After it')?.result?.['stdout']).toBe('still here')
    })

    it('end what does not end, and go on', async () => {
      expect(result('Ever more output')?.message).toMatch(/printed more than can be kept/)
      expect(result('Rescued from output')?.outcome).toBe('changed')
      expect(result('Endless')?.message).toMatch(/took longer than allowed and was ended/)
      expect(result('Rescued from waiting')?.outcome).toBe('changed')
      await clean(lab.node('n3'))
    })
  })

  it('are not found in the names of files', async () => {
    const names = [
      'two  words', ' edges ', "it's", '"quoted"', '$(touch pwned)', '`touch pwned`', '$HOME', 'new\nline', 'tab\tbed',
      'ünï ✓', '-rf', '--help', 'back\\slash\\n', '*', 'a;b & c | d > e', '#hash', '~', '%s %n', '!x', '\u0001bell',
    ] // prettier-ignore
    play('name.j2', 'for {{ item }}\n')
    const playbook = play(
      'names.yml',
      `
- hosts: n1
  gather_facts: false
  vars: { dir: /run/e2e-names }
  tasks:
    - name: Directories
      file: { path: "{{ dir }}/{{ item }}/in", state: directory }
      loop: "{{ names }}"
    - name: Copies
      copy: { dest: "{{ dir }}/{{ item }}/copy {{ item }}", content: "{{ item }}" }
      loop: "{{ names }}"
    - name: Templates
      template: { src: name.j2, dest: "{{ dir }}/{{ item }}/template {{ item }}", mode: "0600" }
      loop: "{{ names }}"
    - name: Options
      ini_set: { path: "{{ dir }}/{{ item }}/ini {{ item }}", section: a, option: b, value: "{{ item | replace('\\n', ' ') }}" }
      loop: "{{ names }}"
    - name: Links
      file: { path: "{{ dir }}/{{ item }}/link", src: "copy {{ item }}", state: link }
      loop: "{{ names }}"
    - name: Read by a program
      command: { argv: [cat, "{{ dir }}/{{ item }}/link"] }
      loop: "{{ names }}"
      changed_when: false
      register: contents
    - name: As it was written
      assert: { that: "contents.results | map(attribute='stdout') | list == names | map('trim', '\\n') | list" }
      when: not ansible_check_mode
`,
    )
    const node = lab.node('n1')
    const args = [playbook, '-i', lab.inventory, ...over({ names })]
    const predicted = await report([...args, '--check'])
    const done = await report(args)
    expect(troubles(done)).toEqual([])
    for (const task of ['Directories', 'Copies', 'Templates', 'Options', 'Links'])
      expect(done.results.get(`${task} @ n1`)?.changes).toEqual(predicted.results.get(`${task} @ n1`)?.changes)
    const found = (await node.sh("cd /run/e2e-names && find . -mindepth 2 -printf '%P\\0'")).split('\0').toSorted()
    const wanted = names.flatMap((name) =>
      ['in', 'link', ...['copy', 'template', 'ini'].map((kind) => `${kind} ${name}`)].map((file) => `${name}/${file}`),
    )
    expect(found).toEqual(['', ...wanted].toSorted())
    expect((await report(args)).recap['n1']).toMatchObject({ changed: 0, failed: 0 })

    const gone = play(
      'gone.yml',
      '- { hosts: n1, gather_facts: false, tasks: [{ file: { path: "/run/e2e-names/{{ item }}", state: absent }, loop: "{{ names }}" }] }',
    )
    expect((await report([gone, '-i', lab.inventory, ...over({ names })])).status).toBe(0)
    expect(await node.sh('ls -A /run/e2e-names')).toBe('')
    await clean(node)
  })

  describe('of the user, who presses Ctrl-C', () => {
    it('let what runs finish, and start nothing new', async () => {
      const run = start(['run', play('steps.yml', steps), '-i', lab.inventory, '-l', 'n1,n2'])
      const some = nodes.slice(0, 2)
      await Promise.all(some.map(gateIsReached))
      run.signal('SIGINT')
      await run.says('interrupted')
      await open(...some)
      const { status, stdout } = await run.ended
      expect(status).toBe(99)
      expect(stdout).toMatch(/changed: n1 .*\n/)
      expect(stdout).not.toContain('Last')
      expect(stdout).toMatch(/n1 : ok=2 changed=2/)
      expect(stdout).toMatch(/Done on n1 before the run was interrupted:\n {4}\/run\/e2e-first/)
      expect(stdout).toMatch(/Interrupted after/)
      await clean()
    })

    it('twice: end what runs, on the hosts too', async () => {
      const run = start(['run', play('steps.yml', steps), '-i', lab.inventory, '-l', 'n1,n2'])
      await Promise.all(nodes.slice(0, 2).map(gateIsReached))
      run.signal('SIGINT')
      await run.says('interrupted')
      run.signal('SIGINT')
      const { status, stdout } = await run.ended
      expect(status).toBe(99)
      expect(stdout).toMatch(/n1 : ok=1 changed=1/)
      await clean()
    })
  })
})

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
