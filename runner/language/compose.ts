import { isAlias, isMap, isScalar, isSeq } from 'yaml'
import type { Alias, Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml'
import { didYouMean } from '../../schema/nearest.ts'
import type { Entry, MapNode, ScalarNode, YamlNode } from './node.ts'
import { listNode, mapNode, place, scalarNode } from './node.ts'
import { positionAt } from './position.ts'
import { plainScalar } from './scalar.ts'
import type { Problem, SourceFile } from './source.ts'
import { vaultedTemplate } from './vault.ts'

/** What a value that is wrong is read as: a text that any type takes, so that one mistake makes one problem. */
export const hole = '{{ omit }}'
const maxDepth = 100
/** How many values a document may stand for when its aliases are written out. */
const maxSize = 1_000_000
const coreTag = 'tag:yaml.org,2002:'

/** Turns one document of the library into nodes: types, tags, aliases, merge keys, and what can be wrong with them. */
export class Composer {
  readonly problems: Problem[] = []
  readonly #source: SourceFile
  readonly #anchors = new Map<string, YamlNode | 'open'>()
  #size = 0

  constructor(source: SourceFile) {
    this.#source = source
  }

  node(node: unknown, depth: number): YamlNode {
    const [start, end] = rangeOf(node)
    if (depth > maxDepth) return this.#problem(`nested more than ${maxDepth} levels deep`, start, end)
    if (isAlias(node)) return this.#alias(node, start, end)
    const anchor = isScalar(node) || isMap(node) || isSeq(node) ? node.anchor : undefined
    if (anchor !== undefined) this.#anchors.set(anchor, 'open')
    const made = this.#bare(node, depth, start, end)
    if (anchor !== undefined) this.#anchors.set(anchor, made)
    return made
  }

  #bare(node: unknown, depth: number, start: number, end: number): YamlNode {
    if (isScalar(node)) return this.#scalar(node, start, end)
    if (isSeq(node)) return this.#list(node, depth, start, end)
    if (isMap(node)) return this.#map(node, depth, start, end)
    return scalarNode(this.#source, null, start, start)
  }

  #problem(message: string, start: number, end: number, hint?: string): ScalarNode {
    this.problems.push({ message, at: positionAt(this.#source, start, end), hint })
    return scalarNode(this.#source, hole, start, end)
  }

  #alias(alias: Alias, start: number, end: number): YamlNode {
    const target = this.#anchors.get(alias.source)
    if (target === undefined)
      return this.#problem(
        `unknown anchor "${alias.source}"`,
        start,
        end,
        `quote it if it is text, or write "&${alias.source}" before the value that it stands for`,
      )
    if (target === 'open') return this.#problem(`"*${alias.source}" is inside the value that it stands for`, start, end)
    this.#size += target.size
    if (this.#size > maxSize) return this.#problem('the aliases of this file stand for too many values', start, end)
    return target
  }

  #scalar(scalar: Scalar, start: number, end: number): ScalarNode {
    const text = typeof scalar.value === 'string' ? scalar.value : ''
    return scalarNode(
      this.#source,
      this.#value(scalar, text, start, end),
      start,
      this.#source.text.slice(start, end).trimEnd().length + start,
    )
  }

  #value(scalar: Scalar, text: string, start: number, end: number): ScalarNode['value'] {
    const { tag } = scalar
    if (tag === undefined) return scalar.type === 'PLAIN' || scalar.type === undefined ? plainScalar(text) : text
    switch (tag) {
      case '!':
      case `${coreTag}str`:
        return text
      case '!unsafe':
        return this.#unsafe(text, start, end)
      case '!vault':
      case '!vault-encrypted':
        return (
          vaultedTemplate(text) ??
          this.#tagProblem(
            'this is no proper text of ansible-vault',
            tag,
            start,
            'drover vault encrypt-string makes one',
          )
        )
      case `${coreTag}int`:
      case `${coreTag}float`:
      case `${coreTag}bool`:
      case `${coreTag}null`:
        return plainScalar(text)
      default:
        return this.#tagProblem(
          `unknown tag "${tag.replace(coreTag, '!!')}"`,
          tag.replace(coreTag, '!!'),
          start,
          tagHint(tag),
        )
    }
  }

  #tagProblem(message: string, tag: string, start: number, hint?: string): string {
    const before = this.#source.text.lastIndexOf(tag, start)
    const at = before < 0 ? start : before
    this.#problem(message, at, at + tag.length, hint)
    return hole
  }

  /** Text that no template in it may change: kept from being read as one. */
  #unsafe(text: string, start: number, end: number): ScalarNode['value'] {
    if (!/\{[{%#]/.test(text)) return text
    if (/\{%[-+]?\s*endraw/.test(text))
      return this.#problem('an !unsafe text may not hold {% endraw %}', start, end).value
    return `{% raw %}${text}{% endraw %}`
  }

  /** `!vault` and `!unsafe` are for texts. */
  #tagged(node: YAMLSeq | YAMLMap, start: number): void {
    const { tag } = node
    if (tag === '!vault' || tag === '!vault-encrypted')
      this.#tagProblem(`"${tag}" is for text, not for ${isSeq(node) ? 'a list' : 'a mapping'}`, tag, start)
  }

  #list(list: YAMLSeq, depth: number, start: number, end: number): YamlNode {
    this.#tagged(list, start)
    return listNode(
      this.#source,
      list.items.map((item) => this.node(item, depth + 1)),
      start,
      end,
    )
  }

  #map(map: YAMLMap, depth: number, start: number, end: number): YamlNode {
    const template = this.#unquoted(map, start)
    if (template !== undefined) return template
    this.#tagged(map, start)
    const own = new Map<string, Entry>()
    const merged: MapNode[] = []
    for (const pair of map.items) {
      const entry = this.#entry(pair, depth)
      if (entry === undefined) continue
      if (entry.name === '<<' && this.#isMerge(pair)) merged.push(...this.#merge(entry.value))
      else if (own.has(entry.name)) this.#duplicate(entry, own.get(entry.name))
      else own.set(entry.name, entry)
    }
    // What stands in the mapping itself overrides what is merged, and of several merged ones, the first.
    for (const entry of merged.flatMap(({ entries }) => entries)) if (!own.has(entry.name)) own.set(entry.name, entry)
    const entries = [...own.values()]
    return mapNode(this.#source, entries, start, end)
  }

  #entry(pair: Pair, depth: number): Entry | undefined {
    const [start, end] = rangeOf(pair.key)
    if (isAlias(pair.key)) {
      const target = this.#alias(pair.key, start, end)
      const key =
        target.kind === 'scalar' ? target : this.#problem('a key must be text, not a list or a mapping', start, end)
      return {
        name: String(key.value),
        key: scalarNode(this.#source, key.value, start, end),
        value: this.node(pair.value, depth + 1),
      }
    }
    if (!isScalar(pair.key)) {
      this.#problem(
        'a key must be text, not a list or a mapping',
        start,
        end,
        'a value that begins with "{" or "[" has to be quoted',
      )
      return undefined
    }
    const key = this.#scalar(pair.key, start, end)
    if (pair.key.anchor !== undefined) this.#anchors.set(pair.key.anchor, key)
    const value = pair.value === null ? scalarNode(this.#source, null, end, end) : this.node(pair.value, depth + 1)
    return { name: typeof pair.key.value === 'string' ? pair.key.value : String(key.value), key, value }
  }

  #isMerge(pair: Pair): boolean {
    return isScalar(pair.key) && pair.key.type === 'PLAIN'
  }

  /** The mappings of a merge key: of several, the first has a name's value. */
  #merge(value: YamlNode): readonly MapNode[] {
    if (value.kind === 'map') return [value]
    const maps = value.kind === 'list' ? value.items.filter((item) => item.kind === 'map') : []
    if (value.kind === 'list' && maps.length === value.items.length) return maps
    this.#problem('"<<" takes a mapping or a list of mappings', value.start, value.end)
    return []
  }

  #duplicate(entry: Entry, first: Entry | undefined): void {
    const line = first === undefined ? '' : `the first is in line ${place(first.key).line}`
    this.#problem(`duplicate key ${JSON.stringify(entry.name)}`, entry.key.start, entry.key.end, line)
  }

  /** `key: {{ x }}` is a mapping within a mapping to YAML. Nobody means that. */
  #unquoted(map: YAMLMap, start: number): ScalarNode | undefined {
    const inner = map.items[0]?.key
    if (map.items.length !== 1 || !this.#source.text.startsWith('{{', start) || !isMap(inner)) return undefined
    const close = this.#source.text.indexOf('}}', start)
    const text = close === -1 ? '{{' : this.#source.text.slice(start, close + 2)
    return this.#problem('a value that begins with "{{" must be quoted', start, start + text.length, quotedHint(text))
  }
}

const tagHint = (tag: string): string | undefined =>
  didYouMean(tag, ['!vault', '!unsafe']) ??
  (tag.startsWith('!include')
    ? 'use vars_files or include_vars'
    : 'the tags are !vault and !unsafe; quote it if it is text')

/** How to write it instead, in the quotes that it has not. */
export function quotedHint(text: string): string {
  return `write ${text.includes('"') ? `'${text.replaceAll("'", "''")}'` : `"${text}"`}`
}

function rangeOf(node: unknown): readonly [number, number] {
  const range = typeof node === 'object' && node !== null && 'range' in node ? node.range : undefined
  if (!Array.isArray(range)) return [0, 0]
  const [start, end] = range as readonly unknown[]
  return [Number(start), Number(end)]
}
