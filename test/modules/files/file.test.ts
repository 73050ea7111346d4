import { describe, expect, it } from 'vitest'
import { creator } from '../../../modules/facts/creator.ts'
import { stat, type FileStat } from '../../../modules/facts/stat.ts'
import { times } from '../../../modules/facts/times.ts'
import { tree } from '../../../modules/facts/tree.ts'
import file from '../../../modules/files/file.ts'
import { predictedStat, ROOT } from '../../../modules/lib/ownership.ts'
import { UnknownFact } from '../../../modules/module.ts'
import type { Action } from '../../../modules/step.ts'
import type { JsonObject } from '../../../schema/infer.ts'
import { FakeHost, planOf, proposalOf, type Known } from '../fake-host.ts'

const FILE: FileStat = { ...predictedStat('file', {}), inode: 7, device: 1 }
const DIR: FileStat = { ...predictedStat('directory', {}), inode: 9 }
const link = (target: string, resolved: string | null): FileStat => ({ ...predictedStat('link', {}), target, resolved })
const host = (known: readonly Known[] = []) =>
  new FakeHost([
    [creator(), ROOT],
    [stat('/d'), DIR],
    [stat('/f'), FILE],
    [stat('/fl'), link('f', '/f')],
    [stat('/dl'), link('/d', '/d')],
    [stat('/broken'), link('none', null)],
    [tree('/d'), []],
    ...known,
  ])

const short = (action: Action): string => {
  switch (action.do) {
    case 'attributes':
      return ['attributes', action.path, action.mode, action.owner, action.group, action.link ? 'link' : undefined]
        .filter(Boolean)
        .join(' ')
    case 'directory':
      return ['directory', action.path, action.mode].filter(Boolean).join(' ')
    case 'link':
      return `${action.hard ? 'hard' : 'link'} ${action.path} ${action.target}`
    case 'remove':
      return `remove ${action.path}${action.recursive ? ' recursive' : ''}`
    case 'write':
      return ['write', action.path, action.mode].filter(Boolean).join(' ')
    case 'run':
      return action.argv.join(' ')
    case 'sh':
    case 'await':
    case 'request':
      return action.title
    case 'fetch':
      return `fetch ${action.path}`
  }
}

describe('file', () => {
  it.each<[string, JsonObject, readonly string[]]>([
    [
      'makes a directory and its parents, each with the mode',
      { path: '/a/b/', state: 'directory', mode: '0700' },
      ['directory /a 00700', 'directory /a/b 00700'],
    ],
    ['leaves a right directory', { path: '/d', state: 'directory', mode: '0755', owner: 'root', group: 0 }, []],
    ['sets a mode', { path: '/f', mode: '0600' }, ['attributes /f 0600']],
    ["clears a directory's set-group-id bit", { path: '/sg', mode: '0755' }, ['attributes /sg 00755']],
    ['adds to a mode', { path: '/f', mode: 'a+x', owner: 'bob' }, ['attributes /f 0755 bob']],
    ['follows a link', { path: '/fl', mode: '0600' }, ['attributes /f 0600']],
    ['follows a link to a directory', { path: '/dl', state: 'directory', mode: '0700' }, ['attributes /d 00700']],
    ['makes the directory that a broken link names', { path: '/broken', state: 'directory' }, ['directory /none']],
    [
      'does not follow if told so',
      { path: '/fl', follow: false, mode: '0600', owner: 'bob' },
      ['attributes /fl bob link'],
    ],
    ['leaves a broken link alone', { path: '/broken', mode: '0600' }, []],
    ['removes a file', { path: '/f', state: 'absent' }, ['remove /f']],
    ['removes a link, not what it leads to', { path: '/dl/', state: 'absent' }, ['remove /dl']],
    ['removes a directory', { path: '/d', state: 'absent' }, ['remove /d recursive']],
    ['removes nothing', { path: '/none', state: 'absent' }, []],
    ['makes an empty file', { path: '/new', state: 'touch', mode: 'u=rw,go=' }, ['write /new 0600']],
    ['touches', { path: '/f', state: 'touch' }, ['touch -c -a -- /f', 'touch -c -m -- /f']],
    [
      'touches without touching times',
      { path: '/f', state: 'touch', access_time: 'preserve', modification_time: 'preserve' },
      [],
    ],
    [
      'sets a time that differs',
      { path: '/f', modification_time: '202601010000.00', access_time: '202501010000.00' },
      ['touch -c -m -t 202601010000.00 -- /f'],
    ],
    ['makes a link', { path: '/l', src: 'f', state: 'link' }, ['link /l f']],
    ['leaves a right link', { path: '/fl', src: 'f', state: 'link' }, []],
    ['turns a link', { path: '/fl', src: '/d', state: 'link' }, ['link /fl /d']],
    [
      'gives the mode to what a link leads to',
      { path: '/fl', src: 'f', state: 'link', mode: '0600' },
      ['attributes /f 0600'],
    ],
    ['makes a link to nothing if forced', { path: '/l', src: 'none', state: 'link', force: true }, ['link /l none']],
    ['puts a link in place of a file if forced', { path: '/f', src: '/d', state: 'link', force: true }, ['link /f /d']],
    [
      'puts a link in place of an empty directory if forced',
      { path: '/d', src: '/f', state: 'link', force: true },
      ['remove /d recursive', 'link /d /f'],
    ],
    ['makes another name', { path: '/h', src: '/f', state: 'hard' }, ['hard /h /f']],
    ['knows another name', { path: '/same', src: '/f', state: 'hard' }, []],
  ])('%s', async (_, args, expected) => {
    const before = host([
      [stat('/same'), FILE],
      [stat('/sg'), { ...DIR, mode: '2755' }],
      [times('/f'), { access: '202501010000.00', modification: '202501010000.00' }],
    ])
    const plan = await proposalOf(file, args, before)
    expect(plan.steps.flatMap((step) => step.actions).map(short)).toEqual(expected)
    // What is touched is touched each time.
    const again =
      plan.steps.some((step) => step.actions.some((action) => action.do === 'run')) || args.state === 'touch'
    expect(again || (await proposalOf(file, args, before.after(plan))).steps.length === 0).toBe(true)
  })

  it.each<[string, JsonObject, string]>([
    ['a file that is not there', { path: '/none', state: 'file' }, 'is absent, cannot continue'],
    ['attributes of nothing', { path: '/none', mode: '0600' }, 'is absent, cannot continue'],
    ['a directory where a file is', { path: '/fl', state: 'directory' }, '/f already exists as a file'],
    ['a file where a directory is', { path: '/d', state: 'file' }, 'is a directory'],
    ['a directory below a file', { path: '/f/x/y', state: 'directory' }, '/f is not a directory'],
    ['a link to nothing', { path: '/l', src: 'none', state: 'link' }, 'src file does not exist'],
    ['a link in place of a file', { path: '/f', src: '/d', state: 'link' }, 'refusing to convert from file to symlink'],
    [
      'a link in place of a directory with something in it',
      { path: '/full', src: '/d', state: 'link', force: true },
      'not empty',
    ],
    ['a link without a source', { path: '/l', state: 'link' }, 'src is required'],
    ['another name for nothing', { path: '/h', src: '/none', state: 'hard' }, 'src does not exist'],
    ['another name in place of a file', { path: '/other', src: '/f', state: 'hard' }, 'file exists at destination'],
    ['an empty file in no directory', { path: '/none/x', state: 'touch' }, '/none is not a directory'],
    ['to remove everything', { path: '/', state: 'absent' }, 'root directory'],
    ['to recurse over a file', { path: '/f', state: 'file', recurse: true }, 'state: directory'],
  ])('refuses %s', async (_, args, message) => {
    const known: readonly Known[] = [
      [stat('/full'), DIR],
      [tree('/full'), [{ path: '/full/x', stat: FILE }]],
      [stat('/other'), { ...FILE, inode: 8 }],
      [stat('/'), DIR],
    ]
    expect(await planOf(file, args, host(known))).toMatchObject({
      kind: 'refusal',
      message: expect.stringContaining(message),
    })
  })

  it('sets only what is wrong in a tree, and what its links lead to', async () => {
    const known: readonly Known[] = [
      [
        tree('/d'),
        [
          { path: '/d/sub', stat: { ...DIR, mode: '0700' } },
          { path: '/d/ok', stat: FILE },
          { path: '/d/x', stat: { ...FILE, mode: '0600', owner: 'bob', uid: 5 } },
          { path: '/d/l', stat: predictedStat('link', {}) },
        ],
      ],
      [stat('/d/l'), link('../out', '/out')],
      [stat('/out'), { ...FILE, mode: '0600' }],
    ]
    const args = { path: '/d', state: 'directory', recurse: true, mode: 'u=rwX,go=rX', owner: 'root' }
    const { steps } = await proposalOf(file, args, host(known))
    expect(steps.flatMap((step) => step.actions).map(short)).toEqual([
      'attributes /d/sub 00755',
      'attributes /d/x 0644 root',
      'attributes /out 0644',
    ])
    const apart = await proposalOf(file, { ...args, follow: false }, host(known))
    expect(apart.steps).toHaveLength(2)
  })

  it('does not guess what is below a directory that is only predicted', async () => {
    const before = host()
    const made = before.after(await proposalOf(file, { path: '/new', state: 'directory' }, before))
    await expect(proposalOf(file, { path: '/new', recurse: true, owner: 'bob' }, made)).rejects.toBeInstanceOf(
      UnknownFact,
    )
  })

  it('asks the host once for what is right', async () => {
    const before = host()
    await proposalOf(file, { path: '/d', state: 'directory', mode: '0755' }, before)
    expect(before.batches).toEqual([[creator().key, stat('/d').key]])
  })

  it('returns what Ansible returns', async () => {
    const plan = await proposalOf(file, { path: '/f', mode: '0600', owner: 'bob' }, host())
    expect(plan.result).toEqual({
      path: '/f',
      state: 'file',
      mode: '0600',
      owner: 'bob',
      group: 'root',
      gid: 0,
      size: 0,
    })
    expect((await proposalOf(file, { path: '/f', state: 'absent' }, host())).result).toEqual({
      path: '/f',
      state: 'absent',
    })
  })
})
