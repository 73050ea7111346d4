import { didYouMean } from '../../schema/nearest.ts'
import { kindOf } from '../../schema/validate.ts'
import { optionTypes } from './argument-spec.ts'
import type { KeywordValues } from './keywords.ts'
import type { Entry, MapNode, YamlNode } from './node.ts'
import { entryOf, located, mapNode, place, placeOfValue, scalarNode } from './node.ts'
import { type FoundRole, rolePart } from './role-files.ts'
import type { Position } from './source.ts'
import type { Surroundings } from './surroundings.ts'
import type { Action, Task } from './tree.ts'

/**
 * The task that holds a role's variables to its `argument_specs` before the role's own tasks; undefined where the role has no
 * specification of this entry point. It runs whatever tags are asked for.
 */
export function specTask(
  role: FoundRole,
  tasksFrom: string,
  at: Position,
  meta: KeywordValues | undefined,
  around: Surroundings,
): Task | undefined {
  const entryPoint = tasksFrom.replace(/\.(?:ya?ml|json)$/, '')
  const specs = specsOf(role, meta, around)
  const spec = specs === undefined ? undefined : entryOf(specs, entryPoint)
  if (spec?.value.kind !== 'map') return undefined
  const options = entryOf(spec.value, 'options')
  if (options?.value.kind !== 'map') return undefined
  for (const option of options.value.entries) checkOption(option, around)
  const { source, start, end } = options.value
  const text = (value: string) => scalarNode(source, value, start, end)
  const entry = (name: string, value: YamlNode): Entry => ({ name, key: text(name), value })
  const context = mapNode(
    source,
    [entry('name', text(role.name)), entry('argument_spec_name', text(entryPoint)), entry('path', text(role.path))],
    start,
    end,
  )
  const args = mapNode(
    source,
    [entry('argument_spec', bare(options.value)), entry('validate_args_context', context)],
    start,
    end,
  )
  const summary = spec.value.value['short_description']
  return Object.freeze({
    ...unset,
    name: `Validating arguments against arg spec '${entryPoint}'${typeof summary === 'string' ? ` - ${summary}` : ''}`,
    at,
    action: Object.freeze({
      name: 'validate_argument_spec',
      written: 'validate_argument_spec',
      kind: 'statement',
      args: located(args) as Action['args'],
      at,
    }),
  })
}

const none: readonly string[] = Object.freeze([])
const unset: Omit<Task, 'name' | 'at' | 'action'> = Object.freeze({
  kind: 'task',
  tags: Object.freeze(['always']),
  when: undefined,
  loop: undefined,
  register: undefined,
  changedWhen: undefined,
  failedWhen: undefined,
  until: undefined,
  retries: undefined,
  delay: undefined,
  notify: none,
  listen: none,
})

/** From `meta/argument_specs.yml`, else from `meta/main.yml`. */
function specsOf(role: FoundRole, meta: KeywordValues | undefined, { reading }: Surroundings): MapNode | undefined {
  const own = rolePart(role, 'meta', 'argument_specs', reading)
  const node = own?.kind === 'map' ? entryOf(own, 'argument_specs')?.value : meta?.nodeOf('argument_specs')
  return node?.kind === 'map' ? node : undefined
}

function checkOption({ name, key, value }: Entry, around: Surroundings): void {
  const { reading } = around
  if (value.kind !== 'map') {
    reading.add(`the specification of "${name}" must be a mapping, not ${kindOf(value.value)}`, place(key))
    return
  }
  for (const word of ['type', 'elements']) {
    const type = entryOf(value, word)
    if (type === undefined || (typeof type.value.value === 'string' && optionTypes.has(type.value.value))) continue
    reading.add(
      `"${word}" of "${name}" must be one of ${[...optionTypes].join(', ')}`,
      placeOfValue(type),
      typeof type.value.value === 'string' ? didYouMean(type.value.value, optionTypes) : undefined,
    )
  }
  const inner = entryOf(value, 'options')
  for (const option of inner?.value.kind === 'map' ? inner.value.entries : []) checkOption(option, around)
}

/** What of a specification decides: descriptions and defaults may hold anything, templates among it. */
const deciding: ReadonlySet<string> = new Set(['type', 'elements', 'required', 'choices', 'default', 'options'])

function bare(options: MapNode): MapNode {
  const entries = options.entries.map((option): Entry => {
    if (option.value.kind !== 'map') return option
    const kept = option.value.entries.flatMap((entry): readonly Entry[] => {
      if (!deciding.has(entry.name)) return []
      if (entry.name === 'options' && entry.value.kind === 'map') return [{ ...entry, value: bare(entry.value) }]
      return entry.name === 'default' ? [{ ...entry, value: given(entry.value) }] : [entry]
    })
    const { source, start, end } = option.value
    return { ...option, value: mapNode(source, kept, start, end) }
  })
  return mapNode(options.source, entries, options.start, options.end)
}

/** Of a default it matters only that there is one. */
const given = ({ source, start, end, value }: YamlNode): YamlNode =>
  scalarNode(source, value === null ? null : true, start, end)
