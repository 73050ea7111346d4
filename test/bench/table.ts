/** A table of Markdown, line by line. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  return [line(head), line(head.map(() => '---')), ...rows.map(line)]
}

const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
