import { Attributed, Callable, fail, float } from './types.ts'
import { strftime } from './strftime.ts'

const two = (value: number): string => String(value).padStart(2, '0')

/** Python's naive `datetime`: a wall clock time. `time` is milliseconds of that clock since 1970. */
export class Moment extends Attributed {
  readonly typeName = 'datetime.datetime'
  readonly time: number
  readonly micro: number
  constructor(time: number, micro = 0) {
    super()
    this.time = time
    this.micro = micro
  }
  attribute(name: string): unknown {
    const date = new Date(this.time)
    switch (name) {
      case 'year':
        return date.getUTCFullYear()
      case 'month':
        return date.getUTCMonth() + 1
      case 'day':
        return date.getUTCDate()
      case 'hour':
        return date.getUTCHours()
      case 'minute':
        return date.getUTCMinutes()
      case 'second':
        return date.getUTCSeconds()
      case 'microsecond':
        return this.micro
      case 'strftime':
        return new Callable(name, ({ positional }) => strftime(String(positional[0]), this.time, 'UTC'))
      case 'isoformat':
        return new Callable(name, () => this.text().replace(' ', 'T'))
      case 'timestamp':
        return new Callable(name, () => float(new Date(date.toISOString().slice(0, -1)).getTime() / 1000))
      case 'weekday':
        return new Callable(name, () => (date.getUTCDay() + 6) % 7)
      case 'date':
        return new Callable(name, () => this.text().slice(0, 10))
      default:
        return undefined
    }
  }
  text(): string {
    const base = new Date(this.time).toISOString().slice(0, 19).replace('T', ' ')
    return this.micro === 0 ? base : `${base}.${String(this.micro).padStart(6, '0')}`
  }
}

/** Python's `timedelta`. */
export class Duration extends Attributed {
  readonly typeName = 'datetime.timedelta'
  readonly seconds: number
  constructor(seconds: number) {
    super()
    this.seconds = seconds
  }
  attribute(name: string): unknown {
    const days = Math.floor(this.seconds / 86_400)
    const rest = this.seconds - days * 86_400
    switch (name) {
      case 'days':
        return days
      case 'seconds':
        return Math.floor(rest)
      case 'microseconds':
        return Math.round((rest - Math.floor(rest)) * 1_000_000)
      case 'total_seconds':
        return new Callable(name, () => float(this.seconds))
      default:
        return undefined
    }
  }
  text(): string {
    const days = Math.floor(this.seconds / 86_400)
    const rest = Math.floor(this.seconds - days * 86_400)
    const clock = `${Math.floor(rest / 3600)}:${two(Math.floor(rest / 60) % 60)}:${two(rest % 60)}`
    return days === 0 ? clock : `${days} day${Math.abs(days) === 1 ? '' : 's'}, ${clock}`
  }
}

const patterns: ReadonlyMap<string, string> = new Map([
  ['Y', '(?<Y>\\d{4})'],
  ['m', '(?<m>\\d{1,2})'],
  ['d', '(?<d>\\d{1,2})'],
  ['H', '(?<H>\\d{1,2})'],
  ['M', '(?<M>\\d{1,2})'],
  ['S', '(?<S>\\d{1,2})'],
  ['f', '(?<f>\\d{1,6})'],
  ['y', '(?<y>\\d{2})'],
  ['%', '%'],
])

/** Reads a date of a numeric `strptime` format. Throws where the text or the format does not fit. */
export function strptime(text: string, format: string): Moment {
  const pattern = format.replace(/%(.)|[\\^$.*+?()[\]{}|]/g, (match, code: string | undefined) => {
    if (code === undefined) return `\\${match}`
    return patterns.get(code) ?? fail(`%${code} is not known in a date format`)
  })
  const groups = new RegExp(`^${pattern}$`).exec(text)?.groups
  if (!groups && !new RegExp(`^${pattern}$`).test(text)) fail(`time data '${text}' does not match format '${format}'`)
  const part = (key: string, fallback: number): number => Number(groups?.[key] ?? fallback)
  const short = part('y', -1)
  const year = short < 0 ? part('Y', 1900) : short + (short < 69 ? 2000 : 1900)
  const micro = Number((groups?.['f'] ?? '0').padEnd(6, '0'))
  return new Moment(Date.UTC(year, part('m', 1) - 1, part('d', 1), part('H', 0), part('M', 0), part('S', 0)), micro)
}

/** What `left - right` is for dates, or undefined where they are none. */
export function subtractMoments(left: unknown, right: unknown): unknown {
  if (left instanceof Moment && right instanceof Moment)
    return new Duration((left.time - right.time) / 1000 + (left.micro - right.micro) / 1_000_000)
  if (left instanceof Moment && right instanceof Duration)
    return new Moment(left.time - right.seconds * 1000, left.micro)
  if (left instanceof Duration && right instanceof Duration) return new Duration(left.seconds - right.seconds)
  return undefined
}
