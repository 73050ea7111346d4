import { randomInt } from 'node:crypto'
import { hashSync } from 'bcryptjs'
import { routine, type Routines } from '../routine.ts'
import { md5Crypt } from '../values/md5-crypt.ts'
import { str } from '../values/python-text.ts'
import { cryptDigits, shaCrypt } from '../../../modules/lib/sha-crypt.ts'
import { index } from '../values/sequence.ts'
import { fail } from '../values/types.ts'

interface Scheme {
  /** Characters of a salt: how many there may be, and how many are made where none is given. */
  readonly salt: number
  readonly exactly?: true
  readonly rounds?: readonly [least: number, most: number]
  hash(password: string, salt: string, rounds: number | null, ident: string | null): string
}

const bcryptScheme: Scheme = {
  salt: 22,
  exactly: true,
  // More take hours.
  rounds: [4, 20],
  hash: (password, salt, rounds, ident) =>
    hashSync(password, `$${ident ?? '2b'}$${String(rounds ?? 12).padStart(2, '0')}$${salt}`),
}
const shaScheme = (kind: 'sha256' | 'sha512'): Scheme => ({
  salt: 16,
  rounds: [1000, 10_000_000],
  hash: (password, salt, rounds) => shaCrypt(kind, password, salt, rounds),
})
const md5: Scheme = { salt: 8, hash: (password, salt) => md5Crypt(password, salt) }
const schemes: ReadonlyMap<string, Scheme> = new Map([
  ['sha512', shaScheme('sha512')],
  ['sha512_crypt', shaScheme('sha512')],
  ['sha256', shaScheme('sha256')],
  ['sha256_crypt', shaScheme('sha256')],
  ['md5', md5],
  ['md5_crypt', md5],
  ['blowfish', bcryptScheme],
  ['bcrypt', bcryptScheme],
])

export interface HashOptions {
  readonly salt?: string | null
  readonly rounds?: number | null
  readonly ident?: string | null
}

/** A salt for a kind of hash, of the digits of crypt(3). */
export function newSalt(kind: string): string {
  return Array.from({ length: scheme(kind).salt }, () => cryptDigits[randomInt(64)]).join('')
}

/** The password as crypt(3) stores it. Throws for a kind that is not known, and for a salt or number of rounds that it cannot have. */
export function hashPassword(password: string, kind: string, options: HashOptions): string {
  const found = scheme(kind)
  const salt = options.salt ?? newSalt(kind)
  if (!/^[./\dA-Za-z]*$/.test(salt)) fail('invalid characters in the salt', 'it may have letters, digits, "." and "/"')
  if (salt.length > found.salt || (found.exactly && salt.length !== found.salt))
    fail(
      `the salt of ${kind} has ${found.exactly ? 'exactly' : 'at most'} ${found.salt} characters, not ${salt.length}`,
    )
  const rounds = options.rounds ?? null
  const [least, most] = found.rounds ?? [1, 0]
  if (rounds !== null && (rounds < least || rounds > most))
    fail(found.rounds ? `${kind} has ${least} to ${most} rounds, not ${rounds}` : `${kind} takes no rounds`)
  const ident = options.ident ?? null
  if (ident !== null && !/^2[aby]$/.test(ident)) fail(`${kind} has no ident '${ident}'`, 'bcrypt has 2a, 2b and 2y')
  return found.hash(password, salt, rounds, ident)
}

function scheme(kind: string): Scheme {
  return schemes.get(kind) ?? fail(`there is no password hash '${kind}'`, 'use sha512, sha256, md5 or bcrypt')
}

export const passwordFilters: Routines = new Map([
  [
    'password_hash',
    routine(
      'hashtype? salt? salt_size? rounds? ident?',
      (
        _,
        value: unknown,
        kind: unknown = 'sha512',
        salt: unknown = null,
        _size: unknown = null,
        rounds: unknown = null,
        ident: unknown = null,
      ) =>
        hashPassword(str(value), str(kind), {
          salt: salt === null ? null : str(salt),
          rounds: rounds === null ? null : index(rounds, 'rounds'),
          ident: ident === null ? null : str(ident),
        }),
    ),
  ],
])
