import { describe, expect, it } from 'vitest'
import replace from '../../../modules/files/replace.ts'
import { content } from '../../../modules/facts/content.ts'
import type { JsonObject } from '../../../schema/infer.ts'
import { planOf, proposalOf } from '../fake-host.ts'
import { PATH, textAfter, textHost } from '../text-host.ts'

describe('replace', () => {
  it.each<[string, string, JsonObject, string | null]>([
    ['replaces at each line', 'a b a\na\n', { regexp: '^a', replace: 'x' }, 'x b a\nx\n'],
    ['replaces nothing', 'a\n', { regexp: 'q', replace: 'x' }, null],
    ['removes by default', 'a b a\nc\n', { regexp: 'a' }, ' b \nc\n'],
    [
      'puts groups in',
      'key: 1\n',
      { regexp: String.raw`^(\w+): (?P<v>\d+)$`, replace: String.raw`\1=\g<v>\g<v>!` },
      'key=11!\n',
    ],
    ['looks after a match', 'a\nc\na\n', { regexp: 'a', replace: 'x', after: 'c\n' }, 'a\nc\nx\n'],
    ['looks before the last match', 'a b a\nc\na\n', { regexp: 'a', replace: 'x', before: 'c' }, 'x b x\nc\na\n'],
    ['looks between', 'a b a\nc\na\nd', { regexp: 'a', replace: 'x', after: 'b', before: 'c' }, 'a b x\nc\na\nd'],
    ['looks nowhere', 'a\n', { regexp: 'a', replace: 'x', after: 'zz' }, null],
    ['reads letters as letters', 'à la\n', { regexp: String.raw`\b\w{2}\b`, replace: 'ß' }, 'à ß\n'],
    ['takes a carriage return for no end of a line', 'a\r\n', { regexp: 'a.$', replace: 'x' }, 'x\n'],
  ])('%s', async (_, text, args, expected) => {
    expect(await textAfter(replace, text, args, { twice: false })).toBe(expected)
  })

  it('edits what is no text byte by byte', async () => {
    const host = textHost('', PATH, [[content(PATH), Buffer.from([0xff, 0x61, 0xe4])]])
    const { steps } = await proposalOf(replace, { path: PATH, regexp: 'a', replace: 'b' }, host)
    expect(steps[0]?.actions).toMatchObject([{ content: { bytes: Buffer.from([0xff, 0x62, 0xe4]) } }])
  })

  it('counts', async () => {
    const { result } = await proposalOf(replace, { path: PATH, regexp: 'a', replace: 'b' }, textHost('aa\n'))
    expect(result).toEqual({ msg: '2 replacements made', rc: 0 })
  })

  it.each<[string, JsonObject, string | null, string]>([
    ['a missing file', { regexp: 'a' }, null, 'does not exist'],
    ['a pattern that is none', { regexp: '[' }, 'a', 'regular expression'],
  ])('refuses %s', async (_, args, text, message) => {
    expect(await planOf(replace, { path: PATH, ...args }, textHost(text))).toMatchObject({
      kind: 'refusal',
      message: expect.stringContaining(message),
    })
  })
})
