import { didYouMean } from '../../schema/nearest.ts'
import { checkSpecs } from './argument-spec-check.ts'
import type { KeywordValues } from './keywords.ts'
import type { Entry, MapNode, YamlNode } from './node.ts'
import { entryOf, located, mapNode, place, scalarNode } from './node.ts'
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
  const entry = own?.kind === 'map' ? entryOf(own, 'argument_specs') : undefined
  if (own?.kind === 'map' && entry === undefined) {
    const near = own.entries.find(({ name }) => didYouMean(name, ['argument_specs']) !== undefined)
    reading.add('"argument_specs" is missing', place(near?.key ?? own), 'write it above the entry points')
  }
  const node = own?.kind === 'map' ? entry?.value : meta?.nodeOf('argument_specs')
  if (node?.kind !== 'map') return undefined
  checkSpecs(node, reading)
  return node
}

/** What of a specification decides: descriptions and defaults may hold anything, templates among it. */
const deciding: ReadonlySet<string> = new Set([
  'type',
  'elements',
  'required',
  'choices',
  'default',
  'options',
  'no_log',
])

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
