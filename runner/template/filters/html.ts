import { routine, type Routines } from '../routine.ts'
import { entriesOf } from '../values/mapping.ts'
import { str } from '../values/python-text.ts'
import { truthy } from '../values/compare.ts'
import { Undefined, fail, isMapping } from '../values/types.ts'

const entities: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&#34;'],
  ["'", '&#39;'],
])
const named: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
  ['nbsp', '\u00a0'],
])

export function escape(value: unknown): string {
  return str(value).replace(/[&<>"']/g, (char) => entities.get(char) ?? char)
}

function unescape(text: string): string {
  return text.replace(
    /&(?:#(\d+)|#[xX]([\da-fA-F]+)|(\w+));/g,
    (whole, decimal: string | undefined, hex: string | undefined, name: string) => {
      if (decimal !== undefined) return String.fromCodePoint(Number(decimal))
      if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16))
      return named.get(name) ?? whole
    },
  )
}

export const htmlFilters: Routines = new Map([
  ['escape', routine('', (_, value: unknown) => escape(value))],
  ['e', routine('', (_, value: unknown) => escape(value))],
  ['forceescape', routine('', (_, value: unknown) => escape(value))],
  ['safe', routine('', (_, value: unknown) => str(value))],
  [
    'striptags',
    routine('', (_, value: unknown) => {
      const text = str(value)
        .replace(/<!--[\s\S]*?-->/g, '')
        .replace(/<[^>]*>/g, '')
      return unescape(text).split(/\s+/).filter(Boolean).join(' ')
    }),
  ],
  [
    'xmlattr',
    routine('autospace?', (_, value: unknown, space: unknown = true) => {
      if (!isMapping(value)) return fail('xmlattr needs a mapping')
      const attributes = entriesOf(value)
        .filter(([, item]) => item !== null && !(item instanceof Undefined))
        .map(([key, item]) => {
          if (/[\s/>=]/.test(str(key))) fail(`invalid character in attribute name: '${str(key)}'`)
          return `${escape(key)}="${escape(item)}"`
        })
        .join(' ')
      return attributes !== '' && truthy(space) ? ` ${attributes}` : attributes
    }),
  ],
])
