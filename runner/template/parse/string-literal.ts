import { TemplateError } from '../template.ts'

const simple: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
  ['a', '\x07'],
  ['b', '\b'],
  ['f', '\f'],
  ['v', '\v'],
  ['\\', '\\'],
  ["'", "'"],
  ['"', '"'],
  ['\n', ''],
])

/** The text that the inside of a string literal stands for, with Python's escapes; unknown ones stay as they are written. */
export function unescape(body: string, offset: number): string {
  return body.replace(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3})|([\s\S]))/g,
    (
      match,
      x: string | undefined,
      u: string | undefined,
      long: string | undefined,
      octal: string | undefined,
      char: string,
    ) => {
      const hex = x ?? u ?? long
      if (hex !== undefined) return codePoint(Number.parseInt(hex, 16), offset)
      if (octal !== undefined) return codePoint(Number.parseInt(octal, 8), offset)
      if ('xuUN'.includes(char))
        throw new TemplateError('syntax', `the escape \\${char} in a string is not complete`, { offset })
      return simple.get(char) ?? match
    },
  )
}

function codePoint(code: number, offset: number): string {
  if (code > 0x10ffff) throw new TemplateError('syntax', 'the escape \\U in a string is beyond Unicode', { offset })
  return String.fromCodePoint(code)
}
