import * as fc from 'fast-check'
import { expect, it } from 'vitest'

import { padded, visible, visibleLine, visibleLines } from '../../../runner/report/visible.ts'

it.each([
  ['plain ünïcödé 数据 👩‍🚀', 'plain ünïcödé 数据 👩‍🚀'],
  ['\u001b]0;title\u0007', '^[]0;title^G'],
  ['a\rb', 'a^Mb'],
  ['\u007f\u009b\u202e\ufeff', '^?<U+009B><U+202E><U+FEFF>'],
  ['tab\tand\nnewline', 'tab\tand\nnewline'],
])('%j is shown as %j', (text, shown) => {
  expect(visible(text)).toBe(shown)
})

it('puts a text on one line, or gives its lines', () => {
  expect(visibleLine('a\r\nb\tc')).toBe('a⏎b c')
  expect(visibleLines('a\r\nb\u001b\n')).toEqual(['a', 'b^['])
  expect(visibleLines('')).toEqual([])
})

it('leaves nothing that moves a cursor, and says the same when it is applied again', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const line = visibleLine(text)
      expect(line).not.toMatch(/\p{Cc}|[\u2028-\u202e]/u)
      expect(visibleLine(line)).toBe(line)
    }),
  )
})

it('fills up to columns, not characters', () => {
  expect(padded('数据', 6)).toBe('数据  ')
  expect(padded('longer', 3)).toBe('longer')
})
