import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareEvr, compareVersions, evrText, parseEvr } from '../../../modules/lib/rpm-version.ts'

describe('versions of rpm', () => {
  // rpm's own: `rpm --eval '%{lua:print(rpm.vercmp("1.0", "1.1"))}'`.
  it.each([
    ['1.0', '1.0', 0],
    ['1.0', '2.0', -1],
    ['2.0.1', '2.0', 1],
    ['1.10', '1.9', 1],
    ['1.010', '1.10', 0],
    ['5.5p10', '5.5p1', 1],
    ['10xyz', '10.1xyz', -1],
    ['xyz.4', '8', -1],
    ['1.0aa', '1.0aab', -1],
    ['2.0', '2_0', 0],
    ['1.0~rc1', '1.0', -1],
    ['1.0~rc1', '1.0~rc1~git123', 1],
    ['1.0^git1', '1.0', 1],
    ['1.0^git1', '1.01', -1],
    ['1.0^git1~pre', '1.0^git1', -1],
    ['1.0^20160101', '1.0.1', -1],
    ['20101122', '20101121', 1],
  ])('%s and %s', (a, b, order) => {
    expect(Math.sign(compareVersions(a, b))).toBe(order)
    expect(Math.sign(compareVersions(b, a)) + order).toBe(0)
  })

  const version = fc.stringMatching(/^[0-9a-c.~^]{1,8}$/)
  it('are in one order', () => {
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        const [first, second, third] = [a, b, c].toSorted(compareVersions)
        expect(compareVersions(first ?? '', third ?? '')).toBeLessThanOrEqual(0)
        expect(compareVersions(first ?? '', second ?? '')).toBeLessThanOrEqual(0)
        expect(Math.sign(compareVersions(a, b)) + Math.sign(compareVersions(b, a))).toBe(0)
      }),
    )
  })

  it('differ by epoch first, by release last', () => {
    const [old, epoch, release] = ['1.0-1', '1:0.9-1', '1.0-2'].map(parseEvr)
    if (!old || !epoch || !release) throw new Error('nothing was read')
    expect(compareEvr(epoch, release)).toBeGreaterThan(0)
    expect(compareEvr(release, old)).toBeGreaterThan(0)
    expect([old, epoch, release].map(evrText)).toEqual(['1.0-1', '1:0.9-1', '1.0-2'])
    expect(parseEvr('0:1.0-1')).toEqual(old)
  })
})
