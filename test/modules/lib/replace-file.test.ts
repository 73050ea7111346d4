import { describe, expect, it } from 'vitest'
import { checksum } from '../../../modules/facts/checksum.ts'
import { content } from '../../../modules/facts/content.ts'
import { stat, type FileStat } from '../../../modules/facts/stat.ts'
import { predictedStat, withOwnership } from '../../../modules/lib/ownership.ts'
import { replaceFile, sha256, type Replacement } from '../../../modules/lib/replace-file.ts'

const FILE: FileStat = {
  ...predictedStat('file', { mode: '0640' }),
  uid: 5,
  owner: 'bob',
  gid: 6,
  group: 'web',
  size: 3,
  inode: 7,
  links: 2,
}
const plan = (options: Partial<Replacement>) =>
  replaceFile({
    path: '/f',
    stat: FILE,
    before: Buffer.from('old'),
    after: Buffer.from('new'),
    ownership: {},
    ...options,
  })

describe('replaceFile', () => {
  it.each([
    ['nothing asked', {}],
    ['the same by name', { owner: 'bob', group: 'web', mode: '0640' }],
    ['the same by number', { owner: '5', group: '6', mode: 'u=rw,g=r' }],
  ])('plans nothing where all is right: %s', (_, ownership) => {
    expect(plan({ after: Buffer.from('old'), ownership })).toBeNull()
  })

  it('tells a name from the number that it looks like', () => {
    const odd = { ...FILE, owner: '5', uid: 1000 }
    expect(plan({ stat: odd, after: Buffer.from('old'), ownership: { owner: '5' } })?.actions).toMatchObject([
      { owner: '5' },
    ])
  })

  it('says what is then true, for later tasks', () => {
    const step = plan({ ownership: { owner: '0', mode: 'g+w' } })
    const known = new Map(
      step?.effects.flatMap((effect) => (effect.kind === 'becomes' ? [[effect.fact.key, effect.value]] : [])),
    )
    expect(known.get(stat('/f').key)).toEqual({
      ...FILE,
      mode: '0660',
      uid: 0,
      owner: 'root',
      inode: 0,
      mtime: 0,
      links: 1,
      size: 3,
    })
    expect(known.get(content('/f').key)).toEqual(Buffer.from('new'))
    expect(known.get(checksum('/f').key)).toBe(sha256(Buffer.from('new')))
  })

  it('keeps what is not asked for out of the action', () => {
    expect(plan({ ownership: { owner: 'bob' } })?.actions).toEqual([
      { do: 'write', path: '/f', content: { kind: 'bytes', bytes: Buffer.from('new') } },
    ])
  })

  it('gives a new file what its creator and umask leave', () => {
    const creator = { uid: 5, gid: 6, owner: 'bob', group: 'web', umask: '0077', home: '/home/bob' }
    const effect = plan({ stat: null, before: null, creator })?.effects[0]
    expect(effect).toMatchObject({ kind: 'becomes', value: { mode: '0600', owner: 'bob', gid: 6 } })
    expect(plan({ stat: null, before: null, creator, ownership: { mode: 'a+r' } })?.actions).toMatchObject([
      { mode: '0644' },
    ])
  })

  it.each([
    ['NUL', Buffer.from('a\0b')],
    ['bytes that are no UTF-8', Buffer.from([0xff, 0xfe])],
    ['too much', Buffer.alloc(200_000, 'x')],
  ])('shows no text with %s in it', (_, after) => {
    const change = plan({ after })?.change
    expect(change?.text).toBeUndefined()
    expect(change?.attributes).toContainEqual({
      name: 'sha256',
      before: sha256(Buffer.from('old')),
      after: sha256(after),
    })
  })

  it('marks a secret', () =>
    expect(plan({ secret: true })?.change).toMatchObject({ secret: true, text: { before: 'old' } }))
})

it('does not make up the number of a name', () => {
  expect(withOwnership(FILE, { owner: 'eve', group: '9' })).toMatchObject({ uid: -1, owner: 'eve', gid: 9, group: '9' })
})
