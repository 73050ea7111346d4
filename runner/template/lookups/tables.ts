import { readFileSync } from 'node:fs'
import type { Context } from '../routine.ts'
import { truthy } from '../values/compare.ts'
import { firstMatch } from '../values/match.ts'
import { str } from '../values/python-text.ts'
import { pythonRegex } from '../values/regex.ts'
import { index } from '../values/sequence.ts'
import { fail } from '../values/types.ts'
import type { Lookup, Options } from './call.ts'
import { findFile } from './files.ts'
import { termOptions } from './terms.ts'

const text = (options: Options, name: string, fallback: string): string =>
  options.has(name) ? str(options.get(name)) : fallback

function readText(context: Context, options: Options, fallback: string): string {
  return readFileSync(findFile(context, text(options, 'file', fallback), 'files'), 'utf8')
}

type Section = Map<string, string>

/** An ini file as Python's configparser reads it: `key = value` or `key: value`, continued on indented lines. */
export function readIni(source: string, caseSensitive: boolean, properties: boolean): Map<string, Section> {
  const sections = new Map<string, Section>()
  let current: Section | null = null
  let last: string | null = null
  if (properties) sections.set('java_properties', (current = new Map<string, string>()))
  for (const line of source.split(/\r?\n/)) {
    if (/^\s*(?:[#;]|$)/.test(line)) continue
    const section = /^\[([^\]]+)\]/.exec(line)
    const entry = /^([^\s=:][^=:]*?)\s*(?:[=:]\s*(.*?))?\s*$/.exec(line)
    if (section) {
      current = sections.get(section[1] ?? '') ?? new Map<string, string>()
      sections.set(section[1] ?? '', current)
      last = null
    } else if (/^\s/.test(line) && current && last !== null)
      current.set(last, `${current.get(last) ?? ''}\n${line.trim()}`)
    else if (entry && current) {
      last = caseSensitive ? (entry[1] ?? '') : (entry[1] ?? '').toLowerCase()
      current.set(last, entry[2] ?? '')
    } else fail(`the line "${line}" is none of an ini file`)
  }
  return sections
}

const ini: Lookup = (context, terms, given) =>
  terms.flatMap((term): unknown[] => {
    const names = [
      'type',
      'file',
      'section',
      're',
      'encoding',
      'default',
      'case_sensitive',
      'allow_no_value',
      'allow_none',
      'interpolation',
    ]
    const { key, options } = termOptions(term, given, names)
    const properties = text(options, 'type', 'ini') === 'properties'
    const caseSensitive = truthy(options.get('case_sensitive') ?? false)
    const sections = readIni(readText(context, options, 'ansible.ini'), caseSensitive, properties)
    const name = properties ? 'java_properties' : text(options, 'section', 'global')
    const section = sections.get(name)
    const entries = new Map([...(sections.get('DEFAULT') ?? []), ...(section ?? [])])
    if (truthy(options.get('re') ?? false)) {
      const pattern = pythonRegex(key, { at: 'start', ignoreCase: !caseSensitive })
      return [...entries].filter(([entry]) => firstMatch(pattern, entry) !== null).map(([, value]) => value)
    }
    const value = entries.get(caseSensitive ? key : key.toLowerCase())
    if (value !== undefined) return [value]
    if (!section && !options.has('default'))
      fail(`there is no section '${name}'`, `there are ${[...sections.keys()].join(', ')}`)
    return [options.get('default') ?? '']
  })

/** The rows of comma-separated values (RFC 4180), with any separator. */
export function readCsv(source: string, delimiter: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  let cell = ''
  let at = 0
  const endRow = (): void => {
    if (row.length > 0 || cell !== '') rows.push([...row, cell])
    row = []
    cell = ''
  }
  while (at < source.length) {
    const char = source[at] ?? ''
    if (char === '"' && cell === '') {
      const quoted = /"((?:[^"]|"")*)(?:"|$)/y
      quoted.lastIndex = at
      const found = quoted.exec(source)
      cell = (found?.[1] ?? '').replaceAll('""', '"')
      at += found?.[0].length ?? 1
      continue
    }
    if (char === delimiter) {
      row.push(cell)
      cell = ''
    } else if (char === '\n') endRow()
    else if (char !== '\r') cell += char
    at += 1
  }
  endRow()
  return rows
}

const csv: Lookup = (context, terms, given) =>
  terms.flatMap((term): unknown[] => {
    const { key, options } = termOptions(term, given, ['file', 'delimiter', 'col', 'keycol', 'default', 'encoding'])
    const asked = text(options, 'delimiter', 'TAB')
    const rows = readCsv(readText(context, options, 'ansible.csv'), asked === 'TAB' || asked === 't' ? '\t' : asked)
    const column = (name: string, fallback: number): number => {
      const value = options.get(name) ?? fallback
      return typeof value === 'string' ? Number.parseInt(value, 10) : index(value, name)
    }
    const row = rows.find((cells) => cells[column('keycol', 0)] === key)
    const value = row
      ? (row[column('col', 1)] ?? fail(`the row of '${key}' has no column ${column('col', 1)}`))
      : options.get('default')
    return value === undefined ? [] : [value]
  })

export const tableLookups: ReadonlyMap<string, Lookup> = new Map([
  ['ini', ini],
  ['csvfile', csv],
])
