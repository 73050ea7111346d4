import { describe, expect, it } from 'vitest'
import { checksum } from '../../../modules/facts/checksum.ts'
import { compressed } from '../../../modules/facts/compressed.ts'
import { creator } from '../../../modules/facts/creator.ts'
import { found } from '../../../modules/facts/found.ts'
import { stat, type FileStat } from '../../../modules/facts/stat.ts'
import { tree } from '../../../modules/facts/tree.ts'
import type { Unarchived } from '../../../modules/facts/unarchived.ts'
import type { Fact } from '../../../modules/fact.ts'
import archive from '../../../modules/files/archive.ts'
import { predictedStat, ROOT } from '../../../modules/lib/ownership.ts'
import type { HostState } from '../../../modules/module.ts'
import { FakeHost, planOf, proposalOf } from '../fake-host.ts'

const DIR: FileStat = { ...predictedStat('directory', {}), inode: 1 }
const FILE: FileStat = { ...predictedStat('file', {}), inode: 2 }
const table = new FakeHost([
  [creator(), ROOT],
  [stat('/a/d'), DIR],
  [stat('/a/f'), FILE],
  [stat('/a/d/x.log'), FILE],
  [stat('/b'), FILE],
  [stat('/old.tgz'), FILE],
  [stat('/a/f.gz'), FILE],
  [checksum('/a/f'), 'x'],
  [
    tree('/a/d'),
    [
      { path: '/a/d/x.log', stat: FILE },
      { path: '/a/d/s', stat: DIR },
      { path: '/a/d/s/y', stat: FILE },
    ],
  ],
  [
    found('/a/d', 1, false),
    {
      now: 0,
      incomplete: false,
      entries: [
        { path: '/a/d/x.log', details: {} },
        { path: '/a/d/s', details: {} },
      ],
    },
  ],
  [compressed('/a/f.gz', '/a/f', 'gz'), true],
])
const host = (there: Partial<Unarchived> = {}): HostState => {
  const answer = { kind: 'tar', differing: [], members: [], times: new Map(), stats: [], ...there }
  return {
    get: async <T>(fact: Fact<T>): Promise<T> => (fact.kind.name === 'unarchived' ? (answer as T) : table.get(fact)),
  }
}

describe('archive', () => {
  it.each<[string, object, readonly string[], string]>([
    ['a directory', { path: '/a/d', dest: '/n.tgz' }, ['/a/', 'tar', 'gz'], 'd d/x.log d/s d/s/y'],
    ['what is in it', { path: '/a/d/', dest: '/n.tgz' }, ['/a/d/', 'tar', 'gz'], 'x.log s s/y'],
    [
      'two things',
      { path: ['/a/d', '/b'], dest: '/n.zip', format: 'zip' },
      ['/', 'zip', ''],
      'a/d b a/d/x.log a/d/s a/d/s/y',
    ],
    ['a pattern', { path: '/a/d/*.log', dest: '/n.tar', format: 'tar' }, ['/a/d/', 'tar', ''], 'x.log'],
    ['all but something', { path: '/a/d', dest: '/n.tgz', exclude_path: '/a/d/s' }, ['/a/', 'tar', 'gz'], 'd d/x.log'],
    [
      'all but such names',
      { path: '/a/d', dest: '/n.tgz', exclusion_patterns: '*.log' },
      ['/a/', 'tar', 'gz'],
      'd d/s d/s/y',
    ],
    ['a file', { path: '/b', format: 'xz' }, ['/', 'one', 'xz'], 'b'],
    ['a file, as an archive', { path: '/b', force_archive: true }, ['/', 'tar', 'gz'], 'b'],
  ])('packs %s', async (_, args, words, names) => {
    const { steps } = await proposalOf(archive, { ...args }, host())
    const [action] = steps[0]?.actions ?? []
    expect(action?.do === 'sh' ? action.args.slice(1, 4) : []).toEqual(words)
    const packed = action?.do === 'sh' ? (action.stdin?.toString() ?? '') : ''
    expect(
      packed
        .split(/[\0\n]/)
        .filter(Boolean)
        .join(' '),
    ).toBe(names)
  })
  it.each<[string, object, Partial<Unarchived>, number]>([
    ['holds just this', {}, { members: ['d/', 'd/x.log', 'd/s/', 'd/s/y'] }, 0],
    ['lacks something', {}, { members: ['d/', 'd/x.log'] }, 1],
    ['holds more', {}, { members: ['d/', 'd/x.log', 'd/s/', 'd/s/y', 'z'] }, 1],
    [
      'holds other bytes',
      {},
      { members: ['d/', 'd/x.log', 'd/s/', 'd/s/y'], differing: [{ name: 'd/s/y', what: 'Contents' }] },
      1,
    ],
    ['has another mode', { mode: '0600' }, { members: ['d/', 'd/x.log', 'd/s/', 'd/s/y'] }, 1],
    ['is another kind', {}, { kind: 'zip', members: ['d/', 'd/x.log', 'd/s/', 'd/s/y'] }, 1],
  ])('an archive that %s', async (_, more, there, count) => {
    const { steps } = await proposalOf(archive, { path: '/a/d', dest: '/old.tgz', ...more }, host(there))
    expect(steps).toHaveLength(count)
  })
  it('leaves a file that is compressed already, and removes the other if told to', async () => {
    expect((await proposalOf(archive, { path: '/a/f' }, host())).steps).toEqual([])
    const { steps } = await proposalOf(archive, { path: '/a/f', remove: true }, host())
    expect(steps.map(({ actions }) => actions)).toEqual([[{ do: 'remove', path: '/a/f' }]])
  })
  it('has nothing to do where nothing is there any more', async () => {
    const { steps, result } = await proposalOf(archive, { path: '/gone', dest: '/old.tgz', remove: true }, host())
    expect([steps, result['state'], result['missing']]).toEqual([[], 'archive', ['/gone']])
  })
  it('needs to be told where to', async () => {
    expect(await planOf(archive, { path: ['/a/f', '/b'] }, host())).toMatchObject({ kind: 'refusal' })
  })
})
