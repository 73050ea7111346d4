import type { ScalarNode } from './node.ts'

const booleans = new Map(
  ['yes', 'true', 'on', 'no', 'false', 'off'].flatMap((word, index) =>
    [word, `${word.charAt(0).toUpperCase()}${word.slice(1)}`, word.toUpperCase()].map(
      (form) => [form, index < 3] as const,
    ),
  ),
)
const nulls = new Set(['', '~', 'null', 'Null', 'NULL'])
const decimal = /^[-+]?(?:0|[1-9][0-9_]*)$/
const octal = /^[-+]?0[0-7_]+$/
const hexadecimal = /^[-+]?0x[0-9a-fA-F_]+$/
const binary = /^[-+]?0b[01_]+$/
const float = /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?)$/
const sexagesimal = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/

/**
 * The value of a plain scalar as the YAML 1.1 types have it (https://yaml.org/type/) in the subset that Ansible reads: `yes` and `on`
 * are booleans, `y` is text; `0644` is octal, `08` and `0o644` are text; `12:30:45` is 45045. Dates stay text, as do infinities and
 * integers too large to be exact, which JSON does not have.
 */
export function plainScalar(text: string): ScalarNode['value'] {
  if (nulls.has(text)) return null
  const boolean = booleans.get(text)
  if (boolean !== undefined) return boolean
  if (!/^[-+.0-9]/.test(text)) return text
  const number = plainNumber(text)
  return number === undefined || !Number.isFinite(number) || (Number.isInteger(number) && !Number.isSafeInteger(number))
    ? text
    : number
}

function plainNumber(text: string): number | undefined {
  const sign = text.startsWith('-') ? -1 : 1
  const digits = text.replace(/^[-+]/, '').replaceAll('_', '')
  if (decimal.test(text)) return sign * Number(digits)
  if (octal.test(text)) return sign * Number.parseInt(digits, 8)
  if (hexadecimal.test(text)) return sign * Number.parseInt(digits.slice(2), 16)
  if (binary.test(text)) return sign * Number.parseInt(digits.slice(2), 2)
  if (float.test(text)) return sign * Number(digits)
  // A sexagesimal integer may not begin with 0: `08:30` is text, `8:30` is 510.
  const whole = !text.includes('.')
  if (!sexagesimal.test(text) || (whole && digits.startsWith('0'))) return undefined
  return sign * digits.split(':').reduce((sum, part) => sum * 60 + Number(part), 0)
}
