import { floatText, repr, str, typeName } from './python-text.ts'
import { characters, index, number } from './sequence.ts'
import { fail, isFloat, isNumeric } from './types.ts'

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
      return radixText(text, type, alternate)
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

/** Digits of another base as Python writes them: `#` puts `0x` and its like in front, X makes all of it capitals. */
export function radixText(text: string, type: string, alternate: boolean): string {
  const prefixed = alternate ? text.replace(/^-?/, (sign) => `${sign}0${type.toLowerCase()}`) : text
  return type === 'X' ? prefixed.toUpperCase() : prefixed
}

/** A number as an integer: a fraction is cut off. */
export function toBig(value: unknown): bigint {
  if (typeof value === 'bigint') return value
  return BigInt(Math.trunc(number(value)))
}
