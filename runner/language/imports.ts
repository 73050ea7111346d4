import { dirname, resolve } from 'node:path'
import { noteIncluded } from './known.ts'
import type { KeywordValues } from './keywords.ts'
import { inherited } from './keywords.ts'
import type { MapNode } from './node.ts'
import { entryOf, place } from './node.ts'
import type { Position } from './source.ts'
import type { Surroundings } from './surroundings.ts'
import { hasTemplate } from './templates.ts'
import type { Block, Node, Task } from './tree.ts'

/** `import_tasks` becomes a block of the file's tasks, which inherit the keywords beside it. */
export function importTasks(task: Task, values: KeywordValues, args: MapNode, around: Surroundings): Block | undefined {
  const { reading } = around
  const file = fileOf(args)
  if (task.loop !== undefined) reading.add('"import_tasks" cannot be in a loop', task.action.at, 'use include_tasks')
  if (file === undefined) return undefined
  if (hasTemplate(file.name)) {
    reading.add(
      'the file of "import_tasks" must be known before the run, so it can hold no template',
      file.at,
      'use include_tasks',
    )
    return undefined
  }
  const path = locate(file.name, around)
  if (around.files.includes(path)) {
    reading.add(`${reading.nameOf(path)} imports itself`, file.at, 'use include_tasks with a condition that ends it')
    return undefined
  }
  const block = readFile(path, file.at, around)
  if (block === undefined) return undefined
  return Object.freeze({
    kind: 'block',
    name: task.name,
    at: task.at,
    ...inherited(values),
    when: task.when,
    block,
    rescue: empty,
    always: empty,
    notify: task.notify,
  })
}
const empty: readonly Node[] = Object.freeze([])

/** Finds the problems of a file that will be included, where its name is known. The engine reads it when the task is reached. */
export function includeTasks(args: MapNode, task: Task, around: Surroundings): void {
  if (around.section === 'handlers') around.notices.open = true
  const file = fileOf(args)
  const { reading } = around
  if (file === undefined || hasTemplate(file.name)) return
  const path = locate(file.name, around)
  const key = `${around.section}:${path}`
  const known = reading.included.get(key)
  if (known !== undefined || around.files.includes(path)) {
    noteIncluded(task.action.args, known ?? empty)
    return
  }
  reading.included.set(key, empty)
  // A file that is included on a condition may be missing where that never holds.
  const nodes = task.when === undefined || reading.exists(path) ? readFile(path, file.at, around) : undefined
  if (nodes === undefined) return
  reading.included.set(key, nodes)
  noteIncluded(task.action.args, nodes)
}

interface NamedFile {
  readonly name: string
  readonly at: Position
}

function fileOf(args: MapNode): NamedFile | undefined {
  const entry = entryOf(args, 'file')
  return typeof entry?.value.value === 'string' && entry.value.value !== ''
    ? { name: entry.value.value, at: place(entry.value) }
    : undefined
}

/** Beside the file that names it, else in `tasks` of the roles around it, nearest first, else beside the playbook. */
function locate(name: string, { files, directory, roles, section, reading }: Surroundings): string {
  const beside = resolve(dirname(files.at(-1) ?? directory), name)
  const inRoles = roles.map(({ path }) => resolve(path, section, name)).toReversed()
  return [beside, ...inRoles, resolve(directory, name)].find((path) => reading.exists(path)) ?? beside
}

function readFile(path: string, named: Position, around: Surroundings): readonly Node[] | undefined {
  const root = around.reading.file(path, named)
  return root === undefined ? undefined : around.readNodes(root, { ...around, files: [...around.files, path] })
}
