import { expect, it } from 'vitest'
import { isPassword } from '../../../modules/lib/mysql-password.ts'
import { shaCrypt } from '../../../modules/lib/sha-crypt.ts'

const salt = 'abcdefghijklmnopqrst'
const kept = (password: string, thousands: number): string =>
  `$A$00${thousands}$${salt}${shaCrypt('sha256', password, salt, thousands * 1000).slice(-43)}`

it.each<[string, string, string, boolean | null]>([
  ['x', 'mysql_native_password', '*B69027D44F6E5EDC07F1AEAD1477967B16F28227', true],
  ['x', '', '*b69027d44f6e5edc07f1aead1477967b16f28227', true],
  ['y', 'mysql_native_password', '*B69027D44F6E5EDC07F1AEAD1477967B16F28227', false],
  ['', 'mysql_native_password', '', true],
  ['x', 'mysql_native_password', 'invalid', false],
  ['x', 'caching_sha2_password', kept('x', 5), true],
  ['x', 'caching_sha2_password', kept('x', 7), true],
  ['y', 'caching_sha2_password', kept('x', 5), false],
  ['x', 'caching_sha2_password', '', false],
  ['', 'caching_sha2_password', '', true],
  ['x', 'caching_sha2_password', 'something', null],
  ['x', 'ed25519', 'anything', null],
])('tells whether %j is what %s keeps as %j', (password, plugin, kept, expected) => {
  expect(isPassword(password, plugin, kept)).toBe(expected)
})
