import { compareText } from './compare.ts'
import { entriesOf } from './mapping.ts'
import { Moment } from './moment.ts'
import { floatText, str, typeName } from './python-text.ts'
import { Attributed, Float, Undefined, fail, isFloat, isInteger, isMapping, float } from './types.ts'

export interface JsonOptions {
  /** Spaces for each level; null puts all on one line. */
  readonly indent: number | null
  readonly sortKeys: boolean
  readonly ensureAscii: boolean
  readonly itemSeparator?: string
  readonly keySeparator?: string
}

/** Python's `json.dumps`. */
export function toJson(value: unknown, options: JsonOptions, level = 0): string {
  if (value instanceof Undefined) throw value.error()
  if (value === null) return 'null'
  if (typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return jsonText(value, options.ensureAscii)
  if (isInteger(value)) return str(value)
  if (value instanceof Float || isFloat(value)) return jsonFloat(value instanceof Float ? value.value : value)
  if (value instanceof Attributed)
    return jsonText(value instanceof Moment ? value.iso() : value.text(), options.ensureAscii)
  const inner = (item: unknown): string => toJson(item, options, level + 1)
  if (Array.isArray(value)) return enclose('[', (value as unknown[]).map(inner), ']', options, level)
  if (!isMapping(value)) return fail(`a ${typeName(value)} cannot be written as JSON`)
  const entries = entriesOf(value)
  const sorted = options.sortKeys ? entries.toSorted(([a], [b]) => compareText(keyText(a), keyText(b))) : entries
  const separator = options.keySeparator ?? ': '
  const parts = sorted.map(([key, item]) => jsonText(keyText(key), options.ensureAscii) + separator + inner(item))
  return enclose('{', parts, '}', options, level)
}

function enclose(
  open: string,
  parts: readonly string[],
  close: string,
  { indent, itemSeparator }: JsonOptions,
  level: number,
): string {
  if (parts.length === 0) return open + close
  if (indent === null) return open + parts.join(itemSeparator ?? ', ') + close
  const margin = `\n${' '.repeat(indent * (level + 1))}`
  return `${open}${margin}${parts.join((itemSeparator ?? ',') + margin)}\n${' '.repeat(indent * level)}${close}`
}

function keyText(key: unknown): string {
  if (typeof key === 'string') return key
  if (key === null) return 'null'
  return typeof key === 'boolean' ? String(key) : str(key)
}

function jsonFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  return Number.isFinite(value) ? floatText(value) : value > 0 ? 'Infinity' : '-Infinity'
}

function jsonText(text: string, ensureAscii: boolean): string {
  const quoted = JSON.stringify(text)
  if (!ensureAscii) return quoted
  return quoted.replace(/[\u007f-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** Stands before a number that `JSON.parse` would change. */
const numberMark = '\0'

/** Reads JSON, keeping floats that have no fraction, and integers beyond the safe range. Throws for text that is none. */
export function fromJson(text: string): unknown {
  // Strings are matched too, so that the numbers in them are left alone.
  const marked = text.replace(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, (token) =>
    token.startsWith('"') || !needsMark(token) ? token : `"\\u0000${token}"`,
  )
  try {
    return JSON.parse(marked, reviveNumber)
  } catch (error) {
    return fail(`this is not JSON: ${error instanceof Error ? error.message : ''}`)
  }
}

function needsMark(token: string): boolean {
  return /[.eE]/.test(token) ? Number.isInteger(Number(token)) : !Number.isSafeInteger(Number(token))
}

function reviveNumber(_key: string, value: unknown): unknown {
  if (typeof value !== 'string' || !value.startsWith(numberMark)) return value
  const token = value.slice(1)
  return /[.eE]/.test(token) ? float(Number(token)) : BigInt(token)
}
