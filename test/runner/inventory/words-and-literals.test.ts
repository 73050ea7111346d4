import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { quote } from '../../../modules/lib/quote.ts'
import { pythonLiteral } from '../../../runner/inventory/python-literal.ts'
import { shellWords } from '../../../runner/inventory/shell-words.ts'

describe('shellWords', () => {
  it.each([
    ['a  b\tc', ['a', 'b', 'c']],
    [`x="a b" y='c "d"'`, ['x=a b', 'y=c "d"']],
    [String.raw`a\ b "c\"d" "e\f" 'g\h'`, ['a b', 'c"d', String.raw`e\f`, String.raw`g\h`]],
    [`'' ""`, ['', '']],
    [`a'b'"c"`, ['abc']],
    ['', []],
  ])('%s', (line, words) => {
    expect(shellWords(line).map((word) => word.text)).toEqual(words)
  })

  it('says where each word starts', () => {
    expect(shellWords(` a "b c"  d`).map((word) => word.offset)).toEqual([1, 3, 10])
  })

  it('takes # for a comment only when asked to', () => {
    expect(shellWords('a#b c').map((word) => word.text)).toEqual(['a#b', 'c'])
    expect(shellWords(`a="#1" b#b c`, { comments: true }).map((word) => word.text)).toEqual(['a=#1', 'b'])
  })

  it('refuses a quote that is not closed, with its place', () => {
    expect(() => shellWords(`a 'b c`)).toThrow(expect.objectContaining({ offset: 2 }))
  })

  it('reads back what is quoted for a shell', () => {
    fc.assert(
      fc.property(fc.array(fc.string().filter((text) => !text.includes('\0'))), (words) => {
        expect(shellWords(words.map(quote).join(' ')).map((word) => word.text)).toEqual(words)
      }),
    )
  })
})

describe('pythonLiteral', () => {
  it.each([
    ['80', 80],
    ['-5', -5],
    ['+5', 5],
    ['1_000', 1000],
    ['0x1f', 31],
    ['0o17', 15],
    ['0b101', 5],
    ['1.5', 1.5],
    ['1e3', 1000],
    ['.5', 0.5],
    ['010', '010'],
    ['00', 0],
    ['1__0', '1__0'],
    ['1.2.3.4', '1.2.3.4'],
    ['1 2', '1 2'],
    ['123456789012345678901', '123456789012345678901'],
    ['True', true],
    ['False', false],
    ['None', null],
    ['true', 'true'],
    ['yes', 'yes'],
    ['', ''],
    [`'x'`, 'x'],
    [`"a" # b`, 'a'],
    [`"abc" "def"`, 'abcdef'],
    [String.raw`"a\tb\x41\u00e9"`, 'a\tbA\u00e9'],
    [`'unclosed`, `'unclosed`],
    [`[1, 'a b', True,]`, [1, 'a b', true]],
    [`(1, 2)`, [1, 2]],
    [`(1)`, 1],
    [`(1,)`, [1]],
    [`()`, []],
    [`{'a': [1], 'b': {'c': None}}`, { a: [1], b: { c: null } }],
    [`{1: 2}`, { '1': 2 }],
    [`[1, 2`, '[1, 2'],
    [`[a]`, '[a]'],
    [`{{ foo }}`, '{{ foo }}'],
    ['1+1', '1+1'],
    ['hello world', 'hello world'],
    ['a#b', 'a#b'],
  ])('%s', (text, value) => {
    expect(pythonLiteral(text)).toEqual(value)
  })

  it('reads what Python would print for JSON values', () => {
    const python = (value: unknown): string => {
      if (Array.isArray(value)) return `[${value.map(python).join(', ')}]`
      if (value === null) return 'None'
      if (typeof value === 'boolean') return value ? 'True' : 'False'
      if (typeof value === 'object')
        return `{${Object.entries(value)
          .map(([key, item]) => `${python(key)}: ${python(item)}`)
          .join(', ')}}`
      return JSON.stringify(value)
    }
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        fc.constant(null),
        fc.boolean(),
        fc.integer(),
        fc.string(),
        fc.array(tie('value')),
        fc.dictionary(
          fc.string().filter((key) => key !== '__proto__'),
          tie('value'),
          { noNullPrototype: true },
        ),
      ),
    }))
    fc.assert(
      fc.property(value, (json) => {
        expect(pythonLiteral(python(json))).toEqual(json)
      }),
    )
  })
})
