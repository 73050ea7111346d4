/** Splits a line of options into words as a POSIX shell would: quotes and backslashes count, nothing is expanded. */
export function splitWords(text: string): readonly string[] {
  const words: string[] = []
  let word: string | null = null
  const pattern = /\s+|'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|([^\s'"\\]+)|(.)/gs
  for (const [whole, single, double, escaped, plain, stray] of text.matchAll(pattern)) {
    if (
      /^\s/.test(whole) &&
      plain === undefined &&
      single === undefined &&
      double === undefined &&
      escaped === undefined
    ) {
      if (word !== null) words.push(word)
      word = null
    } else word = (word ?? '') + (single ?? double?.replaceAll(/\\(["\\$`])/g, '$1') ?? escaped ?? plain ?? stray ?? '')
  }
  if (word !== null) words.push(word)
  return words
}
