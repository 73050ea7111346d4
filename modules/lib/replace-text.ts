import { expandReplacement, pythonRegex, searchIn } from './python-regex.ts'

export interface ReplaceWish {
  readonly regexp: string
  readonly replace: string
  readonly after?: string | undefined
  readonly before?: string | undefined
  /** The text is bytes, one character each. */
  readonly bytes: boolean
}

/** The text with every match replaced, within the part that `after` and `before` bound; and what was done, in Ansible's words. */
export function replaceAll(text: string, wish: ReplaceWish): { readonly text: string; readonly msg: string } {
  const part = partOf(text, wish)
  if (part === null)
    return { text, msg: `Pattern for before/after params did not match the given file: ${partPattern(wish)}` }
  const inner = text.slice(part[0], part[1])
  let out = ''
  let at = 0
  let count = 0
  for (const match of inner.matchAll(pythonRegex(wish.regexp, { multiLine: true, bytes: wish.bytes }))) {
    out += inner.slice(at, match.index) + expandReplacement(wish.replace, match)
    at = match.index + match[0].length
    count++
  }
  const made = text.slice(0, part[0]) + out + inner.slice(at) + text.slice(part[1])
  return { text: made, msg: made === text || count === 0 ? '' : `${count} replacements made` }
}

/** Shortest where both ends are given, longest otherwise. */
const partPattern = ({ after, before }: ReplaceWish): string =>
  `${after ?? ''}(?P<subsection>.*${after !== undefined && before !== undefined ? '?' : ''})${before ?? ''}`

function partOf(text: string, wish: ReplaceWish): readonly [number, number] | null {
  if (wish.after === undefined && wish.before === undefined) return [0, text.length]
  const match = searchIn(pythonRegex(partPattern(wish), { dotAll: true, bytes: wish.bytes }), text)
  return match?.indices?.groups?.['subsection'] ?? null
}
