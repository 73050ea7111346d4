import { describe, expect, it } from 'vitest'
import command from '../../../modules/commands/command.ts'
import shell from '../../../modules/commands/shell.ts'
import { creator } from '../../../modules/facts/creator.ts'
import { matches } from '../../../modules/facts/glob.ts'
import { stat } from '../../../modules/facts/stat.ts'
import { predictedStat, ROOT } from '../../../modules/lib/ownership.ts'
import type { JsonObject } from '../../../schema/infer.ts'
import { FakeHost, planOf, proposalOf } from '../fake-host.ts'

const action = async (module: typeof command, args: JsonObject, host?: FakeHost) =>
  (await proposalOf(module, args, host)).steps[0]?.actions[0]
const file = predictedStat('file', {})

describe('command', () => {
  it.each<[string, JsonObject, object]>([
    ['splits text as a shell quotes it', { cmd: `a "b c" 'd e' f\\ g` }, { argv: ['a', 'b c', 'd e', 'f g'] }],
    [
      'expands nothing',
      { cmd: 'echo $HOME *.c `id` | cat; x # y' },
      { argv: ['echo', '$HOME', '*.c', '`id`', '|', 'cat;', 'x', '#', 'y'] },
    ],
    ['takes words as they are', { argv: ['echo', 'a b', "'", ''] }, { argv: ['echo', 'a b', "'", ''] }],
    [
      'takes a dollar before a quote as it is',
      { cmd: String.raw`a $'b\n' "$'c'" $"d"` },
      { argv: ['a', String.raw`$b\n`, "$'c'", '$d'] },
    ],
    ['keeps empty words', { cmd: "a '' b" }, { argv: ['a', '', 'b'] }],
    [
      'leaves assignments in the text, whoever wrote them',
      { cmd: 'make creates=/x chdir=/y' },
      { argv: ['make', 'creates=/x', 'chdir=/y'] },
    ],
    ['adds a newline to standard input', { cmd: 'cat', stdin: 'x' }, { stdin: Buffer.from('x\n') }],
    ['or does not', { cmd: 'cat', stdin: 'x', stdin_add_newline: false }, { stdin: Buffer.from('x') }],
  ])('%s', async (_, args, expected) => {
    expect(await action(command, args)).toMatchObject({ do: 'run', accept: 'any', ...expected })
  })

  it.each<[JsonObject, string]>([
    [{ cmd: "it's" }, 'words'],
    [{ cmd: '  ' }, 'no command'],
    [{ argv: [''] }, 'no command'],
    [{ argv: ['a', 'b\0'] }, 'NUL'],
  ])('refuses %j', async (args, message) => {
    expect(await planOf(command, args)).toMatchObject({ kind: 'refusal', message: expect.stringContaining(message) })
  })

  it.each<[string, JsonObject, boolean]>([
    ['what it creates is there', { creates: '/x' }, false],
    ['what it creates is missing', { creates: '/nothing' }, true],
    ['what it removes is there', { removes: '/x' }, true],
    ['what it removes is missing', { removes: '/nothing' }, false],
    ['a relative path is there, seen from chdir', { chdir: '/d', creates: 'y' }, false],
    ['a pattern matches', { creates: '/x*' }, false],
    ['a pattern matches nothing', { creates: '/n*' }, true],
    ['a path below home is there', { creates: '~/x' }, false],
  ])('%s', async (_, args, runs) => {
    const host = new FakeHost([
      [stat('/x'), file],
      [stat('/d/y'), file],
      [matches('/x*'), true],
      [matches('/n*'), false],
      [creator(), ROOT],
      [stat('/root/x'), file],
    ])
    expect((await proposalOf(command, { cmd: 'true', ...args }, host)).steps.length > 0).toBe(runs)
  })

  it('says why it did not run', async () => {
    const plan = await proposalOf(command, { cmd: 'make all', creates: '/x' }, new FakeHost([[stat('/x'), file]]))
    expect(plan.result).toMatchObject({ rc: 0, cmd: ['make', 'all'], stdout: "skipped, since '/x' exists" })
  })

  it('returns what Ansible returns', () => {
    const ran = {
      status: 3,
      stdout: Buffer.from('a\r\nb\n\n'),
      stderr: Buffer.from('no\n'),
      start: Date.UTC(2026, 0, 31, 13, 5),
      end: Date.UTC(2026, 0, 31, 14, 6, 1, 50),
    }
    const args = { cmd: 'x y', strip_empty_ends: true, stdin_add_newline: true }
    expect(command.result?.(args, {}, [ran])).toEqual({
      cmd: ['x', 'y'],
      rc: 3,
      stdout: 'a\r\nb',
      stdout_lines: ['a', 'b'],
      stderr: 'no',
      stderr_lines: ['no'],
      start: '2026-01-31 13:05:00.000000',
      end: '2026-01-31 14:06:01.050000',
      delta: '1:01:01.050000',
      msg: 'non-zero return code',
      failed: true,
    })
    expect(command.result?.({ ...args, strip_empty_ends: false }, {}, [{ ...ran, status: 0 }])).toMatchObject({
      stdout: 'a\r\nb\n\n',
      failed: false,
    })
  })
})

describe('shell', () => {
  it('gives the text to the shell as it is', async () => {
    expect(await action(shell, { cmd: `echo "$HOME" | tr a b >'x y'` })).toMatchObject({
      argv: ['/bin/sh', '-c', `echo "$HOME" | tr a b >'x y'`],
    })
  })
  it('takes another shell and a directory', async () => {
    const host = new FakeHost([[creator(), ROOT]])
    expect(await action(shell, { cmd: 'a creates=/y', executable: '/bin/bash', chdir: '~/x' }, host)).toMatchObject({
      argv: ['/bin/bash', '-c', 'a creates=/y'],
      chdir: '/root/x',
    })
  })
  it('looks for what it creates in its directory', async () => {
    const host = new FakeHost([
      [creator(), ROOT],
      [stat('/root/x/y'), file],
    ])
    expect((await proposalOf(shell, { cmd: 'a', chdir: '~/x', creates: 'y' }, host)).steps).toEqual([])
  })
})
