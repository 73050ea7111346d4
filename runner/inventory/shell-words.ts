import { Malformed } from './malformed.ts'

/** A word and where it starts in the text. */
export interface ShellWord {
  readonly text: string
  readonly offset: number
}

/**
 * Splits a line into words as POSIX shells quote them: white space separates; single quotes keep everything; double quotes keep
 * everything but `\"` and `\\`; elsewhere a backslash takes the next character as it is. With `comments`, an unquoted `#` ends the
 * line, inside a word too, as Ansible reads host lines. Nothing is expanded. Throws `Malformed` for a quote that is not closed.
 */
export function shellWords(line: string, options: { readonly comments?: boolean } = {}): readonly ShellWord[] {
  const words: ShellWord[] = []
  let word: { text: string; offset: number } | undefined
  let quote: { mark: string; offset: number } | undefined
  for (let index = 0; index < line.length; index++) {
    const char = line.charAt(index)
    if (quote !== undefined && char === quote.mark) {
      quote = undefined
      continue
    }
    if (quote === undefined && /\s/.test(char)) {
      word = undefined
      continue
    }
    if (quote === undefined && char === '#' && options.comments === true) break
    if (word === undefined) words.push((word = { text: '', offset: index }))
    if (quote === undefined && (char === '"' || char === "'")) quote = { mark: char, offset: index }
    else if (char === '\\' && escapes(quote?.mark, line[index + 1])) word.text += line.charAt(++index)
    else word.text += char
  }
  if (quote !== undefined)
    throw new Malformed(`this quote is not closed: ${line.slice(quote.offset, quote.offset + 20)}`, quote.offset)
  return words
}

function escapes(mark: string | undefined, next: string | undefined): boolean {
  if (next === undefined || mark === "'") return false
  return mark === undefined || next === '"' || next === '\\'
}
