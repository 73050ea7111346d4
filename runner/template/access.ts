import { closest, distance } from 'fastest-levenshtein'
import { isMethod, methodsOf } from './methods/all.ts'
import { invoke, type Context } from './routine.ts'
import { hasKey, keysOf, mapKey, valueOf } from './values/mapping.ts'
import { typeName } from './values/python-text.ts'
import { characters } from './values/sequence.ts'
import {
  Attributed,
  Callable,
  Group,
  Undefined,
  isInteger,
  isMapping,
  type Mapping,
  undefinedFor,
} from './values/types.ts'

/** Where a value was looked up: for the message when it is not there. */
export interface Place {
  /** As the user wrote it: `a.b.bar`. */
  readonly path: string
  readonly offset: number
}

/** Jinja2's `value.name`: the attribute, else the item of that name. What is missing is an `Undefined`. */
export function attribute(context: Context, value: unknown, name: string, place: Place): unknown {
  if (value instanceof Undefined) return value
  const own = attributeOnly(context, value, name)
  if (own !== undefined) return own
  if (isMapping(value) && hasKey(value, name)) return read(value, name)
  return missing(value, name, place)
}

/** Jinja2's `value[key]`: the item, else the attribute of that name. */
export function item(context: Context, value: unknown, key: unknown, place: Place): unknown {
  if (value instanceof Undefined) return value
  if (key instanceof Undefined) throw key.error()
  if (typeof key === 'number' && Array.isArray(value) && key >= 0) {
    const found: unknown = value[key]
    if (found !== undefined) return found
  }
  if (isMapping(value)) {
    if (hasKey(value, key)) return read(value, key)
  } else if ((Array.isArray(value) || typeof value === 'string') && (isInteger(key) || typeof key === 'boolean')) {
    const items: readonly unknown[] = typeof value === 'string' ? characters(value) : (value as unknown[])
    const at = Number(key) < 0 ? Number(key) + items.length : Number(key)
    if (at >= 0 && at < items.length) return items[at]
  }
  const own = typeof key === 'string' ? attributeOnly(context, value, key) : undefined
  return own === undefined ? missing(value, key, place) : own
}

/** Whether `value.name` of plain data can be an item alone: no method is called so, and objects of JavaScript's inherit nothing of the name. */
export const isItemOnly = (name: string): boolean => !isMethod(name) && !(name in Object.prototype)

/** The item of a name that `isItemOnly`; undefined where there is none, and for anything but a mapping of plain data. */
export function plainItem(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return undefined
  try {
    return (value as { readonly [name: string]: unknown })[name]
  } catch (error) {
    return undefinedFor(error)
  }
}

/** The value of a key. Reading `hostvars` evaluates the variable that is asked for. */
function read(mapping: Mapping, key: unknown): unknown {
  if (mapping instanceof Map) return mapping.get(mapKey(key))
  try {
    return valueOf(mapping, key)
  } catch (error) {
    return undefinedFor(error)
  }
}

/** The attribute alone, never an item: what the filter `attr` gives. */
export function ownAttribute(context: Context, value: unknown, name: string): unknown {
  return attributeOnly(context, value, name) ?? missing(value, name, { path: '', offset: 0 })
}

function attributeOnly(context: Context, value: unknown, name: string): unknown {
  if (value instanceof Attributed) return value.attribute(name)
  if (value instanceof Group && (name === 'grouper' || name === 'list')) return value[name === 'grouper' ? 0 : 1]
  if (value instanceof Callable) return value.attributes.get(name)
  const method = methodsOf(value).get(name)
  return method && new Callable(name, (args) => invoke(`${typeName(value)}.${name}()`, method, context, value, args))
}

function missing(value: unknown, key: unknown, { path, offset }: Place): Undefined {
  const where = path === '' ? '' : ` (${path})`
  if (typeof key === 'string') {
    const hint = isMapping(value) ? () => nearestKey(value, key) : undefined
    return new Undefined(`'${objectName(value)}' has no attribute '${key}'${where}`, offset, hint)
  }
  const shown = isInteger(key) ? String(key) : typeName(key)
  return new Undefined(`${objectName(value)} has no element ${shown}${where}`, offset)
}

function objectName(value: unknown): string {
  return value === null ? 'None' : `${typeName(value)} object`
}

function nearestKey(mapping: Mapping, key: string): string | undefined {
  return nearest(
    key,
    keysOf(mapping).filter((candidate): candidate is string => typeof candidate === 'string'),
  )
}

/** A hint that names what is written almost alike, if anything is. */
export function nearest(name: string, names: Iterable<string>): string | undefined {
  const candidates = [...names]
  if (candidates.length === 0) return undefined
  const best = closest(name, candidates)
  return distance(name, best) <= Math.ceil(name.length / 3) ? `did you mean "${best}"?` : undefined
}
