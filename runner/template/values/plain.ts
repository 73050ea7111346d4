import { str } from './python-text.ts'
import { Attributed, Callable, Float, Undefined, fail, isMapping, Nothing } from './types.ts'
import { entriesOf } from './mapping.ts'

/**
 * What leaves a template, as plain data: floats and big integers as numbers (2.0 is 2 outside templates), tuples and ranges as
 * lists, `Map`s as objects with text keys, dates as text. Data that is plain already is given back as it is, not copied. Throws for undefined
 * values and for functions.
 */
export function plain(value: unknown): unknown {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === null)
    return value
  if (value instanceof Nothing) return ''
  if (value instanceof Undefined) throw value.error()
  if (value instanceof Float) return value.value
  if (typeof value === 'bigint') return Number(value)
  if (value instanceof Attributed) return str(value)
  if (value instanceof Callable) return fail(`${value.name} is a function, not a value`, `call it: ${value.name}(…)`)
  if (Array.isArray(value)) return plainList(value as readonly unknown[])
  if (!isMapping(value)) return fail('a value of an unknown kind cannot leave a template')
  const entries = entriesOf(value)
  const changed = entries.map(([key, item]): [unknown, unknown] => [key, plain(item)])
  if (!(value instanceof Map) && changed.every(([, item], at) => item === entries[at]?.[1])) return value
  return Object.fromEntries(changed.map(([key, item]) => [str(key), item]))
}

function plainList(list: readonly unknown[]): readonly unknown[] {
  const items = Array.from(list, plain)
  const same = Object.getPrototypeOf(list) === Array.prototype && items.every((item, at) => item === list[at])
  return same ? list : items
}
