import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { hashPassword, newSalt } from '../filters/password.ts'
import { expandUser } from '../filters/path.ts'
import { pythonRandom } from '../values/python-random.ts'
import { str } from '../values/python-text.ts'
import { iterate } from '../values/sequence.ts'
import { fail } from '../values/types.ts'
import type { Lookup } from './call.ts'
import { termOptions } from './terms.ts'

const lower = 'abcdefghijklmnopqrstuvwxyz'
const digits = '0123456789'
/** The names of Python's `string` module; punctuation is without quotes, as in Ansible. */
const sets: ReadonlyMap<string, string> = new Map([
  ['ascii_lowercase', lower],
  ['ascii_uppercase', lower.toUpperCase()],
  ['ascii_letters', lower + lower.toUpperCase()],
  ['digits', digits],
  ['hexdigits', `${digits}abcdefABCDEF`],
  ['octdigits', '01234567'],
  ['punctuation', '!#$%&()*+,-./:;<=>?@[\\]^_`{|}~'],
])

/** The characters to choose from: names of sets and characters of their own, as a list or with commas (`,,` is a comma). */
function alphabet(chars: unknown): string {
  const listed = typeof chars !== 'string' ? iterate(chars).map((part) => str(part)) : splitSets(chars)
  return listed.map((part) => sets.get(part) ?? part).join('')
}
function splitSets(text: string): string[] {
  const parts = text.replaceAll(',,', ',').split(',').filter(Boolean)
  return text.includes(',,') ? [...parts, ','] : parts
}

/** What such a file holds: the password, and the salt and ident of its hash. */
function parse(content: string): { password: string; salt: string | null; ident: string | null } {
  const [, password = '', salt = null, ident = null] =
    /^(.*?)(?: salt=(\S*))?(?: ident=(\S*))?$/s.exec(content.replace(/\n$/, '')) ?? []
  return { password, salt, ident }
}

/** A password that is made the first time and kept in a file; `/dev/null` keeps none. */
export const password: Lookup = (_, terms, given) =>
  terms.map((term) => {
    const { key, options } = termOptions(term, given, ['length', 'chars', 'encrypt', 'ident', 'seed'])
    const length = Number(str(options.get('length') ?? 20))
    if (!Number.isInteger(length) || length < 1) fail(`a password cannot have ${str(options.get('length'))} characters`)
    const path = resolve(expandUser(key))
    const exists = path !== '/dev/null' && statSync(path, { throwIfNoEntry: false }) !== undefined
    const kept = exists ? parse(readFileSync(path, 'utf8')) : null
    const characters = alphabet(options.get('chars') ?? ['ascii_letters', 'digits', '.,:-_'])
    if (characters === '') fail('there are no characters to make a password of')
    const below = pythonRandom(options.get('seed') ?? null)
    const made = kept?.password ?? Array.from({ length }, () => characters[below(characters.length)]).join('')
    const kind =
      options.get('encrypt') === undefined || options.get('encrypt') === null ? null : str(options.get('encrypt'))
    const salt = kind === null ? null : (kept?.salt ?? newSalt(kind))
    const ident = options.has('ident') ? str(options.get('ident')) : (kept?.ident ?? null)
    if (path !== '/dev/null' && (!kept || (salt !== null && kept.salt === null))) {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
      writeFileSync(
        path,
        `${made}${salt === null ? '' : ` salt=${salt}`}${ident === null ? '' : ` ident=${ident}`}\n`,
        {
          mode: 0o600,
        },
      )
    }
    return kind === null ? made : hashPassword(made, kind, { salt, ident })
  })
