import { entryOf, type MapNode, place, placeOfValue, type YamlNode } from '../language/node.ts'
import type { Position } from '../language/source.ts'
import { didYouMean } from '../../schema/nearest.ts'
import type { InventoryDraft } from './draft.ts'

/** An entry of `keyed_groups`: groups that are named after the values of an expression. */
export interface KeyedGroup {
  /** An expression. */
  readonly key: YamlNode
  readonly prefix: string
  readonly separator: string
  /** A template. */
  readonly parent: YamlNode | undefined
  /** In place of an empty value. */
  readonly defaultValue: string | undefined
  /** Whether a mapping's key with an empty value keeps the separator behind it. */
  readonly trailingSeparator: boolean
  /** Whether a name without a prefix begins with the separator. */
  readonly leadingSeparator: boolean
  readonly at: Position
}

const KEYS = ['key', 'prefix', 'separator', 'parent_group', 'default_value', 'trailing_separator']

/** Reads `keyed_groups`; what is wrong is among the draft's problems. */
export function readKeyedGroups(root: MapNode, draft: InventoryDraft): readonly KeyedGroup[] {
  const entry = entryOf(root, 'keyed_groups')
  if (entry === undefined || entry.value.value === null) return []
  const leadingSeparator = entryOf(root, 'leading_separator')?.value.value !== false
  if (entry.value.kind !== 'list') {
    draft.problems.push({ message: '"keyed_groups" is not a list', at: placeOfValue(entry), hint: 'write "- key: …"' })
    return []
  }
  return entry.value.items.flatMap((item) => readOne(item, leadingSeparator, draft) ?? [])
}

function readOne(item: YamlNode, leadingSeparator: boolean, draft: InventoryDraft): KeyedGroup | undefined {
  const wrong = (message: string, at: Position, hint?: string): undefined => {
    draft.problems.push({ message, at, hint })
  }
  if (item.kind !== 'map')
    return wrong('an entry of "keyed_groups" is a mapping', place(item), 'write "key: expression"')
  for (const { name, key } of item.entries)
    if (!KEYS.includes(name)) wrong(`unknown key "${name}" of a keyed group`, place(key), didYouMean(name, KEYS))
  const key = entryOf(item, 'key')
  if (key === undefined || key.value.value === null) return wrong('a keyed group needs "key"', place(item))
  const text = (name: string): string | undefined => {
    const value = entryOf(item, name)?.value.value
    return value === undefined || value === null ? undefined : textOf(value)
  }
  const trailing = entryOf(item, 'trailing_separator')
  const defaultValue = text('default_value')
  if (defaultValue !== undefined && trailing !== undefined)
    return wrong('"default_value" and "trailing_separator" exclude each other', place(trailing.key))
  return {
    key: key.value,
    prefix: text('prefix') ?? '',
    separator: text('separator') ?? '_',
    parent: entryOf(item, 'parent_group')?.value,
    defaultValue,
    trailingSeparator: trailing?.value.value !== false,
    leadingSeparator,
    at: place(item),
  }
}

/** The groups that a key's value stands for: one for a text or number, one for each entry of a list or mapping; none where it is empty. */
export function groupNames(keyed: KeyedGroup, value: unknown): readonly string[] {
  const { prefix, separator, leadingSeparator } = keyed
  const before = prefix === '' && !leadingSeparator ? '' : `${prefix}${separator}`
  return bareNames(keyed, value)
    .map((name) => `${before}${name}`)
    .filter((name) => name !== '')
    .map(groupName)
}

function bareNames({ separator, defaultValue, trailingSeparator }: KeyedGroup, value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.map((item) => textOf(item) || (defaultValue ?? ''))
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).map(([name, inner]) => {
      const text = textOf(inner) || defaultValue
      return text === undefined && !trailingSeparator ? name : `${name}${separator}${text ?? ''}`
    })
  }
  const text = textOf(value) || defaultValue
  return text === undefined ? [] : [text]
}

const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''

/** A name that is a valid group's: what may not be in it becomes `_`. */
export const groupName = (text: string): string => text.replaceAll(/[^\p{L}\p{N}_]/gu, '_').replace(/^\d/, '_')
