import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

export const hasAnsible = spawnSync('ansible-playbook', ['--version']).status === 0

/** A task as `ansible-playbook` told of it; hosts by name. */
export interface ToldTask {
  readonly name: string
  readonly hosts: Record<string, string>
  /** What `debug` showed, by host, one entry for each item of a loop. */
  readonly said: Record<string, unknown[]>
}
export interface Told {
  readonly tasks: readonly ToldTask[]
  /** `ok=1 changed=0 …` by host. */
  readonly recap: Readonly<Record<string, string>>
  readonly output: string
}

/** Runs a playbook with ansible-playbook, all hosts being this machine, and reads what it printed. */
export async function runAnsible(files: Readonly<Record<string, string>>, args: readonly string[] = []): Promise<Told> {
  const directory = mkdtempSync(join(tmpdir(), 'drover-ansible-'))
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(directory, name)), { recursive: true })
      writeFileSync(join(directory, name), text)
    }
    const output = await new Promise<string>((resolve, reject) => {
      const child = spawn(
        'ansible-playbook',
        ['-i', 'hosts', '-c', 'local', '-e', `here=${directory}`, 'playbook.yml', ...args],
        {
          cwd: directory,
          env: {
            ...process.env,
            ANSIBLE_NOCOLOR: '1',
            ANSIBLE_LOCALHOST_WARNING: '0',
            ANSIBLE_DEPRECATION_WARNINGS: '0',
            ANSIBLE_GATHERING: 'explicit',
            // One after the other, so that runs do not depend on which host answers first.
            ANSIBLE_FORKS: '1',
            ANSIBLE_LOCAL_TEMP: join(directory, 'tmp'),
            ANSIBLE_REMOTE_TEMP: join(directory, 'remote-tmp'),
            ANSIBLE_PYTHON_INTERPRETER: '/usr/bin/python3',
          },
          stdio: ['ignore', 'pipe', 'pipe'],
        },
      )
      let out = ''
      child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
      child.stderr.on('data', (chunk: Buffer) => (out += chunk.toString()))
      child.on('error', reject)
      child.on('close', () => resolve(out))
    })
    return { ...read(output), output }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

const weight = ['skipped', 'ok', 'changed', 'failed', 'unreachable']

function read(output: string): Omit<Told, 'output'> {
  const tasks: ToldTask[] = []
  const recap: Record<string, string> = {}
  const lines = output.split('\n')
  let last: string | undefined
  for (const [index, line] of lines.entries()) {
    const task = tasks.at(-1)
    const heading = /^(?:TASK|RUNNING HANDLER) \[(.*)\] \*+$/.exec(line)
    if (heading !== null) {
      tasks.push({ name: heading[1] ?? '', hosts: {}, said: {} })
    }
    const counts = /^(\S+)\s+: (ok=.*)$/.exec(line)
    if (counts !== null) recap[counts[1] ?? ''] = (counts[2] ?? '').trim().replace(/\s+/g, ' ')
    if (task === undefined) continue
    const included = /^included: .* for (.+?)(?: => .*)?$/.exec(line)
    for (const host of included?.[1]?.split(', ') ?? []) task.hosts[host] = 'ok'
    if (line === '...ignoring') {
      if (last !== undefined && task.hosts[last] === 'failed') task.hosts[last] = 'failed(ignored)'
    }
    const result =
      /^(ok|changed|skipping|failed|fatal): \[([^\]\s]+)(?: -> [^\]]+)?\](?:: (FAILED|UNREACHABLE)!)?/.exec(line)
    if (result === null) continue
    const [, word = '', host = '', how] = result
    const outcome =
      how === 'UNREACHABLE'
        ? 'unreachable'
        : word === 'fatal' || word === 'failed'
          ? 'failed'
          : word === 'skipping'
            ? 'skipped'
            : word
    const before = task.hosts[host] ?? 'skipped'
    task.hosts[host] = weight.indexOf(outcome) > weight.indexOf(before) ? outcome : before
    last = host
    if (/^(?:ok|changed)/.test(word) && line.endsWith('=> {')) {
      const end = lines.indexOf('}', index)
      const shown = JSON.parse(`{${lines.slice(index + 1, end).join('\n')}}`) as Record<string, unknown>
      ;(task.said[host] ??= []).push(shown['msg'] ?? shown)
    }
  }
  return { tasks, recap }
}
