import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { argumentsOf } from '../../../../runner/cli/exec/one-task.ts'
import { writeFiles } from '../../inventory/files.ts'
import { drover, type Said } from '../drover.ts'

const hosts = '[web]\nweb1\nweb2 name=second\n[all:vars]\nansible_connection=local\nname=first\n'
const place = (files: Readonly<Record<string, string>> = {}): string => writeFiles({ hosts, ...files })
const exec = (cwd: string, ...args: readonly string[]): Said => drover(cwd, ['exec', ...args, '-i', 'hosts'])
const facts = (...args: readonly string[]): Said => drover(place(), ['facts', ...args, '-i', 'hosts'])

describe('drover exec', { timeout: 60_000 }, () => {
  it('runs a command where no module is named, and shows what it printed on each host', () => {
    const { status, stdout, stderr } = exec(place(), 'web', '-a', 'printf "%s\\n" {{ name }} two')
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toMatch(/^changed: web1 .*\n {4}first\n {4}two$/m)
    expect(stdout).toMatch(/^changed: web2 .*\n {4}second\n {4}two$/m)
  })

  it('takes arguments as k=v and as JSON, checks without changing, and finds files beside the working directory', () => {
    const cwd = place({ 'files/motd': 'hello\n' })
    const target = join(cwd, 'made')
    const check = exec(cwd, 'web1', '-m', 'copy', '-a', `src=motd dest=${target}`, '--check', '--diff')
    expect(check).toMatchObject({ status: 0, stderr: '' })
    expect(check.stdout).toMatch(/^CHECK/)
    expect(check.stdout).toMatch(/^would change: web1/m)
    expect(check.stdout).toMatch(/^ +\+hello$/m)
    expect(existsSync(target)).toBe(false)
    const args = JSON.stringify({ src: 'motd', dest: target, mode: '0600' })
    expect(exec(cwd, 'web1', '-m', 'ansible.builtin.copy', '-a', args).stdout).toMatch(/^changed: web1/)
    expect(readFileSync(target, 'utf8')).toBe('hello\n')
    expect(exec(cwd, 'web1', '-m', 'copy', '-a', args).stdout).toMatch(/^ok: web1/)
  })

  it.each([
    ['a failure', ['web1', '-a', 'false'], 2, /^failed: web1/, /^$/],
    [
      'a host that is not there',
      ['web1', '-a', 'true', '-e', 'ansible_port=1 ansible_connection=ssh ansible_host=127.0.0.1'],
      4,
      /^unreachable: web1/,
      /^$/,
    ],
    ['an unknown module', ['web', '-m', 'copi'], 1, /^$/, /no module "copi"\n +hint: did you mean "copy"\?/],
    ['a name that is near none', ['web', '-m', 'zzzzzzzz'], 1, /^$/, /drover doc/],
    [
      'an unknown argument',
      ['web', '-m', 'file', '-a', 'pth=/x'],
      1,
      /^$/,
      /the command line:\d+:\d+: file: unknown argument "pth"/,
    ],
    ['a command that is missing', ['web'], 1, /^$/, /command: missing argument/],
    ['an undefined variable', ['web', '-a', 'echo {{ nope }}'], 1, /^$/, /undefined variable "nope"/],
    ['a limit that leaves nobody', ['web', '-a', 'true', '-l', 'db'], 1, /^$/, /--limit db/],
  ])('%s', (_, args, status, stdout, stderr) => {
    const said = exec(place(), ...args)
    expect(said.status).toBe(status)
    expect(said.stdout).toMatch(stdout)
    expect(said.stderr).toMatch(stderr)
  })

  it('runs in the background, lists hosts, takes statements, and tells events', () => {
    const cwd = place()
    expect(exec(cwd, 'web1', '-a', 'echo late', '-B', '30', '-P', '1').stdout).toMatch(/^ {4}late$/m)
    expect(exec(cwd, 'web', '--list-hosts').stdout).toMatch(/hosts \(2\):\n +web1\n +web2/)
    expect(exec(cwd, 'web2', '-m', 'debug', '-a', 'var=name', '-o', 'json').stdout).toContain('"name":"second"')
  })

  it('runs its task whatever tags the settings select', () => {
    const cwd = place({ 'ansible.cfg': '[tags]\nrun = deploy\n' })
    expect(exec(cwd, 'web1', '-a', 'echo here').stdout).toContain('    here')
  })
})

describe('drover facts', { timeout: 60_000 }, () => {
  it('writes the facts of a host, those of the filters alone where there are any', () => {
    const all = facts('web1')
    expect(all).toMatchObject({ status: 0, stderr: '' })
    expect(JSON.parse(all.stdout)).toMatchObject({
      ansible_system: 'Linux',
      ansible_hostname: expect.any(String),
      ansible_memtotal_mb: expect.any(Number),
    })
    const some = JSON.parse(facts('web1', 'ansible_hostname', 'ansible_mem*').stdout) as object
    expect(Object.keys(some)).toContain('ansible_memtotal_mb')
    expect(Object.keys(some)).not.toContain('ansible_system')
  })

  it('writes those of a pattern by host', () => {
    const { stdout } = facts('web', 'ansible_system')
    expect(JSON.parse(stdout)).toEqual({ web1: { ansible_system: 'Linux' }, web2: { ansible_system: 'Linux' } })
  })

  it('says on standard error what went wrong, with the exit status of a run', () => {
    expect(facts('nobody')).toMatchObject({
      status: 1,
      stdout: '',
      stderr: expect.stringContaining('"nobody"') as string,
    })
    const away = facts('web1', '-e', 'ansible_connection=ssh ansible_host=127.0.0.1 ansible_port=1')
    expect(away).toMatchObject({
      status: 4,
      stdout: '',
      stderr: expect.stringContaining('unreachable: web1') as string,
    })
  })
})

it.each([
  ['', null],
  ['a=1 b=2', 'a=1 b=2'],
  ['{"a": [1]}', { a: [1] }],
  ['{a: b}', { a: 'b' }],
  ['{{ program }} --all', '{{ program }} --all'],
  ['{ broken', '{ broken'],
])('arguments %j', (text, args) => expect(argumentsOf(text)).toEqual(args))
