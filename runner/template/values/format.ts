import { BoundedMap } from '../bounded-map.ts'
import { type Float, isFloat, isInteger, isMapping, isNumeric, fail, Tuple, Undefined } from './types.ts'
import { hasKey, valueOf } from './mapping.ts'
import { floatText, repr, str, typeName } from './python-text.ts'
import { characters, index, number, textLength } from './sequence.ts'

function taken(list: readonly unknown[], at: number): unknown {
  return at < list.length ? list[at] : fail('not enough arguments for format string')
}

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

const directives = new BoundedMap<string, readonly (string | Directive)[]>(500)

function readDirectives(text: string): readonly (string | Directive)[] {
  const pieces: (string | Directive)[] = []
  let from = 0
  const number = (digits: string): number | '*' => (digits === '*' ? digits : Number(digits))
  for (const found of text.matchAll(/%(?:\(([^)]*)\))?([-+ #0]*)(\*|\d+)?(?:\.(\*|\d+))?[hlL]?([\s\S]?)/g)) {
    const [match, key, flags = '', width = '0', precision, type = ''] = found
    if (found.index > from) pieces.push(text.slice(from, found.index))
    from = found.index + match.length
    if (type === '%') pieces.push('%')
    else
      pieces.push({
        key,
        flags,
        width: number(width),
        precision: precision === undefined ? undefined : number(precision),
        type,
      })
  }
  if (from < text.length) pieces.push(text.slice(from))
  return pieces
}

/** Python's `text % values` ("printf-style String Formatting" of its library reference). */
export function formatPercent(text: string, values: unknown): string {
  const list: readonly unknown[] = values instanceof Tuple ? values : [values]
  const pieces = directives.getOrMake(text, () => readDirectives(text))
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
      const prefixed = flags.includes('#') ? text.replace(/^-?/, (sign) => `${sign}0${type.toLowerCase()}`) : text
      return signed(type === 'X' ? prefixed.toUpperCase() : prefixed, width, flags, zero)
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

function toBig(value: unknown): bigint {
  if (typeof value === 'bigint') return value
  return BigInt(Math.trunc(number(value)))
}

function digits(value: bigint, base: number, precision = 0): string {
  return value.toString(base).replace(/\d.*|[a-f].*/, (text) => text.padStart(precision, '0'))
}

/** Exponents have two digits at least. */
const exponent = (text: string): string => text.replace(/e([+-])(\d)$/, 'e$10$2')

/** A float in Python's `e`, `f` or `g` form. */
export function floatFormat(value: number, precision: number, type: string, alternate = false): string {
  if (!Number.isFinite(value)) return floatText(value)
  const upper = type !== type.toLowerCase()
  let text: string
  switch (type.toLowerCase()) {
    case 'e':
      text = exponent(value.toExponential(Math.min(precision, 100)))
      break
    case 'f':
      text =
        Math.abs(value) >= 1e21
          ? BigInt(value).toString() + (precision > 0 ? `.${'0'.repeat(precision)}` : '')
          : fixed(value, precision)
      break
    default: {
      const significant = Math.max(precision, 1)
      const power = value === 0 ? 0 : Number(value.toExponential(significant - 1).split('e')[1])
      text =
        power < -4 || power >= significant
          ? exponent(value.toExponential(significant - 1))
          : fixed(value, significant - 1 - power)
      if (!alternate) text = text.replace(/(\.\d*?)0+(?=e|$)/, '$1').replace(/\.(?=e|$)/, '')
    }
  }
  return upper ? text.toUpperCase() : text
}

/** Python's fixed form: ties that are exact in binary go to the even digit, where JavaScript's go up. */
function fixed(value: number, precision: number): string {
  const places = Math.min(Math.max(precision, 0), 100)
  const text = value.toFixed(places)
  const scaled = Math.abs(value) * 10 ** places
  const isTie =
    scaled - Math.floor(scaled) === 0.5 &&
    Math.abs(value)
      .toFixed(Math.min(places + 25, 100))
      .slice(0, -1)
      .endsWith('0'.repeat(20))
  const signed = isTie && Math.floor(scaled) % 2 === 0 ? (Math.sign(value) * Math.floor(scaled)) / 10 ** places : null
  const result = signed === null ? text : signed.toFixed(places)
  return Object.is(value, -0) || (value < 0 && !result.startsWith('-')) ? `-${result.replace('-', '')}` : result
}

/** Python's `text.format(...)`: `{}`, `{0}`, `{name}`, `{a.b[0]}`, `!r`, `!s` and format specifications. */
export function formatBraces(
  text: string,
  positional: readonly unknown[],
  keywords: ReadonlyMap<string, unknown>,
  access: (value: unknown, key: string, isItem: boolean) => unknown,
): string {
  let automatic = 0
  const field = (name: string): unknown => {
    const [, first = '', path = ''] = /^([^.[]*)(.*)$/s.exec(name) ?? []
    let value: unknown
    if (first === '' || /^\d+$/.test(first)) {
      const at = first === '' ? automatic++ : Number(first)
      value =
        at < positional.length ? positional[at] : fail(`Replacement index ${at} out of range for positional args tuple`)
    } else value = keywords.has(first) ? keywords.get(first) : fail(`format string needs the key '${first}'`)
    for (const [, attribute, item] of path.matchAll(/\.([^.[]+)|\[([^\]]*)\]/g))
      value = attribute === undefined ? access(value, item ?? '', true) : access(value, attribute, false)
    return value
  }
  return text.replace(
    /\{\{|\}\}|\{([^{}!:]*)(?:!([rsa]))?(?::((?:[^{}]|\{[^{}]*\})*))?\}|[{}]/g,
    (match, name: string | undefined, conversion: string | undefined, spec: string | undefined) => {
      if (match === '{{' || match === '}}') return match.slice(1)
      if (name === undefined) return fail(`Single '${match}' encountered in format string`)
      const value = field(name)
      const shown = conversion === undefined ? value : conversion === 's' ? str(value) : repr(value)
      return formatSpec(
        shown,
        (spec ?? '').replace(/\{([^{}]*)\}/g, (_, inner: string) => str(field(inner))),
      )
    },
  )
}

/** Python's "Format Specification Mini-Language". */
function formatSpec(value: unknown, spec: string): string {
  if (spec === '') return str(value)
  const parts = /^(?:([\s\S])?([<>=^]))?([-+ ])?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?([bcdeEfFgGnosxX%])?$/u.exec(spec)
  if (!parts) return fail(`Invalid format specifier '${spec}'`)
  const [, fill, align, sign, alternate, zero, width, group, precision, type] = parts
  let body = specBody(value, type, precision === undefined ? undefined : Number(precision), alternate !== undefined)
  const numeric = isNumeric(value)
  let prefix = ''
  if (numeric) {
    const negative = body.startsWith('-')
    body = negative ? body.slice(1) : body
    prefix = negative ? '-' : sign === '+' ? '+' : sign === ' ' ? ' ' : ''
    if (group) body = body.replace(/^\d+/, (whole) => whole.replace(/\B(?=(\d{3})+$)/g, group))
  }
  const room = Math.max(0, Number(width ?? 0) - characters(prefix + body).length)
  const char = fill ?? (zero ? '0' : ' ')
  switch (align ?? (zero ? '=' : numeric ? '>' : '<')) {
    case '<':
      return prefix + body + char.repeat(room)
    case '^':
      return char.repeat(Math.floor(room / 2)) + prefix + body + char.repeat(Math.ceil(room / 2))
    case '=':
      return prefix + char.repeat(room) + body
    default:
      return char.repeat(room) + prefix + body
  }
}

function specBody(value: unknown, type: string | undefined, precision: number | undefined, alternate: boolean): string {
  if (!isNumeric(value)) {
    if (type !== undefined && type !== 's')
      fail(`Unknown format code '${type}' for object of type '${typeName(value)}'`)
    return precision === undefined ? str(value) : characters(str(value)).slice(0, precision).join('')
  }
  switch (type) {
    case 'b':
    case 'o':
    case 'x':
    case 'X': {
      const base = { b: 2, o: 8, x: 16, X: 16 }[type]
      const text = toBig(value).toString(base)
      const prefixed = alternate ? text.replace(/^-?/, (sign) => `${sign}0${type.toLowerCase()}`) : text
      return type === 'X' ? prefixed.toUpperCase() : prefixed
    }
    case 'c':
      return String.fromCodePoint(index(value))
    case '%':
      return `${floatFormat(number(value) * 100, precision ?? 6, 'f')}%`
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
      return floatFormat(number(value), precision ?? 6, type)
    default:
      if (!isFloat(value)) return typeof value === 'boolean' ? String(Number(value)) : str(value)
      return precision === undefined ? str(value) : floatFormat(number(value), precision, 'g')
  }
}
