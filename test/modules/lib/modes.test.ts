import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { isMode, resolveMode } from '../../../modules/lib/modes.ts'

let root = ''
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'drover-modes-'))
  writeFileSync(join(root, 'file'), '')
})
afterAll(() => rmSync(root, { recursive: true }))

it.each([
  ['644', '0000', '0644'],
  ['04755', '0000', '4755'],
  ['u=rw,g=r,o=r', '0777', '0644'],
  ['a+x', '0644', '0755'],
  ['+w', '0444', '0644'],
  ['u+rwX', '0400', '0600'],
  ['a+X', '0744', '0755'],
  ['g=u', '0640', '0660'],
  ['u+s,o-rwx', '0755', '4750'],
  ['+t', '0755', '1755'],
  ['go=', '0777', '0700'],
])('%s of %s is %s', (text, mode, expected) => {
  expect(resolveMode(text, { mode, directory: false })).toBe(expected)
})

it('takes X for a directory', () => expect(resolveMode('a=rX', { mode: '0600', directory: true })).toBe('0555'))
it.each(['', '999', 'rw', 'u=z', 'u=rw,', '0o644'])('does not take %j for a mode', (text) =>
  expect(isMode(text)).toBe(false),
)

const clause = fc
  .tuple(
    fc.subarray(['u', 'g', 'o', 'a']),
    fc.constantFrom('+', '-', '='),
    fc.oneof(
      fc.subarray(['r', 'w', 'x', 'X', 's', 't']).map((letters) => letters.join('')),
      fc.constantFrom('u', 'g', 'o'),
    ),
  )
  .map(([who, operator, permissions]) => who.join('') + operator + permissions)

it('gives what chmod gives', () => {
  const path = join(root, 'file')
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 0o7777 }),
      fc.array(clause, { minLength: 1, maxLength: 3 }),
      (mode, clauses) => {
        chmodSync(path, mode)
        execFileSync('sh', ['-c', 'umask 022; chmod -- "$0" "$1" 2>/dev/null || :', clauses.join(','), path])
        const expected = (statSync(path).mode & 0o7777).toString(8).padStart(4, '0')
        expect(resolveMode(clauses.join(','), { mode: mode.toString(8), directory: false, umask: '0022' })).toBe(
          expected,
        )
      },
    ),
    { numRuns: 150 },
  )
})

it('says in five digits what a directory must lose', () => {
  const path = join(root, 'dir')
  mkdirSync(path)
  chmodSync(path, 0o2755)
  execFileSync('chmod', ['00755', path])
  expect(statSync(path).mode & 0o7777).toBe(0o755)
})
