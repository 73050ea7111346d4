import { expect, test } from 'vitest'
import { drawProblem, drawProblems } from '../../../runner/language/code-frame.ts'
import { positionAt } from '../../../runner/language/position.ts'
import type { SourceFile } from '../../../runner/language/source.ts'

const source = (text: string, name = 'a.yml'): SourceFile => ({ name, path: `/${name}`, text })
const at = (text: string, word: string) =>
  positionAt(source(text), text.indexOf(word), text.indexOf(word) + word.length)

test('the line before, the line, what is meant, what to do', () => {
  const text = 'hosts: all\ntaks:\n'
  expect(drawProblem({ message: 'unknown keyword "taks"', at: at(text, 'taks'), hint: 'did you mean "tasks"?' })).toBe(
    [
      'a.yml:2:1: unknown keyword "taks"',
      '   1 | hosts: all',
      '   2 | taks:',
      '     | ^^^^',
      '  hint: did you mean "tasks"?',
    ].join('\n'),
  )
})

test('a problem without a place', () => {
  expect(drawProblems([{ message: 'cannot read a.yml' }])).toBe('cannot read a.yml\n\n1 problem\n')
})

test('nothing for nothing', () => {
  expect(drawProblems([])).toBe('')
})

test.each([
  ['tabs stay', '\tfoo: bar', 'bar', '     | \t     ^^^'],
  ['wide characters take two columns', '設定: bar', 'bar', '     |       ^^^'],
  ['wide characters are underlined twice', 'a: 設定', '設定', '     |    ^^^^'],
  ['emoji', '😀: bar', 'bar', '     |     ^^^'],
  ['combining marks take none', 'e\u0301: bar', 'bar', '     |    ^^^'],
  ['windows line ends', 'a: bar\r\n', 'bar', '     |    ^^^'],
])('%s', (_, text, word, underline) => {
  expect(
    drawProblem({ message: 'm', at: at(text, word) })
      .split('\n')
      .at(-1),
  ).toBe(underline)
})

test('of a long line only the part around the place is shown', () => {
  const text = `${'x'.repeat(500)}HERE${'y'.repeat(500)}`
  const [, line = '', underline = ''] = drawProblem({ message: 'm', at: at(text, 'HERE') }).split('\n')
  expect(line.length).toBeLessThan(130)
  expect(line.slice(underline.indexOf('^'), underline.lastIndexOf('^') + 1)).toBe('HERE')
})

test('control characters cannot reach the terminal', () => {
  expect(drawProblem({ message: 'm', at: at('a: \u001B[31mred', 'red') })).not.toContain('\u001B')
})

test('each part can be coloured', () => {
  const text = 'taks:'
  const drawn = drawProblem(
    { message: 'm', at: at(text, 'taks'), hint: 'h' },
    (part, inner) => `<${part}>${inner}</${part}>`,
  )
  expect(drawn).toBe(
    '<place>a.yml:1:1:</place> <message>m</message>\n<gutter>   1 |</gutter> taks:\n<gutter>     |</gutter> <caret>^^^^</caret>\n<hint>  hint: h</hint>',
  )
})

test('by file as they come, by line and column within', () => {
  const [a, b] = [source('1\n2 3', 'a.yml'), source('1', 'b.yml')]
  const problems = [positionAt(b, 0), positionAt(a, 4), positionAt(a, 2), positionAt(a, 0)].map((place) => ({
    message: 'm',
    at: place,
  }))
  expect(drawProblems(problems).match(/^\S+: m/gm)).toEqual([
    'b.yml:1:1: m',
    'a.yml:1:1: m',
    'a.yml:2:1: m',
    'a.yml:2:3: m',
  ])
  expect(drawProblems(problems)).toMatch(/\n4 problems\n$/)
})
