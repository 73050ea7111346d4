/** What rpm compares of two packages of one name: epoch, version and release. */
export interface Evr {
  readonly epoch: number
  readonly version: string
  readonly release: string
}

/** Negative where `a` is older than `b`, positive where it is newer, 0 where they are equal. */
export const compareEvr = (a: Evr, b: Evr): number =>
  a.epoch - b.epoch || compareVersions(a.version, b.version) || compareVersions(a.release, b.release)

/** `1.0-1`, and `2:1.0-1` with an epoch, as dnf shows it. */
export const evrText = ({ epoch, version, release }: Evr): string =>
  `${epoch === 0 ? '' : `${epoch}:`}${version}-${release}`

/** The reverse of `evrText`; an epoch of 0 may be there. */
export function parseEvr(text: string): Evr {
  const [, epoch = '0', version = text, release = ''] = /^(?:(\d+):)?(.*?)(?:-([^-]*))?$/.exec(text) ?? []
  return { epoch: Number(epoch), version, release }
}

/**
 * Compares two versions as rpm does (rpm-version(7)): runs of digits as numbers, runs of letters as text, a number being newer than
 * letters; `~` sorts before anything, even the end, and `^` after the end and before anything else.
 */
export function compareVersions(a: string, b: string): number {
  const left = segments(a)
  const right = segments(b)
  for (let index = 0; ; index += 1) {
    const [one, other] = [left[index], right[index]]
    if (one === other) {
      if (one === undefined) return 0
      continue
    }
    const order = compareSegments(one, other)
    if (order !== 0) return order
  }
}

const segments = (version: string): readonly string[] => version.match(/\d+|[a-zA-Z]+|~|\^/g) ?? []

function compareSegments(one: string | undefined, other: string | undefined): number {
  if (one === '~' || other === '~') return one === '~' ? -1 : 1
  if (one === undefined || other === undefined) return lengthOrder(one, other)
  if (one === '^' || other === '^') return one === '^' ? -1 : 1
  const [number, otherNumber] = [/^\d/.test(one), /^\d/.test(other)]
  if (number !== otherNumber) return number ? 1 : -1
  if (!number) return one < other ? -1 : 1
  const [digits, otherDigits] = [one.replace(/^0+/, ''), other.replace(/^0+/, '')]
  if (digits.length !== otherDigits.length) return digits.length - otherDigits.length
  return digits === otherDigits ? 0 : digits < otherDigits ? -1 : 1
}

/** Where one has come to its end, the other is newer: it has more segments, be the next a `^`. */
const lengthOrder = (one: string | undefined, other: string | undefined): number =>
  one === undefined ? (other === undefined ? 0 : -1) : 1
