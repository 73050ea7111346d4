import { str } from '../values/python-text.ts'
import { index } from '../values/sequence.ts'
import { fail } from '../values/types.ts'

interface Style {
  readonly decoration: string
  readonly beginning?: string
  readonly end?: string
}
const styles: ReadonlyMap<string, Style> = new Map([
  ['plain', { decoration: '# ' }],
  ['erlang', { decoration: '% ' }],
  ['c', { decoration: '// ' }],
  ['cblock', { beginning: '/*', decoration: ' * ', end: ' */' }],
  ['xml', { beginning: '<!--', decoration: ' - ', end: '-->' }],
])

/** The text as a comment of a language; the options override parts of the style, as Ansible's `comment` takes them. */
export function comment(text: string, name: string, options: ReadonlyMap<string, unknown>): string {
  const style =
    styles.get(name) ?? fail(`there is no comment style '${name}'`, `the styles are ${[...styles.keys()].join(', ')}`)
  const option = (key: string, fallback: string): string => (options.has(key) ? str(options.get(key)) : fallback)
  const count = (key: string): number => (options.has(key) ? index(options.get(key)) : 1)
  const newline = option('newline', '\n')
  const decoration = option('decoration', style.decoration)
  const beginning = option('beginning', style.beginning ?? '')
  const end = option('end', style.end ?? '')
  const prefix = option('prefix', decoration).trimEnd()
  const postfix = option('postfix', decoration).trimEnd()
  const edge = (part: string, times: number): string => (part === '' ? '' : `${part}${newline}`.repeat(times))
  const body = text
    .split(newline)
    .map((line) => (decoration + line).trimEnd())
    .join(newline)
  return `${beginning === '' ? '' : beginning + newline}${edge(prefix, count('prefix_count'))}${body}${newline}${edge(postfix, count('postfix_count')).slice(0, end === '' ? -newline.length : undefined)}${end}`
}
