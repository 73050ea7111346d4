import { expect, it } from 'vitest'

import { bytes, count, duration } from '../../../runner/report/units.ts'

it.each([
  [0, '0.0 s'],
  [49, '0.0 s'],
  [50, '0.1 s'],
  [12_345, '12.3 s'],
  [59_949, '59.9 s'],
  [59_950, '1 min 00 s'],
  [125_400, '2 min 05 s'],
  [3_599_600, '1 h 00 min'],
  [7_800_000, '2 h 10 min'],
])('%i ms is %s', (milliseconds, text) => {
  expect(duration(milliseconds)).toBe(text)
})

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 kB'],
  [999_949, '999.9 kB'],
  [999_950, '1.0 MB'],
  [4_200_000_000, '4.2 GB'],
])('%i bytes are %s', (amount, text) => {
  expect(bytes(amount)).toBe(text)
})

it('counts', () => {
  expect([count(0, 'host'), count(1, 'host'), count(1200, 'host')]).toEqual(['0 hosts', '1 host', '1,200 hosts'])
})
