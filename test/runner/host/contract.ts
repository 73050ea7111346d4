import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Fact } from '../../../modules/fact.ts'
import { checksum } from '../../../modules/facts/checksum.ts'
import { content } from '../../../modules/facts/content.ts'
import { creator } from '../../../modules/facts/creator.ts'
import { type FileStat, stat } from '../../../modules/facts/stat.ts'
import { tree } from '../../../modules/facts/tree.ts'
import type { Action, ActionResult, WriteAction } from '../../../modules/step.ts'
import type { Host, Performed, Work } from '../../../runner/host/host.ts'

type Done = Extract<Performed, { kind: 'performed' }>

/** A host under test, with a directory on it that is the test's own. */
export interface Subject {
  readonly host: Host
  readonly directory: string
  close(): Promise<void>
}

/** A file name for each thing that a shell, or a program that reads options, might take for its own. */
export const HOSTILE_NAMES: readonly string[] = [
  'a b',
  ' ',
  `it's "quoted"`,
  'new\nline\n',
  '$(touch pwned)',
  '`touch pwned`',
  '$HOME;&|<>(){}!#~*?[a]',
  '-rf',
  '--help',
  '\\040back\\slash\\',
  '%s%d%',
  'žluťoučký 🐎 ١',
  'x'.repeat(255),
  'ž'.repeat(127),
  '.hidden',
]

export const bytes = (text: string | Buffer): WriteAction['content'] => ({ kind: 'bytes', bytes: Buffer.from(text) })

export async function perform(host: Host, actions: readonly Action[], more: Partial<Work> = {}): Promise<Done> {
  const done = await host.perform({ actions, basis: [], readBack: [], environment: {}, ...more })
  if (done.kind === 'moved') throw new Error('the basis moved')
  return done
}

/** Performs what must work. */
export async function doAll(host: Host, ...actions: readonly Action[]): Promise<readonly ActionResult[]> {
  const done = await perform(host, actions)
  expect(done.failure?.message).toBeUndefined()
  expect(done.results).toHaveLength(actions.length)
  return done.results
}

export async function see<T>(host: Host, fact: Fact<T>): Promise<T> {
  const [reading] = await host.read([fact])
  if (reading?.kind !== 'raw') throw new Error(reading?.message)
  return fact.parse(reading.raw)
}

/** The names of all that is below a directory. */
export async function names(host: Host, directory: string): Promise<readonly string[]> {
  const entries = await see(host, tree(directory))
  return (entries ?? []).map((entry) => entry.path.slice(directory.length + 1)).toSorted()
}

const octets = Buffer.from(Array.from({ length: 256 }, (_, index) => index))
const asRoot = process.getuid?.() === 0

/** What holds for every host alike: that of a shell on any transport, and the one in memory. */
export function hostContract(name: string, open: () => Promise<Subject>): void {
  describe(`as a host: ${name}`, () => {
    let subject: Subject
    let host: Host
    let at: (path: string) => string
    let directory: string
    let count = 0
    const controller = mkdtempSync(join(tmpdir(), 'drover-controller-'))
    beforeAll(async () => {
      subject = await open()
      host = subject.host
    })
    afterAll(async () => {
      rmSync(controller, { recursive: true, force: true })
      await subject?.close()
    })
    beforeEach(async () => {
      directory = `${subject.directory}/case ${++count}`
      at = (path) => `${directory}/${path}`
      await doAll(host, { do: 'directory', path: directory, mode: '0755' })
    })
    const write = (path: string, text: string | Buffer, more: Partial<WriteAction> = {}): WriteAction => {
      return { do: 'write', path: at(path), content: bytes(text), ...more }
    }
    const statOf = async (path: string): Promise<FileStat> => {
      const found = await see(host, stat(at(path)))
      if (found === null) throw new Error(`${path} is not there`)
      return found
    }
    const textOf = async (path: string): Promise<string | undefined> => (await see(host, content(at(path))))?.toString()

    /** Performs what must fail, and checks that it leaves nothing behind; gives the message. */
    const refused = async (action: Action): Promise<string | undefined> => {
      const before = await names(host, directory)
      const done = await perform(host, [action, write('not done', '')])
      expect(done.failure).toMatchObject({ reason: 'status', action })
      expect(done.results).toHaveLength(1)
      expect(done.results[0]?.status).not.toBe(0)
      expect(await names(host, directory)).toEqual(before)
      return done.failure?.message
    }

    describe('write', () => {
      it('makes a file with the mode that the umask leaves', async () => {
        await doAll(host, write('f', 'hello\n'))
        const { umask } = await see(host, creator())
        expect(await textOf('f')).toBe('hello\n')
        expect(Number.parseInt((await statOf('f')).mode, 8)).toBe(0o666 & ~Number.parseInt(umask, 8))
        expect(await names(host, directory)).toEqual(['f'])
      })

      it.each<[string, Buffer]>([
        ['nothing', Buffer.alloc(0)],
        ['a text without a final newline', Buffer.from('a\nb')],
        ['newlines at the end', Buffer.from('a\n\n\n')],
        ['what a shell would interpret', Buffer.from(`$HOME \`id\` $(id) 'a' "b" \\n \\\\ %s % ! # ~ * -e -n\r\n`)],
        ['quotes alone', Buffer.from(`''''"'"''`.repeat(99))],
        ['a text that starts like an option', Buffer.from('-n x')],
        ['unicode', Buffer.from(Array.from({ length: 3000 }, (_, index) => String.fromCodePoint(index + 1)).join(''))],
        ['one NUL', Buffer.from([0])],
        ['all octets', octets],
        ['octets twice, of odd length', Buffer.concat([octets, octets, Buffer.from([7])])],
        ['100 kB of text', Buffer.from('0123456789abcde\n'.repeat(6400))],
        ['200 kB of octets', randomBytes(200_000)],
        ['5 MB', randomBytes(5_000_000)],
      ])('writes %s', async (_name, expected) => {
        await doAll(host, write('f', expected))
        expect((await see(host, content(at('f'))))?.equals(expected)).toBe(true)
      })

      it.each([0, 10, 5_000_000])('writes %d bytes out of a file of the controller', async (size) => {
        const source = join(controller, 'source')
        const expected = randomBytes(size)
        writeFileSync(source, expected)
        const sha256 = createHash('sha256').update(expected).digest('hex')
        await doAll(host, write('g', 'x'), write('f', '', { content: { kind: 'file', path: source, size, sha256 } }))
        expect(await see(host, checksum(at('f')))).toBe(sha256)
      })

      it('keeps mode and owner of the old file', async () => {
        const owner = asRoot ? { owner: '1', group: '1' } : {}
        await doAll(host, write('f', 'old', { mode: '0751', ...owner }))
        const before = await statOf('f')
        await doAll(host, write('f', 'new and longer'))
        const after = await statOf('f')
        expect(after).toMatchObject({ mode: '0751', uid: before.uid, gid: before.gid, size: 14 })
        expect(after.inode).not.toBe(before.inode)
      })

      it.each(['0600', '0644', '0400', '0444', '4755', '2711', '1777', '6750'])('sets the mode %s', async (mode) => {
        await doAll(host, write('new', 'x', { mode }), write('old', 'x', { mode: '0640' }), write('old', 'y', { mode }))
        expect([(await statOf('new')).mode, (await statOf('old')).mode]).toEqual([mode, mode])
        await doAll(host, write('old', 'z'))
        expect([await textOf('old'), (await statOf('old')).mode]).toEqual(['z', mode])
      })

      it.runIf(asRoot)('sets owner and group, by name and by number', async () => {
        await doAll(host, write('f', 'x', { owner: 'daemon', group: '1', mode: '4755' }), write('g', 'x'))
        await doAll(host, write('g', 'y', { group: 'daemon' }))
        expect(await statOf('f')).toMatchObject({ owner: 'daemon', group: 'daemon', mode: '4755' })
        expect(await statOf('g')).toMatchObject({ uid: 0, gid: 1 })
      })

      it('replaces a link by a file and leaves alone what it led to', async () => {
        await doAll(host, write('target', 'old'), { do: 'link', path: at('l'), target: 'target' }, write('l', 'new'))
        expect([await textOf('target'), await textOf('l'), (await statOf('l')).type]).toEqual(['old', 'new', 'file'])
      })

      it('replaces one name of a file that has two', async () => {
        await doAll(host, write('f', 'old'), { do: 'link', path: at('g'), target: at('f'), hard: true })
        await doAll(host, write('f', 'new'))
        expect([await textOf('f'), await textOf('g')]).toEqual(['new', 'old'])
        expect((await statOf('g')).links).toBe(1)
      })

      it('refuses a directory that is not there, a directory, and a link to one', async () => {
        await doAll(host, { do: 'directory', path: at('d') }, { do: 'link', path: at('l'), target: 'd' })
        expect(await refused(write('no/f', 'x'))).toMatch(
          /^cannot write .*\/no\/f: exit status 1: the directory .*\/no does not exist$/,
        )
        expect(await refused(write('d', 'x'))).toMatch(/\/d is a directory$/)
        expect(await refused(write('l', 'x'))).toMatch(/\/l is a directory$/)
      })

      it('keeps the old file beside it when a backup is asked for', async () => {
        await doAll(host, write('f', 'first', { backup: true, mode: '0640' }))
        expect(await names(host, directory)).toEqual(['f'])
        const [result] = await doAll(host, write('f', 'second', { backup: true, mode: '0600' }))
        const backup = result?.stdout.toString().slice(directory.length + 1) ?? ''
        expect(backup).toMatch(/^f\.\d+\.\d{4}-\d\d-\d\d@\d\d:\d\d:\d\d~$/)
        expect([await textOf('f'), await textOf(backup)]).toEqual(['second', 'first'])
        expect((await statOf(backup)).mode).toBe('0640')
        expect(await names(host, directory)).toEqual(['f', backup])
      })

      it('asks the validator with the new file, and keeps the old one when it says no', async () => {
        await doAll(host, write('f', 'old', { validate: ['grep', '-q', 'old', '%s'] }))
        expect(await refused(write('f', 'new', { validate: ['grep', '-q', 'old', '%s'] }))).toMatch(
          /cannot write .*the new .*\/f was refused by grep/s,
        )
        expect(await textOf('f')).toBe('old')
      })
    })

    describe('attributes', () => {
      it('sets mode and time, and owner of a link or of what it leads to', async () => {
        await doAll(host, write('f', 'x'), { do: 'link', path: at('l'), target: 'f' })
        await doAll(host, { do: 'attributes', path: at('l'), mode: '0604', mtime: 1_000_000_000 })
        expect(await statOf('f')).toMatchObject({ mode: '0604', mtime: 1_000_000_000 })
        await doAll(host, { do: 'attributes', path: at('l'), link: true, mode: '0600', mtime: 999_999_999 })
        expect(await statOf('f')).toMatchObject({ mode: '0604', mtime: 1_000_000_000 })
        expect(await statOf('l')).toMatchObject({ type: 'link', mtime: 999_999_999 })
        if (!asRoot) return
        await doAll(host, { do: 'attributes', path: at('l'), link: true, owner: '1', group: '2' })
        await doAll(host, { do: 'attributes', path: at('l'), owner: '3' })
        expect(await statOf('l')).toMatchObject({ uid: 1, gid: 2 })
        expect(await statOf('f')).toMatchObject({ uid: 3, gid: 0 })
      })

      it('refuses what is not there, and does not make it', async () => {
        expect(await refused({ do: 'attributes', path: at('no'), mode: '0644' })).toMatch(/no does not exist$/)
        expect(await refused({ do: 'attributes', path: at('no'), mtime: 1 })).toMatch(/no does not exist$/)
      })
    })

    describe('directory', () => {
      it('makes one, and leaves an existing one as it is', async () => {
        await doAll(host, { do: 'directory', path: at('d'), mode: '0750' }, { do: 'directory', path: at('e') })
        expect(await statOf('d')).toMatchObject({ type: 'directory', mode: '0750' })
        await doAll(host, { do: 'directory', path: at('d'), mode: '0700' })
        expect((await statOf('d')).mode).toBe('0750')
        await doAll(host, { do: 'attributes', path: at('d'), mode: '02770' })
        await doAll(host, { do: 'directory', path: at('d/sub'), mode: '00711' })
        expect([(await statOf('d')).mode, (await statOf('d/sub')).mode]).toEqual(['2770', '0711'])
      })

      it.runIf(asRoot)('gives it an owner', async () => {
        await doAll(host, { do: 'directory', path: at('d'), owner: '1', group: '2', mode: '0711' })
        expect(await statOf('d')).toMatchObject({ uid: 1, gid: 2, mode: '0711' })
      })

      it('refuses a missing parent, and a file in its place', async () => {
        await doAll(host, write('f', ''))
        expect(await refused({ do: 'directory', path: at('a/b') })).toMatch(/cannot make the directory .*\/a\/b/)
        expect(await refused({ do: 'directory', path: at('f') })).toMatch(/File exists/)
      })
    })

    describe('link', () => {
      it('makes one, over a file, a link, a broken link and a link to a directory', async () => {
        await doAll(
          host,
          { do: 'directory', path: at('d') },
          write('f', 'x'),
          write('file', 'y'),
          { do: 'link', path: at('file'), target: 'f' },
          { do: 'link', path: at('broken'), target: '-no such' },
          { do: 'link', path: at('dir'), target: 'd' },
        )
        expect((await statOf('broken')).target).toBe('-no such')
        await doAll(
          host,
          { do: 'link', path: at('broken'), target: 'f' },
          { do: 'link', path: at('dir'), target: at('f') },
        )
        expect(await statOf('file')).toMatchObject({ type: 'link', target: 'f', resolved: at('f') })
        expect(await statOf('broken')).toMatchObject({ target: 'f' })
        expect(await statOf('dir')).toMatchObject({ target: at('f') })
        expect(await names(host, directory)).toEqual(['broken', 'd', 'dir', 'f', 'file'])
      })

      it('makes hard links, also where they are already', async () => {
        await doAll(host, write('f', 'x'), write('g', 'y'))
        for (let twice = 0; twice < 2; twice++)
          await doAll(host, { do: 'link', path: at('g'), target: at('f'), hard: true })
        expect(await statOf('g')).toMatchObject({ inode: (await statOf('f')).inode, links: 2 })
        expect(await names(host, directory)).toEqual(['f', 'g'])
      })

      it('refuses a directory in its place, a missing directory, and a hard link to nothing', async () => {
        await doAll(host, { do: 'directory', path: at('d') })
        expect(await refused({ do: 'link', path: at('d'), target: 'x' })).toMatch(
          /cannot link .*\/d to x: .*d is a directory$/,
        )
        expect(await refused({ do: 'link', path: at('no/l'), target: 'x' })).toMatch(/cannot link/)
        expect(await refused({ do: 'link', path: at('l'), target: at('no'), hard: true })).toMatch(/cannot link/)
      })
    })

    describe('remove', () => {
      it('removes files, links, empty directories, and what is not there', async () => {
        await doAll(
          host,
          write('f', ''),
          { do: 'directory', path: at('d') },
          write('d/kept', ''),
          { do: 'directory', path: at('e') },
          { do: 'link', path: at('l'), target: 'd' },
          { do: 'link', path: at('slash'), target: 'd' },
        )
        await doAll(
          host,
          ...['f', 'e', 'l', 'no', 'no/no'].map((path): Action => ({ do: 'remove', path: at(path) })),
          { do: 'remove', path: at('slash/'), recursive: true },
          { do: 'remove', path: at('no'), recursive: true },
        )
        expect(await names(host, directory)).toEqual(['d', 'd/kept'])
      })

      it('removes a directory with all that is in it only when told to, and does not follow links', async () => {
        await doAll(
          host,
          { do: 'directory', path: at('kept') },
          write('kept/f', ''),
          { do: 'directory', path: at('d') },
          { do: 'directory', path: at('d/e') },
          write('d/e/f', '', { mode: '0400' }),
          { do: 'link', path: at('d/out'), target: at('kept') },
        )
        expect(await refused({ do: 'remove', path: at('d') })).toMatch(/cannot remove .*not empty/i)
        await doAll(host, { do: 'remove', path: at('d'), recursive: true })
        expect(await names(host, directory)).toEqual(['kept', 'kept/f'])
      })
    })

    it.each(HOSTILE_NAMES)('never interprets the name %j', async (name) => {
      const backup = name.length < 100
      await doAll(host, { do: 'directory', path: at('d') }, write('d/other', ''))
      await doAll(
        host,
        write(`d/${name}`, 'one'),
        write(`d/${name}`, 'two', { mode: '0640', backup }),
        { do: 'attributes', path: at(`d/${name}`), mode: '0604' },
        { do: 'link', path: at('soft'), target: name },
        { do: 'link', path: at('hard'), target: at(`d/${name}`), hard: true },
      )
      const facts = [content(at(`d/${name}`)), stat(at('soft')), checksum(at('hard'))] as const
      const [raw, soft, sum] = await Promise.all([see(host, facts[0]), see(host, facts[1]), see(host, facts[2])])
      expect(raw?.toString()).toBe('two')
      expect(soft?.target).toBe(name)
      expect(sum).toBe(createHash('sha256').update('two').digest('hex'))
      expect(await names(host, at('d'))).toHaveLength(backup ? 3 : 2)
      await doAll(
        host,
        { do: 'remove', path: at(`d/${name}`) },
        { do: 'directory', path: at(`d/${name}`), mode: '0711' },
        write(`d/${name}/${name}`, 'deep'),
        { do: 'link', path: at(`d/${name}/l`), target: '..' },
      )
      expect(await names(host, at(`d/${name}`))).toEqual([name, 'l'].toSorted())
      await doAll(host, { do: 'remove', path: at(`d/${name}`), recursive: true })
      expect(await names(host, at('d'))).toHaveLength(backup ? 2 : 1)
    })

    describe('work', () => {
      it('stops at the first failure and says which, and still reads back', async () => {
        const failing: Action = { do: 'remove', path: at('d') }
        const readBack = [content(at('first')), content(at('third')), content(at('first'))]
        await doAll(host, { do: 'directory', path: at('d') }, write('d/f', ''))
        const done = await perform(host, [write('first', 'x'), failing, write('third', 'y')], { readBack })
        expect(done.results.map(({ status }) => status === 0)).toEqual([true, false])
        expect(done.failure?.action).toBe(failing)
        expect(done.readings).toEqual(await host.read(readBack))
        expect(done.readings.map((reading) => reading.kind === 'raw' && reading.raw.toString())).toEqual([
          'fx',
          '-',
          'fx',
        ])
      })

      it('stops at the first failure among requests', async () => {
        const big = randomBytes(300_000)
        const readBack = [stat(at('a')), stat(at('c'))]
        const done = await perform(host, [write('a', big), write('no/b', big), write('c', big)], { readBack })
        expect(done.results.map(({ status }) => status === 0)).toEqual([true, false])
        expect(done.failure?.message).toMatch(/no does not exist$/)
        expect(done.readings).toEqual(await host.read(readBack))
        expect(await names(host, directory)).toEqual(['a'])
      })

      it('reads back what a fresh reading gives', async () => {
        const paths = ['f', 'l', 'd', 'no', ...HOSTILE_NAMES].map(at)
        const readBack = paths.flatMap((path) => [stat(path), content(path), checksum(path)])
        const done = await perform(
          host,
          [
            write('f', 'x'),
            { do: 'link', path: at('l'), target: 'f' },
            { do: 'directory', path: at('d') },
            ...HOSTILE_NAMES.map((name) => write(name, name)),
          ],
          { readBack },
        )
        expect(done.failure).toBeNull()
        expect(done.readings).toEqual(await host.read(readBack))
      })

      it('does nothing when what it was planned from has moved', async () => {
        await doAll(host, write('f', 'x'), write('g', octets))
        const facts = [stat(at('f')), content(at('f')), stat(at('no')), checksum(at('g')), content(at('g'))]
        const basis = (await host.read(facts)).map((reading, index) => {
          const fact = facts[index]
          if (reading.kind !== 'raw' || fact === undefined) throw new Error('not read')
          return { fact, raw: reading.raw }
        })
        const action = write('f', 'y')
        const first = await perform(host, [action], { basis })
        expect(first.failure).toBeNull()
        const work = { actions: [write('f', 'z')], readBack: facts, environment: {} }
        expect(await host.perform({ ...work, basis })).toEqual({ kind: 'moved' })
        expect(await host.perform({ ...work, actions: [write('f', randomBytes(300_000))], basis })).toEqual({
          kind: 'moved',
        })
        expect(await textOf('f')).toBe('y')
      })

      it('has nothing to do', async () => {
        const readBack = [stat(at('no'))]
        expect(await perform(host, [], { readBack })).toMatchObject({ results: [], failure: null })
        expect(await host.read([])).toEqual([])
      })
    })
  })
}
