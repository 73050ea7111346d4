import { routine, type Routines } from '../routine.ts'
import { entriesOf, hasKey, keysOf, mapKey, toMap, valueOf, valuesOf } from '../values/mapping.ts'
import { repr, typeName } from '../values/python-text.ts'
import { iterate } from '../values/sequence.ts'
import { fail, isMapping, type Mapping, Tuple, tuple } from '../values/types.ts'

/** The template's own copy of a mapping, which it may change. */
function own(mapping: Mapping): Map<unknown, unknown> {
  return mapping instanceof Map ? mapping : fail('a variable cannot be changed here')
}

/** Pairs from a mapping or a list of pairs. */
export function pairsOf(value: unknown): [unknown, unknown][] {
  if (isMapping(value)) return entriesOf(value)
  return iterate(value).map((entry) => {
    const [key, item, ...rest] = iterate(entry)
    return key === undefined || item === undefined || rest.length > 0
      ? fail(`${repr(entry)} is not a pair of key and value`)
      : [key, item]
  })
}

/** Python's dict methods. Those that change the mapping work on the template's own copy. */
export const mappingMethods: Routines = new Map([
  ['items', routine('', (_, mapping: Mapping) => entriesOf(mapping).map((entry) => tuple(...entry)))],
  ['keys', routine('', (_, mapping: Mapping) => keysOf(mapping))],
  ['values', routine('', (_, mapping: Mapping) => valuesOf(mapping))],
  [
    'get',
    routine('key default?', (_, mapping: Mapping, key: unknown, fallback: unknown = null) => {
      if (isMapping(key) || (Array.isArray(key) && !(key instanceof Tuple))) fail(`no key can be a ${typeName(key)}`)
      return hasKey(mapping, key) ? valueOf(mapping, key) : fallback
    }),
  ],
  ['copy', routine('', (_, mapping: Mapping) => toMap(mapping))],
  [
    'update',
    routine('other? **more', (_, mapping: Mapping, other: unknown, more: Map<string, unknown>) => {
      for (const [key, value] of [...(other === undefined ? [] : pairsOf(other)), ...more])
        own(mapping).set(mapKey(key), value)
      return null
    }),
  ],
  [
    'setdefault',
    routine('key default?', (_, mapping: Mapping, key: unknown, fallback: unknown = null) => {
      if (!hasKey(mapping, key)) own(mapping).set(mapKey(key), fallback)
      return valueOf(mapping, key)
    }),
  ],
  [
    'pop',
    routine('key default?', (_, mapping: Mapping, key: unknown, fallback: unknown) => {
      if (!hasKey(mapping, key)) return fallback === undefined ? fail(`there is no key ${repr(key)}`) : fallback
      const value = valueOf(mapping, key)
      own(mapping).delete(mapKey(key))
      return value
    }),
  ],
  [
    'popitem',
    routine('', (_, mapping: Mapping) => {
      const last = entriesOf(mapping).at(-1) ?? fail('the dictionary is empty')
      own(mapping).delete(mapKey(last[0]))
      return tuple(...last)
    }),
  ],
  ['clear', routine('', (_, mapping: Mapping) => (own(mapping).clear(), null))],
])
