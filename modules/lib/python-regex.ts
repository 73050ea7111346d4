export interface PatternOptions {
  readonly ignoreCase?: boolean
  readonly multiLine?: boolean
  readonly dotAll?: boolean
  /** The text is bytes, one character each (Latin-1): classes hold ASCII alone, as for Python's bytes. */
  readonly bytes?: boolean
}

/** A pattern or replacement that is none, or that JavaScript cannot do: the message says which, for people. */
export class PatternError extends Error {
  override readonly name = 'PatternError'
}

/**
 * A Python regular expression (`re`, Python 3) as one of JavaScript's with the flags `g`, `d` and `u`. `^`, `$` and `.` know the newline
 * alone as a line's end, as in Python. Throws `PatternError` for atomic groups, conditionals and flags inside of the pattern.
 */
export function pythonRegex(pattern: string, options: PatternOptions = {}): RegExp {
  const asked = new Set<string>()
  if (options.ignoreCase) asked.add('i')
  if (options.multiLine) asked.add('m')
  if (options.dotAll) asked.add('s')
  let source = pattern
  for (let lead = LEADING.exec(source); lead !== null; lead = LEADING.exec(source)) {
    for (const flag of lead[1] ?? '') asked.add(flag)
    source = source.slice(lead[0].length)
  }
  const ascii = options.bytes === true || asked.has('a')
  const body = rewrite(source, { multiLine: asked.has('m'), dotAll: asked.has('s'), verbose: asked.has('x'), ascii })
  try {
    return new RegExp(body, asked.has('i') ? 'dgiu' : 'dgu')
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^.*: /, '') : ''
    throw new PatternError(`the regular expression ${JSON.stringify(pattern)} cannot be used: ${why}`)
  }
}

const LEADING = /^\(\?([aimsux]+)\)/

interface Dialect {
  readonly multiLine: boolean
  readonly dotAll: boolean
  readonly verbose: boolean
  readonly ascii: boolean
}

/** What comes next in a pattern outside of a class, most particular first. */
const PIECE =
  /\\x[\dA-Fa-f]{2}|\\u[\dA-Fa-f]{4}|\\U[\dA-Fa-f]{8}|\\0[0-7]{0,2}|\\[1-3][0-7]{2}|\\[^]|\[\^?\]?(?:\\[^]|[^\]\\])*\]|\(\?P<\w+>|\(\?P=\w+\)|\(\?#[^)]*\)|\(\?(?:[:=!]|<[=!])|\(\?[^)]{0,3}|\{\d*,?\d*\}|[^]/gu

function rewrite(source: string, dialect: Dialect): string {
  let out = ''
  let comment = false
  for (const [piece] of source.matchAll(PIECE)) {
    if (comment) comment = !piece.includes('\n')
    else if (dialect.verbose && piece === '#') comment = true
    else if (!dialect.verbose || !/^\s$/.test(piece)) out += translate(piece, dialect)
  }
  return out
}

function translate(piece: string, dialect: Dialect): string {
  if (piece.startsWith('\\')) return escaped(piece, false, dialect)
  if (piece.startsWith('[') && piece.length > 1) return characterClass(piece, dialect)
  if (piece.startsWith('(?#')) return ''
  if (piece.startsWith('(?P<')) return `(?<${piece.slice(4)}`
  if (piece.startsWith('(?P=')) return `\\k<${piece.slice(4, -1)}>`
  if (/^\(\?(?:[:=!]|<[=!])$/.test(piece)) return piece
  if (piece.startsWith('(?'))
    throw new PatternError(`${JSON.stringify(piece)} in a regular expression is not supported`)
  if (piece.startsWith('{')) {
    const [, least = '', comma = '', most = ''] = /^\{(\d*)(,?)(\d*)\}$/.exec(piece) ?? []
    return least === '' && most === '' ? piece.replace(/[{}]/g, '\\$&') : `{${least || '0'}${comma}${most}}`
  }
  switch (piece) {
    case '^':
      return dialect.multiLine ? '(?<![^\\n])' : '(?<![^])'
    case '$':
      return dialect.multiLine ? '(?![^\\n])' : '(?=\\n?(?![^]))'
    case '.':
      return dialect.dotAll ? '[^]' : '[^\\n]'
    case '}':
    case ']':
      return `\\${piece}`
    default:
      return piece
  }
}

function characterClass(piece: string, dialect: Dialect): string {
  const negated = piece.startsWith('[^')
  const inner = piece.slice(negated ? 2 : 1, -1)
  const parts = [...inner.matchAll(/\\x[\dA-Fa-f]{2}|\\u[\dA-Fa-f]{4}|\\U[\dA-Fa-f]{8}|\\[0-7]{1,3}|\\[^]|[^]/gu)].map(
    ([part]) => part,
  )
  const set = parts.map((part, index) => {
    if (part.startsWith('\\')) return escaped(part, true, dialect)
    // A class of characters is no end of a range.
    if (part === '-' && (/^\\[dDsSwW]$/.test(parts[index - 1] ?? '') || /^\\[dDsSwW]$/.test(parts[index + 1] ?? '')))
      return '\\-'
    return part === '[' || part === ']' ? `\\${part}` : part
  })
  return `[${negated ? '^' : ''}${set.join('')}]`
}

const WORD = '\\p{L}\\p{M}\\p{N}_'

function escaped(piece: string, inClass: boolean, { ascii }: Dialect): string {
  const char = piece.slice(1)
  const code = /^[xuU]([\dA-Fa-f]+)$/.exec(char)?.[1]
  if (code !== undefined) return `\\u{${code}}`
  if (/^(?:0[0-7]{0,2}|[1-3][0-7]{2})$/.test(char) || (inClass && /^[0-7]+$/.test(char)))
    return `\\u{${Number.parseInt(char, 8).toString(16)}}`
  switch (char) {
    case 'A':
      return '(?<![^])'
    case 'Z':
      return '(?![^])'
    case 'a':
      return '\\x07'
    case 'b':
      if (inClass) return '\\x08'
      return ascii ? '\\b' : `(?:(?<=[${WORD}])(?![${WORD}])|(?<![${WORD}])(?=[${WORD}]))`
    case 'B':
      return ascii ? '\\B' : `(?:(?<=[${WORD}])(?=[${WORD}])|(?<![${WORD}])(?![${WORD}]))`
    case 'd':
      return ascii ? '\\d' : '\\p{Nd}'
    case 'D':
      return ascii ? '\\D' : '\\P{Nd}'
    case 's':
      return ascii ? `${inClass ? '' : '['} \\t-\\r${inClass ? '' : ']'}` : '\\s'
    case 'S':
      return ascii ? (inClass ? '\\x00-\\x08\\x0e-\\x1f!-\\u{10ffff}' : '[^ \\t-\\r]') : '\\S'
    case 'w':
      return ascii ? '\\w' : inClass ? WORD : `[${WORD}]`
    case 'W':
      return ascii || inClass ? '\\W' : `[^${WORD}]`
    default:
      break
  }
  if (/^(?:[nrtfv]|[1-9]|[$^\\.*+?()[\]{}|/])$/.test(char)) return piece
  if (char === '-') return inClass ? '\\-' : '-'
  if (/^[A-Za-z]$/.test(char)) throw new PatternError(`the escape \\${char} in a regular expression is not supported`)
  return char
}

const ESCAPES: { readonly [char: string]: string } = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  f: '\f',
  v: '\v',
  b: '\b',
  '\\': '\\',
}

/** The text that a Python replacement gives for a match: `\1`, `\g<1>`, `\g<name>` and the escapes. Throws `PatternError`. */
export function expandReplacement(replacement: string, match: RegExpMatchArray): string {
  return replacement.replace(
    /\\(?:g<(\w+)>|(0[0-7]{0,2}|[1-9]\d?)|([^]))/gu,
    (whole: string, name?: string, digits?: string, char?: string) => {
      if (digits?.startsWith('0')) return String.fromCodePoint(Number.parseInt(digits, 8))
      const key = name ?? digits
      if (key === undefined) {
        const plain = ESCAPES[char ?? '']
        if (plain !== undefined) return plain
        if (/^[A-Za-z]$/.test(char ?? '')) throw new PatternError(`bad escape \\${char} in a replacement`)
        return whole
      }
      if (/^\d+$/.test(key)) {
        if (Number(key) >= match.length)
          throw new PatternError(`the replacement names group ${key}, which the regular expression does not have`)
        return match[Number(key)] ?? ''
      }
      if (match.groups === undefined || !Object.hasOwn(match.groups, key))
        throw new PatternError(`the replacement names group ${key}, which the regular expression does not have`)
      return match.groups[key] ?? ''
    },
  )
}

/** The first match in a text; null where there is none. */
export const searchIn = (regex: RegExp, text: string): RegExpMatchArray | null =>
  text.matchAll(regex).next().value ?? null
