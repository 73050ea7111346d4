import { str } from '../values/python-text.ts'
import { fail } from '../values/types.ts'
import { shellWords } from './shell-words.ts'

/** The options of a lookup as it was once written: inside the term, behind what is looked up (`name section=x file=y`). */
export function termOptions(
  term: unknown,
  options: ReadonlyMap<string, unknown>,
  names: readonly string[],
): { readonly key: string; readonly options: ReadonlyMap<string, unknown> } {
  const [first = '', ...rest] = shellWords(str(term))
  const words: string[] = [first]
  const all = new Map(options)
  for (const word of rest) {
    const [, name, value = ''] = /^(\w+)=(.*)$/s.exec(word) ?? []
    if (name === undefined) words.push(word)
    else if (names.includes(name)) all.set(name, value)
    else fail(`there is no option "${name}"`, `the options are ${names.join(', ')}`)
  }
  for (const name of all.keys())
    if (!names.includes(name)) fail(`there is no option "${name}"`, `the options are ${names.join(', ')}`)
  return { key: words.join(' '), options: all }
}
