import type { Json } from '../../schema/infer.ts'

/**
 * The value of a text in an INI inventory: a Python literal (numbers, strings, True, False, None, lists, tuples, dicts) becomes that
 * value, everything else stays the text that it is, as Ansible documents for `key=value` in INI. Tuples become lists. Integers too
 * large for a number stay text, digit by digit.
 */
export function pythonLiteral(text: string): Json {
  const reader = new Reader(text)
  try {
    const value = reader.value()
    reader.end()
    return value
  } catch (error) {
    if (error instanceof NotALiteral) return text
    throw error
  }
}

class NotALiteral extends Error {}

const WORDS: ReadonlyMap<string, Json> = new Map<string, Json>([
  ['True', true],
  ['False', false],
  ['None', null],
])
const NUMBER =
  /[+-]?(?:0[xX][0-9a-fA-F](?:_?[0-9a-fA-F])*|0[oO][0-7](?:_?[0-7])*|0[bB][01](?:_?[01])*|(?:\d(?:_?\d)*)?\.\d(?:_?\d)*(?:[eE][+-]?\d+)?|\d(?:_?\d)*\.?(?:[eE][+-]?\d+)?)(?![\w.])/y
const STRING = /'''((?:[^\\]|\\[^])*?)'''|"""((?:[^\\]|\\[^])*?)"""|'((?:[^'\\\n]|\\[^])*)'|"((?:[^"\\\n]|\\[^])*)"/y
const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '\n': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
}

class Reader {
  readonly #text: string
  #at = 0
  constructor(text: string) {
    this.#text = text
  }

  value(): Json {
    const opener = this.#peek()
    if (opener === '[') return this.#items('[', ']').items
    if (opener === '(') return this.#tuple()
    if (opener === '{') return this.#dict()
    if (opener === '"' || opener === "'") return this.#strings()
    const word = this.#match(/[A-Za-z_]\w*/y)?.[0]
    if (word !== undefined) {
      const value = WORDS.get(word)
      if (value === undefined) throw new NotALiteral()
      return value
    }
    return this.#number()
  }

  end(): void {
    this.#peek()
    this.#match(/#.*/y)
    if (this.#at < this.#text.length) throw new NotALiteral()
  }

  #number(): Json {
    const text = this.#match(NUMBER)?.[0]
    if (text === undefined) throw new NotALiteral()
    const digits = text.replaceAll('_', '').replace(/^[+-]/, '')
    if (/^0\d*[1-9]/.test(digits) && /^\d+$/.test(digits)) throw new NotALiteral()
    const value = Number(digits) * (text.startsWith('-') ? -1 : 1)
    return Number.isInteger(value) && !Number.isSafeInteger(value) && !/[.eE]/.test(digits) ? text : value
  }

  /** Adjacent strings are one string. */
  #strings(): string {
    let joined = ''
    for (let match = this.#match(STRING); match !== null; match = this.#peekString() ? this.#match(STRING) : null) {
      joined += unescape(match[1] ?? match[2] ?? match[3] ?? match[4] ?? '')
      if (!this.#peekString()) return joined
    }
    throw new NotALiteral()
  }

  #peekString(): boolean {
    return ['"', "'"].includes(this.#peek())
  }

  #tuple(): Json {
    const { items, comma } = this.#items('(', ')')
    const [only] = items
    return items.length === 1 && !comma && only !== undefined ? only : items
  }

  #items(open: string, close: string): { items: Json[]; comma: boolean } {
    const items: Json[] = []
    let comma = false
    this.#expect(open)
    while (this.#peek() !== close) {
      items.push(this.value())
      comma = this.#peek() === ','
      if (comma) this.#at++
      else break
    }
    this.#expect(close)
    return { items, comma }
  }

  #dict(): Json {
    const entries: [string, Json][] = []
    this.#expect('{')
    while (this.#peek() !== '}') {
      const key = this.value()
      this.#expect(':')
      entries.push([typeof key === 'string' ? key : JSON.stringify(key), this.value()])
      if (this.#peek() !== ',') break
      this.#at++
    }
    this.#expect('}')
    return Object.fromEntries(entries)
  }

  #peek(): string {
    this.#match(/\s+/y)
    return this.#text.charAt(this.#at)
  }

  #expect(char: string): void {
    if (this.#peek() !== char) throw new NotALiteral()
    this.#at++
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at
    const match = pattern.exec(this.#text)
    if (match !== null) this.#at = pattern.lastIndex
    return match
  }
}

function unescape(body: string): string {
  return body.replaceAll(
    /\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{1,3}|[^])/g,
    (whole, code: string) => {
      if (/^[xuU]./.test(code)) return String.fromCodePoint(Number.parseInt(code.slice(1), 16))
      if (/^[0-7]/.test(code)) return String.fromCodePoint(Number.parseInt(code, 8))
      return ESCAPES[code] ?? whole
    },
  )
}
