import { describe, expect, it } from 'vitest'
import { expandReplacement, pythonRegex, searchIn, type PatternOptions } from '../../../modules/lib/python-regex.ts'

/** All matches, as `[m.group() for m in re.finditer(…)]` gives them. */
const all = (pattern: string, text: string, options: PatternOptions = {}) =>
  [...text.matchAll(pythonRegex(pattern, options))].map(([match]) => match)

describe('pythonRegex', () => {
  it.each<[string, string, PatternOptions, readonly string[]]>([
    ['a$', 'a\n', {}, ['a']],
    [String.raw`a\Z`, 'a\n', {}, []],
    ['a$', 'a\nb', {}, []],
    ['^a$', 'b\na\nc', { multiLine: true }, ['a']],
    ['^a$', 'a\r\n', { multiLine: true }, []],
    ['a.', 'a\r', {}, ['a\r']],
    ['a.', 'a\n', {}, []],
    ['a.', 'a\n', { dotAll: true }, ['a\n']],
    ['(?i)A', 'a', {}, ['a']],
    ['(?x) a b # c\n c', 'abc', {}, ['abc']],
    ['a{,2}', 'aaa', {}, ['aa', 'a', '']],
    ['a{x}', 'a{x}', {}, ['a{x}']],
    ['[]a]+', ']a', {}, [']a']],
    ['[^]a]', ']b', {}, ['b']],
    ['[[]', '[', {}, ['[']],
    [String.raw`[\w-]+`, 'a-b', {}, ['a-b']],
    [String.raw`[\w-.]+`, 'a-.b', {}, ['a-.b']],
    [String.raw`\w+`, 'äb', {}, ['äb']],
    [String.raw`\w+`, 'äb', { bytes: true }, ['b']],
    [String.raw`\s`, '\u00a0', { bytes: true }, []],
    [String.raw`[\S]+`, 'a b', { bytes: true }, ['a', 'b']],
    [String.raw`\d`, '٣', {}, ['٣']],
    [String.raw`\bà\b`, 'à', {}, ['à']],
    [String.raw`(?P<q>['"]).*?(?P=q)`, `"a'b"`, {}, [`"a'b"`]],
    [String.raw`\x41\u0042\103\#\ `, 'ABC# ', {}, ['ABC# ']],
    ['a(?#remark)b', 'ab', {}, ['ab']],
    ['(?<=a)b(?!c)', 'abcab', {}, ['b']],
  ])('%j in %j (%j)', (pattern, text, options, expected) => {
    expect(all(pattern, text, options)).toEqual(expected)
  })

  it.each(['(', '(?>a)', '(?(1)a|b)', '[a', String.raw`\q`])('refuses %j', (pattern) => {
    expect(() => pythonRegex(pattern)).toThrow('regular expression')
  })
})

describe('expandReplacement', () => {
  const match = searchIn(pythonRegex('(?P<a>x)(y)?'), 'x')
  it.each([
    [String.raw`<\1\2\g<a>\g<0>>`, '<xxx>'],
    [String.raw`\n\t\\`, '\n\t\\'],
    ['$1 $&', '$1 $&'],
    [String.raw`\.`, String.raw`\.`],
  ])('%j', (replacement, expected) => {
    expect(match && expandReplacement(replacement, match)).toBe(expected)
  })
  it.each([String.raw`\3`, String.raw`\g<b>`, String.raw`\q`])('refuses %j', (replacement) => {
    expect(() => match && expandReplacement(replacement, match)).toThrow(/group|escape/)
  })
})
