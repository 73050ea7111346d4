import { blockKeywords } from '../../schema/block.ts'
import { playKeywords } from '../../schema/play.ts'
import { roleKeywords } from '../../schema/role.ts'
import { handlerKeywords } from '../../schema/task.ts'
import { didYouMean } from '../../schema/nearest.ts'
import type { Keywords } from '../../schema/shapes.ts'
import { shape } from '../../schema/shapes.ts'
import { isValid, kindOf } from '../../schema/validate.ts'
import { toBoolean } from '../../schema/coerce.ts'
import { checkModuleDefaults } from './module-defaults.ts'
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

  /** A mapping, or those of a list. */
  mappings(name: string): readonly Located<JsonObject>[] {
    const node = this.nodeOf(name)
    const all = node?.kind === 'list' ? node.items : node === undefined ? [] : [node]
    return Object.freeze(all.filter(({ kind }) => kind === 'map').map((one) => located(one) as Located<JsonObject>))
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
    const item = wrongItem(entry.value, keyword.shape)
    const message = `"${entry.name}" must be ${shape(keyword.shape).phrase}, not ${described(entry.value.value)}`
    if (item === undefined) reading.add(message, placeOfValue(entry), shapeHint(entry.value, keyword.shape))
    else reading.add(`"${entry.name}" may not hold ${described(item.value)}`, place(item))
    return false
  }
  if (entry.name === 'module_defaults') checkModuleDefaults(entry.value, reading)
  if (keyword.shape === 'condition') checkExpressions(entry.value, reading)
  else if (!withoutTemplates.has(keyword.shape)) checkTemplates(entry.value, reading)
  return keyword.support === undefined
}
/** Lists of tasks check their own templates; a module's arguments are checked with it. */
const withoutTemplates = new Set(['tasks', 'handlers', 'action'])

function hasShape(node: YamlNode, name: Keywords[string]['shape']): boolean {
  const { value } = node
  if (typeof value !== 'string')
    return (
      isValid(shape(name).schema, value) &&
      (name !== 'boolean' || value === null || toBoolean(value) !== undefined) &&
      (node.kind !== 'list' || !node.items.some((item) => isBareText(item, name)))
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

/** Where a list is allowed: the entry of it that is not. */
function wrongItem(node: YamlNode, name: Keywords[string]['shape']): YamlNode | undefined {
  if (node.kind !== 'list' || !isValid(shape(name).schema, [])) return undefined
  return node.items.find((item) => !isValid(shape(name).schema, [item.value]) || isBareText(item, name))
}

/** A text that stands where a mapping should, and is no template of one. */
const isBareText = ({ value }: YamlNode, name: Keywords[string]['shape']): boolean =>
  name === 'mappings' && typeof value === 'string' && !hasTemplate(value)

/** How to write what was meant. */
function shapeHint(node: YamlNode, name: Keywords[string]['shape']): string | undefined {
  const { value } = node
  switch (name) {
    case 'tasks':
    case 'handlers':
      if (node.kind === 'map' && node.entries.every((entry) => entry.name.startsWith('-')))
        return 'a blank is missing after the dash'
      return node.kind === 'map' ? `begin each ${name.slice(0, -1)} with "- "` : undefined
    case 'mapping':
    case 'mappings':
      if (node.kind === 'list') return 'write "name: value" without dashes'
      return typeof value === 'string' && value.includes('=') ? 'write "name: value"' : undefined
    case 'list':
      return node.kind === 'scalar' ? `write "[${String(node.value)}]"` : 'begin each entry with "- "'
    case 'number':
    case 'integer':
      return typeof value === 'string' && /^[\d.]+%$/.test(value) ? `write ${value.slice(0, -1)}` : undefined
    default:
      return undefined
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
  reading.add(`unknown keyword "${entry.name}" in ${what}`, place(entry.key), keywordHint(entry.name, table, reading))
}

const tables: readonly (readonly [string, Keywords])[] = [
  ['task', handlerKeywords],
  ['block', blockKeywords],
  ['role', roleKeywords],
  ['play', playKeywords],
]

/** What the user may have meant by a keyword that is not known where it stands. */
export function keywordHint(name: string, table: Keywords, { actions }: Reading): string | undefined {
  const names = [...Object.keys(table), ...(Object.hasOwn(table, 'hosts') ? ['import_playbook'] : [])]
  const old = replaced.get(name)
  if (old !== undefined) return `write "${old}"`
  if (names.includes(`${name}s`)) return `did you mean "${name}s"?`
  const found = tables.find(([, other]) => Object.hasOwn(other, name))
  if (found !== undefined) return `it is a keyword of a ${found[0]}`
  if (actions.resolve(name) !== undefined) return 'it is a module: make it a task below "tasks:" or "block:"'
  return didYouMean(name, names)
}

/** Keywords of Ansible's first versions, and what says the same today. */
const replaced: ReadonlyMap<string, string> = new Map([
  ['sudo', 'become'],
  ['su', 'become'],
  ['sudo_user', 'become_user'],
  ['su_user', 'become_user'],
  ['include', 'import_playbook'],
  ['only_if', 'when'],
  ['when_changed', 'when'],
])

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
    moduleDefaults: values.mappings('module_defaults'),
  }
}

/** Checks that the names in a mapping of variables can be used in expressions. */
export function checkVariableNames(node: YamlNode | undefined, reading: Reading): void {
  for (const { name, key } of node?.kind === 'map' ? node.entries : []) {
    if (isVariableName(name)) continue
    reading.add(`"${name}" cannot be the name of a variable`, place(key), variableNameHint(name))
  }
}
