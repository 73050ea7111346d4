interface Options {
  readonly width: number
  readonly breakLong: boolean
  readonly hyphens: boolean
}

/** One line as lines of at most `width` characters, as Python's textwrap breaks it: whitespace stays inside lines and goes at their ends. */
export function wrapLine(line: string, { width, breakLong, hyphens }: Options): string[] {
  const pattern = hyphens ? /\s+|[^\s-]*\w+[^\s-]*-(?=\w{2})|[^\s]+?-{2,}(?=\w)|\S+/g : /\s+|\S+/g
  const chunks = (line.match(pattern) ?? []).toReversed()
  const lines: string[] = []
  while (chunks.length > 0) {
    if (lines.length > 0 && chunks.at(-1)?.trim() === '') chunks.pop()
    const current: string[] = []
    let room = width
    for (let next = chunks.at(-1); next !== undefined && next.length <= room; next = chunks.at(-1)) {
      current.push(next)
      room -= next.length
      chunks.pop()
    }
    const next = chunks.at(-1)
    if (next !== undefined && next.length > width) {
      if (breakLong) {
        const taken = width < 1 ? 1 : room
        current.push(next.slice(0, taken))
        chunks[chunks.length - 1] = next.slice(taken)
      } else if (current.length === 0) {
        current.push(next)
        chunks.pop()
      }
    }
    if (current.at(-1)?.trim() === '') current.pop()
    if (current.length > 0) lines.push(current.join(''))
  }
  return lines
}
