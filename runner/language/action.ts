import { resolve as resolvePath } from 'node:path'
import { checkArguments } from '../../schema/arguments.ts'
import type { ArgsSchema, JsonObject } from '../../schema/infer.ts'
import type { ActionDefinition } from './actions.ts'
import { hole } from './compose.ts'
import { checkVariableNames } from './keywords.ts'
import { parseFreeForm } from './free-form.ts'
import type { Entry, MapNode } from './node.ts'
import { entryOf, located, mapNode, place, placeIn } from './node.ts'
import type { Position } from './source.ts'
import type { Surroundings } from './surroundings.ts'
import { checkExpressions, checkTemplates, hasTemplate } from './templates.ts'
import type { Action, Located } from './tree.ts'

type Definition = Exclude<ActionDefinition, { readonly kind: 'later' }>

/** An action as it was read: what the tree holds, and the node of its arguments. */
export interface ReadAction {
  readonly action: Action
  readonly args: MapNode
}

/** What stands beside a module in its task. */
export interface Beside {
  readonly args: Entry | undefined
  /** Names of arguments that are not indented below the module: a problem of their own, so not missing as well. */
  readonly misplaced: readonly string[]
}

/** Reads the action that an entry `module: arguments` names, with what `args:` adds. Undefined where it cannot be known. */
export function readAction(
  entry: Entry,
  { args: more, misplaced }: Beside,
  around: Surroundings,
): ReadAction | undefined {
  const definition = resolve(entry, around)
  if (definition === undefined) return undefined
  const own = ownArguments(entry, definition.definition.args, around)
  if (own === undefined) return undefined
  const args = withMore(own, more)
  checkAction(definition, entry, args, { misplaced, around })
  const { kind } = definition
  const { name } = definition.definition
  const action: Action = Object.freeze({
    name,
    written: entry.name,
    kind,
    args: located(args) as Located<JsonObject>,
    at: place(entry.key),
  })
  return { action, args }
}

function resolve(entry: Entry, { reading }: Surroundings): Definition | undefined {
  const found = reading.actions.resolve(entry.name)
  if (found === undefined && entry.name.includes('{{')) {
    reading.add(
      'the name of a module must be known before the run, so it can hold no template',
      place(entry.key),
      'write a task for each module, with "when"',
    )
    return undefined
  }
  if (found === undefined) {
    const near = reading.actions.nearest(entry.name)
    reading.add(
      `unknown module "${entry.name}"`,
      place(entry.key),
      near === undefined ? undefined : `did you mean "${near}"?`,
    )
    return undefined
  }
  if (found.kind !== 'later') return found
  reading.add(
    `"${found.name}" is not part of the language any more`,
    place(entry.key),
    'write include_tasks or import_tasks',
  )
  return undefined
}

function ownArguments({ name, key, value }: Entry, schema: ArgsSchema, { reading }: Surroundings): MapNode | undefined {
  if (value.kind === 'map') return value
  if (value.kind === 'list') {
    reading.add(`the arguments of "${name}" must be a mapping, not a list`, place(value))
    return undefined
  }
  if (value.value === null) return mapNode(key.source, [], key.start, key.end)
  return value.value === hole ? undefined : parseFreeForm(value, schema, reading)
}

/** The arguments with those of `args:`, which those beside the module's name override. */
function withMore(own: MapNode, more: Entry | undefined): MapNode {
  if (more?.value.kind !== 'map') return own
  const added = more.value.entries.filter(({ name }) => entryOf(own, name) === undefined)
  return mapNode(own.source, [...own.entries, ...added], own.start, own.end)
}

interface Checking {
  readonly misplaced: readonly string[]
  readonly around: Surroundings
}

function checkAction(definition: Definition, entry: Entry, args: MapNode, { misplaced, around }: Checking): void {
  const { reading } = around
  const expressions = definition.kind === 'statement' ? (definition.definition.expressions ?? []) : []
  for (const { name, value } of args.entries) {
    if (expressions.includes(name)) checkExpressions(value, reading)
    else checkTemplates(value, reading)
  }
  if (definition.definition.name === 'set_fact') checkFactNames(args, around)
  const defaults = defaultsFor(definition, around)
  const values = { ...defaults.values, ...args.value }
  const checked = checkArguments(definition.definition.args, values, { templated: hasTemplate })
  if (definition.definition.name === 'set_fact' && args.entries.length === 0)
    reading.add('set_fact: sets nothing', place(entry.key), 'give it names and values')
  const told = checked.ok ? new Set() : toldOfDefaults(definition, defaults)
  for (const { message, ...fault } of checked.ok ? [] : checked.faults) {
    const [name] = fault.path
    const said = `${entry.name}: ${message.replace('argument "free_form"', 'argument').replace('"free_form"', 'what it does')}`
    const found = fault.missing?.some((each) => misplaced.includes(each)) === true
    if (name === undefined ? defaults.open || found : entryOf(args, String(name)) === undefined) {
      const at = name === undefined ? undefined : defaults.places.get(String(name))
      if (at !== undefined && !told.has(message)) reading.add(said, at, fault.hint)
    } else
      reading.add(
        said,
        name === undefined ? place(entry.key) : placeIn(args, fault.path, fault.key === true),
        fault.hint,
      )
  }
  if (definition.kind !== 'module') return
  noteFetched(definition.definition.name, args, around)
  checkFile(definition.definition.name, args, around)
}

/** What is wrong in the defaults by themselves: it is said once, where they stand. */
function toldOfDefaults({ definition }: Definition, { values }: Defaults): ReadonlySet<string> {
  const alone = checkArguments(definition.args, values, { templated: hasTemplate })
  return new Set(alone.ok ? [] : alone.faults.map(({ message }) => message))
}

/** Names of facts may be templates, unlike those in `vars`. */
function checkFactNames(args: MapNode, { reading }: Surroundings): void {
  const named = args.entries.filter(({ name }) => !hasTemplate(name))
  checkVariableNames(mapNode(args.source, named, args.start, args.end), reading)
}

interface Defaults {
  readonly values: JsonObject
  readonly places: ReadonlyMap<string, Position>
  /** True where groups of modules, or templates, may give more. */
  readonly open: boolean
}

/** What the `module_defaults` around a task give its module. */
function defaultsFor({ definition }: Definition, { defaults, inRun, reading }: Surroundings): Defaults {
  let values: JsonObject = {}
  const places = new Map<string, Position>()
  let open = inRun === true
  for (const given of defaults) {
    for (const [module, args] of Object.entries(given.value)) {
      const found = reading.actions.resolve(module)
      if (module.startsWith('group/')) open = true
      if (found === undefined || found.kind === 'later' || found.definition !== definition) continue
      // The nearest are in force alone.
      values = {}
      places.clear()
      if (typeof args !== 'object' || args === null || Array.isArray(args)) open = true
      else {
        values = args as JsonObject
        for (const name of Object.keys(args)) places.set(name, given.at(module, name))
      }
    }
  }
  return { values, places, open }
}

/** Modules that take a file of the user's, and where such files are looked for. */
const controllerFiles: { readonly [module: string]: 'files' | 'templates' } = {
  copy: 'files',
  template: 'templates',
  script: 'files',
  unarchive: 'files',
}

/** Takes down where files come to: the text of `dest` up to the first template. */
function noteFetched(module: string, args: MapNode, { reading, directory }: Surroundings): void {
  const dest = module === 'fetch' ? args.value['dest'] : undefined
  if (typeof dest !== 'string') return
  const [known = ''] = dest.split(/\{[{%]/)
  reading.fetched.add(known === '' || known.startsWith('~') ? '/' : resolvePath(directory, known))
}

function checkFile(module: string, args: MapNode, { reading, roles, directory }: Surroundings): void {
  const kind = controllerFiles[module]
  const src = entryOf(args, module === 'script' ? 'cmd' : 'src')
  const exists = reading.options.fileExists
  if (kind === undefined || src === undefined || exists === undefined || typeof src.value.value !== 'string') return
  const remote = args.value['remote_src']
  if (remote !== undefined && remote !== false) return
  const name = module === 'script' ? (src.value.value.split(/\s/)[0] ?? '') : src.value.value
  if (
    name === '' ||
    hasTemplate(name) ||
    [...reading.fetched].some((path) => resolvePath(directory, name).startsWith(path)) ||
    exists(name, kind, src.value.source, [...roles.map(({ path }) => path).toReversed(), directory])
  )
    return
  reading.add(
    `no file "${name}" for ${module}`,
    place(src.value),
    `it is looked for in "${kind}" and beside ${src.value.source.name}`,
  )
}
