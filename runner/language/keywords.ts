import { blockKeywords } from '../../schema/block.ts'
import { playKeywords } from '../../schema/play.ts'
import { roleKeywords } from '../../schema/role.ts'
import { handlerKeywords } from '../../schema/task.ts'
import { didYouMean } from '../../schema/nearest.ts'
import type { Keywords } from '../../schema/shapes.ts'
import { shape } from '../../schema/shapes.ts'
import { isValid, kindOf } from '../../schema/validate.ts'
import { toBoolean } from '../../schema/coerce.ts'
import type { Entry, MapNode, YamlNode } from './node.ts'
import { located, place, placeOfValue } from './node.ts'
import type { Reading } from './reading.ts'
import { checkExpressions, checkTemplates, hasTemplate } from './templates.ts'
import { isVariableName, variableNameHint } from './variable-name.ts'
import type { Condition, Inherited, Located } from './tree.ts'
import type { Json, JsonObject } from '../../schema/infer.ts'

/** The keywords of a play, block or task that may be used: known, acted on, and of the right shape. */
export class KeywordValues {
  readonly node: MapNode
  readonly #usable = new Map<string, Entry>()

  constructor(node: MapNode) {
    this.node = node
  }

  use(entry: Entry, as: string = entry.name): void {
    this.#usable.set(as, entry)
  }

  entry(name: string): Entry | undefined {
    return this.#usable.get(name)
  }

  nodeOf(name: string): YamlNode | undefined {
    return this.#usable.get(name)?.value
  }

  value(name: string): Located | undefined {
    const entry = this.#usable.get(name)
    return entry === undefined || entry.value.value === null ? undefined : located(entry.value)
  }

  mapping(name: string): Located<JsonObject> | undefined {
    const node = this.nodeOf(name)
    return node?.kind === 'map' ? (located(node) as Located<JsonObject>) : undefined
  }

  condition(name: string): Condition | undefined {
    return this.value(name) as Condition | undefined
  }

  text(name: string): string | undefined {
    const value = this.nodeOf(name)?.value
    return value === undefined || value === null || typeof value === 'object' ? undefined : String(value)
  }

  /** A list of texts, or one text; with `commas` that is cut at its commas. */
  texts(name: string, commas: boolean): readonly string[] {
    const value = this.nodeOf(name)?.value
    if (value === undefined || value === null) return none
    const list = (Array.isArray(value) ? (value as readonly Json[]) : [value]).map((item) =>
      typeof item === 'object' ? '' : String(item),
    )
    const parts = commas ? list.flatMap((item) => item.split(',').map((part) => part.trim())) : list
    return Object.freeze(parts.filter((text) => text !== ''))
  }
}
const none: readonly string[] = Object.freeze([])

/** Checks one entry against the table of keywords, its templates included. Gives whether it can be used. */
export function checkKeyword(entry: Entry, table: Keywords, reading: Reading): boolean {
  const keyword = Object.hasOwn(table, entry.name) ? table[entry.name] : undefined
  if (keyword === undefined) return false
  if (keyword.support === 'later') {
    reading.add(`keyword "${entry.name}" is not supported yet`, place(entry.key))
    return false
  }
  if (!hasShape(entry.value, keyword.shape)) {
    reading.add(
      `"${entry.name}" must be ${shape(keyword.shape).phrase}, not ${described(entry.value.value)}`,
      placeOfValue(entry),
    )
    return false
  }
  if (keyword.shape === 'condition') checkExpressions(entry.value, reading)
  else if (!withoutTemplates.has(keyword.shape)) checkTemplates(entry.value, reading)
  return keyword.support === undefined
}
/** Lists of tasks check their own templates; a module's arguments are checked with it. */
const withoutTemplates = new Set(['tasks', 'handlers', 'action'])

function hasShape({ value }: YamlNode, name: Keywords[string]['shape']): boolean {
  if (typeof value !== 'string')
    return (
      isValid(shape(name).schema, value) && (name !== 'boolean' || value === null || toBoolean(value) !== undefined)
    )
  if (hasTemplate(value)) return isValid(shape(name).schema, value)
  switch (name) {
    case 'boolean':
      return toBoolean(value) !== undefined
    case 'integer':
      return /^\s*[-+]?\d+\s*$/.test(value)
    case 'number':
      return /^\s*[-+]?\d+(?:\.\d*)?\s*$/.test(value)
    case 'mappings':
    case 'list':
      return false
    default:
      return isValid(shape(name).schema, value)
  }
}

function described(value: Json): string {
  if (typeof value === 'string' || typeof value === 'number') return JSON.stringify(value).slice(0, 60)
  return kindOf(value)
}

/** Checks all entries of a mapping; what the table does not know is a problem with the nearest keyword. */
export function readKeywords(node: MapNode, table: Keywords, what: string, reading: Reading): KeywordValues {
  const values = new KeywordValues(node)
  for (const entry of node.entries) {
    if (checkKeyword(entry, table, reading)) values.use(entry)
    else if (!Object.hasOwn(table, entry.name)) unknownKeyword(entry, table, what, reading)
  }
  return values
}

function unknownKeyword(entry: Entry, table: Keywords, what: string, reading: Reading): void {
  reading.add(
    `unknown keyword "${entry.name}" in ${what}`,
    place(entry.key),
    elsewhere(entry.name) ?? didYouMean(entry.name, Object.keys(table)),
  )
}

const tables: readonly (readonly [string, Keywords])[] = [
  ['task', handlerKeywords],
  ['block', blockKeywords],
  ['role', roleKeywords],
  ['play', playKeywords],
]

/** Where a keyword belongs that stands where it does not. */
function elsewhere(name: string): string | undefined {
  const found = tables.find(([, table]) => Object.hasOwn(table, name))
  return found === undefined ? undefined : `it is a keyword of a ${found[0]}`
}

/** The keywords that plays, blocks and tasks share. */
export function inherited(values: KeywordValues): Inherited {
  return {
    become: values.value('become'),
    becomeUser: values.value('become_user'),
    becomeMethod: values.value('become_method'),
    becomeFlags: values.value('become_flags'),
    checkMode: values.value('check_mode'),
    diff: values.value('diff'),
    connection: values.value('connection'),
    remoteUser: values.value('remote_user'),
    port: values.value('port'),
    environment: values.value('environment'),
    ignoreErrors: values.value('ignore_errors'),
    ignoreUnreachable: values.value('ignore_unreachable'),
    anyErrorsFatal: values.value('any_errors_fatal'),
    noLog: values.value('no_log'),
    runOnce: values.value('run_once'),
    throttle: values.value('throttle'),
    timeout: values.value('timeout'),
    delegateTo: values.value('delegate_to'),
    delegateFacts: values.value('delegate_facts'),
    tags: values.texts('tags', true),
    vars: values.mapping('vars'),
    moduleDefaults: values.mapping('module_defaults'),
  }
}

/** Checks that the names in a mapping of variables can be used in expressions. */
export function checkVariableNames(node: YamlNode | undefined, reading: Reading): void {
  for (const { name, key } of node?.kind === 'map' ? node.entries : []) {
    if (isVariableName(name)) continue
    reading.add(`"${name}" cannot be the name of a variable`, place(key), variableNameHint(name))
  }
}
