import { describe, expect, it } from 'vitest'
import { content } from '../../../modules/facts/content.ts'
import { stat } from '../../../modules/facts/stat.ts'
import { tree } from '../../../modules/facts/tree.ts'
import assemble from '../../../modules/files/assemble.ts'
import { predictedStat } from '../../../modules/lib/ownership.ts'
import type { JsonObject } from '../../../schema/infer.ts'
import { planOf, proposalOf, type Known } from '../fake-host.ts'
import { PATH, textHost } from '../text-host.ts'

const there = { inode: 1 }
const parts: readonly Known[] = [
  [stat('/parts'), predictedStat('directory', {}, undefined, there)],
  [
    tree('/parts'),
    [
      ...['2-b', '.h', '1-a', 'sub/x'].map((name) => ({ path: `/parts/${name}`, stat: predictedStat('file', {}) })),
      { path: '/parts/sub', stat: predictedStat('directory', {}) },
    ],
  ],
  [content('/parts/1-a'), Buffer.from('a')],
  [content('/parts/2-b'), Buffer.from('b\n')],
  [content('/parts/.h'), Buffer.from('h\n')],
]

describe('assemble', () => {
  it.each<[string, JsonObject, string]>([
    ['puts all together in order', {}, 'h\na\nb\n'],
    ['leaves out hidden ones', { ignore_hidden: true }, 'a\nb\n'],
    ['takes some', { regexp: '^1' }, 'a'],
    ['sets a line between', { regexp: '^[12]', delimiter: '# --' }, 'a\n# --\nb\n'],
    ['knows escapes', { regexp: '^[12]', delimiter: '#\\n\\n' }, 'a\n#\n\nb\n'],
  ])('%s', async (_, args, expected) => {
    const host = textHost('old', PATH, parts)
    const plan = await proposalOf(assemble, { src: '/parts/', dest: PATH, ...args }, host)
    expect(plan.steps[0]?.change.text).toEqual({ before: 'old', after: expected })
    expect(plan.result).toMatchObject({ dest: PATH, size: expected.length, state: 'file', mode: '0644' })
    expect((await proposalOf(assemble, { src: '/parts/', dest: PATH, ...args }, host.after(plan))).steps).toEqual([])
  })

  it.each<[JsonObject, string]>([
    [{ src: '/none' }, 'does not exist'],
    [{ src: PATH }, 'not a directory'],
    [{ regexp: '(' }, 'regular expression'],
    [{ dest: '/etc/none/x' }, 'Destination directory'],
    [{ src: 'mine', remote_src: false }, 'on the controller'],
  ])('refuses %j', async (args, message) => {
    expect(await planOf(assemble, { src: '/parts', dest: PATH, ...args }, textHost('', PATH, parts))).toMatchObject({
      kind: 'refusal',
      message: expect.stringContaining(message),
    })
  })
})
