import { binary, normal, unary } from '../operators.ts'
import { routine, textOf, type Routines } from '../routine.ts'
import { compare, truthy } from '../values/compare.ts'
import { floatFormat } from '../values/format.ts'
import { str } from '../values/python-text.ts'
import { index, number } from '../values/sequence.ts'
import { Float, fail, float, isFloat, isInteger, isNumeric } from '../values/types.ts'

const units = ['Y', 'Z', 'E', 'P', 'T', 'G', 'M', 'K', 'B'] as const
const sizes: ReadonlyMap<string, number> = new Map(units.map((unit, at) => [unit, 2 ** (10 * (units.length - 1 - at))]))

/** The number that a text stands for in Python's `float()`, or null. */
export function parseFloatText(text: string): number | null {
  const bare = text.trim().replace(/(?<=\d)_(?=\d)/g, '')
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(bare)) return Number(bare)
  const named = /^([+-]?)(?:inf(?:inity)?|(nan))$/i.exec(bare)
  if (!named) return null
  if (named[2]) return Number.NaN
  return named[1] === '-' ? -Infinity : Infinity
}

/** Python's `int(text, base)`, or null. */
function parseIntText(text: string, base: number): number | bigint | null {
  // Python's own limit, since the work grows with the square of the length.
  if (text.length > 4300) return null
  const [, sign = '', digits = ''] = /^([+-]?)(\w+)$/.exec(text.trim().replace(/(?<=\w)_(?=\w)/g, '')) ?? []
  const prefix = { 2: /^0[bB]/, 8: /^0[oO]/, 16: /^0[xX]/ }[base]
  const body = prefix ? digits.replace(prefix, '') : digits
  if (body === '') return null
  let value = 0n
  for (const char of body.toLowerCase()) {
    const digit = Number.parseInt(char, 36)
    if (Number.isNaN(digit) || digit >= base) return null
    value = value * BigInt(base) + BigInt(digit)
  }
  return normal(sign === '-' ? -value : value)
}

function toInt(value: unknown, fallback: unknown, base: number): unknown {
  if (typeof value === 'boolean') return Number(value)
  if (isInteger(value)) return value
  if (isFloat(value)) {
    const whole = Math.trunc(number(value))
    return Number.isFinite(whole) ? normal(BigInt(whole)) : fallback
  }
  if (typeof value !== 'string') return fallback
  const parsed = parseIntText(value, base)
  if (parsed !== null) return parsed
  const real = parseFloatText(value)
  return real === null || !Number.isFinite(real) ? fallback : normal(BigInt(Math.trunc(real)))
}

/** Python's `round()`: to the even neighbour when in the middle. */
function roundEven(value: number, precision: number): number {
  if (precision > 15) return value
  if (precision >= 0) return Number(floatFormat(value, precision, 'f'))
  const scale = 10 ** -precision
  const down = Math.floor(value / scale)
  const rest = value / scale - down
  return (rest > 0.5 || (rest === 0.5 && down % 2 !== 0) ? down + 1 : down) * scale
}

export const numberFilters: Routines = new Map([
  [
    'int',
    routine('default? base?', (_, value: unknown, fallback: unknown = 0, base: unknown = 10) =>
      toInt(value, fallback, index(base)),
    ),
  ],
  [
    'float',
    routine('default?', (_, value: unknown, fallback: unknown = new Float(0)) => {
      if (isNumeric(value)) return float(number(value))
      const parsed = typeof value === 'string' ? parseFloatText(value) : null
      return parsed === null ? fallback : float(parsed)
    }),
  ],
  ['abs', routine('', (_, value: unknown) => (compare(value, 0) < 0 ? unary('-', value) : unary('+', value)))],
  [
    'round',
    routine('precision? method?', (_, value: unknown, precision: unknown = 0, method: unknown = 'common') => {
      const places = index(precision, 'precision')
      if (method === 'common') {
        if (isInteger(value)) return places >= 0 ? value : roundEven(Number(value), places)
        return float(roundEven(number(value), places))
      }
      if (isInteger(value) && places >= 0 && (method === 'ceil' || method === 'floor')) return float(Number(value))
      const scale = 10 ** places
      // Python's ceil and floor give integers, which know no -0.
      if (method === 'ceil') return float((Math.ceil(number(value) * scale) + 0) / scale)
      if (method === 'floor') return float((Math.floor(number(value) * scale) + 0) / scale)
      return fail('method must be common, ceil or floor')
    }),
  ],
  [
    'log',
    routine('base?', (_, value: unknown, base: unknown) => {
      const x = number(value)
      if (x <= 0) fail('math domain error')
      if (base === undefined) return float(Math.log(x))
      return float(number(base) === 10 ? Math.log10(x) : Math.log(x) / Math.log(number(base)))
    }),
  ],
  ['pow', routine('y', (_, value: unknown, y: unknown) => float(number(binary('**', value, y))))],
  [
    'root',
    routine('base?', (_, value: unknown, base: unknown = 2) =>
      float(number(base) === 2 ? Math.sqrt(number(value)) : number(value) ** (1 / number(base))),
    ),
  ],
  [
    'human_readable',
    routine('isbits? unit?', (_, value: unknown, isBits: unknown = false, unit: unknown = null) => {
      const bytes =
        typeof value === 'string'
          ? (parseFloatText(value) ?? fail(`human_readable() cannot read '${value}'`))
          : number(value)
      const base = truthy(isBits) ? 'bits' : 'Bytes'
      const wanted = unit === null ? null : str(unit).toUpperCase()
      const found = [...sizes].find(([name, size]) => (wanted === null ? bytes >= size : name === wanted))
      const [name, size] = found ?? ['B', 1]
      const suffix = size === 1 ? base : name + (truthy(isBits) ? 'b' : 'B')
      return `${floatFormat(bytes / size, 2, 'f')} ${suffix}`
    }),
  ],
  [
    'human_to_bytes',
    routine('default_unit? isbits?', (_, value: unknown, unit: unknown = null, isBits: unknown = false) => {
      const text = str(value)
      const [, digits, given = ''] = /^\s*(\d*\.?\d*)\s*([A-Za-z]+)?/.exec(text) ?? []
      const name = given || (unit === null ? '' : str(unit))
      if (!digits || Number.isNaN(Number(digits))) return fail(`human_to_bytes() cannot read '${text}'`)
      if (name === '') return Math.round(Number(digits))
      const size = sizes.get(name.slice(0, 1).toUpperCase())
      const suffix = truthy(isBits) ? 'b' : 'B'
      const word = new RegExp(
        `^(?:kilo|mega|giga|tera|peta|exa|zetta|yotta)?${truthy(isBits) ? 'bit' : 'byte'}s?$`,
        'i',
      )
      if (size === undefined || (name.length > 1 && name.slice(1) !== suffix && !word.test(name)))
        return fail(`human_to_bytes() does not know the unit of '${text}'`)
      return Math.round(Number(digits) * size)
    }),
  ],
  [
    'filesizeformat',
    routine('binary?', (_, value: unknown, binaryUnits: unknown = false) => {
      const bytes = isNumeric(value)
        ? number(value)
        : (parseFloatText(textOf(value, 'the size')) ?? fail('the size is no number'))
      const base = truthy(binaryUnits) ? 1024 : 1000
      const prefixes = ['k', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y']
      if (bytes === 1) return '1 Byte'
      if (bytes < base) return `${Math.trunc(bytes)} Bytes`
      let at = 0
      while (at < prefixes.length - 1 && bytes >= base ** (at + 2)) at += 1
      const prefix = truthy(binaryUnits) ? `${(prefixes[at] ?? '').toUpperCase()}i` : prefixes[at]
      return `${floatFormat(bytes / base ** (at + 1), 1, 'f')} ${prefix}B`
    }),
  ],
])
