/** The words of a line that iptables-save printed: blanks separate them, double quotes hold them together, a backslash in quotes escapes. */
export function splitWords(line: string): readonly string[] {
  return [...line.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/gs)].map(([, quoted, plain]) =>
    quoted === undefined ? (plain ?? '') : quoted.replace(/\\(.)/gs, '$1'),
  )
}

/** Words as one line that iptables-restore(8) reads, quoted as iptables-save does it. */
export function joinWords(words: readonly string[]): string {
  return words
    .map((word) => (/^[^\s"'\\]+$/.test(word) ? word : `"${word.replace(/["\\']/g, (mark) => `\\${mark}`)}"`))
    .join(' ')
}
