import type { Json, StringSchema } from './infer.ts'

/** A value in its one form, or what is wrong with it. */
export type Formatted = { readonly text: string } | { readonly message: string; readonly hint?: string }

/** Brings a written value to the one form that modules get. */
export function format(name: NonNullable<StringSchema['format']>, value: Json): Formatted | undefined {
  switch (name) {
    case 'mode':
      if (typeof value === 'boolean') return noMode(String(value))
      return typeof value === 'number' ? numericMode(value) : typeof value === 'string' ? textMode(value) : undefined
    case 'size':
      return size(value)
    case 'path':
      return path(value)
  }
}

/** Modes whose decimal reading (0620, 0764) is as tidy as what was surely meant. */
const forgottenZero = new Set([400, 500])

/**
 * YAML reads `0644` as octal, so that it arrives here as 420; `644` arrives as 644, which is mode 1204. Such a number is refused
 * where its octal form makes no sense as a mode: others may do what the owner may not, or the owner may not read.
 */
function numericMode(value: number): Formatted {
  if (!Number.isInteger(value) || value < 0 || value > 0o7777)
    return noMode(value > 0o7777 ? `0${value.toString(8)}` : String(value))
  const octal = digits(value.toString(8))
  const looksOctal = /^[0-7]{3,4}$/.test(String(value))
  if (looksOctal && (forgottenZero.has(value) || !isTidy(value))) {
    return {
      message: `is read as a decimal number: ${value} is mode ${octal}`,
      hint: `write it in quotes: "${digits(String(value))}"`,
    }
  }
  return { text: octal }
}

const noMode = (shown: string): Formatted => ({
  message: `is no file mode: ${shown}`,
  hint: 'write octal digits in quotes: "0644"',
})

function isTidy(mode: number): boolean {
  const [owner, group, other] = [(mode >> 6) & 7, (mode >> 3) & 7, mode & 7]
  return (other & ~group) === 0 && (group & ~owner) === 0 && (owner & 4) === 4
}

const clause = /^[ugoa]*(?:[-+=](?:[rwxXst]*|[ugo]))+$/

function textMode(value: string): Formatted {
  const text = value.trim()
  if (/^(?:0o)?[0-7]{1,5}$/.test(text)) {
    const number = Number.parseInt(text.replace('0o', ''), 8)
    if (number <= 0o7777) return { text: digits(number.toString(8)) }
  }
  if (text === 'preserve' || (text !== '' && text.split(',').every((part) => clause.test(part)))) return { text }
  return {
    message: `is no file mode: ${JSON.stringify(value)}`,
    hint: 'write octal digits in quotes ("0644") or symbols ("u=rw,g=r,o=r")',
  }
}

const digits = (octal: string) => octal.replace(/^0+/, '').padStart(4, '0')

const units = ['', 'K', 'M', 'G', 'T', 'P', 'E']

/** Units are powers of 1024 with or without `iB` or `B`, as Ansible's `human_to_bytes` has them. */
function size(value: Json): Formatted {
  const hint = 'write bytes, or a number with K, M, G or T: "512M"'
  const match = /^\s*(\d+(?:\.\d+)?)\s*([KMGTPE]?)(?:i?B)?\s*$/i.exec(
    typeof value === 'string' || typeof value === 'number' ? String(value) : '',
  )
  if (match === null) return { message: `is no size: ${JSON.stringify(value)}`, hint }
  const factor = 1024n ** BigInt(units.indexOf((match[2] ?? '').toUpperCase()))
  const [whole = '0', fraction = ''] = (match[1] ?? '').split('.')
  const scale = 10n ** BigInt(fraction.length)
  const scaled = BigInt(whole + fraction) * factor
  if (scaled % scale !== 0n && factor === 1n)
    return { message: `is no whole number of bytes: ${JSON.stringify(value)}`, hint }
  return { text: String(scaled / scale) }
}

function path(value: Json): Formatted | undefined {
  if (typeof value !== 'string') return undefined
  if (value === '') return { message: 'must be a path, not an empty string' }
  if (value.includes('\0')) return { message: 'holds a NUL byte, which no path can' }
  return { text: value }
}
