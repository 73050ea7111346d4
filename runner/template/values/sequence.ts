import { Range, Tuple, Undefined, fail, isMapping, isFloat, isInteger, Float, tuple, Nothing } from './types.ts'
import { keysOf, sizeOf } from './mapping.ts'
import { typeName } from './python-text.ts'

/** Most items that one range, repetition or product may make: a mistake must not fill the memory. */
export const sizeLimit = 10_000_000
/** The most items that a template may make at once. */
export const rangeLimit = 1_000_000

/** The characters of a text: code points, as Python counts them. */
export function characters(text: string): string[] {
  return /[\uD800-\uDFFF]/.test(text) ? Array.from(text) : text.split('')
}

/** How many characters a text has, as Python counts them. */
export function textLength(text: string): number {
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at)
    if (unit >= 0xd800 && unit <= 0xdfff) return Array.from(text).length
  }
  return text.length
}

/** Python's `list(value)`: the items of a list, characters of a text, keys of a mapping. */
export function iterate(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value as readonly unknown[]
  if (typeof value === 'string') return characters(value)
  if (value instanceof Nothing) return []
  if (value instanceof Undefined) throw value.error()
  if (isMapping(value)) return keysOf(value)
  return fail(`'${typeName(value)}' object is not iterable`)
}

/** Python's `len(value)`. */
export function length(value: unknown): number {
  if (typeof value === 'string') return textLength(value)
  if (Array.isArray(value)) return value.length
  if (value instanceof Undefined) throw value.error()
  if (isMapping(value)) return sizeOf(value)
  return fail(`object of type '${typeName(value)}' has no len()`)
}

/** A number that counts or indexes something. Throws for anything that Python takes for no integer. */
export function index(value: unknown, what = 'index'): number {
  if (typeof value === 'boolean') return Number(value)
  if (isInteger(value)) return Number(value)
  if (value instanceof Undefined) throw value.error()
  return fail(`${what} must be an integer, not ${typeName(value)}`)
}

/** A number of JavaScript's, for what is computed as a float. */
export function number(value: unknown, what = 'value'): number {
  if (value instanceof Float) return value.value
  if (typeof value === 'boolean' || isInteger(value) || isFloat(value)) return Number(value)
  if (value instanceof Undefined) throw value.error()
  return fail(`${what} must be a number, not ${typeName(value)}`)
}

/** Python's `value[start:stop:step]`; null stands for a bound that was left out. */
export function slice(value: unknown, start: unknown, stop: unknown, step: unknown): unknown {
  if (typeof value === 'string') return sliceItems(characters(value), start, stop, step).join('')
  if (value instanceof Tuple) return tuple(...sliceItems(value, start, stop, step))
  if (Array.isArray(value)) return sliceItems(value as readonly unknown[], start, stop, step)
  if (value instanceof Undefined) throw value.error()
  return fail(`'${typeName(value)}' object cannot be sliced`)
}

function sliceItems<T>(items: readonly T[], start: unknown, stop: unknown, step: unknown): T[] {
  const by = step === null ? 1 : index(step, 'slice step')
  if (by === 0) fail('slice step cannot be zero')
  const bound = (given: unknown, fallback: number): number => {
    if (given === null) return fallback
    const at = index(given, 'slice index')
    const absolute = at < 0 ? at + items.length : at
    return by > 0 ? Math.min(Math.max(absolute, 0), items.length) : Math.min(Math.max(absolute, -1), items.length - 1)
  }
  const from = bound(start, by > 0 ? 0 : items.length - 1)
  const to = bound(stop, by > 0 ? items.length : -1)
  const result: T[] = []
  for (let at = from; by > 0 ? at < to : at > to; at += by) result.push(items[at] as T)
  return result
}

/** Python's `range()`, as a list. */
export function range(start: number, stop: number, step: number): Range {
  if (step === 0) fail('range() arg 3 must not be zero')
  const count = Math.max(0, Math.ceil((stop - start) / step))
  if (count > rangeLimit) fail(`range() of ${count} numbers is too long: at most ${rangeLimit}`)
  const result = new Range()
  for (let at = 0; at < count; at += 1) result.push(start + at * step)
  result.label = step === 1 ? `range(${start}, ${stop})` : `range(${start}, ${stop}, ${step})`
  return result
}
