import { toBoolean } from '../../schema/coerce.ts'
import { didYouMean } from '../../schema/nearest.ts'
import { kindOf } from '../../schema/validate.ts'
import { optionTypes } from './argument-spec.ts'
import type { Entry, MapNode, YamlNode } from './node.ts'
import { place, placeOfValue } from './node.ts'
import type { Reading } from './reading.ts'

/** What may be said of an entry point; all but the options is for people. */
const entryPointKeys: ReadonlySet<string> = new Set([
  'short_description',
  'description',
  'author',
  'version_added',
  'notes',
  'seealso',
  'examples',
  'requirements',
  'attributes',
  'todo',
  'deprecated',
  'extends_documentation_fragment',
  'options',
])

/** What may be said of an option, and the kind of its value where that is not any. */
const optionKeys: ReadonlyMap<string, 'boolean' | 'list' | 'mapping' | 'type' | 'any'> = new Map([
  ['type', 'type'],
  ['elements', 'type'],
  ['required', 'boolean'],
  ['choices', 'list'],
  ['options', 'mapping'],
  ['no_log', 'boolean'],
  ['apply_defaults', 'boolean'],
  ['aliases', 'list'],
  ['default', 'any'],
  ['description', 'any'],
  ['version_added', 'any'],
  ['version_added_collection', 'any'],
  ['suboptions', 'any'],
  ['sample', 'any'],
  ['deprecated', 'any'],
  ['deprecated_aliases', 'any'],
  ['removed_in_version', 'any'],
  ['removed_at_date', 'any'],
  ['removed_from_collection', 'any'],
  ['fallback', 'any'],
  ['mutually_exclusive', 'list'],
  ['required_together', 'list'],
  ['required_one_of', 'list'],
  ['required_if', 'list'],
  ['required_by', 'mapping'],
])

/** Finds what is wrong in the specifications of a role's arguments, those of all its entry points. */
export function checkSpecs(specs: MapNode, reading: Reading): void {
  for (const entry of specs.entries) {
    const spec = mapping(entry, `the specification of the entry point "${entry.name}"`, reading)
    for (const said of spec?.entries ?? []) {
      if (!entryPointKeys.has(said.name)) unknown(said, 'an entry point', entryPointKeys, reading)
      else if (said.name === 'options' && said.value.value !== null) checkOptions(said, reading)
    }
  }
}

function checkOptions(options: Entry, reading: Reading): void {
  for (const option of mapping(options, `"${options.name}"`, reading)?.entries ?? []) {
    for (const said of mapping(option, `the specification of "${option.name}"`, reading)?.entries ?? [])
      checkOption(option.name, said, reading)
  }
}

function checkOption(option: string, said: Entry, reading: Reading): void {
  const { name, value } = said
  const kind = optionKeys.get(name)
  if (kind === undefined) unknown(said, `the specification of "${option}"`, optionKeys.keys(), reading)
  if (kind === undefined || kind === 'any' || value.value === null) return
  if (name === 'options') checkOptions(said, reading)
  else if (kind === 'type') checkType(option, said, reading)
  else if (!isOf(kind, value))
    reading.add(`"${name}" of "${option}" must be a ${kind}, not ${kindOf(value.value)}`, placeOfValue(said))
}

function isOf(kind: 'boolean' | 'list' | 'mapping', { value, kind: node }: YamlNode): boolean {
  switch (kind) {
    case 'boolean':
      return toBoolean(value) !== undefined
    case 'list':
      return node === 'list'
    case 'mapping':
      return node === 'map'
  }
}

function checkType(option: string, type: Entry, reading: Reading): void {
  const { value } = type.value
  if (typeof value === 'string' && optionTypes.has(value)) return
  reading.add(
    `"${type.name}" of "${option}" must be one of ${[...optionTypes].join(', ')}`,
    placeOfValue(type),
    typeof value === 'string' ? didYouMean(value, optionTypes) : undefined,
  )
}

function mapping(entry: Entry, what: string, reading: Reading): MapNode | undefined {
  if (entry.value.kind === 'map') return entry.value
  reading.add(`${what} must be a mapping, not ${kindOf(entry.value.value)}`, place(entry.key))
  return undefined
}

function unknown({ name, key }: Entry, where: string, names: Iterable<string>, reading: Reading): void {
  reading.add(`unknown key "${name}" in ${where}`, place(key), didYouMean(name, names))
}
