import type { Json, JsonObject } from '../../schema/infer.ts'
import { positionAt } from './position.ts'
import type { Position, SourceFile } from './source.ts'
import type { Located } from './tree.ts'

/** A YAML value with its place: aliases resolved, merge keys merged, scalars of the type that Ansible reads. Frozen. */
export type YamlNode = ScalarNode | ListNode | MapNode

interface Placed {
  readonly source: SourceFile
  /** Offsets into the source. An empty value has `end === start`. */
  readonly start: number
  readonly end: number
  /** How many values it stands for, aliases written out. */
  readonly size: number
}
export interface ScalarNode extends Placed {
  readonly kind: 'scalar'
  readonly value: null | boolean | number | string
}
export interface ListNode extends Placed {
  readonly kind: 'list'
  readonly value: readonly Json[]
  readonly items: readonly YamlNode[]
}
export interface MapNode extends Placed {
  readonly kind: 'map'
  readonly value: JsonObject
  readonly entries: readonly Entry[]
}
/** A key and its value. */
export interface Entry {
  readonly name: string
  readonly key: ScalarNode
  readonly value: YamlNode
}

/** Where a node stands: of a mapping in block style, its first key. */
export function place(node: YamlNode): Position {
  const first = node.kind === 'map' && node.source.text[node.start] !== '{' ? node.entries[0] : undefined
  return first !== undefined && first.key.start === node.start
    ? positionAt(node.source, first.key.start, first.key.end)
    : positionAt(
        node.source,
        node.start,
        node.kind === 'list' && node.source.text[node.start] === '-' ? node.start + 1 : node.end,
      )
}

/** Where a value stands; of an empty one, its key. */
export function placeOfValue({ key, value }: Entry): Position {
  return value.end === value.start ? place(key) : place(value)
}

export function entryOf(node: MapNode, name: string): Entry | undefined {
  return node.entries.find((entry) => entry.name === name)
}

const nodes = new WeakMap<Located, YamlNode>()

/** The value of a node, with the places of what is in it, which are looked up when they are asked for. */
export function located(node: YamlNode): Located {
  const made: Located = Object.freeze({
    value: node.value,
    at: (...path: readonly (string | number)[]) => placeIn(node, path),
  })
  nodes.set(made, node)
  return made
}

/** The node that a value was made from; undefined for one that was put together from several. */
export function nodeOf(value: Located): YamlNode | undefined {
  return nodes.get(value)
}

/** The place of what a path leads to, or the nearest enclosing one. `key` asks for that of the last name instead of its value. */
export function placeIn(node: YamlNode, path: readonly (string | number)[], key = false): Position {
  const [step, ...rest] = path
  if (step === undefined) return place(node)
  if (node.kind === 'list') {
    const item = node.items[Number(step)]
    return item === undefined ? place(node) : placeIn(item, rest, key)
  }
  const entry = node.kind === 'map' ? entryOf(node, String(step)) : undefined
  if (entry === undefined) return place(node)
  if (rest.length > 0) return placeIn(entry.value, rest, key)
  return key ? place(entry.key) : placeOfValue(entry)
}

/** A scalar that stands for part of another: a word of a free form. */
export function scalarNode(source: SourceFile, value: ScalarNode['value'], start: number, end: number): ScalarNode {
  return Object.freeze({ kind: 'scalar', source, value, start, end, size: 1 })
}

export function listNode(source: SourceFile, items: readonly YamlNode[], start: number, end: number): ListNode {
  const size = items.reduce((sum, item) => sum + item.size, 1)
  const value = Object.freeze(items.map((item) => item.value))
  return Object.freeze({ kind: 'list', source, value, items: Object.freeze(items), start, end, size })
}

export function mapNode(source: SourceFile, entries: readonly Entry[], start: number, end: number): MapNode {
  const size = entries.reduce((sum, entry) => sum + entry.value.size, 1)
  const value: Record<string, Json> = {}
  for (const { name, value: item } of entries) {
    // A plain assignment would lose a key that is called `__proto__`.
    Object.defineProperty(value, name, { value: item.value, enumerable: true })
  }
  return Object.freeze({
    kind: 'map',
    source,
    value: Object.freeze(value),
    entries: Object.freeze(entries),
    start,
    end,
    size,
  })
}
