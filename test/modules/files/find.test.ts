import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { content } from '../../../modules/facts/content.ts'
import { digest } from '../../../modules/facts/digest.ts'
import { found } from '../../../modules/facts/found.ts'
import find from '../../../modules/files/find.ts'
import { amount } from '../../../modules/lib/find-filter.ts'
import type { JsonObject } from '../../../schema/infer.ts'
import { FakeHost, planOf, proposalOf } from '../fake-host.ts'
import { readLocally, SHELLS } from '../local-facts.ts'

const root = mkdtempSync(join(tmpdir(), 'drover-find-'))
beforeAll(() => {
  for (const directory of ['s', '.h']) mkdirSync(join(root, directory))
  for (const [name, text] of Object.entries({
    'a.log': 'x\n',
    '.b.log': 'y\n',
    's/c.log': 'zz\nq\n',
    '.h/d.log': 'q\n',
    "it's\n": '',
  }))
    writeFileSync(join(root, name), text)
  symlinkSync('a.log', join(root, 'l.log'))
  utimesSync(join(root, 's/c.log'), 1e9, 1e9)
})
afterAll(() => rmSync(root, { recursive: true }))

/** A host that knows of the directory what this machine says. */
async function host(shell: readonly string[]): Promise<FakeHost> {
  const facts = [found(root, 1, false), found(root, null, false), found('/nope', 1, false)]
  const values = await readLocally(facts, shell)
  return new FakeHost([
    ...facts.map((fact, index) => [fact, values[index]] as const),
    [content(join(root, 'a.log')), Buffer.from('x\n')],
    [content(join(root, 's/c.log')), Buffer.from('zz\nq\n')],
    [content(join(root, '.h/d.log')), Buffer.from('q\n')],
    [content(join(root, "it's\n")), Buffer.from('')],
    [digest(join(root, 'a.log'), 'sha1'), 'cafe'],
  ])
}

describe.each(SHELLS.map((shell) => [shell.join(' '), shell] as const))('find with %s', (_, shell) => {
  it.each<[JsonObject, readonly string[]]>([
    [{}, ['a.log', "it's\n"]],
    [{ recurse: true }, ['.h/d.log', 'a.log', "it's\n", 's/c.log']],
    [{ recurse: true, hidden: true, patterns: '*.log' }, ['.b.log', '.h/d.log', 'a.log', 's/c.log']],
    [{ file_type: 'any', patterns: ['*.log', 's'] }, ['a.log', 'l.log', 's']],
    [{ file_type: 'link' }, ['l.log']],
    [{ recurse: true, file_type: 'directory' }, ['s']],
    [{ recurse: true, age: '1w' }, ['s/c.log']],
    [{ recurse: true, age: '-1w', patterns: '*.log' }, ['.h/d.log', 'a.log']],
    [{ size: '1' }, ['a.log']],
    [{ size: '-1' }, ["it's\n"]],
    [{ use_regex: true, patterns: '^a' }, ['a.log']],
    [{ use_regex: true, patterns: 'log$' }, []],
    [{ patterns: '[!b-z].log' }, ['a.log']],
    [{ recurse: true, excludes: ['c*', 'it*'] }, ['.h/d.log', 'a.log']],
    [{ recurse: true, contains: 'q' }, ['.h/d.log', 's/c.log']],
    [{ recurse: true, contains: 'zz.q', read_whole_file: true }, ['s/c.log']],
    [{ recurse: true, limit: 1, patterns: 'a*' }, ['a.log']],
  ])('%j', async (args, expected) => {
    const { result, steps } = await proposalOf(find, { paths: root, ...args }, await host(shell))
    expect(steps).toEqual([])
    const files = (result['files'] as { readonly path: string }[]).map(({ path }) => path.slice(root.length + 1))
    expect(files.toSorted()).toEqual(expected)
    expect(result['matched']).toBe(expected.length)
  })

  it('tells what Ansible tells', async () => {
    const { result, warnings } = await proposalOf(
      find,
      { paths: [root, '/nope'], patterns: 'a*', get_checksum: true },
      await host(shell),
    )
    expect(result).toMatchObject({
      files: [{ path: join(root, 'a.log'), isreg: true, size: 2, checksum: 'cafe', pw_name: 'root' }],
      examined: 6,
      skipped_paths: { '/nope': "'/nope' is not a directory" },
    })
    expect(warnings).toHaveLength(1)
  })
})

it('takes checksums', async () => {
  const facts = [
    digest(join(root, 'a.log'), 'md5'),
    digest(join(root, 'nope'), 'md5'),
    digest(join(root, 'a.log'), 'sha1'),
  ]
  for (const shell of SHELLS)
    expect(await readLocally(facts, shell)).toEqual([
      '401b30e3b8b5d629635a5c613cdb7919',
      null,
      '6fcf9dfbd479ed82697fee719b9f8c610a11ff2a',
    ])
})

it.each<[JsonObject, string]>([
  [{ age: 'old' }, 'age is no time'],
  [{ size: '1x' }, 'size is no size'],
  [{ patterns: '(', use_regex: true }, 'regular expression'],
  [{ contains: '(' }, 'regular expression'],
])('refuses %j', async (args, message) => {
  expect(await planOf(find, { paths: '/', ...args })).toMatchObject({
    kind: 'refusal',
    message: expect.stringContaining(message),
  })
})

it('knows units', () => {
  expect(['1', '-2d', '1W', '3k', '1y'].map((text) => amount(text, text.includes('k') ? 'bytes' : 'seconds'))).toEqual([
    1,
    -172_800,
    604_800,
    3072,
    null,
  ])
})
