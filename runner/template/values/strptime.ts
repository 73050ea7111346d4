import { Moment } from './moment.ts'
import { fail } from './types.ts'

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const longMonths = 'january|february|march|april|may|june|july|august|september|october|november|december'

/** What each code of a format reads; a group is called like its code. */
const patterns: ReadonlyMap<string, string> = new Map([
  ['Y', String.raw`(?<Y>\d{4})`],
  ['y', String.raw`(?<y>\d{2})`],
  ['m', '(?<m>1[0-2]|0?[1-9])'],
  ['d', String.raw`(?<d>3[01]|[12]\d|0?[1-9]| [1-9])`],
  ['e', String.raw`(?<d>3[01]|[12]\d|0?[1-9]| [1-9])`],
  ['H', String.raw`(?<H>2[0-3]|1\d|0?\d)`],
  ['I', '(?<I>1[0-2]|0?[1-9])'],
  ['M', String.raw`(?<M>[0-5]?\d)`],
  ['S', String.raw`(?<S>6[01]|[0-5]?\d)`],
  ['f', String.raw`(?<f>\d{1,6})`],
  ['j', String.raw`(?<j>36[0-6]|3[0-5]\d|[12]\d\d|0?[1-9]\d|0{0,2}[1-9])`],
  ['p', '(?<p>am|pm)'],
  ['b', `(?<b>${months.join('|')})`],
  ['h', `(?<b>${months.join('|')})`],
  ['B', `(?<B>${longMonths})`],
  ['a', '(?:mon|tue|wed|thu|fri|sat|sun)'],
  ['A', '(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)'],
  ['z', String.raw`(?<z>[+-]\d\d:?[0-5]\d|z)`],
  ['Z', '(?:utc|gmt)'],
  ['%', '%'],
])
const shorthands: ReadonlyMap<string, string> = new Map([
  ['%F', '%Y-%m-%d'],
  ['%T', '%H:%M:%S'],
  ['%R', '%H:%M'],
  ['%D', '%m/%d/%y'],
  ['%c', '%a %b %d %H:%M:%S %Y'],
  ['%x', '%m/%d/%y'],
  ['%X', '%H:%M:%S'],
])

/** Reads a date by a format of Python's `strptime`, with English names. Throws where the text or the format does not fit. */
export function strptime(text: string, format: string): Moment {
  const whole = format.replace(/%[FTRDcxX]/g, (code) => shorthands.get(code) ?? code)
  const pattern = whole.replace(/%(.)|\s+|[\\^$.*+?()[\]{}|]/g, (match, code: string | undefined) => {
    if (code !== undefined) return patterns.get(code) ?? fail(`%${code} is not known in a date format`)
    return match.trim() === '' ? String.raw`\s+` : `\\${match}`
  })
  const match = new RegExp(`^${pattern}$`, 'i').exec(text)
  if (!match) return fail(`time data '${text}' does not match format '${format}'`)
  const groups: { readonly [code: string]: string | undefined } = match.groups ?? {}
  const part = (code: string, fallback: number): number => Number(groups[code] ?? fallback)
  const short = part('y', -1)
  const year = short < 0 ? part('Y', 1900) : short + (short < 69 ? 2000 : 1900)
  const name = (groups['b'] ?? groups['B'])?.slice(0, 3).toLowerCase()
  const month = name === undefined ? part('m', 1) - 1 : months.indexOf(name)
  const half = groups['p']?.toLowerCase() === 'pm' ? 12 : 0
  const hour = groups['I'] === undefined ? part('H', 0) : (part('I', 0) % 12) + half
  const [monthOrFirst, day] = groups['j'] === undefined ? [month, part('d', 1)] : [0, part('j', 1)]
  const time = Date.UTC(year, monthOrFirst, day, hour, part('M', 0), part('S', 0))
  if (groups['j'] === undefined && new Date(time).getUTCMonth() !== month)
    fail(`day is out of range for month in '${text}'`)
  return new Moment(time, Number((groups['f'] ?? '0').padEnd(6, '0')), offsetOf(groups['z']))
}

function offsetOf(zone: string | undefined): number | null {
  if (zone === undefined) return null
  const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)$/.exec(zone) ?? []
  return sign === undefined ? 0 : (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
}
