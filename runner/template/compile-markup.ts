import { escape } from './filters/html.ts'
import { shortName } from './find.ts'
import type { Expression } from './parse/tree.ts'
import { entriesOf } from './values/mapping.ts'
import { Tuple, isMapping, tuple } from './values/types.ts'

/** Filters whose text is safe: Jinja2 gives `Markup` for it. */
const makers: ReadonlySet<string> = new Set(['e', 'escape', 'forceescape', 'safe', 'tojson'])
/** Filters and methods that leave safe text safe. */
const keepers: ReadonlySet<string> = new Set(
  'upper lower capitalize trim center truncate indent string format default d strip lstrip rstrip ljust rjust title swapcase zfill'.split(
    ' ',
  ),
)

/** Whether an expression gives text that is safe already: seen from how it is written, for values do not carry a mark. */
export function isMarkup(node: Expression | null): boolean {
  switch (node?.kind) {
    case 'filter':
      return (
        makers.has(shortName(node.name)) || (node.name !== 'title' && keepers.has(node.name) && isMarkup(node.target))
      )
    case 'call':
      return node.target.kind === 'attribute' && keepers.has(node.target.name) && isMarkup(node.target.target)
    case 'binary':
      if (node.operator === '+') return isMarkup(node.left) || isMarkup(node.right)
      return (node.operator === '%' || node.operator === '*') && isMarkup(node.left)
    case 'if':
      return isMarkup(node.whenTrue) && isMarkup(node.whenFalse)
    default:
      return false
  }
}

/** What is put into safe text, escaped: text, and texts in a tuple or mapping of values. */
export function escaped(value: unknown): unknown {
  if (typeof value === 'string') return escape(value)
  if (value instanceof Tuple) return tuple(...value.map(escaped))
  return isMapping(value) ? new Map(entriesOf(value).map(([key, item]) => [key, escaped(item)])) : value
}
