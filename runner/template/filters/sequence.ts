import { item as itemOf } from '../access.ts'
import { binary } from '../operators.ts'
import { routine, textOf, type Context, type Routines } from '../routine.ts'
import { contains, truthy } from '../values/compare.ts'
import { keysOf } from '../values/mapping.ts'
import { pythonRandom } from '../values/python-random.ts'
import { str } from '../values/python-text.ts'
import { characters, index, iterate, length, range, rangeLimit } from '../values/sequence.ts'
import { type Tuple, Undefined, fail, isInteger, isMapping, tuple } from '../values/types.ts'
import { getter } from './attribute-path.ts'
import { distinct } from './selection.ts'

type List = readonly unknown[]

/** The first item, or what Jinja2 says of an empty list. */
const end = (value: unknown, at: 0 | -1): unknown =>
  length(iterate(value)) > 0
    ? iterate(value).at(at)
    : new Undefined(`No ${at === 0 ? 'first' : 'last'} item, sequence was empty.`)

function product(lists: readonly List[]): List[] {
  if (lists.reduce((size, list) => size * list.length, 1) > rangeLimit) fail('the product of these lists is too long')
  return lists.reduce<List[]>((rows, list) => rows.flatMap((row) => list.map((one) => [...row, one])), [[]])
}

const zip = (lists: readonly List[], count: number, fill: unknown): Tuple[] =>
  Array.from({ length: count }, (_, at) => tuple(...lists.map((list) => (at < list.length ? list[at] : fill))))

function flatten(list: List, levels: number, skipNulls: boolean): unknown[] {
  return list.flatMap((one) => {
    if (skipNulls && (one === null || one === 'None' || one === 'null')) return []
    return Array.isArray(one) && levels !== 0 ? flatten(one as List, levels - 1, skipNulls) : [one]
  })
}

function choose<T>(items: readonly T[], count: number, ordered: boolean): T[][] {
  if (count === 0) return [[]]
  if (count === 1) return items.map((one) => [one])
  return items.flatMap((one, at) => {
    const rest = ordered ? items.filter((_, other) => other !== at) : items.slice(at + 1)
    return choose(rest, count - 1, ordered).map((tail) => [one, ...tail])
  })
}

/** Pairs of each element with each item of the list that `path` names in it. */
export function subelements(context: Context, value: unknown, path: unknown, skipMissing: boolean): Tuple[] {
  const elements = isMapping(value)
    ? [...(value instanceof Map ? value.values() : Object.values(value))]
    : iterate(value)
  const names = typeof path === 'string' ? path.split('.') : iterate(path).map(str)
  return elements.flatMap((element) => {
    let inner: unknown = element
    for (const name of names) {
      if (!isMapping(inner) || !contains(inner, name)) {
        if (skipMissing) return []
        return fail(`could not find '${name}' key in iterated item`, 'pass skip_missing=true where it may be missing')
      }
      inner = itemOf(context, inner, name, { path: '', offset: 0 })
    }
    if (!Array.isArray(inner)) return fail(`the key ${names.join('.')} should point to a list`)
    return (inner as List).map((one) => tuple(element, one))
  })
}

export const sequenceFilters: Routines = new Map([
  ['list', routine('', (_, value: unknown) => [...iterate(value)])],
  ['first', routine('', (_, value: unknown) => end(value, 0))],
  ['last', routine('', (_, value: unknown) => end(value, -1))],
  ['length', routine('', (_, value: unknown) => length(value))],
  ['count', routine('', (_, value: unknown) => length(value))],
  [
    'join',
    routine('d? attribute?', (context, value: unknown, separator: unknown = '', path: unknown) =>
      iterate(value).map(getter(context, path)).map(str).join(str(separator)),
    ),
  ],
  [
    'sum',
    routine('attribute? start?', (context, value: unknown, path: unknown, start: unknown = 0) =>
      iterate(value)
        .map(getter(context, path))
        .reduce((total, one) => binary('+', total, one), start),
    ),
  ],
  [
    'reverse',
    routine('', (_, value: unknown) =>
      typeof value === 'string' ? characters(value).toReversed().join('') : [...iterate(value)].toReversed(),
    ),
  ],
  [
    'batch',
    routine('linecount fill_with?', (_, value: unknown, count: unknown, fill: unknown = null) => {
      const size = index(count, 'linecount')
      if (size < 1) fail('batch needs a count of at least 1')
      const items = iterate(value)
      return Array.from({ length: Math.ceil(items.length / size) }, (_row, row) => {
        const part = items.slice(row * size, (row + 1) * size)
        return fill === null ? part : [...part, ...Array.from({ length: size - part.length }, () => fill)]
      })
    }),
  ],
  [
    'slice',
    routine('slices fill_with?', (_, value: unknown, count: unknown, fill: unknown = null) => {
      const parts = index(count, 'slices')
      if (parts < 1) fail('slice needs a count of at least 1')
      if (parts > rangeLimit) fail(`slice makes at most ${rangeLimit} parts`)
      const items = iterate(value)
      const each = Math.floor(items.length / parts)
      const extra = items.length % parts
      return Array.from({ length: parts }, (_part, at) => {
        const from = at * each + Math.min(at, extra)
        const part = items.slice(from, from + each + (at < extra ? 1 : 0))
        return fill !== null && at >= extra ? [...part, fill] : part
      })
    }),
  ],
  [
    'flatten',
    routine('levels? skip_nulls?', (_, value: unknown, levels: unknown = null, skip: unknown = true) =>
      flatten(iterate(value), levels === null ? -1 : index(levels), truthy(skip)),
    ),
  ],
  [
    'zip',
    routine('*lists', (_, value: unknown, others: unknown[]) => {
      const lists = [value, ...others].map(iterate)
      return zip(lists, Math.min(...lists.map((list) => list.length)), null)
    }),
  ],
  [
    'zip_longest',
    routine('*lists **options', (_, value: unknown, others: unknown[], options: ReadonlyMap<string, unknown>) => {
      const lists = [value, ...others].map(iterate)
      return zip(lists, Math.max(...lists.map((list) => list.length)), options.get('fillvalue') ?? null)
    }),
  ],
  [
    'product',
    routine('*lists **options', (_, value: unknown, others: unknown[], options: ReadonlyMap<string, unknown>) => {
      const lists = [value, ...others].map(iterate)
      const repeated = Array.from({ length: index(options.get('repeat') ?? 1) }, () => lists).flat()
      return product(repeated).map((row) => tuple(...row))
    }),
  ],
  ['permutations', routine('length?', (_, value: unknown, size: unknown) => chosen(value, size, true))],
  ['combinations', routine('length', (_, value: unknown, size: unknown) => chosen(value, size, false))],
  ['union', routine('other', (_, value: unknown, other: unknown) => distinct([...iterate(value), ...iterate(other)]))],
  [
    'intersect',
    routine('other', (_, value: unknown, other: unknown) =>
      distinct(iterate(value)).filter((one) => contains(iterate(other), one)),
    ),
  ],
  [
    'difference',
    routine('other', (_, value: unknown, other: unknown) =>
      distinct(iterate(value)).filter((one) => !contains(iterate(other), one)),
    ),
  ],
  [
    'symmetric_difference',
    routine('other', (_, value: unknown, other: unknown) => {
      const [left, right] = [iterate(value), iterate(other)]
      return distinct([...left, ...right]).filter((one) => contains(left, one) !== contains(right, one))
    }),
  ],
  [
    'subelements',
    routine('subelements skip_missing?', (context, value: unknown, path: unknown, skip: unknown = false) =>
      subelements(context, value, path, truthy(skip)),
    ),
  ],
  [
    'random',
    routine(
      'start? step? seed?',
      (_, value: unknown, start: unknown = null, step: unknown = null, seed: unknown = null) => {
        const below = pythonRandom(seed)
        if (isInteger(value)) {
          const from = start === null ? 0 : index(start)
          const by = step === null ? 1 : index(step)
          const count = Math.floor((Number(value) - from + by - Math.sign(by)) / by)
          return count > 0
            ? from + by * below(count)
            : fail(`there is no number to choose between ${from} and ${value}`)
        }
        if (start !== null || step !== null) fail('start and step can only be used with integer values')
        const items = iterate(value)
        return items.length === 0 ? fail('random needs at least one item') : items[below(items.length)]
      },
    ),
  ],
  [
    'shuffle',
    routine('seed?', (_, value: unknown, seed: unknown = null) => {
      const items = [...iterate(value)]
      const below = pythonRandom(seed)
      for (let at = items.length - 1; at > 0; at -= 1) {
        const other = below(at + 1)
        ;[items[at], items[other]] = [items[other], items[at]]
      }
      return items
    }),
  ],
  [
    'extract',
    routine('container morekeys?', (context, value: unknown, container: unknown, more: unknown = null) => {
      const keys = [value, ...(more === null ? [] : Array.isArray(more) ? (more as List) : [more])]
      return keys.reduce<unknown>((inner, key) => itemOf(context, inner, key, { path: '', offset: 0 }), container)
    }),
  ],
  ['keys', routine('', (_, value: unknown) => (isMapping(value) ? keysOf(value) : fail('keys needs a mapping')))],
  [
    'split',
    routine('separator? limit?', (context, value: unknown, separator: unknown = null, limit: unknown = -1) => {
      const text = textOf(value, 'what is split')
      const call = itemOf(context, text, 'split', { path: '', offset: 0 })
      return (call as { call(args: unknown): unknown }).call({ positional: [separator, limit], keywords: new Map() })
    }),
  ],
])

function chosen(value: unknown, size: unknown, ordered: boolean): Tuple[] {
  const items = iterate(value)
  const count = size === undefined || size === null ? items.length : index(size)
  if (
    range(0, Math.min(count, 9), 1).reduce<number>((total, at) => total * Math.max(1, items.length - Number(at)), 1) >
    rangeLimit
  )
    fail('there are too many ways to choose')
  return choose(items, count, ordered).map((row) => tuple(...row))
}
