/** Words between spaces, with quotes taken off. */
export function shellWords(text: string): string[] {
  const words = text.match(/(?:[^\s'"\\]|\\.|'[^']*'|"(?:[^"\\]|\\.)*")+/gs) ?? []
  return words.map((word) =>
    word.replace(
      /'([^']*)'|"((?:[^"\\]|\\.)*)"/g,
      (_, single: string | undefined, double: string | undefined) => single ?? double ?? '',
    ),
  )
}
