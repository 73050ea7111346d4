import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Action, Ownership } from '../../../modules/step.ts'
import { bulkKey } from '../../../runner/host/bulk-write.ts'
import type { Performed } from '../../../runner/host/host.ts'
import { type LocalSubject, localSubject } from './local-subject.ts'

let local: LocalSubject
beforeEach(async () => {
  local = await localSubject()
})
afterEach(() => local.close())

const bytes = (text: string | Buffer) => ({ kind: 'bytes' as const, bytes: Buffer.from(text) })
const write = (name: string, text: string | Buffer, ownership: Ownership = {}): Action => ({
  do: 'write',
  path: local.at(name),
  content: bytes(text),
  ...ownership,
})
/** Asks for each action in the same tick, as works that do not depend on each other. */
const apart = (...actions: readonly Action[]): Promise<readonly Performed[]> =>
  Promise.all(
    actions.map((action) => local.host.perform({ actions: [action], basis: [], readBack: [], environment: {} })),
  )
const inOrder = (...actions: readonly Action[]): Promise<Performed> =>
  local.host.perform({ actions, basis: [], readBack: [], environment: {} })

const mode = (name: string): string => (lstatSync(local.at(name)).mode & 0o7777).toString(8)
const text = (name: string): string => readFileSync(local.at(name), 'utf8')
const requests = (): number => local.connection.meter.requests
const failures = (performed: readonly Performed[]): readonly (string | null)[] =>
  performed.map((each) => (each.kind === 'performed' ? (each.failure?.message ?? null) : 'moved'))

describe('files that are written together', () => {
  it('hold any bytes, under any name', async () => {
    const names = [
      'plain',
      '-n',
      '--help',
      'a b',
      "it's",
      '$HOME',
      '`id`',
      '*',
      'ü\u00a0ß',
      'back\\slash',
      'new\nline',
      '.hidden',
    ]
    const contents = [
      '',
      '\n',
      'no end',
      'a\r\n',
      '%s %d\n',
      '\'"\\$`',
      Buffer.from([0, 255, 10, 13]),
      '-n',
      'ü',
      'x'.repeat(5000),
      'y',
      ' ',
    ]
    const before = requests()
    expect(failures(await apart(...names.map((name, at) => write(name, contents[at] ?? ''))))).toEqual(
      names.map(() => null),
    )
    expect(requests()).toBe(before + 1)
    expect(readdirSync(local.directory).toSorted()).toEqual(names.toSorted())
    for (const [at, name] of names.entries())
      expect(readFileSync(join(local.directory, name)).equals(Buffer.from(contents[at] ?? ''))).toBe(true)
  })

  it('get the modes that were asked for, or keep those they have', async () => {
    for (const name of ['keeps', 'changes', 'sets']) writeFileSync(local.at(name), 'old')
    chmodSync(local.at('keeps'), 0o604)
    chmodSync(local.at('changes'), 0o604)
    chmodSync(local.at('sets'), 0o4711)
    const done = await apart(
      write('keeps', 'new'),
      write('changes', 'new', { mode: '0640' }),
      write('sets', 'new'),
      write('made', 'new'),
      write('secret', 'new', { mode: '0600' }),
      write('open', 'new', { mode: '2755' }),
    )
    expect(failures(done)).toEqual([null, null, null, null, null, null])
    const umask = (0o666 & ~process.umask()).toString(8)
    expect(['keeps', 'changes', 'sets', 'made', 'secret', 'open'].map(mode)).toEqual([
      '604',
      '640',
      '4711',
      umask,
      '600',
      '2755',
    ])
    expect(['keeps', 'changes', 'sets', 'made', 'secret', 'open'].map(text)).toEqual(Array(6).fill('new'))
  })

  it('take the place of a file, also where other names lead to the old one', async () => {
    writeFileSync(local.at('one'), 'old')
    linkSync(local.at('one'), local.at('other'))
    await apart(write('one', 'new'), write('two', 'new'))
    expect([text('one'), text('other')]).toEqual(['new', 'old'])
  })

  it('do not keep each other from being written where one cannot be', async () => {
    mkdirSync(local.at('taken'))
    symlinkSync('nowhere', local.at('link'))
    const done = await apart(
      write('a', '1'),
      write('taken', '2'),
      write('b', '3'),
      write('none/c', '4'),
      write('none/d', '5'),
    )
    expect(failures(done).map((message) => message?.replace(/^.*: /, '') ?? null)).toEqual([
      null,
      `${local.at('taken')} is a directory`,
      null,
      `the directory ${local.at('none')} does not exist`,
      `the directory ${local.at('none')} does not exist`,
    ])
    expect([text('a'), text('b')]).toEqual(['1', '3'])
    expect(readdirSync(local.directory).toSorted()).toEqual(['a', 'b', 'link', 'taken'])
  })

  it('go in as few requests as their size allows', async () => {
    const before = requests()
    const large = 'x'.repeat(200_000)
    const names = Array.from({ length: 10 }, (_, index) => `large ${index}`)
    expect(failures(await apart(...names.map((name) => write(name, large))))).toEqual(names.map(() => null))
    expect(names.map(text)).toEqual(names.map(() => large))
    expect(requests()).toBe(before + 2)
  })

  it('stop at the first that cannot be where one comes after the other', async () => {
    mkdirSync(local.at('taken'))
    const done = await inOrder(write('a', '1'), write('taken', '2'), write('b', '3'))
    expect(done).toMatchObject({
      results: [{ status: 0 }, { status: 1 }],
      failure: { action: { path: local.at('taken') } },
    })
    expect(readdirSync(local.directory).toSorted()).toEqual(['a', 'taken'])
  })

  it('come after what makes their directory, and before what follows', async () => {
    const done = await inOrder(
      { do: 'directory', path: local.at('d'), mode: '0750' },
      write('d/a', '1'),
      write('d/b', '2'),
      write('d/a', '3'),
      { do: 'run', argv: ['cp', local.at('d/a'), local.at('copy')] },
    )
    expect(done).toMatchObject({ failure: null })
    expect([text('d/a'), text('d/b'), text('copy')]).toEqual(['3', '2', '3'])
  })

  it('leave nothing of those that were ended, once they are a day old', async () => {
    mkdirSync(local.at('.drover-0123456789abcdef'))
    writeFileSync(local.at('.drover-0123456789abcdef/a'), 'half')
    writeFileSync(local.at('.a.drover-0123456789abcdef'), 'half')
    mkdirSync(local.at('.drover-young56789abcdef'))
    await local.sh(
      `touch -d '3 days ago' ${local.directory}/.drover-0123456789abcdef ${local.directory}/.a.drover-0123456789abcdef`,
    )
    await apart(write('a', '1'), write('b', '2'))
    expect(readdirSync(local.directory).toSorted()).toEqual(['.drover-young56789abcdef', 'a', 'b'])
  })
})

it('are alike where directory and need of a mode are, and need nothing more', () => {
  const base = { do: 'write', path: '/d/f', content: bytes('x') } as const
  const keys = [
    base,
    { ...base, path: '/d/g' },
    { ...base, mode: '0600' },
    { ...base, path: '/e/f' },
    { ...base, backup: true },
    { ...base, validate: ['true', '%s'] },
    { ...base, path: '/d/new\nline' },
    { ...base, path: 'relative' },
    { ...base, content: { kind: 'file', path: basename(import.meta.filename), size: 1, sha256: '' } as const },
    { do: 'remove', path: '/d/f' } as const,
  ].map(bulkKey)
  expect(keys).toEqual(['umask /d', 'umask /d', 'mode /d', 'umask /e', null, null, null, null, null, null])
})
