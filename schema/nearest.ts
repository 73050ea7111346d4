import { distance } from 'fastest-levenshtein'

/**
 * The name that `written` was most likely meant to be; undefined where none is near. Two letters swapped are one slip, case and
 * `-` for `_` none. Of equally near names, the one that shares more letters.
 */
export function nearest(written: string, names: Iterable<string>): string | undefined {
  const limit = Math.max(1, Math.floor(written.length / 3))
  let best: { readonly name: string; readonly score: number } | undefined
  for (const name of names) {
    if (Math.abs(name.length - written.length) > limit) continue
    const slips = slipsBetween(normal(written), normal(name))
    const score = slips - sharedLetters(written, name) / 100
    if (slips <= limit && (best === undefined || score < best.score)) best = { name, score }
  }
  return best?.name
}

/** `did you mean "tasks"?`, or undefined where no name is near. */
export function didYouMean(written: string, names: Iterable<string>): string | undefined {
  const name = nearest(written, names)
  return name === undefined ? undefined : `did you mean "${name}"?`
}

const normal = (name: string) => name.toLowerCase().replaceAll('-', '_')

function slipsBetween(a: string, b: string): number {
  // The beginning of a name is short for it.
  if (a.length > 2 && b.startsWith(a)) return 1
  for (let at = 0; at + 1 < a.length && a.length === b.length; at += 1) {
    if (a[at] === b[at]) continue
    const swapped = a.slice(0, at) + a.charAt(at + 1) + a.charAt(at) + a.slice(at + 2)
    return swapped === b ? 1 : distance(a, b)
  }
  return distance(a, b)
}

function sharedLetters(a: string, b: string): number {
  let rest = b
  let shared = 0
  for (const letter of a) {
    if (!rest.includes(letter)) continue
    rest = rest.replace(letter, '')
    shared += 1
  }
  return shared
}
