/** A line of authorized_keys(5). */
export interface KeyLine {
  readonly options: string | null
  readonly type: string
  readonly key: string
  readonly comment: string
}

const TYPE =
  /^(?:ssh-(?:rsa|dss|ed25519)(?:-cert-v01@openssh\.com)?|ecdsa-sha2-nistp\d+(?:-cert-v01@openssh\.com)?|sk-(?:ssh-ed25519|ecdsa-sha2-nistp256)@openssh\.com)$/

/** The words of a line; blanks in double quotes separate none. */
const wordsOf = (line: string): readonly string[] => line.match(/(?:"(?:\\.|[^"\\])*"|[^\s"])+/g) ?? []

/** A line of keys; null for a comment, an empty line, or what is none. */
export function parseKeyLine(line: string): KeyLine | null {
  if (/^\s*(?:#|$)/.test(line)) return null
  const words = wordsOf(line)
  const at = TYPE.test(words[0] ?? '') ? 0 : TYPE.test(words[1] ?? '') ? 1 : -1
  const key = words[at + 1]
  if (at < 0 || key === undefined || !/^[A-Za-z0-9+/]+=*$/.test(key)) return null
  return {
    options: at === 0 ? null : (words[0] ?? null),
    type: words[at] ?? '',
    key,
    comment: words.slice(at + 2).join(' '),
  }
}

export const keyText = ({ options, type, key, comment }: KeyLine): string =>
  [options, type, key, comment].filter((word) => word !== null && word !== '').join(' ')

export interface KeyWish {
  readonly keys: readonly KeyLine[]
  readonly state: 'present' | 'absent'
  /** No other keys. */
  readonly exclusive: boolean
}

/** The file with these keys, or without them. A key is the same whatever its options and comment are. */
export function editKeys(text: string, { keys, state, exclusive }: KeyWish): string {
  const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n')
  const wanted = new Map(keys.map((key) => [key.key, key]))
  const seen = new Set<string>()
  const kept = lines.flatMap((line) => {
    const found = parseKeyLine(line)
    if (found === null) return [line]
    const wish = wanted.get(found.key)
    if (wish === undefined) return exclusive && state === 'present' ? [] : [line]
    if (state === 'absent' || seen.has(found.key)) return []
    seen.add(found.key)
    const same = found.options === wish.options && found.type === wish.type && found.comment === wish.comment
    return [same ? line : keyText(wish)]
  })
  const added = state === 'absent' ? [] : [...wanted.values()].filter(({ key }) => !seen.has(key)).map(keyText)
  const all = [...kept, ...added]
  const made = all.length === 0 ? '' : `${all.join('\n')}\n`
  // A missing last newline alone is no reason to write.
  return made === `${text}\n` ? text : made
}
