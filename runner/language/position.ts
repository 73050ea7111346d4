import type { Position, SourceFile } from './source.ts'

/** The place of the UTF-16 units from `start` to `end` of a source; what runs over a line's end is cut there. */
export function positionAt(source: SourceFile, start: number, end = start + 1): Position {
  const starts = lineStarts(source)
  const line = lineOf(starts, start)
  const from = starts[line] ?? 0
  const newline = source.text.indexOf('\n', from)
  const lineEnd = newline === -1 ? source.text.length : newline
  const length = Math.max(1, Math.min(end, lineEnd) - start)
  return Object.freeze({ source, line: line + 1, column: start - from + 1, length })
}

const known = new WeakMap<SourceFile, readonly number[]>()

function lineStarts(source: SourceFile): readonly number[] {
  const before = known.get(source)
  if (before !== undefined) return before
  const starts = [0]
  for (let at = source.text.indexOf('\n'); at !== -1; at = source.text.indexOf('\n', at + 1)) starts.push(at + 1)
  known.set(source, starts)
  return starts
}

function lineOf(starts: readonly number[], offset: number): number {
  let [low, high] = [0, starts.length - 1]
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((starts[middle] ?? 0) <= offset) low = middle
    else high = middle - 1
  }
  return low
}
