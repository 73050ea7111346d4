import { routine, type Routines } from '../routine.ts'
import { compare, equal, truthy } from '../values/compare.ts'
import { repr } from '../values/python-text.ts'
import { index, iterate } from '../values/sequence.ts'
import { fail, type Callable } from '../values/types.ts'

type List = unknown[]

function position(list: List, item: unknown): number {
  const at = list.findIndex((candidate) => equal(candidate, item))
  return at < 0 ? fail(`${repr(item)} is not in list`) : at
}

/** Python's list methods. Those that change the list work on the template's own copy. */
export const listMethods: Routines = new Map([
  ['append', routine('item', (_, list: List, item: unknown) => (list.push(item), null))],
  ['extend', routine('items', (_, list: List, items: unknown) => (list.push(...iterate(items)), null))],
  [
    'insert',
    routine('at item', (_, list: List, at: unknown, item: unknown) => (list.splice(index(at), 0, item), null)),
  ],
  ['remove', routine('item', (_, list: List, item: unknown) => (list.splice(position(list, item), 1), null))],
  [
    'pop',
    routine('at?', (_, list: List, at: unknown = -1) => {
      const asked = index(at)
      const from = asked < 0 ? asked + list.length : asked
      return from >= 0 && from < list.length ? list.splice(from, 1)[0] : fail('pop index out of range')
    }),
  ],
  ['clear', routine('', (_, list: List) => (list.splice(0), null))],
  ['index', routine('item', (_, list: List, item: unknown) => position(list, item))],
  [
    'count',
    routine('item', (_, list: List, item: unknown) => list.filter((candidate) => equal(candidate, item)).length),
  ],
  ['copy', routine('', (_, list: List) => [...list])],
  ['reverse', routine('', (_, list: List) => (list.splice(0, list.length, ...list.toReversed()), null))],
  [
    'sort',
    routine('key? reverse?', (_, list: List, key: Callable | undefined, reverse: unknown = false) => {
      const keyed = (value: unknown): unknown => (key ? key.call({ positional: [value], keywords: new Map() }) : value)
      const sorted = list.toSorted((a, b) => compare(keyed(a), keyed(b)))
      list.splice(0, list.length, ...(truthy(reverse) ? sorted.toReversed() : sorted))
      return null
    }),
  ],
])
