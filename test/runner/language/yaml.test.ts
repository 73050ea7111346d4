import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseDocument, stringify } from 'yaml'
import { entryOf } from '../../../runner/language/node.ts'
import { offsetInScalar } from '../../../runner/language/offset.ts'
import { placeOfOffset } from '../../../runner/language/templates.ts'
import { located } from '../../../runner/language/node.ts'
import { compileTemplate } from '../../../runner/template/compile.ts'
import { parseYaml } from '../../../runner/language/yaml.ts'

const parse = (text: string) => parseYaml({ name: 'a.yml', path: '/a.yml', text })
const value = (text: string) => parse(text).root?.value
const messages = (text: string) => parse(text).problems.map(({ message, at }) => `${at?.line}:${at?.column} ${message}`)

describe('values', () => {
  test.each([
    ['{a: 1, b: [x, yes, ~]}', { a: 1, b: ['x', true, null] }],
    ['"yes"', 'yes'],
    ['!!str 12', '12'],
    ['!!int "12"', 12],
    ['! 12', '12'],
    ['a: &x {b: 1}\nc: *x', { a: { b: 1 }, c: { b: 1 } }],
    ['a: &x {b: 1, c: 2}\nd: {<<: *x, c: 3}', { a: { b: 1, c: 2 }, d: { c: 3, b: 1 } }],
    ['d: {<<: [{a: 1}, {a: 2, b: 2}]}', { d: { a: 1, b: 2 } }],
    ['"<<": text', { '<<': 'text' }],
    ['yes: 1\n2: b\n~: c', { yes: 1, 2: 'b', '~': 'c' }],
    ['&k a: 1\nb: *k', { a: 1, b: 'a' }],
    ['a: |\n  x\n  y\n', { a: 'x\ny\n' }],
    ['a:', { a: null }],
    ['# only a comment', undefined],
    ['---\na: 1\n...\n', { a: 1 }],
  ])('%j', (text, expected) => {
    expect(parse(text).problems).toEqual([])
    expect(value(text)).toEqual(expected)
  })

  test('!unsafe keeps what looks like a template', () => {
    expect(value('a: !unsafe "{{ x }}"\nb: !unsafe plain')).toEqual({ a: '{% raw %}{{ x }}{% endraw %}', b: 'plain' })
    for (const text of ['{{ x }}', '\n{{ x }}', '\n\n  {% if %}\n\n', '{# c #} {{ "\'" }}']) {
      const root = value(`!unsafe ${JSON.stringify(text)}`)
      expect(
        compileTemplate(typeof root === 'string' ? root : '').evaluate({ get: () => undefined, names: () => [] }),
      ).toBe(text)
    }
    expect(messages('!unsafe "{{ x }}{% endraw %}"')).toEqual(['1:9 an !unsafe text may not hold {% endraw %}'])
  })

  test('__proto__ is a key like others', () => {
    expect(Object.keys(value('__proto__: {a: 1}') as object)).toEqual(['__proto__'])
  })

  test('everything is frozen', () => {
    const root = parse('a: [1, {b: 2}]').root
    const frozen = (node: unknown): boolean =>
      typeof node !== 'object' || node === null || (Object.isFrozen(node) && Object.values(node).every(frozen))
    expect(frozen(root?.value)).toBe(true)
  })
})

describe('limits', () => {
  test('an alias bomb is a problem, found at once', () => {
    const lines = Array.from(
      { length: 30 },
      (_, index) =>
        `a${index}: &a${index} [${
          index === 0
            ? 'x'
            : Array.from({ length: 10 })
                .fill(`*a${index - 1}`)
                .join(', ')
        }]`,
    )
    expect(messages(lines.join('\n'))[0]).toMatch(/the aliases of this file stand for too many values/)
  })
  test('an alias inside its own value', () => {
    expect(messages('&a [*a]')).toEqual(['1:5 "*a" is inside the value that it stands for'])
  })
  test.each([110, 5000, 50_000])('%i levels', (depth) => {
    expect(messages('['.repeat(depth) + ']'.repeat(depth))[0]).toMatch(
      /nested (?:more than 100 levels deep|too deeply)/,
    )
    expect(messages(`${'- '.repeat(depth)}x`)[0]).toMatch(/nested (?:more than 100 levels deep|too deeply)/)
  })
})

const find = (text: string, wanted: string) => {
  const root = parse(text).root
  const node = root?.kind === 'map' ? entryOf(root, 'a')?.value : root
  if (node?.kind !== 'scalar' || typeof node.value !== 'string') throw new Error('no text')
  return offsetInScalar(node, node.value.indexOf(wanted))
}

describe('the place of a character of a text', () => {
  test.each([
    ['plain', 'a: one X two'],
    ['plain, folded', 'a: one\n  two\n\n  X three'],
    ['single', "a: 'it''s X'"],
    ['single, folded', "a: 'it''s\n  so\n\n  X'"],
    ['double', 'a: "x\\ty \\u00e9 \\U0001F600 \\x41 \\\\ \\" X"'],
    ['double, folded', 'a: "x\n   y \\\n   z X"'],
    ['literal', 'a: |\n  one\n    two\n\n  thr X'],
    ['literal with a header', 'a: |2-  # why\n    one\n   X'],
    ['folded', 'a: >\n  one\n  two\n\n    three\n  X'],
    ['windows line ends', 'a: |\r\n  one\r\n  two X\r\n'],
    ['quote in a plain text', "a: it's 'so' X"],
  ])('%s', (_, text) => {
    expect(find(text, 'X')).toBe(text.indexOf('X'))
  })

  test('in any style that the library writes', () => {
    const styles = fc.constantFrom('PLAIN', 'QUOTE_SINGLE', 'QUOTE_DOUBLE', 'BLOCK_LITERAL', 'BLOCK_FOLDED')
    const words = fc.array(
      fc.constantFrom('one', "it's", 'a"b', 'back\\slash', 'é', '\n', '  ', 'x: y', '# no', '{{', 'tab\t'),
      { maxLength: 12 },
    )
    fc.assert(
      fc.property(styles, words, words, (style, before, after) => {
        const content = [...before, '§', ...after].join(' ')
        const text = stringify({ a: content }, { defaultStringType: style, lineWidth: 30 })
        fc.pre(parseDocument(text).errors.length === 0)
        expect(find(text, '§')).toBe(text.indexOf('§'))
      }),
    )
  })

  test('for errors that show only in the run', () => {
    const root = parse('args:\n  list:\n    - "a {{ b }}"\n').root
    if (root === undefined) throw new Error('nothing read')
    expect(placeOfOffset(located(root), ['args', 'list', 0], 5)).toMatchObject({ line: 3, column: 13 })
    expect(placeOfOffset(located(root), ['args', 'list', 0], undefined)).toMatchObject({
      line: 3,
      column: 7,
      length: 11,
    })
    expect(placeOfOffset(located(root), ['args', 'nope', 'x'], 5)).toMatchObject({ line: 2, column: 3 })
  })
})

test('whatever the text, there is a value or a problem in it', () => {
  const piece = fc.constantFrom(
    'a',
    ': ',
    '- ',
    '\n',
    '  ',
    '\t',
    '"',
    "'",
    '{',
    '}',
    '[',
    ']',
    ',',
    '|',
    '>',
    '&x ',
    '*x',
    '!t ',
    '#',
    '{{ y }}',
    '---\n',
    '?',
    '%',
    '@',
    '\r',
    '\0',
    '<<: ',
    'é',
    '😀',
    ':',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const source = { name: 'a.yml', path: '/a.yml', text: pieces.join('') }
      const { root, problems } = parseYaml(source)
      const lines = source.text.split('\n')
      expect(
        problems.every(
          ({ at }) =>
            at !== undefined &&
            at.line <= lines.length &&
            at.column <= (lines[at.line - 1] ?? '').length + 1 &&
            at.length > 0,
        ),
      ).toBe(true)
      expect(() => JSON.stringify(root?.value)).not.toThrow()
    }),
    { numRuns: 1000 },
  )
})
