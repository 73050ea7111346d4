import { routine, type Context, type Routine, type Routines } from '../routine.ts'
import { compare, equal, truthy } from '../values/compare.ts'
import { iterate, length } from '../values/sequence.ts'
import { Undefined, fail, Group } from '../values/types.ts'
import { applied, caseKey, getter } from './attribute-path.ts'

type Keywords = ReadonlyMap<string, unknown>

function predicate(context: Context, args: readonly unknown[], keywords: Keywords): (value: unknown) => boolean {
  if (args.length === 0) return (value) => truthy(value)
  const test = applied(args, keywords)
  return (value) => context.test(test.name, value, test.args)
}

/** `select` and `reject`: by a test on the item; the `attr` forms by a test on an attribute of it. */
const selector = (keep: boolean, byAttribute: boolean): Routine =>
  routine('*args **options', (context, value: unknown, args: unknown[], options: Keywords) => {
    if (byAttribute && args.length === 0) fail('the name of an attribute is missing')
    const get = byAttribute ? getter(context, args[0]) : (item: unknown) => item
    const test = predicate(context, byAttribute ? args.slice(1) : args, options)
    return iterate(value).filter((item) => test(get(item)) === keep)
  })

export const selectionFilters: Routines = new Map([
  ['select', selector(true, false)],
  ['reject', selector(false, false)],
  ['selectattr', selector(true, true)],
  ['rejectattr', selector(false, true)],
  [
    'map',
    routine('*args **options', (context, value: unknown, args: unknown[], options: Keywords) => {
      if (args.length === 0 && options.has('attribute')) {
        const get = getter(context, options.get('attribute'), options.get('default'))
        return iterate(value).map(get)
      }
      if (args.length === 0) fail('map needs the name of a filter, or attribute=')
      const filter = applied(args, options)
      return iterate(value).map((item) => context.filter(filter.name, item, filter.args))
    }),
  ],
  [
    'groupby',
    routine(
      'attribute default? case_sensitive?',
      (context, value: unknown, path: unknown, fallback: unknown, sensitive: unknown = false) => {
        const get = getter(context, path, fallback)
        const key = caseKey(truthy(sensitive))
        const sorted = iterate(value).toSorted((a, b) => compare(key(get(a)), key(get(b))))
        const groups: { key: unknown; shown: unknown; items: unknown[] }[] = []
        for (const item of sorted) {
          const shown = get(item)
          const last = groups.at(-1)
          if (last && equal(last.key, key(shown))) last.items.push(item)
          else groups.push({ key: key(shown), shown, items: [item] })
        }
        return groups.map(({ shown, items }) => {
          const group = new Group()
          group.push(shown, items)
          return group
        })
      },
    ),
  ],
  [
    'sort',
    routine(
      'reverse? case_sensitive? attribute?',
      (context, value: unknown, reverse: unknown = false, sensitive: unknown = false, path: unknown) => {
        const paths = typeof path === 'string' ? path.split(',') : [path]
        const getters = paths.map((one) => getter(context, one))
        const key = caseKey(truthy(sensitive))
        const sign = truthy(reverse) ? -1 : 1
        return iterate(value).toSorted((a, b) => {
          for (const get of getters) {
            const difference = compare(key(get(a)), key(get(b)))
            if (difference !== 0) return sign * difference
          }
          return 0
        })
      },
    ),
  ],
  [
    'unique',
    routine('case_sensitive? attribute?', (context, value: unknown, sensitive: unknown = false, path: unknown) => {
      const get = getter(context, path)
      const key = caseKey(truthy(sensitive))
      return distinct(iterate(value), (item) => key(get(item)))
    }),
  ],
  ['min', extreme(1)],
  ['max', extreme(-1)],
])

function extreme(sign: 1 | -1): Routine {
  return routine('case_sensitive? attribute?', (context, value: unknown, sensitive: unknown = false, path: unknown) => {
    const get = getter(context, path)
    const key = caseKey(truthy(sensitive))
    const [first = null, ...rest] = iterate(value)
    if (length(value) === 0) return new Undefined('No aggregated item, sequence was empty.')
    let best = first
    for (const item of rest) if (sign * compare(key(get(item)), key(get(best))) < 0) best = item
    return best
  })
}

/** The items without those whose key came before. */
export function distinct(items: readonly unknown[], key: (item: unknown) => unknown = (item) => item): unknown[] {
  const simple = new Set<unknown>()
  const others: unknown[] = []
  return items.filter((item) => {
    const value = key(item)
    if (typeof value === 'string') return simple.has(value) ? false : simple.add(value)
    if (others.some((seen) => equal(seen, value))) return false
    others.push(value)
    return true
  })
}
