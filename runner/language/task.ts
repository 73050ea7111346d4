import { handlerKeywords, taskKeywords } from '../../schema/task.ts'
import { canonicalName } from '../../schema/coerce.ts'
import { didYouMean } from '../../schema/nearest.ts'
import type { Keywords } from '../../schema/shapes.ts'
import type { ReadAction } from './action.ts'
import { readAction } from './action.ts'
import { noteHandler, noteNotified } from './handlers.ts'
import { importTasks, includeTasks } from './imports.ts'
import { checkIncludeKeywords } from './include-keywords.ts'
import { importRole, includeRole } from './role-statements.ts'
import { KeywordValues, checkKeyword, checkVariableNames, inherited, keywordHint } from './keywords.ts'
import { withApply } from './apply.ts'
import { readLoop, variable } from './loop.ts'
import type { Entry, MapNode } from './node.ts'
import { entryOf, located, mapNode, place, scalarNode } from './node.ts'
import type { Surroundings } from './surroundings.ts'
import type { Node, Task } from './tree.ts'

/** Reads a task or handler; of an import, the block of what it imports. Undefined where there is nothing to run. */
export function readTask(node: MapNode, around: Surroundings): Node | undefined {
  const { reading, section } = around
  const table = section === 'handlers' ? handlerKeywords : taskKeywords
  const values = new KeywordValues(node)
  const others: Entry[] = []
  for (const entry of node.entries) {
    if (checkKeyword(entry, table, reading)) values.use(entry)
    else if (!Object.hasOwn(table, entry.name) && !entry.name.startsWith('with_')) others.push(entry)
  }
  const inside = withDefaults(values, around)
  const read = readOne(values, others, table, inside)
  checkVariableNames(values.nodeOf('vars'), reading)
  noteHandler(values, around)
  noteNotified(values.nodeOf('notify'), around)
  const made = read === undefined ? undefined : makeTask(values, read, inside)
  const task = made === undefined || read === undefined ? undefined : withApply(made, read.args, inside)
  if (task === undefined || read === undefined || task.action.kind !== 'statement') return task
  if (/^include_(?:tasks|role)$/.test(task.action.name)) checkIncludeKeywords(task.action.written, values, reading)
  switch (task.action.name) {
    case 'import_tasks':
      return importTasks(task, values, read.args, inside)
    case 'import_role':
      return importRole(task, values, read.args, inside)
    case 'include_tasks':
      includeTasks(read.args, task, inside)
      return task
    case 'include_role':
      includeRole(task, read.args, inside)
      return task
    default:
      return task
  }
}

/** The surroundings of what is in a block or task with `module_defaults` of its own. */
export function withDefaults(values: KeywordValues, around: Surroundings): Surroundings {
  return { ...around, defaults: [...around.defaults, ...values.mappings('module_defaults')] }
}

/** The one action of a task. What is neither a keyword nor a module is a problem, as is a second module. */
function readOne(
  values: KeywordValues,
  others: readonly Entry[],
  table: Keywords,
  around: Surroundings,
): ReadAction | undefined {
  const { reading } = around
  const explicit = ['action', 'local_action'].flatMap((name) => explicitAction(values.entry(name), around))
  const modules = others.filter((entry) => reading.actions.resolve(entry.name) !== undefined)
  const unknown = others.filter((entry) => !modules.includes(entry))
  const [first, second] = [...explicit, ...modules]
  if (second !== undefined && first !== undefined) {
    reading.add(
      `a task has one module, but "${first.name}" and "${second.name}" are both given`,
      place(second.key),
      'make it two tasks',
    )
  }
  // Without a module, the first unknown name was most likely meant to be one.
  const [guess] = first === undefined ? unknownModule(unknown, table, around) : []
  for (const entry of unknown) if (entry !== guess) unknownKey(entry, first, table, around)
  if (first === undefined && guess === undefined && !hasUnusableAction(values)) {
    reading.add('this task names no module', place(values.node), 'add what it should do: "command: …", "copy: …"')
  }
  const action = first ?? guess
  return action === undefined
    ? undefined
    : readAction(action, { args: values.entry('args'), misplaced: unknown.map(({ name }) => name) }, around)
}

const hasUnusableAction = ({ node }: KeywordValues) =>
  entryOf(node, 'action') !== undefined || entryOf(node, 'local_action') !== undefined

/** The entry that looks most like a module: not one that is nearly a keyword. */
function unknownModule(unknown: readonly Entry[], table: Keywords, { reading }: Surroundings): readonly Entry[] {
  const near = (name: string) => reading.actions.nearest(name) ?? name
  return unknown.filter(
    ({ name }) =>
      didYouMean(name, Object.keys(table)) === undefined || (near(name) !== name && name.startsWith(near(name))),
  )
}

function unknownKey(
  entry: Entry,
  module: Entry | undefined,
  table: Keywords,
  { reading, section }: Surroundings,
): void {
  const found = module === undefined ? undefined : reading.actions.resolve(module.name)
  const argument =
    found !== undefined &&
    found.kind !== 'later' &&
    canonicalName(found.definition.args.properties, entry.name) !== undefined
  const names = [...Object.keys(table), ...(section === 'tasks' && entry.name === 'listen' ? ['listen'] : [])]
  const near = argument
    ? `it is an argument of ${module?.name ?? ''}: indent it below "${module?.name ?? ''}:"`
    : (didYouMean(entry.name, names) ?? keywordHint(entry.name, table, reading))
  const hint = entry.name === 'listen' ? 'only handlers listen' : near
  reading.add(
    `unknown keyword "${entry.name}" in a ${section === 'handlers' ? 'handler' : 'task'}`,
    place(entry.key),
    hint,
  )
}

/** `action: copy src=a dest=b`, `action: {module: copy, …}` as an entry `copy: …`. */
function explicitAction(entry: Entry | undefined, { reading }: Surroundings): readonly Entry[] {
  if (entry === undefined) return []
  const { value } = entry
  if (value.kind === 'map') {
    const module = entryOf(value, 'module')
    if (typeof module?.value.value !== 'string' || module.value.kind !== 'scalar') {
      reading.add(`"${entry.name}" must name a module`, place(entry.key), 'write "module: NAME" in it')
      return []
    }
    const args = mapNode(
      value.source,
      value.entries.filter((other) => other !== module),
      value.start,
      value.end,
    )
    return [{ name: module.value.value, key: module.value, value: args }]
  }
  const text = typeof value.value === 'string' ? value.value : ''
  const match = /^\s*(\S+)\s*/.exec(text)
  const [all = '', name = ''] = match ?? []
  const start = value.start + (/^["']/.test(value.source.text.slice(value.start)) ? 1 : 0)
  const rest = scalarNode(value.source, text.slice(all.length), start + all.length, value.end)
  return [
    {
      name,
      key: scalarNode(value.source, name, start + all.indexOf(name), start + all.indexOf(name) + name.length),
      value: rest,
    },
  ]
}

function makeTask(values: KeywordValues, { action }: ReadAction, { reading }: Surroundings): Task {
  const local = values.entry('local_action')
  return Object.freeze({
    kind: 'task',
    name: values.text('name'),
    at: place(values.node),
    action,
    ...inherited(values),
    when: values.condition('when'),
    loop: readLoop(values, reading),
    register: variable(values, 'register', reading),
    changedWhen: values.condition('changed_when'),
    failedWhen: values.condition('failed_when'),
    until: values.condition('until'),
    retries: values.value('retries'),
    delay: values.value('delay'),
    notify: values.texts('notify', false),
    listen: values.texts('listen', false),
    async: values.value('async'),
    poll: values.value('poll'),
    ...(local === undefined
      ? {}
      : { delegateTo: located(scalarNode(local.key.source, 'localhost', local.key.start, local.key.end)) }),
  })
}
