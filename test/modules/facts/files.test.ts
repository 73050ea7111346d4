import { createHash } from 'node:crypto'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { UnreadableFact } from '../../../modules/fact.ts'
import { checksum } from '../../../modules/facts/checksum.ts'
import { content } from '../../../modules/facts/content.ts'
import { stat } from '../../../modules/facts/stat.ts'
import { rawPieces, readLocally, runScript, SHELLS } from '../local-facts.ts'

const NAMES = [
  'plain',
  '-n',
  '--',
  'with space',
  "it's",
  'a"b',
  'new\nline',
  'ends\n',
  '$HOME`id`',
  'back\\slash',
  'ünï☃',
  '*',
  '!',
  '(',
  '[a]',
  '%s:\\0',
]
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
let root = ''

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'drover-facts-'))
  chmodSync(root, 0o755)
  for (const name of NAMES) writeFileSync(join(root, name), name, { mode: 0o640 })
  mkdirSync(join(root, 'dir'))
  chmodSync(join(root, 'dir'), 0o1777)
  symlinkSync('new\nline', join(root, 'link'))
  symlinkSync('link', join(root, 'link2'))
  symlinkSync('nowhere\n', join(root, 'broken'))
  symlinkSync('loop', join(root, 'loop'))
  writeFileSync(join(root, 'suid'), '')
  chmodSync(join(root, 'suid'), 0o4755)
  mkdirSync(join(root, 'closed/in'), { recursive: true })
  writeFileSync(join(root, 'closed/in/file'), 'x')
  chmodSync(join(root, 'closed'), 0o600)
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

const everything = () =>
  [...NAMES, 'dir', 'link', 'nothing', 'broken', 'suid', 'no/such', 'plain/x', 'link2', 'loop'].map((name) =>
    join(root, name),
  )

// busybox sh runs its own applets for stat and sha256sum only where it is told to: a PATH of applets does.
let applets = ''
beforeAll(async () => {
  applets = mkdtempSync(join(tmpdir(), 'drover-applets-'))
  chmodSync(applets, 0o755)
  await runScript(`busybox --install -s ${applets}; ln -sf "$(command -v busybox)" ${applets}/busybox`)
})
afterAll(() => rmSync(applets, { recursive: true, force: true }))

const TOOLS = [
  ...SHELLS.map((shell) => ({ shell, tools: 'coreutils' })),
  { shell: ['busybox', 'sh'], tools: 'busybox' },
]

describe.each(TOOLS)('with $shell and $tools', ({ shell, tools }) => {
  const options = () => (tools === 'busybox' ? { path: applets } : {})

  it('tells what is at each path', async () => {
    const paths = everything()
    const values = await readLocally(paths.map(stat), shell, options())
    const seen = new Map(paths.map((path, index) => [path.slice(root.length + 1), values[index]]))
    for (const name of NAMES)
      expect(seen.get(name)).toMatchObject({
        type: 'file',
        mode: '0640',
        size: Buffer.byteLength(name),
        uid: process.getuid?.(),
        links: 1,
      })
    expect(seen.get('dir')).toMatchObject({ type: 'directory', mode: '1777' })
    expect(seen.get('suid')).toMatchObject({ mode: '4755', size: 0 })
    expect(seen.get('link')).toMatchObject({ type: 'link', target: 'new\nline', resolved: join(root, 'new\nline') })
    expect(seen.get('link2')).toMatchObject({ target: 'link', resolved: join(root, 'new\nline') })
    expect(seen.get('broken')).toMatchObject({ type: 'link', target: 'nowhere\n', resolved: null })
    expect(seen.get('loop')).toMatchObject({ type: 'link', target: 'loop', resolved: null })
    expect([seen.get('nothing'), seen.get('no/such'), seen.get('plain/x')]).toEqual([null, null, null])
  })

  it('does not take a directory for changed when a file comes or goes', async () => {
    const facts = [stat(join(root, 'dir')), stat(join(root, 'plain')), stat(tmpdir())]
    const before = await rawPieces(facts, shell, options())
    mkdirSync(join(root, 'dir/new'))
    writeFileSync(join(root, 'dir/file'), '')
    utimesSync(join(root, 'dir'), 1, 1)
    expect((await rawPieces(facts, shell, options())).map(String)).toEqual(before.map(String))
    rmSync(join(root, 'dir/new'), { recursive: true })
  })

  it('knows devices', async () => {
    expect(await readLocally([stat('/dev/null'), stat('/')], shell, options())).toMatchObject([
      { type: 'char', major: 1, minor: 3 },
      { type: 'directory' },
    ])
  })

  it.each([
    ['stat', stat],
    ['checksum', checksum],
  ])('%s gives each path of a batch what it prints alone', async (_, fact) => {
    const facts = everything().map((path) => fact(path))
    const together = await rawPieces(facts, shell, options())
    const alone = await Promise.all(facts.map(({ kind, param }) => runScript(kind.script([param]), shell, options())))
    expect(together.map(String)).toEqual(alone.map(String))
  })

  it('reads contents byte for byte', async () => {
    const values = await readLocally(
      [...NAMES, 'link2', 'broken', 'nothing', 'suid'].map((name) => content(join(root, name))),
      shell,
      options(),
    )
    expect(values.map((value) => (value instanceof Buffer ? value.toString() : value))).toEqual([
      ...NAMES,
      'new\nline',
      null,
      null,
      '',
    ])
    expect(await readLocally([content(join(root, 'dir')), content('/dev/null')], shell, options())).toMatchObject([
      { message: expect.stringContaining('is a directory') },
      { message: expect.stringContaining('not a regular file') },
    ])
  })

  it('takes checksums', async () => {
    const paths = [...NAMES, 'link', 'dir', 'nothing', 'broken'].map((name) => checksum(join(root, name)))
    expect(await readLocally(paths, shell, options())).toEqual([
      ...NAMES.map(sha256),
      sha256('new\nline'),
      null,
      null,
      null,
    ])
  })

  it('reads more paths than one process is given', async () => {
    const paths = Array.from({ length: 1203 }, (_, index) =>
      join(root, index % 3 === 0 ? 'plain' : index % 3 === 1 ? 'nothing' : 'link'),
    )
    const values = await readLocally(paths.map(stat), shell, options())
    expect(values.map((value) => (value === null || value instanceof Error ? value : value.type))).toEqual(
      paths.map((_, index) => (index % 3 === 0 ? 'file' : index % 3 === 1 ? null : 'link')),
    )
  })

  it.skipIf(process.getuid?.() !== 0)('says what it may not see, and reads the rest', async () => {
    const unprivileged = { uid: 65534, ...options() }
    const denied = join(root, 'closed/in/file')
    for (const fact of [stat, checksum, content]) {
      const [first, second] = await readLocally<unknown>(
        [fact(denied), fact(join(root, 'nothing'))],
        shell,
        unprivileged,
      )
      expect(first).toBeInstanceOf(UnreadableFact)
      expect(first).toMatchObject({ message: expect.stringContaining('become') })
      expect(second).toBeNull()
    }
    const secret = join(root, 'plain')
    for (const fact of [checksum, content])
      expect((await readLocally<unknown>([fact(secret)], shell, unprivileged))[0]).toMatchObject({
        message: expect.stringContaining('permission denied'),
      })
  })
})

it('refuses what is too large to be compared as text', () => {
  expect(() => content('/big').parse(Buffer.alloc(16 * 1024 * 1024 + 2, 'f'))).toThrow('larger than 16 MiB')
})

it('survives a file that vanishes while it is read', async () => {
  // A stat that fails the first time as if a file had just gone, and removes it.
  const bin = mkdtempSync(join(tmpdir(), 'drover-bin-'))
  try {
    writeFileSync(join(bin, 'gone'), '')
    writeFileSync(
      join(bin, 'stat'),
      `#!/bin/sh\n[ -e ${bin}/gone ] && rm ${bin}/gone\nPATH=\${PATH#*:}\nexec stat "$@"\n`,
      { mode: 0o755 },
    )
    const values = await readLocally([stat(join(bin, 'gone')), stat(join(root, 'plain'))], ['dash'], {
      path: `${bin}:${process.env.PATH}`,
    })
    expect(values).toMatchObject([null, { type: 'file' }])
  } finally {
    rmSync(bin, { recursive: true })
  }
})
