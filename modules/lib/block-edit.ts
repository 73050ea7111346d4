import { insertLines, newlineOf, placeIn, splitLines, endOf, type Place } from './line-edit.ts'

export interface BlockWish extends Place {
  /** The lines between the markers; empty for none, and then no markers either. */
  readonly block: string
  readonly begin: string
  readonly end: string
  /** An empty line before and after the block, but for the beginning and end of the file. */
  readonly prependNewline: boolean
  readonly appendNewline: boolean
}

/** The text with the block between its markers where it stands, else where it is to be inserted; and what was done, in Ansible's words. */
export function ensureBlock(text: string, wish: BlockWish): { readonly text: string; readonly msg: string } {
  const lines = splitLines(text)
  const newline = newlineOf(lines)
  const old = findBlock(lines, wish)
  if (wish.block === '') {
    if (old === null) return { text, msg: '' }
    return { text: lines.toSpliced(old.start, old.count).join(''), msg: 'Block removed' }
  }
  const rest = old === null ? lines : lines.toSpliced(old.start, old.count)
  const at = old?.start ?? placeIn(lines, wish).at
  const block = [wish.begin, ...wish.block.replace(/\r?\n$/, '').split(/\r?\n/), wish.end].map((line) => line + newline)
  const made = insertLines(rest, at, [
    ...(wish.prependNewline && at > 0 && !isBlank(rest[at - 1]) ? [newline] : []),
    ...block,
    ...(wish.appendNewline && at < rest.length && !isBlank(rest[at]) ? [newline] : []),
  ]).join('')
  return { text: made, msg: made === text ? '' : 'Block inserted' }
}

/** The lines from one marker to the other, the last of each; markers that are the same text come in pairs. */
function findBlock(
  lines: readonly string[],
  { begin, end }: BlockWish,
): { readonly start: number; readonly count: number } | null {
  const last = lines.findLastIndex(isMarker(end))
  const first = (begin === end ? lines.slice(0, Math.max(last, 0)) : lines).findLastIndex(isMarker(begin))
  if (first < 0 || last < 0) return null
  return { start: Math.min(first, last), count: Math.abs(last - first) + 1 }
}

const isMarker =
  (marker: string) =>
  (line: string): boolean =>
    line.replace(/\r?\n$/, '') === marker

/** Whether a line is empty; the beginning and end of the file count as such. */
const isBlank = (line: string | undefined): boolean =>
  line === undefined || line.slice(0, line.length - endOf(line).length) === ''
