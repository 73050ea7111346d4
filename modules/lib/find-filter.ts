import type { Found } from '../facts/found.ts'
import { pythonRegex, searchIn } from './python-regex.ts'

const SECONDS: { readonly [unit: string]: number } = { '': 1, s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 }
const BYTES: { readonly [unit: string]: number } = { '': 1, b: 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 }

/** `-2d`, `1w`, `10k`: the number in seconds or bytes; negative for "less than". Null where the text is no such thing. */
export function amount(text: string, units: 'seconds' | 'bytes'): number | null {
  const [, number, unit = ''] = /^\s*(-?\d+)([a-z])?\s*$/i.exec(text) ?? []
  const factor = (units === 'seconds' ? SECONDS : BYTES)[unit.toLowerCase()]
  return number === undefined || factor === undefined ? null : Number(number) * factor
}

/** At least so much, or for a negative number at most. */
export const fits = (value: number, wanted: number): boolean => (wanted >= 0 ? value >= wanted : value <= -wanted)

/** Whether a file's name matches one of the patterns: shell patterns, or Python's regular expressions at the beginning of the name. */
export function nameMatcher(patterns: readonly string[], regular: boolean): (name: string) => boolean {
  const expressions = patterns.map((pattern) => (regular ? pythonRegex(`(?:${pattern})`) : shellPattern(pattern)))
  return (name) => expressions.some((expression) => searchIn(expression, name)?.index === 0)
}

/** fnmatch(3)'s `*`, `?` and `[…]`, as Python's fnmatch has them: a dot at the beginning is a character like any other. */
function shellPattern(pattern: string): RegExp {
  const source = [...pattern.matchAll(/\[!?\]?[^\]]*\]|[^]/gu)].map(([piece]) => {
    if (piece === '*') return '[^]*'
    if (piece === '?') return '[^]'
    if (piece.length > 1 && piece.startsWith('['))
      return `[${piece
        .slice(1, -1)
        .replace(/^!/, '^')
        .replace(/[\\\][]/g, '\\$&')}]`
    return piece.replace(/[$()*+./?[\\\]^{|}]/g, '\\$&')
  })
  return new RegExp(`^${source.join('')}$`, 'gu')
}

export type FileType = 'any' | 'directory' | 'file' | 'link'
const FLAGS = { directory: 'isdir', file: 'isreg', link: 'islnk' } as const

export const isOfType = ({ details }: Found, type: FileType): boolean => type === 'any' || details[FLAGS[type]] === true
