import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseFstab, removeEntry, setEntry, type FstabEntry } from '../../../modules/lib/fstab-text.ts'
import { decodeOctal, encodeOctal } from '../../../modules/lib/octal-escapes.ts'

const entry = (changes: Partial<FstabEntry> = {}): FstabEntry => ({
  source: '/dev/vdb5',
  target: '/var/lib/mysql',
  fstype: 'ext4',
  options: 'defaults',
  dump: '0',
  passno: '2',
  ...changes,
})
const swap = (source: string): FstabEntry => entry({ source, target: 'none', fstype: 'swap', passno: '0' })

describe('reading', () => {
  test('a line is a comment only if its first non-blank character is #', () => {
    const lines = parseFstab('  # note\nLABEL=a#b /a ext4 defaults 0 0 # not a comment\n\n#/dev/x /x ext4\n')
    expect(lines.map((line) => line.entry?.source ?? null)).toEqual([null, 'LABEL=a#b', null, null])
  })
  test('escapes are decoded, and fields 5 and 6 are optional', () => {
    expect(parseFstab('/dev/sd\\134x /my\\040disk\\011a ext4 ro')[0]?.entry).toEqual({
      source: '/dev/sd\\x',
      target: '/my disk\ta',
      fstype: 'ext4',
      options: 'ro',
      dump: null,
      passno: null,
    })
  })
  test('the lines joined are the file, byte for byte', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('#', ' ', '\t', '\n', '\r', '/', 'a', '0', '\\') }), (text) => {
        expect(
          parseFstab(text)
            .map((line) => line.text)
            .join(''),
        ).toBe(text)
      }),
    )
  })
  test('what is escaped decodes to itself', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(decodeOctal(encodeOctal(text))).toBe(text)
      }),
    )
  })
})

describe('setting an entry', () => {
  const cases: readonly (readonly [string, string, FstabEntry, string])[] = [
    ['a new one goes to the end', '# x\n/dev/vda / ext4 defaults 0 1\n', entry(), '# x\n/dev/vda / ext4 defaults 0 1\n/dev/vdb5 /var/lib/mysql ext4 defaults 0 2\n'],
    ['a missing last newline is put in between', '/dev/vda / ext4 defaults', entry(), '/dev/vda / ext4 defaults\n/dev/vdb5 /var/lib/mysql ext4 defaults 0 2\n'],
    ['a parent comes before its children', '/dev/a /var/lib/mysql/log ext4 defaults 0 0\n', entry(), '/dev/vdb5 /var/lib/mysql ext4 defaults 0 2\n/dev/a /var/lib/mysql/log ext4 defaults 0 0\n'],
    ['a name that only starts alike is no child', '/dev/a /var/lib/mysql2 ext4 defaults 0 0\n', entry(), '/dev/a /var/lib/mysql2 ext4 defaults 0 0\n/dev/vdb5 /var/lib/mysql ext4 defaults 0 2\n'],
    ['only the field that differs changes', '/dev/vdb5\t/var/lib/mysql   ext4\tnoatime  0 2 # data\n', entry(), '/dev/vdb5\t/var/lib/mysql   ext4\tdefaults  0 2 # data\n'],
    ['what is equal stays as it is, without fields 5 and 6 too', '/dev/vdb5   /var/lib/mysql/ ext4 defaults', entry({ dump: '0', passno: '0' }), '/dev/vdb5   /var/lib/mysql/ ext4 defaults'],
    ['missing fields are added', '/dev/vdb5 /var/lib/mysql ext4 defaults\n', entry(), '/dev/vdb5 /var/lib/mysql ext4 defaults 0 2\n'],
    ['line endings are kept', '/dev/vda / ext4 defaults 0 1\r\n', entry(), '/dev/vda / ext4 defaults 0 1\r\n/dev/vdb5 /var/lib/mysql ext4 defaults 0 2\r\n'],
    ['blanks are written as escapes', '', entry({ target: '/my disk' }), '/dev/vdb5 /my\\040disk ext4 defaults 0 2\n'],
    ['swap is known by its source', '/dev/vdc none swap sw 0 0\n', swap('/swapfile'), '/dev/vdc none swap sw 0 0\n/swapfile none swap defaults 0 0\n'],
    ['swap with another word for no mount point is the same', '/swapfile swap swap defaults 0 0\n', swap('/swapfile'), '/swapfile swap swap defaults 0 0\n'],
  ] // prettier-ignore
  test.each(cases)('%s', (_, before, wanted, after) => {
    expect(setEntry(before, wanted).text).toBe(after)
    expect(setEntry(after, wanted).text).toBe(after)
  })
  test('of duplicates the first one is edited, and the others counted', () => {
    const edit = setEntry('/dev/a /var/lib/mysql xfs ro 0 0\n/dev/b /var/lib/mysql xfs ro 0 0\n', entry())
    expect(edit.duplicates).toBe(1)
    expect(edit.text).toBe('/dev/vdb5 /var/lib/mysql ext4 defaults 0 2\n/dev/b /var/lib/mysql xfs ro 0 0\n')
  })
})

test('removing takes all entries of the key and nothing else', () => {
  const text = '# a\n/dev/a /x ext4 ro 0 0\n#/dev/b /x ext4\n/dev/c /x/ ext4 ro\n/swapfile none swap sw 0 0'
  expect(removeEntry(text, entry({ target: '/x' })).text).toBe('# a\n#/dev/b /x ext4\n/swapfile none swap sw 0 0')
  expect(removeEntry(text, swap('/swapfile')).text).toBe(
    '# a\n/dev/a /x ext4 ro 0 0\n#/dev/b /x ext4\n/dev/c /x/ ext4 ro\n',
  )
})
