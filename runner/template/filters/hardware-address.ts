import { routine, textOf, type Context, type Routine, type Routines } from '../routine.ts'
import { addressText, firstOf, readNetwork } from '../values/network.ts'
import { pythonRandom } from '../values/python-random.ts'
import { str } from '../values/python-text.ts'
import { fail } from '../values/types.ts'

/** The twelve hexadecimal digits of a MAC address in any of its forms, or null. */
function digits(value: unknown): string | null {
  const text = str(value).toLowerCase()
  const pairs = /^[\da-f]{1,2}(?:([:-])[\da-f]{1,2})(?:\1[\da-f]{1,2}){4}$/.test(text)
  if (pairs)
    return text
      .split(/[:-]/)
      .map((part) => part.padStart(2, '0'))
      .join('')
  const groups = /^(?:[\da-f]{4}\.){2}[\da-f]{4}$|^[\da-f]{6}[:-][\da-f]{6}$|^[\da-f]{12}$/.test(text)
  return groups ? text.replace(/[.:-]/g, '') : null
}

const parts = (hex: string, size: number): string[] => hex.match(new RegExp(`.{${size}}`, 'g')) ?? []
const unix = (hex: string): string =>
  parts(hex, 2)
    .map((part) => part.replace(/^0/, ''))
    .join(':')
const windows = (hex: string): string => parts(hex.toUpperCase(), 2).join('-')
const postgres = (hex: string): string => parts(hex, 6).join(':')

const forms: ReadonlyMap<string, (hex: string) => unknown> = new Map<string, (hex: string) => unknown>([
  ['bool', () => true],
  ['bare', (hex) => hex.toUpperCase()],
  ['int', (hex) => Number.parseInt(hex, 16)],
  ['cisco', (hex) => parts(hex, 4).join('.')],
  ['eui48', windows],
  ['win', windows],
  ['linux', (hex) => parts(hex, 2).join(':')],
  ['unix', unix],
  ['pgsql', postgres],
  ['postgresql', postgres],
  ['psql', postgres],
])

const hardwareAddress: Routine = routine('query?', (_: Context, value: unknown, query: unknown = '') => {
  const hex = digits(value)
  const form = forms.get(str(query))
  if (str(query) !== '' && !form)
    fail(`hwaddr has no query '${str(query)}'`, `it knows ${[...forms.keys()].join(', ')}`)
  if (hex === null) return query === 'bool' ? false : null
  return form ? form(hex) : value
})

export const hardwareAddressFilters: Routines = new Map([
  ['hwaddr', hardwareAddress],
  ['macaddr', hardwareAddress],
  [
    'slaac',
    // RFC 4291, appendix A: ff:fe in the middle, and the universal bit turned.
    routine('query', (_, value: unknown, query: unknown) => {
      const network = readNetwork(value)
      const hex = digits(query)
      if (network?.version !== 6 || hex === null) return false
      const id = BigInt(`0x${hex.slice(0, 6)}fffe${hex.slice(6)}`) ^ (2n << 56n)
      return addressText(6, firstOf({ ...network, prefix: Math.min(network.prefix, 64) }) + id)
    }),
  ],
  [
    'random_mac',
    routine('seed?', (_, value: unknown, seed: unknown = null) => {
      const given = textOf(value, 'the beginning of the address').toLowerCase().split(':')
      if (given.length > 5) fail(`random_mac: ${str(value)} has no room for more parts`)
      const wrong = given.filter((part) => !/^[\da-f]{2}$/.test(part))
      if (wrong.length > 0) fail(`random_mac: ${wrong.join(', ')} is not two hexadecimal digits`)
      const number = 2 ** 36 + pythonRandom(seed)(2 ** 40 - 2 ** 36)
      return [...given, ...parts(number.toString(16), 2)].slice(0, 6).join(':')
    }),
  ],
])
