import { Attributed, Callable, float, tuple } from './types.ts'
import { strftime } from './strftime.ts'

const two = (value: number): string => String(value).padStart(2, '0')

/** Python's naive `datetime`: a wall clock time. `time` is milliseconds of that clock since 1970. */
export class Moment extends Attributed {
  readonly typeName = 'datetime.datetime'
  readonly time: number
  readonly micro: number
  /** Minutes east of UTC, where the text said so. */
  readonly offset: number | null
  constructor(time: number, micro = 0, offset: number | null = null) {
    super()
    this.time = time
    this.micro = micro
    this.offset = offset
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
        return new Callable(name, ({ positional }) => this.format(String(positional[0])))
      case 'isoformat':
        return new Callable(name, () => this.iso())
      case 'timestamp':
        return new Callable(name, () => float(new Date(date.toISOString().slice(0, -1)).getTime() / 1000))
      case 'weekday':
        return new Callable(name, () => (date.getUTCDay() + 6) % 7)
      case 'isoweekday':
        return new Callable(name, () => date.getUTCDay() || 7)
      case 'timetuple':
        return new Callable(name, () => tuple(...this.fields(date), (date.getUTCDay() + 6) % 7, this.yearDay(date), -1))
      case 'date':
        return new Callable(name, () => this.text().slice(0, 10))
      default:
        return undefined
    }
  }
  text(): string {
    const base = new Date(this.time).toISOString().slice(0, 19).replace('T', ' ')
    const text = this.micro === 0 ? base : `${base}.${String(this.micro).padStart(6, '0')}`
    if (this.offset === null) return text
    const minutes = Math.abs(this.offset)
    return `${text}${this.offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
  }
  iso(): string {
    return this.text().replace(' ', 'T')
  }
  private format(format: string): string {
    const own = format
      .replaceAll('%f', String(this.micro).padStart(6, '0'))
      .replace(/%[zZ]/g, this.offset === null ? '' : this.text().slice(-6).replace(':', ''))
      .replaceAll('%s', String(new Date(new Date(this.time).toISOString().slice(0, -1)).getTime() / 1000))
    return strftime(own, this.time, 'UTC')
  }
  private fields(date: Date): number[] {
    const day = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()]
    return [...day, date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()]
  }
  private yearDay(date: Date): number {
    return Math.floor((this.time - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000) + 1
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

/** What `left - right` is for dates, or undefined where they are none. */
export function subtractMoments(left: unknown, right: unknown): unknown {
  if (left instanceof Moment && right instanceof Moment)
    return new Duration((left.time - right.time) / 1000 + (left.micro - right.micro) / 1_000_000)
  if (left instanceof Moment && right instanceof Duration)
    return new Moment(left.time - right.seconds * 1000, left.micro)
  if (left instanceof Duration && right instanceof Duration) return new Duration(left.seconds - right.seconds)
  return undefined
}
