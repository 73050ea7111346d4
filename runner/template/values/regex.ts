import { fail } from './types.ts'
import { BoundedMap } from '../bounded-map.ts'

export interface RegexOptions {
  readonly ignoreCase?: boolean
  readonly multiLine?: boolean
  readonly dotAll?: boolean
  /** Whether it matches from the start of the text only, or all of it only. */
  readonly at?: 'start' | 'whole'
}

const compiled = new BoundedMap<string, RegExp>(2_000)
const written = new WeakMap<RegExp, string>()

/** The pattern in the user's own words, for messages. */
export function writtenAs(regex: RegExp): string {
  return written.get(regex) ?? regex.source
}

/**
 * A Python regular expression as one of JavaScript's, with the flags `g` (or `y`), `d` and `u`. Named groups, `\A`, `\Z`, inline flags at the
 * start, comments and POSIX-free classes are translated; what JavaScript cannot do is refused.
 */
export function pythonRegex(pattern: string, options: RegexOptions = {}): RegExp {
  return compiled.getOrMake(JSON.stringify([pattern, options]), () => translate(pattern, options))
}

function translate(pattern: string, options: RegexOptions): RegExp {
  const flags = new Set([options.at ? 'y' : 'g', 'd', 'u'])
  if (options.ignoreCase) flags.add('i')
  if (options.multiLine) flags.add('m')
  if (options.dotAll) flags.add('s')
  let source = pattern
  let verbose = false
  for (let inline = leading(source); inline; inline = leading(source)) {
    for (const flag of inline[1] ?? '') {
      if ('ims'.includes(flag)) flags.add(flag)
      else if (flag === 'x') verbose = true
      else if (!'ua'.includes(flag)) fail(`the flag (?${flag}) of a regular expression is not supported`)
    }
    source = source.slice(inline[0].length)
  }
  const body = rewrite(source, verbose, flags.has('m'))
  try {
    const whole = options.at === 'whole' ? `(?:${body})(?![\\s\\S])` : body
    const regex = new RegExp(whole, [...flags].join(''))
    written.set(regex, pattern)
    return regex
  } catch (error) {
    return fail(
      `the regular expression "${pattern}" cannot be used: ${error instanceof Error ? error.message.replace(/^.*: /, '') : ''}`,
    )
  }
}

const leading = (source: string): RegExpExecArray | null => /^\(\?([aimsux]+)\)/.exec(source)

function rewrite(source: string, verbose: boolean, multiLine: boolean): string {
  let out = ''
  let at = 0
  let inClass = false
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at
    const found = pattern.exec(source)
    if (found) at += found[0].length
    return found
  }
  while (at < source.length) {
    const escape = take(/\\([\s\S])/y)
    if (escape) {
      out += escaped(escape[1] ?? '', inClass, multiLine)
      continue
    }
    const char = String.fromCodePoint(source.codePointAt(at) ?? 0)
    if (inClass) {
      at += char.length
      if (char === ']') inClass = false
      out += char === '[' ? '\\[' : char
      continue
    }
    const opened = take(/\[\^?\]?/y)
    if (opened) {
      inClass = true
      out += opened[0].replace(']', '\\]')
      continue
    }
    const group = take(/\(\?(?:P<(\w+)>|P=(\w+)\)|#[^)]*\)|([aimsux]*-?[aimsux]*)(?=[:)])|\(|[>+])/y)
    if (group) {
      if (group[1] !== undefined) out += `(?<${group[1]}>`
      else if (group[2] !== undefined) out += `\\k<${group[2]}>`
      else if (group[3] === '') out += '(?'
      else if (!group[0].startsWith('(?#')) fail(`"${group[0]}" in a regular expression is not supported`)
      continue
    }
    at += char.length
    if (verbose && /\s/.test(char)) continue
    if (verbose && char === '#') {
      take(/[^\n]*/y)
      continue
    }
    const counted = char === '{' ? /^\{(\d*)(,?)(\d*)\}/.exec(source.slice(at - 1)) : null
    if (counted && counted[1] + (counted[3] ?? '') !== '') {
      at += counted[0].length - 1
      out += counted[1] === '' ? `{0,${counted[3]}}` : counted[0]
    } else if (char === '{' || char === '}' || char === ']') out += `\\${char}`
    else if (char === '$') out += multiLine ? '$' : '(?=\\n?(?![\\s\\S]))'
    else out += char
  }
  return out
}

function escaped(char: string, inClass: boolean, multiLine: boolean): string {
  switch (char) {
    case 'A':
      return multiLine ? '(?<![\\s\\S])' : '^'
    case 'Z':
      return '(?![\\s\\S])'
    case 'a':
      return '\\x07'
    case 'd':
      return '\\p{Nd}'
    case 'D':
      return '\\P{Nd}'
    case 'w':
      return inClass ? '\\p{L}\\p{M}\\p{N}_' : '[\\p{L}\\p{M}\\p{N}_]'
    case 'W':
      return inClass ? '\\W' : '[^\\p{L}\\p{M}\\p{N}_]'
    default:
      if (/[bBsSnrtfv0-9xu^$\\.*+?()[\]{}|/]/.test(char)) return `\\${char}`
      if (char === '-') return inClass ? '\\-' : '-'
      if (/[A-Za-z]/.test(char)) return fail(`the escape \\${char} in a regular expression is not supported`)
      // Python lets any other character be escaped.
      return char
  }
}

/** The text that a Python replacement gives for a match: `\1`, `\g<1>`, `\g<name>` and the escapes. */
export function expand(replacement: string, match: RegExpExecArray | RegExpMatchArray): string {
  return replacement.replace(
    /\\(?:g<(\w+)>|(\d{1,2})|([\s\S]))/g,
    (whole, name: string | undefined, number: string | undefined, char: string) => {
      const key = name ?? number
      if (key !== undefined) {
        if (/^\d+$/.test(key))
          return Number(key) < match.length ? (match[Number(key)] ?? '') : fail(`invalid group reference ${key}`)
        if (!match.groups || !(key in match.groups)) return fail(`unknown group name '${key}'`)
        return match.groups[key] ?? ''
      }
      const plain = { n: '\n', t: '\t', r: '\r', a: '\x07', f: '\f', v: '\v', '\\': '\\' }[char]
      if (plain !== undefined) return plain
      return /[A-Za-z]/.test(char) ? fail(`bad escape \\${char} in a replacement`) : whole
    },
  )
}
