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
    H: () => two(hour),
    I: () => two(hour % 12 || 12),
    M: () => two(at.getUTCMinutes()),
    S: () => two(at.getUTCSeconds()),
    p: () => (hour < 12 ? 'AM' : 'PM'),
    f: () => `${String(at.getUTCMilliseconds()).padStart(3, '0')}000`,
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
    Z: () => (zone === 'UTC' ? 'UTC' : zoneName(time)),
    n: () => '\n',
    t: () => '\t',
    '%': () => '%',
  }
  return format.replace(/%(.)/gs, (match, code: string) =>
    Object.hasOwn(codes, code) ? (codes[code]?.() ?? match) : match,
  )
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

function isoWeek(at: Date): number {
  const thursday = new Date(at.getTime() + (4 - (at.getUTCDay() || 7)) * 86_400_000)
  return Math.floor((thursday.getTime() - Date.UTC(thursday.getUTCFullYear(), 0, 1)) / (7 * 86_400_000)) + 1
}
