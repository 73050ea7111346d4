import { Float, Tuple, Undefined, isMapping, isNumeric, fail, type Mapping, Nothing } from './types.ts'
import { hasKey, keysOf, entriesOf, sizeOf, valueOf } from './mapping.ts'
import { typeName } from './python-text.ts'
import { Moment, Duration } from './moment.ts'

/** Python's truth: empty text and collections, zero, None and False are false. An undefined value throws. */
export function truthy(value: unknown): boolean {
  if (typeof value === 'boolean') return value
  if (value instanceof Nothing) return false
  if (value instanceof Undefined) throw value.error()
  if (value instanceof Float) return value.value !== 0
  if (Array.isArray(value)) return value.length > 0
  if (isMapping(value)) return sizeOf(value) > 0
  return Number.isNaN(value) || Boolean(value)
}

/** Python's `==`. */
export function equal(left: unknown, right: unknown): boolean {
  if (left instanceof Undefined) throw left.error()
  if (right instanceof Undefined) throw right.error()
  if (left === right) return true
  if (isNumeric(left) && isNumeric(right)) return order(left, right) === 0
  if (Array.isArray(left) && Array.isArray(right))
    return (
      left instanceof Tuple === right instanceof Tuple &&
      left.length === right.length &&
      left.every((item, index) => equal(item, right[index]))
    )
  if (isMapping(left) && isMapping(right)) return equalMappings(left, right)
  if (left instanceof Moment && right instanceof Moment) return left.time === right.time
  return false
}

function equalMappings(left: Mapping, right: Mapping): boolean {
  return (
    sizeOf(left) === sizeOf(right) &&
    entriesOf(left).every(([key, item]) => hasKey(right, key) && equal(item, valueOf(right, key)))
  )
}

type Numeric = number | bigint | boolean | Float
function primitive(value: Numeric): number | bigint {
  if (value instanceof Float) return value.value
  return typeof value === 'boolean' ? Number(value) : value
}
/** Negative, zero, positive, or NaN where one side is NaN. */
function order(left: Numeric, right: Numeric): number {
  const a = typeof left === 'number' ? left : primitive(left)
  const b = typeof right === 'number' ? right : primitive(right)
  // JavaScript compares a bigint with a number by value, without rounding.
  if (a < b) return -1
  if (a > b) return 1
  return Number.isNaN(a) || Number.isNaN(b) ? Number.NaN : 0
}

/** Python's order of two values: negative, zero, positive. Values that have no order throw, naming the operator. */
export function compare(left: unknown, right: unknown, operator = '<'): number {
  if (left instanceof Undefined) throw left.error()
  if (right instanceof Undefined) throw right.error()
  if (isNumeric(left) && isNumeric(right)) return order(left, right)
  if (typeof left === 'string' && typeof right === 'string') return compareText(left, right)
  if (Array.isArray(left) && Array.isArray(right) && left instanceof Tuple === right instanceof Tuple)
    return compareLists(left, right, operator)
  if (left instanceof Moment && right instanceof Moment) return left.time - right.time
  if (left instanceof Duration && right instanceof Duration) return left.seconds - right.seconds
  return fail(`'${operator}' not supported between instances of '${typeName(left)}' and '${typeName(right)}'`)
}

function compareLists(left: readonly unknown[], right: readonly unknown[], operator: string): number {
  for (const [index, item] of left.entries()) {
    if (index >= right.length) return 1
    if (!equal(item, right[index])) return compare(item, right[index], operator)
  }
  return left.length - right.length
}

/** Order by code points, as Python has it: UTF-16 units put emoji before U+FFFD. */
export function compareText(left: string, right: string): number {
  if (left === right) return 0
  if (!/[\uD800-\uDFFF]/.test(left) && !/[\uD800-\uDFFF]/.test(right)) return left < right ? -1 : 1
  const a = Array.from(left)
  const b = Array.from(right)
  for (const [index, char] of a.entries()) {
    const difference = (char.codePointAt(0) ?? 0) - (b[index]?.codePointAt(0) ?? -1)
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

/** Python's `item in container`. */
export function contains(container: unknown, item: unknown): boolean {
  if (container instanceof Undefined) throw container.error()
  if (item instanceof Undefined) throw item.error()
  if (typeof container === 'string') {
    if (typeof item !== 'string') fail(`'in <string>' requires string as left operand, not ${typeName(item)}`)
    return container.includes(item)
  }
  if (Array.isArray(container)) return container.some((candidate) => equal(candidate, item))
  if (isMapping(container)) {
    if (hasKey(container, item)) return true
    return isNumeric(item) && keysOf(container).some((key) => equal(key, item))
  }
  return fail(`argument of type '${typeName(container)}' is not iterable`)
}
