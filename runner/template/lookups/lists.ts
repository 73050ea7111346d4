import { subelements } from '../filters/sequence.ts'
import { randomInt } from 'node:crypto'
import { entriesOf } from '../values/mapping.ts'
import { formatPercent } from '../values/percent.ts'
import { str } from '../values/python-text.ts'
import { rangeLimit, sizeLimit } from '../values/sequence.ts'
import { truthy } from '../values/compare.ts'
import { fail, isMapping } from '../values/types.ts'
import type { Lookup } from './call.ts'

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : [value])
const flat = (value: unknown): unknown[] =>
  list(value).flatMap((item) =>
    Array.isArray(item) ? flat(item) : item === null || item === 'None' || item === 'null' ? [] : [item],
  )

export const listLookups: ReadonlyMap<string, Lookup> = new Map<string, Lookup>([
  ['items', (_, terms) => terms.flatMap(list)],
  ['list', (_, terms) => terms],
  ['flattened', (_, terms) => terms.flatMap(flat)],
  ['indexed_items', (_, terms) => terms.flatMap(list).map((item, at) => [at, item])],
  [
    'random_choice',
    (_, terms) => {
      const items = terms.flatMap(list)
      return items.length === 0 ? [] : [items[randomInt(items.length)]]
    },
  ],
  [
    'dict',
    (_, terms) =>
      terms.flatMap((term) =>
        (isMapping(term) ? entriesOf(term) : fail('with_dict expects a dict')).map(
          ([key, value]) =>
            new Map([
              ['key', key],
              ['value', value],
            ]),
        ),
      ),
  ],
  [
    'nested',
    (_, terms) => {
      if (terms.length === 0) fail('with_nested requires at least one element in the nested list')
      if (terms.reduce<number>((size, term) => size * list(term).length, 1) > rangeLimit)
        fail('the nested lists are too long')
      return terms.reduce<unknown[][]>(
        (rows, term) => rows.flatMap((row) => list(term).map((item) => [...row, item])),
        [[]],
      )
    },
  ],
  [
    'together',
    (_, terms) => {
      if (terms.length === 0) fail('with_together requires at least one element in each list')
      const columns = terms.map(list)
      return Array.from({ length: Math.max(...columns.map((column) => column.length)) }, (_row, at) =>
        columns.map((column) => column[at] ?? null),
      )
    },
  ],
  [
    'subelements',
    (context, [value, path, flags], options) => {
      const skip = isMapping(flags) ? new Map(entriesOf(flags)).get('skip_missing') : options.get('skip_missing')
      return subelements(context, value, path, truthy(skip ?? false)).map((pair) => [...pair])
    },
  ],
  [
    'sequence',
    (_, terms, options) => (terms.length === 0 ? [''] : terms).flatMap((term) => sequence(str(term), options)),
  ],
])

/** `start=1 end=9 stride=2 format=%02d count=3`, or the short form `start-end/stride:format`. */
function sequence(term: string, options: ReadonlyMap<string, unknown>): string[] {
  const given = new Map([...options].map(([key, value]) => [key, str(value)]))
  const short = /^(?:(\w+)-)?(\w+)(?:\/(-?\w+))?(?::(.+))?$/.exec(term.trim())
  if (short && !term.includes('=')) {
    for (const [at, key] of ['start', 'end', 'stride', 'format'].entries()) {
      const value = short[at + 1]
      if (value !== undefined) given.set(key, value)
    }
  } else for (const [, key = '', value = ''] of term.matchAll(/(\w+)=(\S+)/g)) given.set(key, value)
  for (const key of given.keys())
    if (!['start', 'end', 'stride', 'count', 'format'].includes(key)) fail(`sequence has no argument "${key}"`)
  const number = (key: string, fallback: number): number => {
    const text = given.get(key)
    if (text === undefined) return fallback
    const value = Number(text)
    return Number.isInteger(value) ? value : fail(`can't parse ${key}=${text} as integer`)
  }
  const start = number('start', 1)
  const count = given.get('count')
  if ((count === undefined) === !given.has('end')) fail('must specify count or end in with_sequence')
  if (count !== undefined && number('count', 0) === 0) return []
  const stride = number('stride', 1)
  const end = count === undefined ? number('end', 0) : start + (number('count', 0) - 1) * stride
  if (stride > 0 && end < start) fail('to count backwards make stride negative')
  if (stride < 0 && end > start) fail("to count forward don't make stride negative")
  if (stride === 0) return []
  const length = Math.floor((end - start) / stride) + 1
  if (length > sizeLimit) fail('the sequence is too long')
  const format = given.get('format') ?? '%d'
  return Array.from({ length }, (_, at) => formatPercent(format, start + at * stride))
}
