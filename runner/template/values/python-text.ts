import { Attributed, Callable, Float, Range, Tuple, Undefined, isMapping, Nothing } from './types.ts'
import { entriesOf } from './mapping.ts'

/** Python's `str(value)`: how a value prints in a template. */
export function str(value: unknown): string {
  if (typeof value === 'string') return value
  return value instanceof Nothing ? '' : repr(value)
}

/** Python's `repr(value)`: how a value prints inside a list. */
export function repr(value: unknown): string {
  if (typeof value === 'string') return reprText(value)
  if (value === null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'bigint') return value.toString()
  if (typeof value === 'number') return Number.isInteger(value) ? integerText(value) : floatText(value)
  if (value instanceof Float) return floatText(value.value)
  if (value instanceof Undefined) throw value.error()
  if (value instanceof Range) return value.label
  if (value instanceof Tuple) return value.length === 1 ? `(${repr(value[0])},)` : `(${value.map(repr).join(', ')})`
  if (Array.isArray(value)) return `[${value.map(repr).join(', ')}]`
  if (isMapping(value))
    return `{${entriesOf(value)
      .map(([key, item]) => `${repr(key)}: ${repr(item)}`)
      .join(', ')}}`
  if (value instanceof Callable) return `<function ${value.name}>`
  if (value instanceof Attributed) return value.text()
  return `<${typeName(value)} object>`
}

/** The name of the value's type, as Python's messages say it. */
export function typeName(value: unknown): string {
  if (value === null) return 'NoneType'
  if (typeof value === 'string') return 'str'
  if (typeof value === 'boolean') return 'bool'
  if (value instanceof Float || (typeof value === 'number' && !Number.isInteger(value))) return 'float'
  if (typeof value === 'number' || typeof value === 'bigint') return 'int'
  if (value instanceof Tuple) return 'tuple'
  if (value instanceof Range) return 'range'
  if (Array.isArray(value)) return 'list'
  if (isMapping(value)) return 'dict'
  if (value instanceof Callable) return 'function'
  if (value instanceof Attributed) return value.typeName
  if (value instanceof Undefined) return 'Undefined'
  return 'object'
}

function integerText(value: number): string {
  return Number.isSafeInteger(value) ? String(value === 0 ? 0 : value) : BigInt(value).toString()
}

/** Python's shortest form of a float: exponents from 1e16 up and below 1e-4, and always a point or an exponent. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  const sign = value < 0 || Object.is(value, -0) ? '-' : ''
  const [mantissa = '0', power = '0'] = Math.abs(value).toExponential().split('e')
  const digits = mantissa.replace('.', '')
  const exponent = Number(power)
  if (exponent < -4 || exponent >= 16) {
    const tail = digits.length > 1 ? `.${digits.slice(1)}` : ''
    return `${sign}${digits.slice(0, 1)}${tail}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`
  }
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0')
  return `${sign}${whole}.${digits.slice(exponent + 1) || '0'}`
}

const escapes: ReadonlyMap<string, string> = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\\', '\\\\'],
])

function reprText(text: string): string {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'"
  const body = text.replace(/[\\'"]|[^\P{C}]|[^\P{Z}]/gu, (char) => {
    if (char === ' ' || (char === "'" && mark !== "'") || char === '"') return char
    if (char === "'") return "\\'"
    return escapes.get(char) ?? numericEscape(char.codePointAt(0) ?? 0)
  })
  return mark + body + mark
}

function numericEscape(code: number): string {
  const hex = code.toString(16)
  if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`
}
