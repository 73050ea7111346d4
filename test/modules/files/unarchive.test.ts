import { describe, expect, it } from 'vitest'
import { creator } from '../../../modules/facts/creator.ts'
import { stat, type FileStat } from '../../../modules/facts/stat.ts'
import { parseUnarchived, type Unarchived } from '../../../modules/facts/unarchived.ts'
import type { Fact } from '../../../modules/fact.ts'
import unarchive from '../../../modules/files/unarchive.ts'
import { predictedStat, ROOT } from '../../../modules/lib/ownership.ts'
import { UnknownFact, type Controller, type HostState } from '../../../modules/module.ts'
import { FakeHost, NO_FILES, planOf, proposalOf, type Known } from '../fake-host.ts'

/** What GNU tar 1.34 says of files that are not as in the archive, and of members with their times. */
const OUTPUT = Buffer.from(
  [
    'tar',
    [
      'tar: gone: Warning: Cannot stat: No such file or directory',
      'a b/c: Mode differs',
      'a b/c: Mod time differs',
      'a b/c: Size differs',
      'owned: Uid differs',
      'link: Symlink differs',
      '',
    ].join('\n'),
    'drwxr-xr-x root/root         0 2026-01-31 13:05:00 a b/\n-rw-r--r-- root/root        12 2026-01-31 13:05:01 a b/c\nlrwxrwxrwx root/root 0 2026-01-31 13:05:00 link -> a b/c\n',
    '81a4:0:0:12:1769864700:9:2049:1:0:0:root:root:a b/c\n41ed:0:0:4096:1:8:2049:2:0:0:root:root:a b/\n',
    '',
  ].join('\0'),
)

it('reads what tar says', () => {
  const found = parseUnarchived(OUTPUT, '/d') as Unarchived
  expect(found.differing).toEqual([
    { name: 'gone', what: 'Missing' },
    { name: 'a b/c', what: 'Mode' },
    { name: 'a b/c', what: 'Mod time' },
    { name: 'a b/c', what: 'Size' },
    { name: 'owned', what: 'Uid' },
    { name: 'link', what: 'Symlink' },
  ])
  expect(found.members).toEqual(['a b/', 'a b/c', 'link'])
  expect(found.times.get('a b/c')).toBe(Date.UTC(2026, 0, 31, 13, 5, 1) / 1000)
  expect(found.stats.map(({ path, stat: { type } }) => [path, type])).toEqual([
    ['/d/a b/c', 'file'],
    ['/d/a b', 'directory'],
  ])
})
it.each([
  ["!Source '/x' does not exist or is not readable", "Source '/x' does not exist or is not readable"],
  [
    'tar\0!cannot read the archive: tar: Unexpected EOF in archive',
    'cannot read the archive: tar: Unexpected EOF in archive',
  ],
  ['', 'the archive could not be read'],
])('reads what went wrong: %j', (output, trouble) => {
  expect(parseUnarchived(Buffer.from(output), '/d')).toEqual({ trouble })
})

const DIR: FileStat = { ...predictedStat('directory', {}), inode: 9 }
const known: readonly Known[] = [
  [creator(), ROOT],
  [stat('/d'), DIR],
  [stat('/new'), { ...DIR, inode: 0 }],
  [stat('/f'), { ...predictedStat('file', {}), inode: 3 }],
  [stat('/a.tgz'), { ...predictedStat('file', {}), inode: 4 }],
  [stat('/made.tgz'), predictedStat('file', {})],
]
/** A host on which an archive differs so from what is there. */
const host = (found: Partial<Unarchived>): HostState => {
  const table = new FakeHost(known)
  const answer = { kind: 'tar', differing: [], members: [], times: new Map(), stats: [], ...found }
  return {
    get: async <T>(fact: Fact<T>): Promise<T> => (fact.kind.name === 'unarchived' ? (answer as T) : table.get(fact)),
  }
}
const controller: Controller = {
  ...NO_FILES,
  file: (name) =>
    Promise.resolve(
      name === 'a.tgz'
        ? {
            kind: 'file',
            path: '/c/a.tgz',
            mode: '0644',
            size: 3,
            sha1: '',
            sha256: 's',
            read: () => Promise.reject(new Error('read')),
          }
        : null,
    ),
}
const differ = (what: string, name = 'x') => ({ differing: [{ name, what }] })
const FILE: FileStat = { ...predictedStat('file', {}), inode: 5, mtime: 100 }

describe('unarchive', () => {
  it.each<[string, object, Partial<Unarchived>, number]>([
    ['all as it should be', {}, {}, 0],
    ['a file is missing', {}, differ('Missing'), 1],
    ['other bytes', {}, differ('Contents'), 1],
    ['another mode', {}, differ('Mode'), 1],
    ['another mode than in the archive, as was asked for', { mode: '0600' }, differ('Mode'), 0],
    ['another owner, as was asked for', { owner: 'ada' }, differ('Uid'), 0],
    [
      'an older file',
      { keep_newer: true },
      { ...differ('Contents'), times: new Map([['x', 150]]), stats: [{ path: '/d/x', stat: FILE }] },
      1,
    ],
    [
      'a newer file, which is kept',
      { keep_newer: true },
      { ...differ('Contents'), times: new Map([['x', 50]]), stats: [{ path: '/d/x', stat: FILE }] },
      0,
    ],
    ['an owner that drifted', { owner: 'ada' }, { stats: [{ path: '/d/x', stat: FILE }] }, 1],
  ])('%s', async (_, more, found, count) => {
    const { steps } = await proposalOf(unarchive, { src: '/a.tgz', dest: '/d', remote_src: true, ...more }, host(found))
    expect(steps).toHaveLength(count)
  })
  it('streams an archive of the controller', async () => {
    const { steps } = await proposalOf(unarchive, { src: 'a.tgz', dest: '/d' }, host(differ('Missing')), controller)
    const [action] = steps[0]?.actions ?? []
    expect(action).toMatchObject({ do: 'sh', input: { path: '/c/a.tgz', size: 3 } })
    expect(action?.do === 'sh' ? action.args.slice(0, 4) : []).toEqual(['extract', 'input', '', '/d'])
  })
  it('unpacks all into a directory that has yet to be made', async () => {
    const { steps } = await proposalOf(unarchive, { src: 'a.tgz', dest: '/new' }, host({}), controller)
    expect(steps).toHaveLength(1)
  })
  it('does not guess what is in an archive that has yet to be made', async () => {
    const plan = planOf(unarchive, { src: '/made.tgz', dest: '/d', remote_src: true }, host({}))
    await expect(plan).rejects.toThrow(UnknownFact)
  })
  it.each<[string, object, string]>([
    ['no directory', { src: 'a.tgz', dest: '/none' }, "dest '/none' must be an existing dir"],
    ['a file in its place', { src: 'a.tgz', dest: '/f' }, 'must be an existing dir'],
    ['no archive here', { src: 'b.tgz', dest: '/d' }, 'say remote_src: true'],
    ['no archive there', { src: '/b.tgz', dest: '/d', remote_src: true }, "Source '/b.tgz' does not exist"],
  ])('refuses: %s', async (_, args, message) => {
    expect(await planOf(unarchive, { ...args }, host({}), controller)).toMatchObject({
      kind: 'refusal',
      message: expect.stringContaining(message) as string,
    })
  })
})
