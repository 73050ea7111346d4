/**
 * One word for a POSIX shell that stands for exactly `text`. The only place that quotes shell words.
 * NUL cannot be in a word (execve(2)): `UnquotableWord` is thrown, and arguments are checked for it beforehand.
 */
export function quote(text: string): string {
  if (text.includes('\0')) throw new UnquotableWord(text)
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(text) && !text.startsWith('=') ? text : `'${text.replaceAll("'", `'\\''`)}'`
}

/** A command line of quoted words. */
export function commandLine(argv: readonly string[]): string {
  return argv.map(quote).join(' ')
}

/** A word that no program can be given, since it holds a NUL byte. */
export class UnquotableWord extends Error {
  override readonly name = 'UnquotableWord'
  constructor(word: string) {
    super(`a NUL byte cannot be passed to a program: ${JSON.stringify(word.slice(0, 80))}`)
  }
}
