import { Float, Undefined, isMapping, type Mapping } from './types.ts'

/** A key as a `Map` compares it: 1 and 1.0 are one key. */
export function mapKey(key: unknown): unknown {
  if (key instanceof Undefined) throw key.error()
  return key instanceof Float ? key.value : key
}

export function keysOf(mapping: Mapping): unknown[] {
  return mapping instanceof Map ? [...mapping.keys()] : Object.keys(mapping)
}

export function valuesOf(mapping: Mapping): unknown[] {
  return mapping instanceof Map ? [...mapping.values()] : Object.values(mapping)
}

export function entriesOf(mapping: Mapping): [unknown, unknown][] {
  return mapping instanceof Map ? [...mapping.entries()] : Object.entries(mapping)
}

/** Whether the mapping itself has the key: nothing that JavaScript's objects inherit is ever seen. */
export function hasKey(mapping: Mapping, key: unknown): boolean {
  if (mapping instanceof Map) return mapping.has(mapKey(key))
  return typeof mapKey(key) === 'string' && Object.hasOwn(mapping, key as string)
}

/** The value of the key, or undefined where there is none. */
export function valueOf(mapping: Mapping, key: unknown): unknown {
  if (mapping instanceof Map) return mapping.get(mapKey(key))
  return typeof mapKey(key) === 'string' && Object.hasOwn(mapping, key as string)
    ? (mapping as { readonly [key: string]: unknown })[key as string]
    : undefined
}

export function sizeOf(mapping: Mapping): number {
  return mapping instanceof Map ? mapping.size : Object.keys(mapping).length
}

/** A copy that the template may change. */
export function toMap(mapping: Mapping): Map<unknown, unknown> {
  return new Map(entriesOf(mapping))
}

/** A deep copy of lists and mappings, for templates that call methods which change them. */
export function deepCopy(value: unknown): unknown {
  if (Array.isArray(value) && Object.getPrototypeOf(value) === Array.prototype) return value.map(deepCopy)
  if (isMapping(value)) return new Map(entriesOf(value).map(([key, item]) => [key, deepCopy(item)]))
  return value
}
