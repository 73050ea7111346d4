import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { times } from '../../../modules/facts/times.ts'
import { tree, type TreeEntry } from '../../../modules/facts/tree.ts'
import { readLocally, SHELLS } from '../local-facts.ts'

const pad = (number: number) => String(number).padStart(2, '0')
/** A time of this machine's zone as touch takes it. */
const local = (seconds: number) => {
  const date = new Date(seconds * 1000)
  return `${date.getFullYear()}${pad(date.getMonth() + 1)}${pad(date.getDate())}${pad(date.getHours())}${pad(date.getMinutes())}.${pad(date.getSeconds())}`
}
let root = ''
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'drover-tree-'))
  mkdirSync(join(root, 't/sub/deep'), { recursive: true })
  writeFileSync(join(root, "t/it's new\nline"), 'abc', { mode: 0o600 })
  writeFileSync(join(root, 't/sub/1\n81a4:0:0'), '')
  symlinkSync('sub', join(root, 't/link'))
  chmodSync(join(root, 't/sub'), 0o2750)
  mkdirSync(join(root, 'empty'))
  utimesSync(join(root, 't'), 1_000_000_000, 1_100_000_000)
})
afterAll(() => rmSync(root, { recursive: true }))

describe.each(SHELLS.map((shell) => ({ shell })))('with $shell', ({ shell }) => {
  it('lists all below a directory, with modes and owners', async () => {
    const [entries] = (await readLocally([tree(join(root, 't'))], shell)) as [readonly TreeEntry[]]
    const found = new Map(
      entries.map(({ path, stat }) => [path.slice(root.length + 3), `${stat.type} ${stat.mode} ${stat.size}`]),
    )
    expect(found.get("it's new\nline")).toBe('file 0600 3')
    expect(found.get('sub')).toMatch(/^directory 2750/)
    expect(found.get('link')).toMatch(/^link 0777/)
    expect([...found.keys()].toSorted()).toEqual(["it's new\nline", 'link', 'sub', 'sub/1\n81a4:0:0', 'sub/deep'])
    const order = entries.map(({ path }) => path)
    expect(order.indexOf(join(root, 't/sub'))).toBeLessThan(order.indexOf(join(root, 't/sub/deep')))
  })

  it('knows nothing, an empty directory and no directory apart', async () => {
    const paths = [join(root, 'nothing'), join(root, 'empty'), join(root, 't/link')]
    expect(await readLocally(paths.map(tree), shell)).toMatchObject([
      null,
      [],
      { message: expect.stringContaining('not a directory') },
    ])
  })

  it('reads times in the words of touch', async () => {
    const found = await readLocally([times(join(root, 'nothing')), times(join(root, 't'))], shell)
    expect(found).toMatchObject([null, { modification: local(1_100_000_000) }])
  })
})
