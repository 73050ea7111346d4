import { routine, type Routines } from '../routine.ts'
import { pairsOf } from '../methods/mapping.ts'
import { compare, contains, truthy } from '../values/compare.ts'
import { entriesOf, hasKey, mapKey, toMap, valueOf } from '../values/mapping.ts'
import { str, typeName } from '../values/python-text.ts'
import { index, iterate } from '../values/sequence.ts'
import { Undefined, fail, isMapping, type Mapping, tuple } from '../values/types.ts'
import { caseKey } from './attribute-path.ts'

const listMerges = ['replace', 'keep', 'append', 'prepend', 'append_rp', 'prepend_rp'] as const
type ListMerge = (typeof listMerges)[number]

export function needMapping(value: unknown, what: string): Mapping {
  if (value instanceof Undefined) throw value.error()
  return isMapping(value) ? value : fail(`${what} needs a mapping, not ${typeName(value)}`)
}

/** Ansible's merge of two mappings; the second one wins. */
export function combine(first: Mapping, second: Mapping, recursive: boolean, lists: ListMerge): Map<unknown, unknown> {
  const result = toMap(first)
  for (const [key, value] of entriesOf(second)) {
    const old = result.get(mapKey(key))
    if (recursive && isMapping(old) && isMapping(value)) result.set(mapKey(key), combine(old, value, recursive, lists))
    else if (Array.isArray(old) && Array.isArray(value))
      result.set(mapKey(key), mergeLists(old as unknown[], value as unknown[], lists))
    else result.set(mapKey(key), value)
  }
  return result
}

function mergeLists(old: readonly unknown[], added: readonly unknown[], how: ListMerge): readonly unknown[] {
  switch (how) {
    case 'replace':
      return added
    case 'keep':
      return old
    case 'append':
      return [...old, ...added]
    case 'prepend':
      return [...added, ...old]
    case 'append_rp':
      return [...old.filter((one) => !contains(added, one)), ...added]
    case 'prepend_rp':
      return [...added, ...old.filter((one) => !contains(added, one))]
  }
}

/** The way to merge lists that an argument names. */
export function listMergeOf(value: unknown): ListMerge {
  return (
    listMerges.find((name) => name === value) ??
    fail(`list_merge is one of ${listMerges.join(', ')}, not ${str(value)}`)
  )
}

export const mappingFilters: Routines = new Map([
  [
    'dict2items',
    routine('key_name? value_name?', (_, value: unknown, key: unknown = 'key', name: unknown = 'value') =>
      entriesOf(needMapping(value, 'dict2items')).map(
        ([k, v]) =>
          new Map([
            [str(key), k],
            [str(name), v],
          ]),
      ),
    ),
  ],
  [
    'items2dict',
    routine(
      'key_name? value_name?',
      (_, value: unknown, key: unknown = 'key', name: unknown = 'value') =>
        new Map(
          iterate(value).map((entry) => {
            const mapping = needMapping(entry, 'items2dict')
            for (const wanted of [key, name])
              if (!hasKey(mapping, wanted)) fail(`items2dict needs the key '${str(wanted)}' in each item`)
            return [mapKey(valueOf(mapping, key)), valueOf(mapping, name)]
          }),
        ),
    ),
  ],
  [
    'combine',
    routine('*others **options', (_, value: unknown, others: unknown[], options: ReadonlyMap<string, unknown>) => {
      const lists = listMergeOf(options.get('list_merge') ?? 'replace')
      for (const name of options.keys())
        if (name !== 'recursive' && name !== 'list_merge') fail(`combine has no argument "${name}"`)
      const recursive = truthy(options.get('recursive') ?? false)
      return [value, ...others]
        .flatMap((one) => (Array.isArray(one) ? (one as unknown[]).flat(Infinity) : [one]))
        .map((one) => needMapping(one, 'combine'))
        .reduce<Mapping>((merged, one) => combine(merged, one, recursive, lists), new Map())
    }),
  ],
  [
    'dictsort',
    routine(
      'case_sensitive? by? reverse?',
      (_, value: unknown, sensitive: unknown = false, by: unknown = 'key', reverse: unknown = false) => {
        const at = by === 'key' ? 0 : by === 'value' ? 1 : fail('dictsort sorts by "key" or "value"')
        const key = caseKey(truthy(sensitive))
        const sign = truthy(reverse) ? -1 : 1
        return entriesOf(needMapping(value, 'dictsort'))
          .toSorted((a, b) => sign * compare(key(a[at]), key(b[at])))
          .map((entry) => tuple(...entry))
      },
    ),
  ],
  [
    'items',
    routine('', (_, value: unknown) =>
      value instanceof Undefined ? [] : entriesOf(needMapping(value, 'items')).map((entry) => tuple(...entry)),
    ),
  ],
  ['dict', routine('', (_, value: unknown) => new Map(pairsOf(value)))],
  [
    'rekey_on_member',
    routine('key duplicates?', (_, value: unknown, key: unknown, duplicates: unknown = 'error') => {
      const result = new Map<unknown, unknown>()
      const items = isMapping(value) ? entriesOf(value).map(([, item]) => item) : iterate(value)
      for (const item of items) {
        const mapping = needMapping(item, 'rekey_on_member')
        if (!hasKey(mapping, key)) fail(`the key ${str(key)} is not in each item`)
        const name = mapKey(valueOf(mapping, key))
        if (result.has(name) && duplicates !== 'overwrite') fail(`the key ${str(name)} is not unique`)
        result.set(name, item)
      }
      return result
    }),
  ],
  [
    'counter',
    routine('', (_, value: unknown) => {
      const counts = new Map<unknown, unknown>()
      for (const item of iterate(value)) counts.set(mapKey(item), index(counts.get(mapKey(item)) ?? 0) + 1)
      return counts
    }),
  ],
])
