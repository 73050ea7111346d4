import { search } from '@jmespath-community/jmespath'
import { routine, textOf, type Routines } from '../routine.ts'
import { versionOrder } from '../tests/version.ts'
import { compare, truthy } from '../values/compare.ts'
import { hasKey, mapKey, valueOf } from '../values/mapping.ts'
import { plain } from '../values/plain.ts'
import { str } from '../values/python-text.ts'
import { iterate } from '../values/sequence.ts'
import { fail } from '../values/types.ts'
import { combine, listMergeOf, needMapping } from './mapping.ts'

/** Joins lists of mappings: those that have the same value under a key are merged, in the order of that value. */
function mergeBy(lists: readonly unknown[], key: string, options: ReadonlyMap<string, unknown>): unknown[] {
  const recursive = truthy(options.get('recursive') ?? false)
  const how = listMergeOf(options.get('list_merge') ?? 'replace')
  const merged = new Map<unknown, ReadonlyMap<unknown, unknown>>()
  for (const item of lists.flatMap((list) => iterate(list))) {
    const mapping = needMapping(item, 'each element for lists_mergeby')
    if (!hasKey(mapping, key)) continue
    const name = mapKey(valueOf(mapping, key))
    merged.set(name, combine(merged.get(name) ?? new Map(), mapping, recursive, how))
  }
  return [...merged].toSorted(([a], [b]) => compare(a, b)).map(([, mapping]) => mapping)
}

export const communityFilters: Routines = new Map([
  [
    'json_query',
    routine('expr', (_, value: unknown, expression: unknown) => {
      const query = textOf(expression, 'the query')
      try {
        return search(plain(value) as Parameters<typeof search>[0], query)
      } catch (error) {
        return fail(`json_query cannot use '${query}': ${error instanceof Error ? error.message : ''}`)
      }
    }),
  ],
  [
    'version_sort',
    routine('reverse?', (_, value: unknown, reverse: unknown = false) => {
      const sorted = iterate(value).toSorted((a, b) => versionOrder(str(a), str(b), 'loose'))
      return truthy(reverse) ? sorted.toReversed() : sorted
    }),
  ],
  [
    'lists_mergeby',
    routine('*lists **options', (_, value: unknown, given: unknown[], options: ReadonlyMap<string, unknown>) => {
      const index = options.get('index') ?? given.at(-1)
      const others = options.has('index') ? given : given.slice(0, -1)
      const lists = others.length === 0 ? iterate(value) : [value, ...others]
      return mergeBy(lists, textOf(index, 'the key to merge by'), options)
    }),
  ],
])
