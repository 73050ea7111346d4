import { quote } from '../../../modules/lib/quote.ts'
import { stringMethods, capitalize, replace, strip } from '../methods/string.ts'
import { invoke, routine, textOf, type Routines } from '../routine.ts'
import { truthy } from '../values/compare.ts'
import { formatPercent } from '../values/percent.ts'
import { str } from '../values/python-text.ts'
import { characters, index } from '../values/sequence.ts'
import { fail, tuple } from '../values/types.ts'
import { comment } from './comment.ts'
import { wrapLine } from './word-wrap.ts'

export const textFilters: Routines = new Map([
  ['string', routine('', (_, value: unknown) => str(value))],
  ['lower', routine('', (_, value: unknown) => str(value).toLowerCase())],
  ['upper', routine('', (_, value: unknown) => str(value).toUpperCase())],
  ['capitalize', routine('', (_, value: unknown) => capitalize(str(value)))],
  [
    'title',
    routine('', (_, value: unknown) =>
      str(value)
        .split(/([-\s({[<]+)/)
        .map(capitalize)
        .join(''),
    ),
  ],
  [
    'replace',
    routine('old new count?', (_, value: unknown, old: unknown, by: unknown, count: unknown = null) =>
      replace(str(value), str(old), str(by), count === null ? -1 : index(count)),
    ),
  ],
  ['trim', routine('chars?', (_, value: unknown, chars: unknown = null) => strip(str(value), chars))],
  [
    'center',
    routine('width?', (context, value: unknown, width: unknown = 80) => {
      const found = stringMethods.get('center')
      return found && invoke('center', found, context, str(value), { positional: [width], keywords: new Map() })
    }),
  ],
  [
    'format',
    routine('*values **options', (_, value: unknown, values: unknown[], options: ReadonlyMap<string, unknown>) => {
      if (values.length > 0 && options.size > 0) fail("can't handle positional and keyword arguments at the same time")
      return formatPercent(str(value), options.size > 0 ? options : tuple(...values))
    }),
  ],
  [
    'indent',
    routine(
      'width? first? blank?',
      (_, value: unknown, width: unknown = 4, first: unknown = false, blank: unknown = false) => {
        const space = typeof width === 'string' ? width : ' '.repeat(index(width))
        const [head = '', ...rest] = `${str(value)}\n`.split('\n').slice(0, -1)
        const lines = rest.map((line) => (line !== '' || truthy(blank) ? space + line : line))
        return [truthy(first) ? space + head : head, ...lines].join('\n')
      },
    ),
  ],
  [
    'wordwrap',
    routine(
      'width? break_long_words? wrapstring? break_on_hyphens?',
      (
        _,
        value: unknown,
        width: unknown = 79,
        breakLong: unknown = true,
        wrap: unknown = null,
        hyphens: unknown = true,
      ) => {
        const lines = str(value).split(/\r\n|\r|\n/)
        if (lines.at(-1) === '') lines.pop()
        const joint = wrap === null ? '\n' : str(wrap)
        const options = { width: index(width), breakLong: truthy(breakLong), hyphens: truthy(hyphens) }
        return lines.map((line) => wrapLine(line, options).join(joint)).join(joint)
      },
    ),
  ],
  ['wordcount', routine('', (_, value: unknown) => str(value).match(/[\p{L}\p{N}_]+/gu)?.length ?? 0)],
  [
    'truncate',
    routine(
      'length? killwords? end? leeway?',
      (_, value: unknown, size: unknown = 255, kill: unknown = false, end: unknown = '...', leeway: unknown = null) => {
        const text = characters(str(value))
        const wanted = index(size)
        const tail = str(end)
        if (wanted < tail.length) fail(`expected length >= ${tail.length}, got ${wanted}`)
        if (text.length <= wanted + (leeway === null ? 5 : index(leeway))) return text.join('')
        const cut = text.slice(0, wanted - characters(tail).length).join('')
        if (truthy(kill)) return cut + tail
        const space = cut.lastIndexOf(' ')
        return (space < 0 ? cut : cut.slice(0, space)) + tail
      },
    ),
  ],
  // Spelt as Ansible spells it, so that files which hold quoted words do not change.
  [
    'quote',
    routine('', (_, value: unknown) => (value === null ? "''" : quote(str(value)).replaceAll("'\\''", `'"'"'`))),
  ],
  [
    'comment',
    routine('style? **options', (_, value: unknown, style: unknown = 'plain', options: ReadonlyMap<string, unknown>) =>
      comment(str(value), textOf(style, 'the style'), options),
    ),
  ],
])
