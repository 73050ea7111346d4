import { execFileSync } from 'node:child_process'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { cksum } from '../../../runner/host/cksum.ts'

const real = (input: Buffer): string => execFileSync('cksum', { input, encoding: 'utf8' }).trim()

it('gives what the program cksum prints', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 2000 }), { maxLength: 4 }), (parts) => {
      expect(cksum(parts)).toBe(real(Buffer.concat(parts)))
    }),
    { numRuns: 60 },
  )
})

it.each([0, 1, 255, 256, 65_535, 65_536, 16_777_216])('knows the length of %d bytes', (size) => {
  const bytes = Buffer.alloc(size, 0xa5)
  expect(cksum([bytes])).toBe(real(bytes))
})
