import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { creator } from '../../../modules/facts/creator.ts'
import { matches, patternWord } from '../../../modules/facts/glob.ts'
import { readLocally, SHELLS } from '../local-facts.ts'

let root = ''
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'drover-glob-'))
  for (const name of ['a1', "it's b", '.hidden', '$x', 'new\nline']) writeFileSync(join(root, name), '')
  mkdirSync(join(root, 'dir with space'))
  writeFileSync(join(root, 'dir with space/f'), '')
  symlinkSync('nowhere', join(root, 'broken'))
})
afterAll(() => rmSync(root, { recursive: true }))

const PATTERNS: readonly (readonly [string, boolean])[] = [
  ['a*', true],
  ['c*', false],
  ['a[0-9]', true],
  ['a[!0-9]', false],
  ['a?', true],
  ["it's ?", true],
  ['dir with space/*', true],
  ['dir*/g*', false],
  ['$?', true],
  ['hidden*', false],
  ['.hid*', true],
  ['brok*', true],
  ['new*line', true],
  ['`touch x`*', false],
  ['[', false],
  ['*;*', false],
]

describe.each(SHELLS.map((shell) => ({ shell })))('with $shell', ({ shell }) => {
  it('tells whether patterns match', async () => {
    const found = await readLocally(
      PATTERNS.map(([pattern]) => matches(join(root, pattern))),
      shell,
    )
    expect(PATTERNS.map(([pattern], index) => [pattern, found[index]])).toEqual(PATTERNS)
  })
  it('knows who makes files', async () => {
    const [who] = await readLocally([creator()], shell)
    expect(who).toMatchObject({
      uid: process.getuid?.(),
      gid: process.getgid?.(),
      umask: expect.stringMatching(/^0[0-7]{3}$/),
      home: process.env.HOME,
    })
  })
})

it('quotes all but the characters of patterns', () => {
  expect(patternWord("/a b/$x*[!a-z]?'")).toBe(`'/a b/$x'*[!a-z]?''\\'''`)
})

it('is stale once something in its directory changes', () => {
  const { kind, param } = matches('/var/log/a*/x')
  expect(['/var/log/a1', '/var/lib/a1'].map((path) => kind.touchedBy?.(path, param))).toEqual([true, false])
})
