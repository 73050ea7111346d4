import { TemplateError } from '../template.ts'
import { unescape } from './string-literal.ts'
import { kinds, token, type Kind, type Token } from './token.ts'

const patterns = {
  space: /\s+/y,
  float: /\d+(?:_\d+)*(?:(?:\.\d+(?:_\d+)*)?[eE][+-]?\d+(?:_\d+)*|\.\d+(?:_\d+)*)/y,
  integer: /0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0[xX](?:_?[\da-fA-F])+|[1-9](?:_?\d)*|0(?:_?0)*/y,
  /** Most names: a pattern with classes of Unicode takes a millisecond to be made. */
  plainName: /(?!not\s)[A-Za-z_]\w*(?![\w\u0080-\uffff])/y,
  // `not in` is one token: the parser looks ahead by one.
  name: /not\s+in(?![\p{L}\p{N}_])|[\p{L}_][\p{L}\p{N}\p{M}_]*/uy,
  string: /'([^'\\]*(?:\\[\s\S][^'\\]*)*)'|"([^"\\]*(?:\\[\s\S][^"\\]*)*)"/y,
  operator: /\*\*|\/\/|==|!=|<=|>=|[-+/*%~[\](){}<>=.:|,;]/y,
} as const

const punctuation: ReadonlyMap<string, Kind> = new Map([
  [',', kinds.comma],
  [':', kinds.colon],
  ['~', kinds.tilde],
  ['|', kinds.pipe],
  ['(', kinds['(']],
  [')', kinds[')']],
  ['[', kinds['[']],
  [']', kinds[']']],
  ['{', kinds['{']],
  ['}', kinds['}']],
])
const closing: ReadonlyMap<string, string> = new Map([
  [')', '('],
  [']', '['],
  ['}', '{'],
])

/**
 * Reads the tokens of an expression or a tag from `start`, up to where `end` (a sticky pattern) matches outside brackets, or the
 * end of the text when there is no `end`. With `literalBackslashes`, strings have no escapes but those of quotes. Gives the tokens and what `end` matched.
 */
export function codeTokens(
  text: string,
  start: number,
  end: RegExp | null,
  literalBackslashes = false,
): { tokens: Token[]; ended: RegExpExecArray | null; at: number } {
  const tokens: Token[] = []
  const open: string[] = []
  let at = start
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at
    return pattern.exec(text)
  }
  while (at < text.length) {
    if (end && open.length === 0) {
      const ended = match(end)
      if (ended) return { tokens, ended, at: at + ended[0].length }
    }
    const space = match(patterns.space)
    if (space) {
      at += space[0].length
      continue
    }
    const next = tokenAt(text, at, match, literalBackslashes)
    if (next.token.type !== kinds.string) balance(next.token, open)
    tokens.push(next.token)
    at += next.length
  }
  const left = open.at(-1)
  if (left !== undefined) throw new TemplateError('syntax', `"${left}" is never closed`, { offset: start })
  return { tokens, ended: null, at }
}

interface Read {
  readonly token: Token
  readonly length: number
}
const made = (type: Kind, value: string, at: number, length: number): Read => ({
  token: token(type, value, at),
  length,
})

/** The same name as keys of objects are kept: variables and items are found by it without reading its characters. */
const asKey = (name: string): string => Object.keys({ [name]: null })[0] ?? name

const isDigit = (char: string): boolean => char >= '0' && char <= '9'

function tokenAt(
  text: string,
  at: number,
  match: (pattern: RegExp) => RegExpExecArray | null,
  literalBackslashes: boolean,
): Read {
  const starting = text[at] ?? ''
  if (isDigit(starting)) {
    const float = match(patterns.float)
    if (float) return made(kinds.float, float[0], at, float[0].length)
    const integer = match(patterns.integer)
    if (integer) return made(kinds.integer, integer[0], at, integer[0].length)
  }
  const plain = match(patterns.plainName)
  if (plain) return made(kinds.symbol, asKey(plain[0]), at, plain[0].length)
  const name = match(patterns.name)
  if (name) return made(kinds.symbol, name[0].replace(/\s+/, ' '), at, name[0].length)
  const quoted = starting === "'" || starting === '"' ? match(patterns.string) : null
  if (quoted) {
    const body = quoted[1] ?? quoted[2] ?? ''
    const value = literalBackslashes ? body.replace(/\\(['"])/g, '$1') : unescape(body, at)
    return made(kinds.string, value, at, quoted[0].length)
  }
  const operator = match(patterns.operator)
  if (operator) return made(punctuation.get(operator[0]) ?? kinds.operator, operator[0], at, operator[0].length)
  const char = String.fromCodePoint(text.codePointAt(at) ?? 0)
  const unclosed = char === '"' || char === "'"
  throw new TemplateError(
    'syntax',
    unclosed ? `the string that starts with ${char} is never closed` : `unexpected character "${char}"`,
    { offset: at, hint: unclosed ? undefined : written.get(char) },
  )
}

/** Signs of other languages, and what says the same here. */
const written: ReadonlyMap<string, string> = new Map([
  ['&', '"and" says that both hold'],
  ['!', '"not" says the opposite'],
  ['?', 'write "a if condition else b"'],
  ['$', 'a variable is written as its name alone'],
])

function balance({ value, colno }: Token, open: string[]): void {
  if (value === '(' || value === '[' || value === '{') open.push(value)
  const opener = closing.get(value)
  if (opener === undefined) return
  const last = open.pop()
  if (last !== opener)
    throw new TemplateError(
      'syntax',
      last === undefined ? `"${value}" closes nothing` : `"${value}" cannot close "${last}"`,
      {
        offset: colno,
      },
    )
}
