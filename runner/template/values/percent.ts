import { BoundedMap } from '../bounded-map.ts'
import { floatFormat, radixText, toBig } from './format.ts'
import { hasKey, valueOf } from './mapping.ts'
import { repr, str, typeName } from './python-text.ts'
import { characters, index, number, textLength } from './sequence.ts'
import { type Float, Tuple, Undefined, fail, isInteger, isMapping, isNumeric } from './types.ts'

/** A place in a format where a value is printed. */
interface Directive {
  readonly key: string | undefined
  readonly flags: string
  /** `*`: the next of the values says it. */
  readonly width: number | '*'
  readonly precision: number | '*' | undefined
  /** Empty where the format ends before it. */
  readonly type: string
}

/** Longer formats are read each time, so that little memory is kept. */
const longestKept = 1_000
const directives = new BoundedMap<string, readonly (string | Directive)[]>(500)

const size = (digits: string): number | '*' => (digits === '*' ? digits : Number(digits))

function readDirectives(text: string): readonly (string | Directive)[] {
  const pieces: (string | Directive)[] = []
  let from = 0
  for (const found of text.matchAll(/%(?:\(([^)]*)\))?([-+ #0]*)(\*|\d+)?(?:\.(\*|\d+))?[hlL]?([\s\S]?)/g)) {
    const [match, key, flags = '', width = '0', precision, type = ''] = found
    if (found.index > from) pieces.push(text.slice(from, found.index))
    from = found.index + match.length
    if (type === '%') pieces.push('%')
    else
      pieces.push({
        key,
        flags,
        width: size(width),
        precision: precision === undefined ? undefined : size(precision),
        type,
      })
  }
  if (from < text.length) pieces.push(text.slice(from))
  return pieces
}

/** Python's `text % values` ("printf-style String Formatting" of its library reference). */
export function formatPercent(text: string, values: unknown): string {
  const list: readonly unknown[] = values instanceof Tuple ? values : [values]
  const pieces =
    text.length > longestKept ? readDirectives(text) : directives.getOrMake(text, () => readDirectives(text))
  let next = 0
  let keyed = false
  let result = ''
  for (const piece of pieces) {
    if (typeof piece === 'string') {
      result += piece
      continue
    }
    const { key, width, precision } = piece
    if (piece.type === '') fail('incomplete format')
    const wide = width === '*' ? index(taken(list, next++)) : width
    const exact = precision === '*' ? index(taken(list, next++)) : precision
    let value: unknown
    if (key === undefined) value = taken(list, next++)
    else {
      keyed = true
      if (!isMapping(values) || !hasKey(values, key)) fail(`format string needs the key '${key}'`)
      value = valueOf(values, key)
    }
    result += percent(value, piece.flags, wide, exact, piece.type)
  }
  if (
    !keyed &&
    next < list.length &&
    !(isMapping(values) || (Array.isArray(values) && !(values instanceof Tuple) && next > 0))
  )
    fail('not all arguments converted during string formatting')
  return result
}

function taken(list: readonly unknown[], at: number): unknown {
  return at < list.length ? list[at] : fail('not enough arguments for format string')
}

function percent(value: unknown, flags: string, width: number, precision: number | undefined, type: string): string {
  if (value instanceof Undefined) throw value.error()
  const zero = flags.includes('0') && isNumeric(value)
  switch (type) {
    case 's':
    case 'r':
    case 'a': {
      const text = type === 's' ? str(value) : repr(value)
      const shown = precision === undefined ? text : characters(text).slice(0, precision).join('')
      return padded(shown, '', width, flags, false)
    }
    case 'd':
    case 'i':
    case 'u':
      if (!isNumeric(value)) return fail(`%${type} format: a real number is required, not ${typeName(value)}`)
      return signed(decimal(value, precision), width, flags, zero)
    case 'x':
    case 'X':
    case 'o': {
      if (!isInteger(value)) return fail(`%${type} format: an integer is required, not ${typeName(value)}`)
      const text = digits(BigInt(value), type === 'o' ? 8 : 16, precision)
      return signed(radixText(text, type, flags.includes('#')), width, flags, zero)
    }
    case 'c':
      return padded(typeof value === 'string' ? value : String.fromCodePoint(index(value)), '', width, flags, zero)
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
      if (!isNumeric(value)) return fail(`must be real number, not ${typeName(value)}`)
      return signed(floatFormat(number(value), precision ?? 6, type, flags.includes('#')), width, flags, zero)
    default:
      return fail(`unsupported format character '${type}'`)
  }
}

function signed(text: string, width: number, flags: string, zero: boolean): string {
  if (width === 0 && flags === '') return text
  if (text.startsWith('-')) return padded(text.slice(1), '-', width, flags, zero)
  return padded(text, flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '', width, flags, zero)
}

/** `zero`: what fills it are zeros, between the sign and the digits. */
function padded(text: string, sign: string, width: number, flags: string, zero: boolean): string {
  const room = width - textLength(text) - sign.length
  if (room <= 0) return sign + text
  if (flags.includes('-')) return sign + text + ' '.repeat(room)
  return zero ? sign + '0'.repeat(room) + text : ' '.repeat(room) + sign + text
}

function decimal(value: number | bigint | boolean | Float, precision: number | undefined): string {
  if (typeof value === 'number' && precision === undefined && Number.isSafeInteger(value)) return String(value)
  return digits(toBig(value), 10, precision)
}

function digits(value: bigint, base: number, precision = 0): string {
  return value.toString(base).replace(/\d.*|[a-f].*/, (text) => text.padStart(precision, '0'))
}
