import { describe, expect, it } from 'vitest'
import lineinfile from '../../../modules/files/lineinfile.ts'
import type { JsonObject } from '../../../schema/infer.ts'
import { planOf, proposalOf } from '../fake-host.ts'
import { PATH, textAfter, textHost } from '../text-host.ts'

describe('lineinfile', () => {
  it.each<[string, string | null, JsonObject, string | null]>([
    ['adds a line', 'a\nb\n', { line: 'c' }, 'a\nb\nc\n'],
    ['leaves a line that is there', 'a\nb\n', { line: 'a' }, null],
    ['ends the last line before it adds one', 'a\nb', { line: 'c' }, 'a\nb\nc\n'],
    ['leaves the last line without an end', 'a\nb', { line: 'b' }, null],
    ['makes the file', null, { line: 'c', create: true }, 'c\n'],
    ['replaces the last match', 'a=1\na=2\n', { regexp: '^a=', line: 'a=3' }, 'a=1\na=3\n'],
    ['replaces the first match', 'a=1\nb\na=2\n', { regexp: '^a=', line: 'a=3', firstmatch: true }, 'a=3\nb\na=2\n'],
    ['replaces what holds a text', 'a.b\naxb\n', { search_string: 'a.b', line: 'c' }, 'c\naxb\n'],
    ['adds what no pattern matches', 'a\n', { regexp: '^b', line: 'b' }, 'a\nb\n'],
    ['does not add twice what its pattern does not match', 'a\nb\n', { regexp: 'zz', line: 'a' }, null],
    ['inserts after the last match', 'a\nb\na\nc\n', { line: 'x', insertafter: '^a' }, 'a\nb\na\nx\nc\n'],
    ['inserts after the first match', 'a\nb\na\n', { line: 'x', insertafter: '^a', firstmatch: true }, 'a\nx\nb\na\n'],
    ['inserts after a last line without an end', 'b\na', { line: 'x', insertafter: '^a' }, 'b\na\nx\n'],
    ['inserts before the last match', 'a\nb\na\n', { line: 'x', insertbefore: '^a' }, 'a\nb\nx\na\n'],
    ['inserts at the beginning', 'a\n', { line: 'x', insertbefore: 'BOF' }, 'x\na\n'],
    ['inserts at the end where nothing matches', 'a\n', { line: 'x', insertbefore: '^q' }, 'a\nx\n'],
    [
      'replaces in place, wherever it would insert',
      'a\nb\n',
      { regexp: '^b', line: 'x', insertbefore: 'BOF' },
      'a\nx\n',
    ],
    [
      'keeps groups of the old line',
      'a\nkernel quiet\n',
      { regexp: '^(?P<all>kernel (?!.*audit).*)$', line: '\\g<all> audit=1', backrefs: true },
      'a\nkernel quiet audit=1\n',
    ],
    ['adds nothing with backrefs', 'a\n', { regexp: '^(b)', line: '\\1', backrefs: true }, null],
    ['keeps carriage returns', 'a\r\nb\r\n', { regexp: '^b$', line: 'c' }, 'a\r\nc\r\n'],
    ['ends a new line as the others', 'a\r\nb\r\n', { line: 'c' }, 'a\r\nb\r\nc\r\n'],
    ['keeps bytes that are no text', 'ä\nb\n', { regexp: '^b', line: 'ü' }, 'ä\nü\n'],
    ['takes a dollar in the line as it is', 'a\n', { regexp: 'a', line: '$& \\1' }, '$& \\1\n'],
    ['removes all that match', 'a\nb1\nb2', { regexp: '^b', state: 'absent' }, 'a\n'],
    ['removes a line', 'a\nab\na\n', { line: 'a', state: 'absent' }, 'ab\n'],
    ['removes what holds a text', 'a\nab\n', { search_string: 'b', state: 'absent' }, 'a\n'],
    ['removes nothing from no file', null, { line: 'a', state: 'absent' }, null],
  ])('%s', async (_, text, args, expected) => {
    expect(await textAfter(lineinfile, text, args)).toBe(expected)
  })

  it.each<[string, JsonObject, string]>([
    ['no line', {}, 'line is required'],
    ['backrefs without a pattern', { line: 'a', backrefs: true }, 'regexp is required'],
    ['nothing to remove', { state: 'absent' }, 'one of line, search_string, or regexp'],
    ['a pattern that is none', { line: 'a', regexp: '(' }, 'regular expression'],
    ['a group that is not there', { line: '\\2', regexp: '(a)', backrefs: true }, 'names group 2'],
    ['a check without the file', { line: 'a', validate: 'true' }, '%s'],
  ])('refuses %s', async (_, args, message) => {
    expect(await planOf(lineinfile, { path: PATH, ...args }, textHost('a\n'))).toMatchObject({
      kind: 'refusal',
      message: expect.stringContaining(message),
    })
  })

  it('refuses a missing file', async () => {
    expect(await planOf(lineinfile, { path: PATH, line: 'a' }, textHost(null))).toMatchObject({
      kind: 'refusal',
      message: expect.stringContaining('does not exist'),
    })
  })

  it('says what it did, and hands on backup, check and mode', async () => {
    const args = { path: PATH, line: 'x', backup: true, validate: 'visudo -cf %s', mode: '0600' }
    const plan = await proposalOf(lineinfile, args, textHost('a\n'))
    expect(plan.result).toEqual({ backup: '', msg: 'line added' })
    expect(plan.steps[0]?.actions).toMatchObject([{ backup: true, validate: ['visudo', '-cf', '%s'], mode: '0600' }])
    expect(plan.steps[0]?.change).toMatchObject({
      text: { before: 'a\n', after: 'a\nx\n' },
      attributes: [{ name: 'mode' }],
    })
    const removed = await proposalOf(lineinfile, { path: PATH, regexp: '^a', state: 'absent' }, textHost('a\na\n'))
    expect(removed.result).toMatchObject({ found: 2, msg: '2 line(s) removed' })
  })
})
