import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { effectiveOptions } from '../../../runner/cli/effective-options.ts'
import { canonical } from '../../../runner/cli/options.ts'
import { noFlags, type RunFlags } from '../../../runner/cli/run-flags.ts'
import type { RunProfiled } from '../../../runner/engine/events.ts'
import { writeFiles } from '../inventory/files.ts'
import { drover, onTerminal } from './drover.ts'

const options = (flags: Partial<RunFlags>, settings: Parameters<typeof effectiveOptions>[1] = {}) => {
  const effective = effectiveOptions({ ...noFlags, ...flags }, settings, new Map())
  return 'options' in effective ? effective.options : effective.problems.map(({ message }) => message)
}

describe('effectiveOptions', () => {
  it('has the command line over the settings over its own', () => {
    expect(options({})).toMatchObject({ forks: 50, connection: { connectTimeout: 10_000, user: undefined } })
    const settings = {
      forks: 5,
      timeout: 3,
      remoteUser: 'set',
      hostKeyChecking: false,
      become: true,
      becomeUser: 'set',
      inventory: ['set'],
      runTags: ['set'],
      sshArgs: ['-C'],
      sshCommonArgs: ['-o', 'A=set'],
      verbosity: 2,
    }
    expect(options({}, settings)).toMatchObject({
      forks: 5,
      verbosity: 2,
      tags: { only: ['set'], skip: [] },
      inventorySources: ['set'],
      connection: { connectTimeout: 3000, user: 'set', hostKeyChecking: 'no', sshArgs: ['-C', '-o', 'A=set'] },
      become: { become: true, user: 'set' },
    })
    const flags = {
      forks: '7',
      timeout: '4',
      user: 'given',
      becomeUser: 'given',
      inventory: ['given'],
      tags: ['a,b', 'c'],
      sshCommonArgs: "-o 'A=given x'",
      sshExtraArgs: '-v',
    }
    expect(options(flags, settings)).toMatchObject({
      forks: 7,
      tags: { only: ['a', 'b', 'c'] },
      inventorySources: ['given'],
      connection: { connectTimeout: 4000, user: 'given', sshArgs: ['-C', '-o', 'A=given x', '-v'] },
      become: { user: 'given' },
    })
  })

  it('finds all that is wrong', () => {
    expect(options({ forks: '0', timeout: 'x', sshCommonArgs: "'a" })).toEqual([
      '--forks takes a whole number from 1 on, not "0"',
      '--timeout takes a whole number from 1 on, not "x"',
      "--ssh-common-args: this quote is not closed: 'a",
    ])
  })
})

it('canonical knows the other names of options', () => {
  expect(canonical(['run', '--key-file=k', '--vault-pass-file', 'f', '--', '--key-file'])).toEqual([
    'run',
    '--private-key=k',
    '--vault-password-file',
    'f',
    '--',
    '--key-file',
  ])
})

const task = (name: string, tags = ''): string => `    - {name: ${name}, debug: {msg: said}${tags}}\n`
const playbook = `- hosts: g
  gather_facts: false
  tasks:
${task('one')}${task('two', ', tags: [b, a]')}    - block:
  ${task('inner')}    - meta: noop
- hosts: g
  name: Second
  gather_facts: false
  tags: t
  tasks:
${task('last')}`
const files = { 'p.yml': playbook, hosts: '[g]\nh ansible_connection=local\n' }
const command = ['run', 'p.yml', '-i', 'hosts']
const names = (text: string) => [...text.matchAll(/^TASK +(\S+)/gm)].map(([, name]) => name)

describe('drover run', { timeout: 30_000 }, () => {
  it('starts at a task, by name or glob', () => {
    const cwd = writeFiles(files)
    const from = (name: string) => drover(cwd, [...command, '--start-at-task', name])
    expect(names(from('inner').stdout)).toEqual(['inner', 'meta', 'last'])
    expect(names(from('tw*').stdout)).toEqual(['two', 'inner', 'meta', 'last'])
    expect(names(from('last').stdout)).toEqual(['last'])
    expect(from('iner')).toMatchObject({ status: 1, stdout: '' })
    expect(from('iner').stderr).toContain('did you mean "inner"?')
  })

  it('tells where the time went, at the end or in a file', () => {
    const cwd = writeFiles(files)
    const tables = /^PROFILE$[^]*^TASK +time .*$[^]*^one +[^]*^HOST +time .*$[^]*^h +/m
    expect(drover(cwd, [...command, '--profile']).stdout).toMatch(tables)
    expect(drover(cwd, [...command, '--profile-json', 'p.json']).stdout).not.toMatch(tables)
    const written = JSON.parse(readFileSync(join(cwd, 'p.json'), 'utf8')) as RunProfiled
    expect(Object.keys(written.hosts)).toEqual(['h'])
    const none = drover(cwd, [...command, '--profile-json', 'none/p.json'])
    expect(none).toMatchObject({ status: 1, stdout: '' })
    expect(none.stderr).toContain('--profile-json cannot write none/p.json')
  })

  it('lists as ansible-playbook does', () => {
    const cwd = writeFiles(files)
    const lines = [...command, '--list-hosts', '--list-tasks', '--list-tags']
    const { stdout } = drover(cwd, lines)
    expect(stdout).toBe(
      [
        '',
        'playbook: p.yml',
        '',
        '  play #1 (g): g\tTAGS: []',
        "    pattern: ['g']",
        '    hosts (1):',
        '      h',
        '    tasks:',
        '      one\tTAGS: []',
        '      two\tTAGS: [a, b]',
        '      inner\tTAGS: []',
        '      meta\tTAGS: []',
        '      TASK TAGS: [a, b]',
        '',
        '  play #2 (g): Second\tTAGS: [t]',
        "    pattern: ['g']",
        '    hosts (1):',
        '      h',
        '    tasks:',
        '      last\tTAGS: [t]',
        '      TASK TAGS: [t]',
        '',
      ].join('\n'),
    )
  })

  it('asks before each task with --step, on a terminal', async () => {
    const cwd = writeFiles(files)
    expect(drover(cwd, [...command, '--step']).stderr).toContain('there is no terminal to ask on')
    const stdout = await onTerminal(cwd, [...command, '--step'], 'ontinue: ', ['n', 'y', 'c', 'n'])
    expect(names(stdout)).toEqual(['two', 'inner', 'meta'])
  })

  it('refuses options that it does not know, with the nearest, and a module path that is not there', () => {
    const cwd = writeFiles(files)
    expect(drover(cwd, [...command, '--lits-hosts']).stderr).toContain('(Did you mean --list-hosts?)')
    expect(drover(cwd, [...command, '-M', 'library']).stderr).toContain('there is no directory library')
    expect(drover(cwd, [...command, '--flush-cache', '--scp-extra-args=-l 1', '--sftp-extra-args', 'x'])).toMatchObject(
      { status: 0 },
    )
  })

  it('reads passwords from files, and settings with their mistakes', () => {
    const cwd = writeFiles({ ...files, pw: 'hunter22\n', 'ansible.cfg': '[defaults]\ninventory = hosts\nforks = x\n' })
    const wrong = drover(cwd, ['run', 'p.yml'])
    expect(wrong.stderr).toContain('ansible.cfg:3:1: forks takes a whole number, not "x"')
    const environment = { ANSIBLE_FORKS: '3' }
    const fine = drover(cwd, ['run', 'p.yml', '--become-password-file', 'pw', '--conn-pass-file=pw'], { environment })
    expect(fine).toMatchObject({ status: 0, stderr: '' })
    const gone = drover(cwd, ['run', 'p.yml', '--become-password-file', 'gone'], { environment })
    expect(gone.stderr).toContain('the become password file gone is not there')
    const both = drover(cwd, ['run', 'p.yml', '-K', '--become-password-file', 'pw'], { environment })
    expect(both.stderr).toContain('cannot be used with')
  })
})
