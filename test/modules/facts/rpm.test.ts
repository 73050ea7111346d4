import { describe, expect, it } from 'vitest'
import { packageManager, rpmManager } from '../../../modules/facts/package-manager.ts'
import { isUrl, rpm, rpmArchive } from '../../../modules/facts/rpm.ts'
import { parseTransaction, rpmTransaction, type RpmChange } from '../../../modules/facts/rpm-transaction.ts'
import { OUTPUT } from './dnf-output.ts'

const LONG = 'hello-a-name-that-is-far-too-long-for-the-table-of-dnf'
const text = ({ verb, name, arch, version }: RpmChange): string => `${verb} ${name}.${arch} ${version}`

describe('a transaction of dnf or yum', () => {
  it.each<[keyof typeof OUTPUT, readonly string[], readonly string[]]>([
    [
      'DNF4_INSTALL',
      [
        'install greet.noarch 1.0-1',
        'install hello.noarch 1.1-1',
        `install ${LONG}.noarch 2.0.0.0.0.0.0.0.0.0.0.0.1-1`,
      ],
      [],
    ],
    ['DNF4_UPGRADE', ['upgrade hello.noarch 1.1-1'], []],
    ['DNF4_REMOVE', ['remove greet.noarch 1.0-1', 'remove hello.noarch 1.0-1'], []],
    ['DNF4_OBSOLETE', ['install hello2.noarch 2:2.0-1', 'remove hello3.noarch 1.0-1'], []],
    ['DNF4_GROUP', [], ['Greeting Tools']],
    ['DNF4_DOWNGRADE', [`install ${LONG}.noarch 2.0.0.0.0.0.0.0.0.0.0.0.1-1`, 'downgrade hello.noarch 1.0-1'], []],
    ['DNF4_NOTHING', [], []],
    ['DNF5_UPGRADE', ['upgrade hello.noarch 1.1-1'], []],
    ['DNF5_DOWNGRADE', ['downgrade hello.noarch 1.0-1', `install ${LONG}.noarch 2.0.0.0.0.0.0.0.0.0.0.0.1-1`], []],
    ['DNF5_OBSOLETE', ['install hello2.noarch 2:2.0-1', 'remove hello3.noarch 1.0-1'], []],
    ['DNF5_REMOVE', ['remove hello.noarch 1.0-1', 'remove greet.noarch 1.0-1'], []],
    ['DNF5_GROUP', [], ['Greeting Tools']],
    ['DNF5_NOTHING', [], []],
    [
      'YUM3_INSTALL',
      [
        'install hello.noarch 1.1-1',
        'upgrade hello2.noarch 2:2.0-1',
        'install a-name-that-is-far-too-long-for-the-table-of-yum.noarch 1.0-1',
      ],
      [],
    ],
  ])('%s', (name, changes, groups) => {
    const read = parseTransaction(Buffer.from(OUTPUT[name]))
    expect({ ...read, changes: read.changes.map(text) }).toEqual({ problem: null, changes, groups })
  })

  it.each<[keyof typeof OUTPUT, string]>([
    ['DNF4_MISSING', 'No match for argument: nope'],
    ['DNF4_BROKEN', 'Problem: conflicting requests - nothing provides nowhere needed by broken-1-1.noarch'],
    ['DNF5_MISSING', 'No match for argument: nope'],
    ['DNF5_BROKEN', 'Problem: conflicting requests - nothing provides nowhere needed by broken-1-1.noarch from b'],
    ['YUM3_MISSING', 'No package nope available.'],
  ])('%s', (name, problem) => {
    expect(parseTransaction(Buffer.from(OUTPUT[name]))).toEqual({ problem, changes: [], groups: [] })
  })

  it('that gave no answer cannot be read', () => {
    expect(() => rpmTransaction('dnf', ['install', 'x'], 1).parse(Buffer.from('Installing:\n'))).toThrow('no answer')
  })
})

const parse = (printed: string) => rpm('hello').parse(Buffer.from(printed))

describe('what rpm knows', () => {
  const hello = { name: 'hello', epoch: 0, version: '1.1', release: '1', arch: 'noarch' }

  it('is read in one go, with what is not there', () => {
    const asked = [['/', 'hello'] as const, ['/', 'nope'] as const, ['/', 'hello2'] as const]
    const all = 'hello\t0\t1.1\t1\tnoarch\n\npackage nope is not installed\n\nhello2\t2\t2.0\t1\tnoarch\n\n'
    const pieces = rpm('hello').kind.split?.(Buffer.from(all), asked) ?? []
    expect(pieces.map((piece) => parse(piece.toString()))).toEqual([
      [hello],
      [],
      [{ ...hello, name: 'hello2', epoch: 2, version: '2.0' }],
    ])
  })
  it.each([
    'package hello is not installed\n',
    'no package provides hello\n',
    'error: file /usr/bin/x: No such file or directory\n',
  ])('has nothing: %s', (printed) => expect(parse(printed)).toEqual([]))
  it.each(['error: cannot open Packages database in /var/lib/rpm\n', 'sh: 1: rpm: not found\n'])(
    'cannot be read: %s',
    (printed) => expect(() => parse(printed)).toThrow(printed.trim()),
  )
  it('is read of a file and of a url', () => {
    expect(rpmArchive('/tmp/x.rpm').parse(Buffer.from('hello\t0\t1.1\t1\tnoarch\n'))).toEqual(hello)
    expect(rpmArchive('http://localhost/x.rpm').parse(Buffer.from(''))).toBeNull()
    expect(['https://a/b.rpm', 'file:///b.rpm', '/b.rpm', 'b'].map(isUrl)).toEqual([true, true, false, false])
  })
})

describe('the package manager', () => {
  it.each([
    ['dnf /usr/bin/dnf-3\n', { program: 'dnf', generation: 4 }],
    ['dnf /usr/bin/dnf5\n', { program: 'dnf', generation: 5 }],
    ['dnf5 /usr/bin/dnf5\n', { program: 'dnf5', generation: 5 }],
    ['yum /usr/bin/yum\n', { program: 'yum', generation: 3 }],
    ['yum /usr/bin/dnf-3\n', { program: 'yum', generation: 4 }],
    ['', null],
  ])('%j', (printed, expected) => expect(rpmManager().parse(Buffer.from(printed))).toEqual(expected))
  it.each([
    ['apt\n', 'apt'],
    ['yum\n', 'yum'],
    ['none\n', 'none'],
  ])('%j', (printed, expected) => expect(packageManager().parse(Buffer.from(printed))).toBe(expected))
})
