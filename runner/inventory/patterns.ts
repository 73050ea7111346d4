import { isIPv6 } from 'node:net'

/** One part of a host pattern. */
export interface PatternPart {
  readonly kind: 'add' | 'and' | 'not'
  /** The name, glob or `~regex`, without what stands before and behind it. */
  readonly name: string
  /** Which of the hosts that the name means: `[0]`, `[-1]`, `[1:3]` (both ends included), `[2:]`. */
  readonly slice: { readonly from: number; readonly to: number | undefined } | undefined
  /** As written. */
  readonly written: string
}

/** Splits a pattern (`web:db`, `web,db`, `web:&prod:!web3`) into its parts. A lone IPv6 address is one part. */
export function splitPattern(pattern: string): readonly string[] {
  const separator = pattern.includes(',') ? ',' : isAddressLike(pattern) ? undefined : ':'
  if (separator === undefined) return [pattern.trim()]
  return outsideBrackets(pattern, separator)
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

/** Reads one part of a pattern: `&web[0:2]`. A `~regex` has no slice: its brackets are its own. */
export function readPart(written: string): PatternPart {
  const kind = written.startsWith('&') ? 'and' : written.startsWith('!') ? 'not' : 'add'
  const name = kind === 'add' ? written : written.slice(1)
  const match = name.startsWith('~') ? null : /^(.+)\[(?:(-?[0-9]+)|([0-9]+)[:-]([0-9]*))\]$/.exec(name)
  const base = match?.[1]
  if (match === null || base === undefined) return { kind, name, slice: undefined, written }
  const [, , single, from, to] = match
  if (single !== undefined) return { kind, name: base, slice: { from: Number(single), to: Number(single) }, written }
  return { kind, name: base, slice: { from: Number(from), to: to === '' ? undefined : Number(to) }, written }
}

/** What a slice leaves of a list; ends beyond the list are cut. */
export function sliceOf<T>(items: readonly T[], { from, to }: NonNullable<PatternPart['slice']>): readonly T[] {
  if (from < 0) return items.length + from < 0 ? [] : items.slice(items.length + from, items.length + from + 1)
  return items.slice(from, to === undefined ? undefined : to + 1)
}

function isAddressLike(pattern: string): boolean {
  return /^[&!]?[0-9a-fA-F]*:[0-9a-fA-F]*:[0-9a-fA-F:.]*$/.test(pattern) && isIPv6(pattern.replace(/^[&!]/, ''))
}

function outsideBrackets(text: string, separator: string): readonly string[] {
  const masked = text.replaceAll(/\[[^\]]*\]/g, (range) => '_'.repeat(range.length))
  const parts: string[] = []
  let from = 0
  for (let to = masked.indexOf(separator); to !== -1; to = masked.indexOf(separator, from)) {
    parts.push(text.slice(from, to))
    from = to + 1
  }
  return [...parts, text.slice(from)]
}
