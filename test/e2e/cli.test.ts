import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { commandLine } from '../../modules/lib/quote.ts'
import { drover, eventsOf, main, report, root, start, troubles, workplace } from './drover.ts'
import { readmeCommands } from './readme-commands.ts'

const embedded = ['-i', 'inventory/quickstart.yml']
const work = workplace()
vi.setConfig({ testTimeout: 60_000 })
afterAll(work.remove)

/** The YAML after the first mention of a file in README.md. */
function yamlOf(name: string): string {
  const text = readFileSync(join(root, 'README.md'), 'utf8')
  return /```yaml\n([^]*?)```/.exec(text.slice(text.indexOf(`\`${name}\``)))?.[1] ?? ''
}

describe('what the READMEs say to type', () => {
  /** Not run here: they install, test and check drover, and would do so without end. Those that need hosts are run by readme.lab.test.ts. */
  const elsewhere = new Set(['npm ci', 'npm test', 'npm run check', 'npm run lab -- up', 'npm run lab -- down'])
  const commands = readmeCommands().filter(
    ({ words }) => !elsewhere.has(words.join(' ')) && !words.includes('inventory/lab.yml'),
  )

  it('is found', () => {
    expect(commands.length).toBeGreaterThan(5)
    const known =
      /^(npm start|npx drover (run|exec|facts|doc|completion|schema|inventory|vault|--version|quickstart)\b)/
    expect(commands.map(({ words }) => words.join(' ')).filter((command) => !known.test(command))).toEqual([])
  })

  it.each(commands.map(({ words, file }) => [words.join(' '), file, words] as const))(
    '%s (%s) works',
    async (command, _, typed) => {
      const hello = work.file('hello.yml', yamlOf('hello.yml'))
      const words = command === 'npm start' ? ['quickstart'] : typed.slice(2)
      const args = words.map((word, index) =>
        word === 'hello.yml' ? hello : words[index - 1] === 'schema' ? work.path : word,
      )
      expect(troubles(await drover(args, { env: { TMPDIR: work.path } }))).toEqual([])
    },
  )

  it('npx drover is this drover', async () => {
    const { stdout } = await promisify(execFile)('npx', ['--offline', 'drover', '--version'], { cwd: root })
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })

  it('hello.yml does what a newcomer expects', async () => {
    const file = join(work.path, 'hello.txt')
    const playbook = work.file('hello.yml', yamlOf('hello.yml').replace('/tmp/hello.txt', file))
    const check = await drover(['run', playbook, ...embedded, '--check', '--diff'])
    expect(check.stdout).toMatch(/^ {4}\+Hello from \S+$/m)
    expect(check.stdout).toContain('This was a check: nothing was changed.')
    expect(existsSync(file)).toBe(false)
    expect((await drover(['run', playbook, ...embedded])).stdout).toContain('changed: trial')
    expect(readFileSync(file, 'utf8')).toMatch(/^Hello from \S+\n$/)
    expect((await drover(['run', playbook, ...embedded])).stdout).toMatch(/^trial : ok=2 changed=0 /m)
  })
})

it('npm start shows a check, the run, and a run that finds nothing to do', async () => {
  const { stdout, status } = await drover(['quickstart'], { env: { TMPDIR: work.path } })
  expect(status).toBe(0)
  const [, check = '', run = '', again = ''] = stdout.split(/^=== .* ===$/m)
  expect(check).toMatch(/would change: trial/)
  expect(check).toMatch(/^ {4}\+\+\+ .*\(after\)$/m)
  expect(check).toContain('nothing was changed')
  expect(run).toMatch(/trial : ok=\d+ changed=[1-9]/)
  expect(again).toMatch(/trial : ok=\d+ changed=0 unreachable=0 failed=0/)
  const made = readdirSync(work.path).filter((name) => name.startsWith('drover-quickstart-'))
  expect(made.some((name) => stdout.includes(name))).toBe(true)
})

const play = (task: string): string =>
  work.file('status.yml', `- { hosts: trial, gather_facts: false, tasks: [${task}] }\n`)

describe('the exit status', () => {
  it.each([
    ['--version', ['--version'], 0, /^\d+\.\d+\.\d+\n$/, 'stdout'],
    ['--help', ['--help'], 0, /Usage: drover/, 'stdout'],
    ['help of a command', ['run', '--help'], 0, /--check/, 'stdout'],
    ['no command', [], 1, /Usage: drover/, 'stderr'],
    ['an unknown command', ['rum'], 1, /unknown command 'rum'/, 'stderr'],
    ['an unknown option', ['run', 'x.yml', '--chekc'], 1, /unknown option '--chekc'/, 'stderr'],
    ['no playbook', ['run'], 1, /missing required argument 'playbook'/, 'stderr'],
    ['a missing playbook', ['run', 'nowhere.yml'], 1, /cannot read nowhere\.yml: there is no such file/, 'stderr'],
    ['a directory as playbook', ['run', 'playbooks'], 1, /cannot read playbooks: it is a directory/, 'stderr'],
    [
      'a missing inventory',
      ['run', 'playbooks/quickstart.yml', '-i', 'nowhere.yml'],
      1,
      /there is no file nowhere\.yml/,
      'stderr',
    ],
    [
      'a wrong number',
      ['run', 'playbooks/quickstart.yml', ...embedded, '--forks', 'many'],
      1,
      /--forks takes a whole number.*"many"/,
      'stderr',
    ],
  ] as const)('of %s', async (_, args, status, message, stream) => {
    const ended = await drover(args)
    expect(ended.status).toBe(status)
    expect(ended[stream]).toMatch(message)
    expect(ended.stderr).not.toMatch(/\n {4}at |this is a bug/)
  })

  it('is 0 where all is well, 2 where a task failed', async () => {
    expect((await drover(['run', play('command: "true"'), ...embedded])).status).toBe(0)
    const failed = await drover(['run', play('command: "false"'), ...embedded])
    expect(failed).toMatchObject({
      status: 2,
      stderr: '',
      stdout: expect.stringMatching(/failed: trial .*exit status.? 1/s),
    })
  })

  it('is 4 where a host could not be reached', async () => {
    const server = await listening()
    const { port } = server.address() as AddressInfo
    await new Promise((resolve) => server.close(resolve))
    const inventory = work.file(
      'closed.yml',
      `all: { hosts: { trial: { ansible_host: 127.0.0.1, ansible_port: ${port} } } }`,
    )
    const ended = await drover(['run', play('command: "true"'), '-i', inventory])
    expect(ended).toMatchObject({ status: 4, stdout: expect.stringContaining('refuses connections') })
  })

  it('is 99 where the user interrupted it', async () => {
    const flag = join(work.path, 'interrupted')
    const waiting = play(`command: {argv: [sh, -c, 'touch ${flag}.now; until [ -e ${flag} ]; do sleep 0.05; done']}`)
    const run = start(['run', waiting, ...embedded])
    await expect.poll(() => existsSync(`${flag}.now`), { timeout: 15_000 }).toBe(true)
    run.signal('SIGINT')
    await run.says('interrupted')
    work.file('interrupted', '')
    expect((await run.ended).status).toBe(99)
  })
})

describe('a broken playbook', () => {
  const broken = `- hosts: all
  tasks:
    - name: Misspelt
      cpoy: { dest: /tmp/x, content: y }
    - name: A wrong argument
      file: { path: /tmp/x, stat: directory }
    - name: A wrong type
      file: { path: /tmp/x, state: direktory }
    - name: A template
      debug: { msg: "{{ 1 + }}" }
    - name: Missing file
      copy: { src: nowhere.txt, dest: /tmp/x }
    - name: No handler
      command: "true"
      notify: Nobody
`
  let server: Server
  let connections = 0
  beforeAll(async () => {
    server = await listening()
    server.on('connection', (socket) => {
      connections += 1
      socket.destroy()
    })
  })
  afterAll(() => server.close())

  it('is told of with all that is wrong at once, each with its place, before any host is asked', async () => {
    const playbook = work.file('broken.yml', broken)
    const { port } = server.address() as AddressInfo
    const inventory = work.file(
      'counted.yml',
      `all: { hosts: { web: { ansible_host: 127.0.0.1, ansible_port: ${port} } } }`,
    )
    const { status, stdout, stderr } = await drover(['run', playbook, '-i', inventory])
    expect({ status, stdout, connections }).toEqual({ status: 1, stdout: '', connections: 0 })
    const places = [...stderr.matchAll(/broken\.yml:(\d+:\d+): /g)].map(([, at]) => at)
    expect(places).toEqual(['4:7', '6:29', '8:36', '10:29', '12:20', '15:15'])
    for (const word of ['cpoy', 'stat', 'direktory', '{{ 1 + }}', 'nowhere.txt', 'Nobody'])
      expect(stderr).toContain(word)
    for (const hint of ['copy', 'state', 'directory']) expect(stderr).toMatch(new RegExp(`did you mean.*${hint}`, 'i'))
    expect(stderr.match(/^ +\| +\^+ *$/gm)).toHaveLength(places.length)
    expect(stderr).toMatch(/^6 problems$/m)
    expect(await drover(['run', playbook, '-i', inventory, '--syntax-check'])).toMatchObject({ status: 1, stderr })
  })

  it('is told of where only a variable is missing', async () => {
    const playbook = work.file(
      'undefined.yml',
      '- hosts: all\n  tasks:\n    - debug: { msg: "{{ nobody_has_this }}" }\n',
    )
    const { status, stdout, stderr } = await drover(['run', playbook, ...embedded])
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    expect(stderr).toMatch(/undefined\.yml:3:\d+: .*nobody_has_this/)
  })
})

describe('instead of a run', () => {
  const galera = ['run', 'playbooks/galera/prepare.yml', '-i', 'inventory/example.yml']

  it('--list-hosts, --list-tasks and --list-tags say what there is', async () => {
    const hosts = await drover([...galera, '--list-hosts'])
    expect(hosts.stdout.match(/dbnode\d/g)).toEqual(['dbnode1', 'dbnode2', 'dbnode3'])
    expect((await drover([...galera, '--list-hosts', '-l', 'dbnode2'])).stdout).toMatch(/hosts \(1\):\n +dbnode2\n/)
    const playbook = work.file(
      'tags.yml',
      '- hosts: all\n  tasks:\n    - {name: One, tags: [a, b], ping: }\n    - block:\n        - {name: Two, ping: }\n      tags: c\n',
    )
    expect((await drover(['run', playbook, ...embedded, '--list-tags'])).stdout).toMatch(/task tags: \[a, b, c\]/i)
    const tasks = await drover(['run', playbook, ...embedded, '--list-tasks', '--tags', 'c'])
    expect(tasks.stdout).toContain('Two')
    expect(tasks.stdout).not.toContain('One')
  })

  it('--syntax-check only reads', async () => {
    expect(await drover([...galera, '--syntax-check'])).toMatchObject({ status: 0, stderr: '' })
  })
})

const playbook = (): string =>
  work.file(
    'output.yml',
    '- { hosts: trial, tasks: [{ name: Say, debug: { msg: "a\\u001b[31mb" } }, { command: "true" }] }',
  )

/** What drover writes to a terminal. */
const onTerminal = async (env: NodeJS.ProcessEnv): Promise<string> => {
  const command = `exec ${commandLine([process.execPath, main, 'run', playbook(), ...embedded, '-o', 'lines'])}`
  const all = {
    ...process.env,
    TERM: 'xterm',
    NO_COLOR: undefined,
    FORCE_COLOR: undefined,
    CI: undefined,
    ...env,
  }
  return (await promisify(execFile)('script', ['-qec', command, '/dev/null'], { cwd: root, env: all })).stdout
}

describe('output', () => {
  it('as JSON is an event on each line, all begun and ended', async () => {
    const { stdout, events } = await report([playbook(), ...embedded])
    expect(events).toEqual(eventsOf(stdout))
    expect([events.at(0)?.event, events.at(-1)?.event]).toEqual(['run-started', 'run-finished'])
    const count = (name: string): number => events.filter(({ event }) => event === name).length
    for (const kind of ['play', 'task', 'host']) expect(count(`${kind}-started`)).toBe(count(`${kind}-finished`))
    expect(stdout).not.toContain('\u001b')
  })

  it.skipIf(process.platform !== 'linux')(
    'on a terminal has colours unless NO_COLOR is set, and never those of a host',
    async () => {
      const colours = await onTerminal({})
      expect(colours).toContain('\u001b[32m')
      expect(colours).not.toContain('\u001b[31m')
      expect(await onTerminal({ NO_COLOR: '1' })).not.toContain('\u001b[')
    },
  )
})

function listening(): Promise<Server> {
  const server = createServer()
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)))
}
