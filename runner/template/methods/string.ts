import { routine, textOf, type Routine, type Routines } from '../routine.ts'
import { truthy } from '../values/compare.ts'
import { formatBraces } from '../values/format.ts'
import { entriesOf, hasKey, valueOf } from '../values/mapping.ts'
import { str, typeName } from '../values/python-text.ts'
import { characters, index, iterate, sizeLimit, slice } from '../values/sequence.ts'
import { Tuple, fail, isMapping, type Mapping, tuple } from '../values/types.ts'

const space = '\\s\\x1c-\\x1f\\x85'
const literal = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')

/** Python's `strip`: `chars` is a set of characters; without it, whitespace. */
export function strip(text: string, chars: unknown, side: 'left' | 'right' | 'both' = 'both'): string {
  if (chars === '') return text
  const set =
    chars === undefined || chars === null ? space : characters(textOf(chars, 'what is stripped')).map(literal).join('')
  const left = side === 'right' ? text : text.replace(new RegExp(`^[${set}]+`, 'u'), '')
  if (side === 'left') return left
  // Scanned from the end: a pattern that is anchored there takes quadratic time.
  const test = new RegExp(`[${set}]`, 'u')
  const points = characters(left)
  let end = points.length
  while (end > 0 && test.test(points[end - 1] ?? '')) end -= 1
  return points.slice(0, end).join('')
}

const reversed = (text: string): string => characters(text).toReversed().join('')

/** Python's `split` and `rsplit`. */
function split(text: string, separator: unknown, limit: unknown, fromRight = false): string[] {
  const most = limit === undefined || limit === null || index(limit) < 0 ? Infinity : index(limit)
  const sep = separator === undefined || separator === null ? null : textOf(separator, 'the separator')
  if (sep === '') fail('empty separator')
  if (sep === null && most === Infinity) return text.split(/\s+/).filter((word) => word !== '')
  if (fromRight)
    return split(reversed(text), sep === null ? null : reversed(sep), limit)
      .map(reversed)
      .toReversed()
  const parts: string[] = []
  let rest = sep === null ? text.trimStart() : text
  while (parts.length < most) {
    const found = sep === null ? /\s+/.exec(rest) : { index: rest.indexOf(sep), 0: sep }
    if (!found || found.index < 0) break
    parts.push(rest.slice(0, found.index))
    rest = rest.slice(found.index + found[0].length)
  }
  return sep === null && rest === '' ? parts : [...parts, rest]
}

export const capitalize = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1).toLowerCase()

/** Python's `title`: a capital at the start of each run of letters. */
const title = (text: string): string => text.replace(/\p{L}+/gu, capitalize)

function pad(text: string, width: unknown, fill: unknown, where: 'left' | 'right' | 'both'): string {
  const room = index(width, 'the width') - characters(text).length
  if (room <= 0) return text
  if (room > sizeLimit) fail('the width is too large')
  const char = textOf(fill ?? ' ', 'what fills')
  if (where === 'left') return char.repeat(room) + text
  if (where === 'right') return text + char.repeat(room)
  const left = Math.floor(room / 2) + (room & index(width) & 1)
  return char.repeat(left) + text + char.repeat(room - left)
}

const simple = (change: (text: string) => unknown): Routine => routine('', (_, text: string) => change(text))
const matches = (pattern: RegExp): Routine => simple((text) => pattern.test(text))

/** `startswith` and `endswith`, which take a text or a tuple of them. */
const affix = (test: (text: string, part: string) => boolean): Routine =>
  routine('part start? end?', (_, text: string, part: unknown, start: unknown = null, end: unknown = null) => {
    const from = String(slice(text, start, end, null))
    return (part instanceof Tuple ? [...part] : [part]).some((one) => test(from, textOf(one, 'the part')))
  })

const finder = (search: (text: string, part: string) => number, orFail: boolean): Routine =>
  routine('part start? end?', (_, text: string, part: string, start: unknown = null, end: unknown = null) => {
    const from = start === null ? 0 : index(start)
    const at = search(String(slice(text, start, end, null)), textOf(part, 'the part'))
    if (at < 0) return orFail ? fail('substring not found') : -1
    return at + (from < 0 ? Math.max(0, from + text.length) : from)
  })

const partition = (fromRight: boolean): Routine =>
  routine('separator', (_, text: string, separator: unknown) => {
    const sep = textOf(separator, 'the separator')
    const at = fromRight ? text.lastIndexOf(sep) : text.indexOf(sep)
    if (at < 0) return fromRight ? tuple('', '', text) : tuple(text, '', '')
    return tuple(text.slice(0, at), sep, text.slice(at + sep.length))
  })

function lookUp(value: unknown, key: string, isItem: boolean): unknown {
  if (isMapping(value) && hasKey(value, key)) return valueOf(value, key)
  if (isItem && Array.isArray(value) && /^\d+$/.test(key) && Number(key) < value.length)
    return (value as unknown[])[Number(key)]
  return fail(`'${typeName(value)} object' has no attribute '${key}'`)
}

/** How often a part is there; nothing stands before each character and at the end. */
const occurrences = (text: string, part: string): number =>
  part === '' ? characters(text).length + 1 : text.split(part).length - 1

/** Replaces at most `count` times, or everywhere; empty text stands before each character and at the end, as in Python. */
export function replace(text: string, old: string, by: string, count: number): string {
  if (count < 0) return by.includes('$') ? text.replaceAll(old, () => by) : text.replaceAll(old, by)
  let left = count
  return text.replaceAll(old, (match) => (left-- > 0 ? by : match))
}

const lines = (text: string, keep: boolean): string[] =>
  [...text.matchAll(/[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]*(?:\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]|$)/g)]
    .map(([line]) => line)
    .filter((line) => line !== '')
    .map((line) => (keep ? line : line.replace(/\r\n$|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]$/, '')))

/** Python's str methods. */
export const stringMethods: Routines = new Map([
  ['upper', simple((text) => text.toUpperCase())],
  ['lower', simple((text) => text.toLowerCase())],
  ['casefold', simple((text) => text.toLowerCase().replaceAll('ß', 'ss'))],
  ['capitalize', simple(capitalize)],
  ['title', simple(title)],
  [
    'swapcase',
    simple((text) => text.replace(/\p{L}/gu, (c) => (c === c.toLowerCase() ? c.toUpperCase() : c.toLowerCase()))),
  ],
  ['isdigit', matches(/^\p{Nd}+$/u)],
  ['isdecimal', matches(/^\p{Nd}+$/u)],
  ['isnumeric', matches(/^\p{N}+$/u)],
  ['isalpha', matches(/^\p{L}+$/u)],
  ['isalnum', matches(/^[\p{L}\p{N}]+$/u)],
  ['isspace', matches(/^\s+$/)],
  ['islower', simple((text) => text === text.toLowerCase() && text !== text.toUpperCase())],
  ['isupper', simple((text) => text === text.toUpperCase() && text !== text.toLowerCase())],
  ['istitle', simple((text) => text === title(text) && /\p{L}/u.test(text))],
  ['isidentifier', matches(/^[\p{L}_][\p{L}\p{N}_]*$/u)],
  ['strip', routine('chars?', (_, text: string, chars: unknown) => strip(text, chars))],
  ['lstrip', routine('chars?', (_, text: string, chars: unknown) => strip(text, chars, 'left'))],
  ['rstrip', routine('chars?', (_, text: string, chars: unknown) => strip(text, chars, 'right'))],
  ['split', routine('sep? maxsplit?', (_, text: string, sep: unknown, limit: unknown) => split(text, sep, limit))],
  [
    'rsplit',
    routine('sep? maxsplit?', (_, text: string, sep: unknown, limit: unknown) => split(text, sep, limit, true)),
  ],
  ['splitlines', routine('keepends?', (_, text: string, keep: unknown = false) => lines(text, truthy(keep)))],
  ['partition', partition(false)],
  ['rpartition', partition(true)],
  [
    'join',
    routine('items', (_, text: string, items: unknown) =>
      iterate(items)
        .map((item) => textOf(item, 'what is joined'))
        .join(text),
    ),
  ],
  ['startswith', affix((text, part) => text.startsWith(part))],
  ['endswith', affix((text, part) => text.endsWith(part))],
  ['find', finder((text, part) => text.indexOf(part), false)],
  ['rfind', finder((text, part) => text.lastIndexOf(part), false)],
  ['index', finder((text, part) => text.indexOf(part), true)],
  ['rindex', finder((text, part) => text.lastIndexOf(part), true)],
  ['count', routine('part', (_, text: string, part: unknown) => occurrences(text, textOf(part, 'the part')))],
  [
    'replace',
    routine('old new count?', (_, text: string, old: unknown, by: unknown, count: unknown = -1) =>
      replace(text, textOf(old, 'what is replaced'), textOf(by, 'the replacement'), index(count)),
    ),
  ],
  [
    'removeprefix',
    routine('part', (_, text: string, part: string) => (text.startsWith(part) ? text.slice(part.length) : text)),
  ],
  [
    'removesuffix',
    routine('part', (_, text: string, part: string) =>
      part !== '' && text.endsWith(part) ? text.slice(0, -part.length) : text,
    ),
  ],
  [
    'center',
    routine('width fill?', (_, text: string, width: unknown, fill: unknown) => pad(text, width, fill, 'both')),
  ],
  [
    'ljust',
    routine('width fill?', (_, text: string, width: unknown, fill: unknown) => pad(text, width, fill, 'right')),
  ],
  ['rjust', routine('width fill?', (_, text: string, width: unknown, fill: unknown) => pad(text, width, fill, 'left'))],
  ['zfill', routine('width', (_, text: string, width: unknown) => zeroFill(text, index(width)))],
  [
    'expandtabs',
    routine('size?', (_, text: string, size: unknown = 8) =>
      text.replace(
        /([^\t\n]*)\t/g,
        (_match, before: string) => before + ' '.repeat(index(size) - (before.length % index(size))),
      ),
    ),
  ],
  [
    'format',
    routine('*values **options', (_, text: string, values: unknown[], options: Map<string, unknown>) =>
      formatBraces(text, values, options, lookUp),
    ),
  ],
  [
    'format_map',
    routine('values', (_, text: string, values: Mapping) =>
      formatBraces(text, [], new Map(entriesOf(values).map(([key, value]) => [str(key), value])), lookUp),
    ),
  ],
])

function zeroFill(text: string, width: number): string {
  const sign = /^[+-]/.exec(text)?.[0] ?? ''
  return sign + text.slice(sign.length).padStart(width - sign.length, '0')
}

/** Python's int methods that are of use in a template. */
export const integerMethods: Routines = new Map([
  [
    'bit_length',
    routine('', (_, value: number | bigint) =>
      BigInt(value) === 0n ? 0 : BigInt(value).toString(2).replace('-', '').length,
    ),
  ],
])
