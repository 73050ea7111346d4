import { compareText } from './compare.ts'
import { entriesOf } from './mapping.ts'
import { repr, str } from './python-text.ts'
import { Tuple, isMapping, tuple } from './types.ts'

const width = 80

/** Python's `pprint.pformat`: long text broken at spaces, keys sorted, one item a line where it is longer than a line. */
export function pretty(value: unknown, indent = 0, after = 0): string {
  const line = repr(sorted(value))
  if (line.length <= width - indent - after) return line
  if (isMapping(value)) {
    const entries = sortedEntries(value)
    const parts = entries.map(([key, item], at) => {
      const name = repr(key)
      return `${name}: ${pretty(item, indent + name.length + 3, at === entries.length - 1 ? after + 1 : 1)}`
    })
    return `{${parts.join(`,\n${' '.repeat(indent + 1)}`)}}`
  }
  if (Array.isArray(value)) {
    const [open, close] = value instanceof Tuple ? ['(', ')'] : ['[', ']']
    const parts = (value as unknown[]).map((item, at) =>
      pretty(item, indent + 1, at === value.length - 1 ? after + 1 : 1),
    )
    return `${open}${parts.join(`,\n${' '.repeat(indent + 1)}`)}${close}`
  }
  return typeof value === 'string' ? brokenText(value, line, indent, after, indent === 0 && after === 0) : line
}

/** A long text in pieces of whole words, each quoted for itself. */
function brokenText(text: string, line: string, indent: number, after: number, root: boolean): string {
  const room = width - indent - (root ? 2 : 0)
  const pieces: string[] = []
  const lines = text.match(/[^\n]*\n|[^\n]+/g) ?? []
  for (const [at, part] of lines.entries()) {
    let current = ''
    const words = part.match(/\S*\s*/g)?.filter(Boolean) ?? []
    const last = at === lines.length - 1
    for (const [place, word] of words.entries()) {
      const candidate = current + word
      const limit = room - (last && place === words.length - 1 ? after : 0)
      if (repr(candidate).length > limit) {
        if (current !== '') pieces.push(repr(current))
        current = word
      } else current = candidate
    }
    if (current !== '') pieces.push(repr(current))
  }
  if (pieces.length <= 1) return line
  const joint = `\n${' '.repeat(indent + (root ? 1 : 0))}`
  return root ? `(${pieces.join(joint)})` : pieces.join(joint)
}

function sortedEntries(value: Parameters<typeof entriesOf>[0]): [unknown, unknown][] {
  return entriesOf(value).toSorted(([a], [b]) => compareText(str(a), str(b)))
}

function sorted(value: unknown): unknown {
  if (isMapping(value)) return new Map(sortedEntries(value).map(([key, item]) => [key, sorted(item)]))
  if (value instanceof Tuple) return tuple(...value.map(sorted))
  return Array.isArray(value) ? (value as unknown[]).map(sorted) : value
}
