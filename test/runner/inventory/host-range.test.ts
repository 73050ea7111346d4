import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expandHostRange } from '../../../runner/inventory/host-range.ts'

describe('expandHostRange', () => {
  it.each([
    ['web', 'web'],
    ['web[1:3]', 'web1 web2 web3'],
    ['web[01:05:2]', 'web01 web03 web05'],
    ['web[08:11].example.com', 'web08.example.com web09.example.com web10.example.com web11.example.com'],
    ['[a:c]1', 'a1 b1 c1'],
    ['[A:E:2]', 'A C E'],
    ['x[1:2]y[a:b]', 'x1ya x1yb x2ya x2yb'],
    ['w[:2]', 'w0 w1 w2'],
    ['w[5:5]', 'w5'],
  ])('%s stands for %s', (pattern, names) => {
    expect(expandHostRange(pattern).join(' ')).toBe(names)
  })

  it.each([
    ['w[3:1]', 'the range "[3:1]" ends before it starts', 2],
    ['w[c:a]', 'the range "[c:a]" ends before it starts', 2],
    ['w[1:3', 'the range in "w[1:3" has no closing "]"', 1],
    ['w1:3]', 'the range in "w1:3]" has no opening "["', 4],
    ['w[1]', '"[1]" is not a range', 2],
    ['w[a:3]', '"[a:3]" is not a range', 2],
    ['w[01:100]', 'the ends of the range "[01:100]" have different lengths', 2],
    ['w[1:9:0]', 'the step of the range "[1:9:0]" is not a positive number', 2],
    ['w[1:9:2:2]', '"[1:9:2:2]" is not a range', 2],
    ['w[1:999999999]', 'the range "[1:999999999]" stands for more than 100000 hosts', 2],
    ['w[1:1000]x[1:1000]', '"w[1:1000]x[1:1000]" stands for more than 100000 hosts', 10],
  ])('%s is refused', (pattern, message, offset) => {
    expect(() => expandHostRange(pattern)).toThrow(expect.objectContaining({ message, offset }))
  })

  it('gives each number from start to end by step, as wide as the start', () => {
    fc.assert(
      fc.property(
        fc.nat(500),
        fc.nat(200),
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 0, max: 4 }),
        (start, more, step, zeros) => {
          const width = Math.max(String(start + more).length, zeros)
          const padded = (n: number) => String(n).padStart(width, '0')
          const names = expandHostRange(`h[${padded(start)}:${padded(start + more)}:${step}]x`)
          const expected = []
          for (let n = start; n <= start + more; n += step)
            expected.push(`h${padded(start).startsWith('0') ? padded(n) : n}x`)
          expect(names).toEqual(expected)
        },
      ),
    )
  })

  it('of several ranges gives all combinations, each once', () => {
    const range = fc.tuple(fc.nat(9), fc.nat(9)).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const)
    fc.assert(
      fc.property(fc.array(range, { minLength: 1, maxLength: 3 }), (ranges) => {
        const names = expandHostRange(ranges.map(([a, b]) => `-[${a}:${b}]`).join(''))
        expect(names).toHaveLength(ranges.reduce((count, [a, b]) => count * (b - a + 1), 1))
        expect(new Set(names).size).toBe(names.length)
        expect(names).toEqual(names.toSorted())
      }),
    )
  })
})
