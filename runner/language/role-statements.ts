import { toBoolean } from '../../schema/coerce.ts'
import type { JsonObject } from '../../schema/infer.ts'
import { noteIncluded } from './known.ts'
import type { KeywordValues } from './keywords.ts'
import type { MapNode } from './node.ts'
import { entryOf, place } from './node.ts'
import { readRole, type RolePart, type RoleRequest } from './role.ts'
import { findRole } from './role-files.ts'
import type { Position } from './source.ts'
import type { Surroundings } from './surroundings.ts'
import { hasTemplate } from './templates.ts'
import type { Block, Node, Task } from './tree.ts'

/** `import_role` becomes the block of the role, which inherits the keywords beside it; its `vars` are those of the role. */
export function importRole(task: Task, values: KeywordValues, args: MapNode, around: Surroundings): Block | undefined {
  const { reading } = around
  if (task.loop !== undefined) reading.add('"import_role" cannot be in a loop', task.action.at, 'use include_role')
  const request = written(args)
  if (request === undefined) return undefined
  const templated = args.entries.find(({ value }) => typeof value.value === 'string' && hasTemplate(value.value))
  if (templated !== undefined) {
    reading.add(
      `"${templated.name}" of "import_role" must be known before the run, so it can hold no template`,
      place(templated.value),
      'use include_role',
    )
    return undefined
  }
  return readRole(
    {
      ...request,
      values,
      when: task.when,
      useVars: task.vars,
      blockVars: task.vars,
      notify: task.notify,
      isPublic: isYes(args.value, 'public', true),
    },
    around,
  )
}

/** Finds the problems of a role that will be included, where it is known which. The engine reads it when the task is reached. */
export function includeRole(task: Task, args: MapNode, around: Surroundings): void {
  const { reading, notices } = around
  const request = written(args)
  if (request === undefined) return
  if (around.section === 'handlers') notices.open = true
  if (
    args.entries.some(
      ({ name, value }) => selects.test(name) && typeof value.value === 'string' && hasTemplate(value.value),
    )
  ) {
    // Its handlers are known only in the run.
    notices.open = true
    return
  }
  const found = findRole(request.name, around)
  if ('places' in found) {
    // A role that is included on a condition may be missing where that never holds.
    if (task.when === undefined) readRole(request, around)
    else notices.open = true
    return
  }
  const key = `role:${found.path}:${JSON.stringify(request.from)}`
  const known = reading.included.get(key)
  if (known !== undefined) {
    noteIncluded(task.action.args, known ?? empty)
    return
  }
  reading.included.set(key, empty)
  const block = readRole(request, around)
  const nodes = block === undefined ? empty : [block]
  reading.included.set(key, nodes)
  noteIncluded(task.action.args, nodes)
}
const empty: readonly Node[] = Object.freeze([])
const selects = /^(?:name|role|\w+_from)$/

/** What a task's arguments ask for as they were written; undefined where they name no role. */
function written(args: MapNode): RoleRequest | undefined {
  const name = entryOf(args, 'name') ?? entryOf(args, 'role')
  if (typeof name?.value.value !== 'string' || name.value.value === '') return undefined
  const places = parts.flatMap((part) => {
    const from = entryOf(args, `${part}_from`)
    return from === undefined ? [] : [[part, place(from.value)] as const]
  })
  return { ...requestOf(args.value, place(name.value)), places: Object.fromEntries(places) }
}

/** The role that the arguments of `include_role` or `import_role` ask for. */
export function requestOf(args: JsonObject, at: Position): RoleRequest {
  const named = parts.flatMap((part) => {
    const file = args[`${part}_from`]
    return typeof file === 'string' ? [[part, file] as const] : []
  })
  const name = args['name'] ?? args['role']
  return {
    name: typeof name === 'string' ? name : '',
    at,
    from: Object.fromEntries(named),
    allowDuplicates: isYes(args, 'allow_duplicates', true),
    isPublic: isYes(args, 'public', false),
    checksArguments: isYes(args, 'rolespec_validate', true),
  }
}
const parts: readonly RolePart[] = ['tasks', 'handlers', 'vars', 'defaults']

function isYes(args: JsonObject, name: string, otherwise: boolean): boolean {
  const value = args[name]
  return value === undefined ? otherwise : (toBoolean(value) ?? otherwise)
}
