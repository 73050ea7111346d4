import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { nothingBrought } from '../../../modules/facts/brought.ts'
import { checksum } from '../../../modules/facts/checksum.ts'
import { content } from '../../../modules/facts/content.ts'
import { creator } from '../../../modules/facts/creator.ts'
import { stat, type FileStat } from '../../../modules/facts/stat.ts'
import { tree } from '../../../modules/facts/tree.ts'
import copy from '../../../modules/files/copy.ts'
import template from '../../../modules/files/template.ts'
import { predictedStat, ROOT } from '../../../modules/lib/ownership.ts'
import { UnknownFact, type Controller, type ControllerFile } from '../../../modules/module.ts'
import type { Action } from '../../../modules/step.ts'
import type { JsonObject } from '../../../schema/infer.ts'
import { FakeHost, NO_FILES, planOf, proposalOf, type Known } from '../fake-host.ts'

const digest = (name: string, bytes: Buffer | string) => createHash(name).update(bytes).digest('hex')
const DIR: FileStat = { ...predictedStat('directory', {}), inode: 9 }
const link = (target: string, resolved: string | null): FileStat => ({ ...predictedStat('link', {}), target, resolved })
/** A file of the host with its content. */
const there = (path: string, text: string, mode = '0644'): readonly Known[] => [
  [stat(path), { ...predictedStat('file', { mode }), size: Buffer.byteLength(text) }],
  [content(path), Buffer.from(text)],
  [checksum(path), digest('sha256', text)],
]
const host = (known: readonly Known[] = []) =>
  new FakeHost([[creator(), ROOT], [stat('/d'), DIR], [stat('/e'), DIR], ...known])

/** A controller with these files; a null is a directory. */
function controllerWith(files: { readonly [path: string]: string | Buffer | null }): Controller {
  const describeFile = (path: string): ControllerFile | null => {
    const bytes = files[path]
    if (bytes === undefined) return null
    if (bytes !== null) {
      const whole = Buffer.from(bytes)
      return {
        kind: 'file',
        path,
        mode: '0640',
        size: whole.length,
        sha1: digest('sha1', whole),
        sha256: digest('sha256', whole),
        read: () => Promise.resolve(whole),
      }
    }
    const below = Object.keys(files).filter((name) => name.startsWith(`${path}/`))
    return {
      kind: 'directory',
      path,
      mode: '0750',
      entries: below.map((name) => ({
        name: name.slice(path.length + 1),
        kind: files[name] === null ? 'directory' : 'file',
        mode: '0640',
      })),
    }
  }
  return {
    ...NO_FILES,
    file: (name) => Promise.resolve(describeFile(name.replace(/\/$/, ''))),
    render: (name, options) => Promise.resolve(`${String(files[name])}${options?.newlineSequence ?? '\n'}`),
  }
}
const FILES = controllerWith({
  '/c/a': 'one\n',
  '/c/big': Buffer.alloc(200_000, 'x'),
  '/c/bin': Buffer.from([0, 1, 2]),
  '/c/s': null,
  '/c/s/a': 'A\n',
  '/c/s/sub': null,
  '/c/s/sub/b': 'B\n',
  '/c/s/empty': null,
})

const short = (action: Action): string => {
  if (action.do === 'write')
    return [
      'write',
      action.path,
      action.mode,
      action.owner,
      action.content.kind === 'bytes' ? JSON.stringify(String(action.content.bytes)) : `<${action.content.path}`,
    ]
      .filter(Boolean)
      .join(' ')
  if (action.do === 'directory' || action.do === 'attributes')
    return [action.do, action.path, action.mode, action.owner].filter(Boolean).join(' ')
  return action.do
}

describe('copy', () => {
  it.each<[string, JsonObject, readonly Known[], readonly string[]]>([
    ['makes a file', { content: 'x\n', dest: '/d/f', mode: '0600', owner: 'bob' }, [], ['write /d/f 0600 bob "x\\n"']],
    ['leaves a right file', { content: 'x\n', dest: '/d/f', mode: '0644', owner: 0 }, there('/d/f', 'x\n'), []],
    [
      'sets the mode of a file with the right content',
      { content: 'x\n', dest: '/d/f', mode: 'g+w' },
      there('/d/f', 'x\n'),
      ['attributes /d/f 0664'],
    ],
    [
      'replaces other content, the mode stays',
      { content: 'x\n', dest: '/d/f' },
      there('/d/f', 'y\n', '0600'),
      ['write /d/f "x\\n"'],
    ],
    ['sends a small file with the request', { src: '/c/a', dest: '/d/f' }, [], ['write /d/f "one\\n"']],
    ['streams a large file', { src: '/c/big', dest: '/d/f' }, [], ['write /d/f </c/big']],
    ['puts a file into a directory', { src: '/c/a', dest: '/d' }, [], ['write /d/a "one\\n"']],
    [
      'puts a file into a directory behind a link',
      { src: '/c/a', dest: '/dl' },
      [[stat('/dl'), link('d', '/d')]],
      ['write /dl/a "one\\n"'],
    ],
    [
      'makes the directory that a slash asks for',
      { src: '/c/a', dest: '/d/x/y/', directory_mode: '0700', owner: 'bob' },
      [],
      ['directory /d/x 00700 bob', 'directory /d/x/y 00700 bob', 'write /d/x/y/a bob "one\\n"'],
    ],
    ["takes the source's mode", { src: '/c/a', dest: '/d/f', mode: 'preserve' }, [], ['write /d/f 0640 "one\\n"']],
    [
      'keeps what is there if not forced',
      { content: 'x\n', dest: '/d/f', force: false, mode: '0600' },
      there('/d/f', 'y\n'),
      [],
    ],
    [
      'makes what is not there if not forced',
      { content: 'x\n', dest: '/d/f', force: false },
      [],
      ['write /d/f "x\\n"'],
    ],
    [
      "replaces a link, with a new file's mode and owner",
      { content: 'x\n', dest: '/l' },
      [[stat('/l'), link('d/f', '/d/f')], ...there('/d/f', 'x\n', '0600'), [checksum('/l'), digest('sha256', 'x\n')]],
      ['write /l 0644 0 "x\\n"'],
    ],
    [
      'follows a link',
      { content: 'x\n', dest: '/l', follow: true },
      [[stat('/l'), link('d/f', '/d/f')], ...there('/d/f', 'y\n', '0600')],
      ['write /d/f "x\\n"'],
    ],
    [
      'follows a link that leads nowhere yet',
      { content: 'x\n', dest: '/l', follow: true },
      [[stat('/l'), link('d/new', null)]],
      ['write /d/new "x\\n"'],
    ],
    [
      'knows right content behind a link',
      { content: 'x\n', dest: '/l', follow: true },
      [[stat('/l'), link('d/f', '/d/f')], ...there('/d/f', 'x\n'), [checksum('/l'), digest('sha256', 'x\n')]],
      [],
    ],
    [
      'copies a directory with its name',
      { src: '/c/s', dest: '/d', mode: '0600', directory_mode: '0711' },
      [],
      [
        'directory /d/s 00711',
        'directory /d/s/sub 00711',
        'directory /d/s/empty 00711',
        'write /d/s/a 0600 "A\\n"',
        'write /d/s/sub/b 0600 "B\\n"',
      ],
    ],
    [
      'copies what is in a directory',
      { src: '/c/s/', dest: '/d', directory_mode: '0711' },
      [[stat('/d/sub'), DIR], ...there('/d/a', 'A\n')],
      ['directory /d/empty 00711', 'write /d/sub/b "B\\n"'],
    ],
    [
      'makes the directory to copy to',
      { src: '/c/s/', dest: '/new/x' },
      [],
      [
        'directory /new',
        'directory /new/x',
        'directory /new/x/sub',
        'directory /new/x/empty',
        'write /new/x/a "A\\n"',
        'write /new/x/sub/b "B\\n"',
      ],
    ],
    [
      'copies a file of the host',
      { src: '/e/f', dest: '/d/', remote_src: true, mode: 'preserve' },
      there('/e/f', 'x', '0400'),
      ['write /d/f 0400 "x"'],
    ],
    [
      'copies a directory of the host',
      { src: '/e/', dest: '/d', remote_src: true },
      [
        [
          tree('/e'),
          [
            { path: '/e/s', stat: DIR },
            { path: '/e/s/f', stat: predictedStat('file', {}) },
          ],
        ],
        ...there('/e/s/f', 'x'),
      ],
      ['directory /d/s', 'write /d/s/f "x"'],
    ],
  ])('%s', async (_, args, known, expected) => {
    const before = host(known)
    const plan = await proposalOf(copy, args, before, FILES)
    expect(plan.steps.flatMap((step) => step.actions).map(short)).toEqual(expected)
    expect((await proposalOf(copy, args, before.after(plan), FILES)).steps).toEqual([])
  })

  it.each<[string, JsonObject, readonly Known[], string]>([
    ['content for a directory', { content: 'x', dest: '/d' }, [], 'can not use content with a dir'],
    [
      'a directory that is missing',
      { content: 'x', dest: '/none/f' },
      [],
      'Destination directory /none does not exist',
    ],
    ['a directory that is a file', { content: 'x', dest: '/d/f/x' }, there('/d/f', ''), '/d/f is not a directory'],
    ['a source that is missing', { src: '/c/none', dest: '/d/f' }, [], 'on the controller'],
    ['a source that the host lacks', { src: '/none', dest: '/d/f', remote_src: true }, [], 'Source /none not found'],
    ['a check that does not look at the file', { content: 'x', dest: '/d/f', validate: 'true' }, [], 'must contain %s'],
    ['a source that is not the expected one', { src: '/c/a', dest: '/d/f', checksum: 'abc' }, [], 'not abc'],
    [
      'to replace a device',
      { content: 'x', dest: '/d/null' },
      [[stat('/d/null'), { ...predictedStat('file', {}), type: 'char' }]],
      'is a char',
    ],
  ])('refuses %s', async (_, args, known, message) => {
    expect(await planOf(copy, args, host(known), FILES)).toMatchObject({
      kind: 'refusal',
      message: expect.stringContaining(message),
    })
  })

  it('shows text as a diff, and anything else by its size and digest', async () => {
    const text = await proposalOf(
      copy,
      { src: '/c/a', dest: '/d/f', mode: '0600' },
      host(there('/d/f', 'old\n')),
      FILES,
    )
    expect(text.steps[0]?.change).toEqual({
      subject: '/d/f',
      verb: 'update',
      text: { before: 'old\n', after: 'one\n' },
      attributes: [{ name: 'mode', before: '0644', after: '0600' }],
    })
    const binary = await proposalOf(copy, { src: '/c/bin', dest: '/d/f' }, host(there('/d/f', 'old\n')), FILES)
    expect(binary.steps[0]?.change.text).toBeUndefined()
    expect(binary.steps[0]?.change.attributes?.map(({ name }) => name)).toEqual(['size', 'sha256'])
  })

  it('passes on what must accept the file', async () => {
    const { steps } = await proposalOf(
      copy,
      { content: 'x', dest: '/d/f', validate: "visudo -cf %s 'a b'", backup: true },
      host(there('/d/f', 'y')),
    )
    expect(steps[0]?.actions).toMatchObject([{ validate: ['visudo', '-cf', '%s', 'a b'], backup: true }])
  })

  it('asks a host for all of a converged directory at once', async () => {
    const names = Array.from({ length: 1000 }, (_, index) => `f${index}`)
    const files = controllerWith({ '/c/m': null, ...Object.fromEntries(names.map((name) => [`/c/m/${name}`, name])) })
    const before = host([[stat('/d/m'), DIR], ...names.flatMap((name) => there(`/d/m/${name}`, name))])
    expect((await proposalOf(copy, { src: '/c/m', dest: '/d' }, before, files)).steps).toEqual([])
    expect(before.batches.length).toBeLessThanOrEqual(2)
    expect(before.batches.flat().some((key) => key.startsWith('content:'))).toBe(false)
  })

  it('returns what Ansible returns', async () => {
    const plan = await proposalOf(copy, { src: '/c/a', dest: '/d/', mode: '0600' }, host(), FILES)
    expect(plan.result).toEqual({
      dest: '/d/a',
      src: '/c/a',
      checksum: digest('sha1', 'one\n'),
      state: 'file',
      mode: '0600',
      owner: 'root',
      group: 'root',
      uid: 0,
      gid: 0,
      size: 4,
    })
  })
})

describe('template', () => {
  const templates = controllerWith({ 'motd.j2': 'hello', 'x/motd.j2': 'hello' })
  it.each<[string, JsonObject, readonly Known[], readonly string[]]>([
    ['renders to a file', { src: 'motd.j2', dest: '/d/motd', mode: '0644' }, [], ['write /d/motd 0644 "hello\\n"']],
    ['renders into a directory', { src: 'x/motd.j2', dest: '/d' }, [], ['write /d/motd.j2 "hello\\n"']],
    ['leaves a right file', { src: 'motd.j2', dest: '/d/motd' }, there('/d/motd', 'hello\n'), []],
    [
      'ends lines as told',
      { src: 'motd.j2', dest: '/d/motd', newline_sequence: '\\r\\n' },
      there('/d/motd', 'hello\n'),
      ['write /d/motd "hello\\r\\n"'],
    ],
    [
      "takes the template's mode",
      { src: 'motd.j2', dest: '/d/motd', mode: 'preserve' },
      there('/d/motd', 'hello\n'),
      ['attributes /d/motd 0640'],
    ],
  ])('%s', async (_, args, known, expected) => {
    const before = host(known)
    const plan = await proposalOf(template, args, before, templates)
    expect(plan.steps.flatMap((step) => step.actions).map(short)).toEqual(expected)
    expect((await proposalOf(template, args, before.after(plan), templates)).steps).toEqual([])
  })
  it('refuses a directory that is missing', async () => {
    expect(await planOf(template, { src: 'motd.j2', dest: '/none/motd' }, host(), templates)).toMatchObject({
      message: 'Destination directory /none does not exist',
    })
  })
  it('cannot say whether a directory is missing that a package may bring', async () => {
    const packages: Known = [nothingBrought(), new UnknownFact('what-packages-bring')]
    for (const [module, args] of [
      [template, { src: 'motd.j2', dest: '/none/motd' }],
      [copy, { content: 'x', dest: '/none/motd' }],
    ] as const)
      await expect(planOf(module, args, host([packages]), templates)).rejects.toThrow(UnknownFact)
  })
})
