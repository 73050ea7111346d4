/** What a flag between `%` and the letter does, as in glibc: no padding, spaces, zeros, capitals. */
function flagged(flag: string, text: string): string {
  switch (flag) {
    case '-':
      return text.replace(/^[ 0]+(?=.)/, '')
    case '_':
      return text.replace(/^0+(?=.)/, (zeros) => ' '.repeat(zeros.length))
    case '0':
      return text.replace(/^ +/, (spaces) => '0'.repeat(spaces.length))
    case '^':
      return text.toUpperCase()
    default:
      return text
  }
}

const two = (value: number): string => String(value).padStart(2, '0')

/** strftime(3) in the C locale, for the common conversions. `zone` is an IANA name, or undefined for the local zone. */
export function strftime(format: string, time: number, zone?: string): string {
  const at = wallClock(time, zone)
  const day = at.getUTCDay()
  const hour = at.getUTCHours()
  const yearDay = Math.floor((at.getTime() - Date.UTC(at.getUTCFullYear(), 0, 1)) / 86_400_000) + 1
  const name = (options: Intl.DateTimeFormatOptions): string =>
    new Intl.DateTimeFormat('en-US', { ...options, timeZone: 'UTC' }).format(at)
  const offset = Math.round((at.getTime() - time) / 60_000)
  const codes: { readonly [code: string]: () => string } = {
    Y: () => String(at.getUTCFullYear()),
    y: () => two(at.getUTCFullYear() % 100),
    m: () => two(at.getUTCMonth() + 1),
    d: () => two(at.getUTCDate()),
    e: () => String(at.getUTCDate()).padStart(2, ' '),
    C: () => two(Math.floor(at.getUTCFullYear() / 100)),
    G: () => String(isoYear(at)),
    g: () => two(isoYear(at) % 100),
    k: () => String(hour).padStart(2, ' '),
    l: () => String(hour % 12 || 12).padStart(2, ' '),
    P: () => (hour < 12 ? 'am' : 'pm'),
    r: () => strftime('%I:%M:%S %p', time, zone),
    H: () => two(hour),
    I: () => two(hour % 12 || 12),
    M: () => two(at.getUTCMinutes()),
    S: () => two(at.getUTCSeconds()),
    p: () => (hour < 12 ? 'AM' : 'PM'),
    a: () => name({ weekday: 'short' }),
    A: () => name({ weekday: 'long' }),
    b: () => name({ month: 'short' }),
    h: () => name({ month: 'short' }),
    B: () => name({ month: 'long' }),
    j: () => String(yearDay).padStart(3, '0'),
    u: () => String(day || 7),
    w: () => String(day),
    U: () => two(Math.floor((yearDay + 6 - day) / 7)),
    W: () => two(Math.floor((yearDay + 6 - ((day + 6) % 7)) / 7)),
    V: () => two(isoWeek(at)),
    s: () => String(Math.floor(time / 1000)),
    F: () => strftime('%Y-%m-%d', time, zone),
    T: () => strftime('%H:%M:%S', time, zone),
    R: () => strftime('%H:%M', time, zone),
    D: () => strftime('%m/%d/%y', time, zone),
    x: () => strftime('%m/%d/%y', time, zone),
    X: () => strftime('%H:%M:%S', time, zone),
    c: () => strftime('%a %b %e %H:%M:%S %Y', time, zone),
    z: () => `${offset < 0 ? '-' : '+'}${two(Math.floor(Math.abs(offset) / 60))}${two(Math.abs(offset) % 60)}`,
    Z: () => (zone === 'UTC' ? 'GMT' : zoneName(time)),
    n: () => '\n',
    t: () => '\t',
    '%': () => '%',
  }
  return format.replace(/%([-_0^#]?)[EO]?(.)/gsu, (match, flag: string, code: string) => {
    const text = Object.hasOwn(codes, code) ? codes[code]?.() : undefined
    return text === undefined ? match : flagged(flag, text)
  })
}

/** A date whose UTC fields are the wall clock of the zone. */
function wallClock(time: number, zone: string | undefined): Date {
  if (zone === 'UTC') return new Date(time)
  const date = new Date(time)
  return new Date(time - date.getTimezoneOffset() * 60_000)
}

function zoneName(time: number): string {
  const parts = new Intl.DateTimeFormat('en-US', { timeZoneName: 'short' }).formatToParts(new Date(time))
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? ''
}

function thursdayOf(at: Date): Date {
  return new Date(at.getTime() + (4 - (at.getUTCDay() || 7)) * 86_400_000)
}
/** The year that the week belongs to, and its number in it, as ISO 8601 counts. */
function isoYear(at: Date): number {
  return thursdayOf(at).getUTCFullYear()
}
function isoWeek(at: Date): number {
  return Math.floor((thursdayOf(at).getTime() - Date.UTC(isoYear(at), 0, 1)) / (7 * 86_400_000)) + 1
}
