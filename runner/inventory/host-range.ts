import { Malformed } from './malformed.ts'

/** The most hosts that one name may stand for: a slip of the finger should not take the memory of the machine. */
const LIMIT = 100_000

/**
 * The names that a host name with ranges stands for, in order: `web[01:05:2]` gives web01, web03, web05; `[a:c]1` gives a1, b1, c1.
 * Of several ranges the last one varies fastest. Numbers are as wide as the range's start, where that has leading zeros. Throws `Malformed`.
 */
export function expandHostRange(pattern: string): readonly string[] {
  let names = ['']
  let at = 0
  for (const range of pattern.matchAll(/\[([^[\]]*)\]/g)) {
    const literal = plain(pattern, at, range.index)
    const items = rangeItems(range[1] ?? '', range.index + 1)
    if (names.length * items.length > LIMIT) {
      throw new Malformed(`"${pattern}" stands for more than ${LIMIT} hosts`, range.index)
    }
    names = names.flatMap((head) => items.map((item) => `${head}${literal}${item}`))
    at = range.index + range[0].length
  }
  const rest = plain(pattern, at, pattern.length)
  return names.map((name) => name + rest)
}

function plain(pattern: string, from: number, to: number): string {
  const text = pattern.slice(from, to)
  const stray = text.search(/[[\]]/)
  if (stray === -1) return text
  throw new Malformed(
    `the range in "${pattern}" has no ${text[stray] === '[' ? 'closing "]"' : 'opening "["'}`,
    from + stray,
  )
}

function rangeItems(text: string, offset: number): readonly string[] {
  const hint = 'ranges are written [1:10], [01:50:2] or [a:f]'
  const [start, end, step = '1', ...more] = text.split(':')
  if (start === undefined || end === undefined || more.length > 0)
    throw new Malformed(`"[${text}]" is not a range`, offset, hint)
  if (!/^[1-9][0-9]*$/.test(step))
    throw new Malformed(`the step of the range "[${text}]" is not a positive number`, offset, hint)
  if (/^[0-9]+$/.test(end) && /^[0-9]*$/.test(start)) return numbers(start || '0', end, Number(step), offset)
  if (/^[A-Za-z]$/.test(start) && /^[A-Za-z]$/.test(end)) return letters(start, end, Number(step), offset)
  throw new Malformed(`"[${text}]" is not a range`, offset, hint)
}

function numbers(start: string, end: string, step: number, offset: number): readonly string[] {
  const width = start.startsWith('0') ? start.length : 0
  if (width > 1 && width !== end.length) {
    throw new Malformed(
      `the ends of the range "[${start}:${end}]" have different lengths`,
      offset,
      `write [${start}:${end.padStart(width, '0')}]`,
    )
  }
  const [first, last] = [Number(start), Number(end)]
  const count = Math.floor((last - first) / step) + 1
  if (count < 1) throw new Malformed(`the range "[${start}:${end}]" ends before it starts`, offset)
  if (count > LIMIT) throw new Malformed(`the range "[${start}:${end}]" stands for more than ${LIMIT} hosts`, offset)
  return Array.from({ length: count }, (_, index) => String(first + index * step).padStart(width, '0'))
}

const ALPHABET = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'

function letters(start: string, end: string, step: number, offset: number): readonly string[] {
  const slice = ALPHABET.slice(ALPHABET.indexOf(start), ALPHABET.indexOf(end) + 1).split('')
  if (slice.length === 0) throw new Malformed(`the range "[${start}:${end}]" ends before it starts`, offset)
  return slice.filter((_, index) => index % step === 0)
}
