/** A pattern as Python's `fnmatch` has it: `*`, `?`, `[abc]`, `[!abc]`; no braces, no special meaning of `/` or of a leading dot. */
export function globToRegExp(glob: string): RegExp {
  const source = glob.replaceAll(/\[!?\]?[^\]]*\]|[^]/g, (piece) => {
    if (piece === '*') return '[^]*'
    if (piece === '?') return '[^]'
    if (piece.length > 1)
      return `[${piece
        .slice(1, -1)
        .replace(/^!/, '^')
        .replaceAll(/[\\[\]]/g, String.raw`\$&`)}]`
    return piece.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`)
  })
  return new RegExp(`^(?:${source})$`)
}

/** Whether a text holds something that `globToRegExp` takes for more than itself. */
export function isGlob(text: string): boolean {
  return /[*?[]/.test(text)
}
