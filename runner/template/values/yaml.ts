import { compareText } from './compare.ts'
import { entriesOf } from './mapping.ts'
import { floatText, str, typeName } from './python-text.ts'
import { Attributed, Undefined, fail, isFloat, isMapping, Float } from './types.ts'

export interface YamlOptions {
  readonly indent: number
  /** Collections without collections inside stand on one line, in braces or brackets. */
  readonly flowLeaves: boolean
  readonly sortKeys: boolean
  readonly width: number
}

/** YAML in the style of libyaml's emitter (Ansible's `to_yaml`), with a line end. */
export function toYaml(value: unknown, options: YamlOptions): string {
  const isCollection = Array.isArray(value) || isMapping(value)
  const indent = isCollection ? 0 : options.indent
  return `${node(value, options, { indent, column: 0, inFlow: false, isKey: false, inSequence: false, root: true })}\n`
}

interface Place {
  readonly indent: number
  readonly column: number
  readonly inFlow: boolean
  readonly isKey: boolean
  readonly inSequence: boolean
  readonly root?: boolean
}

function node(value: unknown, options: YamlOptions, place: Place): string {
  if (value instanceof Undefined) throw value.error()
  const isList = Array.isArray(value)
  if (!isList && !isMapping(value)) return scalar(value, options, place)
  const items: readonly unknown[] = isList ? (value as unknown[]) : entriesOf(value).flat()
  const isLeaf = items.every((item) => !Array.isArray(item) && !isMapping(item))
  if (items.length === 0) return isList ? '[]' : '{}'
  if (place.inFlow || (options.flowLeaves && isLeaf)) return flow(value, options, place)
  return isList ? blockList(value as unknown[], options, place) : blockMapping(value, options, place)
}

function sortedEntries(value: unknown, options: YamlOptions): [unknown, unknown][] {
  const entries = isMapping(value) ? entriesOf(value) : []
  return options.sortKeys ? entries.toSorted(([a], [b]) => compareText(str(a), str(b))) : entries
}

function flow(value: unknown, options: YamlOptions, place: Place): string {
  const margin = place.root ? options.indent : place.indent
  const inner = { ...place, root: false, indent: margin + options.indent, inFlow: true }
  const pair = ([key, item]: [unknown, unknown], column: number): string => {
    const name = node(key, options, { ...inner, column, isKey: true })
    return `${name}: ${node(item, options, { ...inner, column: column + name.length + 2 })}`
  }
  const parts = Array.isArray(value)
    ? (value as unknown[]).map((item) => (column: number) => node(item, options, { ...inner, column }))
    : sortedEntries(value, options).map((entry) => (column: number) => pair(entry, column))
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}']
  let column = place.column + 1
  let out = open
  for (const [at, part] of parts.entries()) {
    if (at > 0) {
      const wraps = column + 1 > options.width
      out += wraps ? `,\n${' '.repeat(margin)}` : ', '
      column = wraps ? margin : column + 2
    }
    const text = part(column)
    out += text
    column = text.includes('\n') ? text.length - text.lastIndexOf('\n') - 1 : column + text.length
  }
  return out + close
}

/** A list in a mapping is not indented; one in a list starts on the same line, filled up to the indentation. */
function blockList(list: readonly unknown[], options: YamlOptions, place: Place): string {
  const margin = place.inSequence || place.root ? place.indent : Math.max(0, place.indent - options.indent)
  const lead = `-${' '.repeat(Math.max(1, options.indent - 1))}`
  const deeper = margin + options.indent
  const parts = list.map((item) => {
    const isBlock = isBlockCollection(item, options)
    const text = node(item, options, {
      indent: deeper,
      column: margin + 2,
      inFlow: false,
      isKey: false,
      inSequence: true,
    })
    return isBlock ? `${lead}${text.trimStart()}` : `- ${text}`
  })
  const joint = `\n${' '.repeat(margin)}`
  return (place.inSequence || place.root ? '' : joint) + parts.join(joint)
}

function blockMapping(value: unknown, options: YamlOptions, place: Place): string {
  const margin = place.indent
  const deeper = margin + options.indent
  const parts = sortedEntries(value, options).map(([key, item]) => {
    const name = node(key, options, { indent: margin, column: margin, inFlow: false, isKey: true, inSequence: false })
    const text = node(item, options, {
      indent: deeper,
      column: margin + name.length + 2,
      inFlow: false,
      isKey: false,
      inSequence: false,
    })
    return isBlockCollection(item, options) ? `${name}:${text}` : `${name}: ${text}`
  })
  const joint = `\n${' '.repeat(margin)}`
  return (place.inSequence || place.root ? '' : joint) + parts.join(joint)
}

function isBlockCollection(value: unknown, { flowLeaves }: YamlOptions): boolean {
  if (!Array.isArray(value) && !isMapping(value)) return false
  const items: readonly unknown[] = Array.isArray(value) ? (value as unknown[]) : entriesOf(value).flat()
  return items.length > 0 && !(flowLeaves && items.every((item) => !Array.isArray(item) && !isMapping(item)))
}

function scalar(value: unknown, options: YamlOptions, place: Place): string {
  if (value === null) return 'null'
  if (typeof value === 'boolean') return String(value)
  if (value instanceof Float || isFloat(value)) return yamlFloat(value instanceof Float ? value.value : value)
  if (typeof value === 'number' || typeof value === 'bigint') return str(value)
  if (value instanceof Attributed) return value.text()
  return typeof value === 'string'
    ? text(value, options, place)
    : fail(`a ${typeName(value)} cannot be written as YAML`)
}

function yamlFloat(value: number): string {
  if (Number.isNaN(value)) return '.nan'
  if (!Number.isFinite(value)) return value > 0 ? '.inf' : '-.inf'
  const shown = floatText(value)
  return shown.includes('.') ? shown : shown.replace('e', '.0e')
}

/** What YAML 1.1 would read as something else than text. */
const resolves =
  /^(?:~|null|Null|NULL|yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF|[-+]?(?:[0-9][0-9_]*)\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)|[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+|<<|=|\d{4}-\d\d?-\d\d?(?:(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::\d\d)?))?)?)$/

function text(value: string, options: YamlOptions, { indent, column, inFlow, isKey }: Place): string {
  // libyaml writes what lies beyond U+FFFF as escapes.
  const special = /[^\n\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd]|\ufeff/u.test(value)
  if (special || /\n | \n/.test(value) || (value.includes('\n') && isKey)) return doubleQuoted(value)
  const indicator = /^[,?[\]{}#&*!|>'"%@`]|^[-:?](?:\s|$)|^---|^\.\.\./.test(value) || /: |:$| #|:\n/.test(value)
  const flowIndicator = inFlow && /[,?[\]{}]|:/.test(value)
  const plain = value !== '' && !indicator && !flowIndicator && !/^ | $|\n/.test(value) && !resolves.test(value)
  return fold(value, plain ? '' : "'", isKey ? Infinity : options.width, column, indent)
}

/** Plain or single-quoted text, with a line end at the first space behind the width. */
function fold(value: string, mark: string, width: number, start: number, indent: number): string {
  let out = mark
  let column = start + mark.length
  const body = mark === '' ? value : value.replaceAll("'", "''")
  for (const piece of body.match(/ +|\n+|[^ \n]+/g) ?? []) {
    const inside = out !== mark && out.length - mark.length + piece.length < body.length + 1
    if (piece === ' ' && column > width && inside) {
      out += `\n${' '.repeat(indent)}`
      column = indent
    } else if (piece.startsWith('\n')) {
      out += `\n${piece}${' '.repeat(indent)}`
      column = indent
    } else {
      out += piece
      column += piece.length
    }
  }
  return out + mark
}

function doubleQuoted(value: string): string {
  const names: { readonly [char: string]: string } = {
    '\0': '0',
    '\x07': 'a',
    '\b': 'b',
    '\t': 't',
    '\n': 'n',
    '\v': 'v',
    '\f': 'f',
    '\r': 'r',
    '\x1b': 'e',
    '"': '"',
    '\\': '\\',
    '\x85': 'N',
    '\xa0': '_',
    '\u2028': 'L',
    '\u2029': 'P',
  }
  const body = value.replace(/["\\\x85\u2028\u2029\ufeff]|[^\x20-\x7e\xa0-\ud7ff\ue000-\ufffd]/gu, (char) => {
    const name = Object.hasOwn(names, char) ? names[char] : undefined
    if (name !== undefined) return `\\${name}`
    const code = char.codePointAt(0) ?? 0
    const hex = code.toString(16).toUpperCase()
    if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`
    return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`
  })
  return `"${body}"`
}
