import { describe, expect, it } from 'vitest'
import blockinfile from '../../../modules/files/blockinfile.ts'
import type { JsonObject } from '../../../schema/infer.ts'
import { planOf, proposalOf } from '../fake-host.ts'
import { PATH, textAfter, textHost } from '../text-host.ts'

const block = (inner: string) => `# BEGIN ANSIBLE MANAGED BLOCK\n${inner}# END ANSIBLE MANAGED BLOCK\n`

describe('blockinfile', () => {
  it.each<[string, string | null, JsonObject, string | null]>([
    ['adds a block', 'a\n', { block: 'x\ny' }, `a\n${block('x\ny\n')}`],
    ['makes the file', null, { block: 'x\n', create: true }, block('x\n')],
    ['ends the last line first', 'a', { block: 'x' }, `a\n${block('x\n')}`],
    ['leaves it', `a\n${block('x\n')}b\n`, { block: 'x' }, null],
    [
      'changes it where it stands',
      `a\n${block('x\n')}b\n`,
      { block: 'y', insertbefore: 'BOF' },
      `a\n${block('y\n')}b\n`,
    ],
    ['changes the last of two', `${block('x\n')}${block('x\n')}`, { block: 'y' }, `${block('x\n')}${block('y\n')}`],
    ['removes it', `a\n${block('x\n')}b\n`, { state: 'absent' }, 'a\nb\n'],
    ['removes an empty one', `a\n${block('x\n')}b\n`, { block: '' }, 'a\nb\n'],
    ['adds no empty one', 'a\n', { block: '' }, null],
    ['removes nothing from no file', null, { state: 'absent' }, null],
    [
      'adds beside a lone marker',
      '# BEGIN ANSIBLE MANAGED BLOCK\nq\n',
      { block: 'x' },
      `# BEGIN ANSIBLE MANAGED BLOCK\nq\n${block('x\n')}`,
    ],
    ['inserts after the last match', 'a\nb\na\nc\n', { block: 'x', insertafter: '^a' }, `a\nb\na\n${block('x\n')}c\n`],
    ['inserts before the last match', 'a\nb\na\n', { block: 'x', insertbefore: '^a' }, `a\nb\n${block('x\n')}a\n`],
    [
      'takes other markers',
      'a\n',
      { block: 'x', marker: '; {mark} mine', marker_begin: 'S', marker_end: 'E' },
      'a\n; S mine\nx\n; E mine\n',
    ],
    ['lives with two markers of one text', 'a\n# X\nq\n# X\nb\n', { block: 'y', marker: '# X' }, 'a\n# X\ny\n# X\nb\n'],
    [
      'sets empty lines around it',
      'a\nb\n',
      { block: 'x', insertbefore: 'b', append_newline: true, prepend_newline: true },
      `a\n\n${block('x\n')}\nb\n`,
    ],
    ['sets none at the ends', '', { block: 'x', append_newline: true, prepend_newline: true }, block('x\n')],
    ['ends its lines as the others', 'a\r\n', { block: 'x' }, `a\r\n${block('x\n').replaceAll('\n', '\r\n')}`],
  ])('%s', async (_, text, args, expected) => {
    expect(await textAfter(blockinfile, text, args)).toBe(expected)
  })

  it('refuses a missing file', async () => {
    expect(await planOf(blockinfile, { path: PATH, block: 'a' }, textHost(null))).toMatchObject({
      kind: 'refusal',
      message: expect.stringContaining('does not exist'),
    })
  })

  it('says what it did', async () => {
    expect((await proposalOf(blockinfile, { path: PATH, block: 'x' }, textHost('a\n'))).result).toEqual({
      msg: 'Block inserted',
    })
    expect((await proposalOf(blockinfile, { path: PATH }, textHost(block('x\n')))).result).toEqual({
      msg: 'Block removed',
    })
  })
})
