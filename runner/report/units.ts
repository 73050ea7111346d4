const number = (value: number, digits: number): string =>
  value.toLocaleString('en-GB', { minimumFractionDigits: digits, maximumFractionDigits: digits })

/** Milliseconds for people: `0.2 s`, `12.3 s`, `3 min 05 s`, `2 h 10 min`. */
export function duration(milliseconds: number): string {
  const tenths = Math.round(milliseconds / 100)
  if (tenths < 600) return `${number(tenths / 10, 1)} s`
  const seconds = Math.round(milliseconds / 1000)
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min ${pad(seconds % 60)} s`
  return `${Math.floor(minutes / 60)} h ${pad(minutes % 60)} min`
}
const pad = (value: number): string => String(value).padStart(2, '0')

/** A number of bytes for people, in powers of 1000: `812 B`, `12.3 kB`, `4.0 MB`. */
export function bytes(count: number): string {
  if (count < 1000) return `${count} B`
  if (count < 999_950) return `${number(count / 1000, 1)} kB`
  if (count < 999_950_000) return `${number(count / 1e6, 1)} MB`
  return `${number(count / 1e9, 1)} GB`
}

/** A count with its noun: `1 host`, `1,200 hosts`. */
export const count = (amount: number, noun: string, plural = `${noun}s`): string =>
  `${number(amount, 0)} ${amount === 1 ? noun : plural}`
