import { toBoolean } from '../../schema/coerce.ts'
import type { JsonObject } from '../../schema/infer.ts'
import { didYouMean } from '../../schema/nearest.ts'
import { roleMetaKeywords } from '../../schema/role.ts'
import { kindOf } from '../../schema/validate.ts'
import { specTask } from './spec-task.ts'
import { inherited, readKeywords } from './keywords.ts'
import type { KeywordValues } from './keywords.ts'
import { place } from './node.ts'
import { findRole, type FoundRole, partOf, rolePart, roleVariables } from './role-files.ts'
import { readRoles } from './roles.ts'
import type { Position } from './source.ts'
import type { Surroundings } from './surroundings.ts'
import type { Block, Condition, Located, Node, Role } from './tree.ts'

/** A role that is to be read: where it is named, and with what. */
export interface RoleRequest {
  readonly name: string
  readonly at: Position
  /** The keywords beside its name. */
  readonly values?: KeywordValues | undefined
  readonly when?: Condition | undefined
  readonly useVars?: Located<JsonObject> | undefined
  /** Variables that override the role's own in its tasks. */
  readonly blockVars?: Located<JsonObject> | undefined
  readonly params?: Located<JsonObject> | undefined
  /** Which file of each part to take instead of `main`. */
  readonly from?: { readonly [part in RolePart]?: string | undefined }
  /** Where these files are named. */
  readonly places?: { readonly [part in RolePart]?: Position | undefined }
  /** Overrides what the role says itself. */
  readonly allowDuplicates?: boolean | undefined
  readonly isPublic: boolean
  /** False where the arguments are not to be held to the role's `argument_specs`. */
  readonly checksArguments?: boolean
  readonly notify?: readonly string[]
}
export type RolePart = 'tasks' | 'handlers' | 'vars' | 'defaults'

/** Reads a role as a block of its dependencies and tasks, with all its files. Undefined where it is not to be found. */
export function readRole(request: RoleRequest, around: Surroundings): Block | undefined {
  const { reading } = around
  const found = findRole(request.name, around)
  if ('places' in found) {
    const dotted = /^\w+\.\w+\.\w+$/.test(request.name) ? '; roles of collections are not looked up' : ''
    const near = didYouMean(request.name, found.names)
    reading.add(
      `there is no role "${request.name}"`,
      request.at,
      `${near === undefined ? '' : `${near} `}looked in ${found.places.join(', ')}${dotted}`,
    )
    return undefined
  }
  const { dependents = [], ...outside } = around
  if (dependents.includes(found.path)) {
    reading.add(`role "${found.name}" depends on itself`, request.at)
    return undefined
  }
  const inside: Surroundings = { ...outside, roles: [...around.roles, found] }
  const meta = readMeta(found, inside)
  const dependencies = readRoles(
    meta?.nodeOf('dependencies'),
    { ...inside, section: 'tasks', dependents: [...dependents, found.path] },
    readRole,
  )
  const role = makeRole(request, found, meta, dependencies, inside)
  const tasks = readPart(found, 'tasks', request, inside)
  const spec =
    request.checksArguments === false
      ? undefined
      : specTask(found, request.from?.tasks ?? 'main', request.at, meta, inside)
  return Object.freeze({
    kind: 'block',
    name: undefined,
    at: request.at,
    ...(request.values === undefined ? { tags: noTags } : inherited(request.values)),
    vars: request.blockVars,
    when: request.when,
    block: Object.freeze([...dependencies, ...(spec === undefined ? [] : [spec]), ...tasks]),
    rescue: empty,
    always: empty,
    notify: request.notify ?? noTags,
    role,
  })
}
const empty: readonly Node[] = Object.freeze([])
const noTags: readonly string[] = Object.freeze([])

function makeRole(
  request: RoleRequest,
  found: FoundRole,
  meta: KeywordValues | undefined,
  dependencies: readonly Node[],
  around: Surroundings,
): Role {
  const { useVars, params, when, values, from, allowDuplicates, isPublic } = request
  const tags = values?.texts('tags', true) ?? []
  return Object.freeze({
    ...found,
    key: JSON.stringify([found.path, useVars?.value, params?.value, when?.value, tags, from]),
    allowDuplicates: allowDuplicates ?? toBoolean(meta?.nodeOf('allow_duplicates')?.value ?? false) === true,
    isPublic,
    defaults: variablesOf(found, 'defaults', request, around),
    vars: variablesOf(found, 'vars', request, around),
    useVars,
    params,
    dependencies: dependencies.flatMap((node) => (node.kind === 'block' && node.role !== undefined ? [node.role] : [])),
    handlers: readPart(found, 'handlers', request, { ...around, section: 'handlers' }),
  })
}

function readMeta(found: FoundRole, { reading }: Surroundings): KeywordValues | undefined {
  const node = rolePart(found, 'meta', 'main', reading)
  if (node === undefined || node.value === null) return undefined
  if (node.kind === 'map') return readKeywords(node, roleMetaKeywords, "a role's meta file", reading)
  reading.add(`a role's meta file must be a mapping, not ${kindOf(node.value)}`, place(node))
  return undefined
}

/** The tasks or handlers of a role. A file that is asked for by name must be there. */
function readPart(
  found: FoundRole,
  part: 'tasks' | 'handlers',
  { from, at, places }: RoleRequest,
  around: Surroundings,
): readonly Node[] {
  const path = fileOf(found, part, from?.[part], places?.[part] ?? at, around)
  if (path !== undefined && part === 'tasks' && around.files.includes(path)) {
    around.reading.add(`role "${found.name}" imports itself`, at, 'use include_role with a condition that ends it')
    return empty
  }
  const root = path === undefined ? undefined : around.reading.file(path, at)
  return path === undefined || root === undefined
    ? empty
    : around.readNodes(root, { ...around, files: [...around.files, path] })
}

function variablesOf(
  found: FoundRole,
  part: 'vars' | 'defaults',
  { from, at, places }: RoleRequest,
  around: Surroundings,
): Located<JsonObject> | undefined {
  const path = fileOf(found, part, from?.[part], places?.[part] ?? at, around)
  return path === undefined ? undefined : roleVariables(path, around.reading, at)
}

function fileOf(
  found: FoundRole,
  part: RolePart,
  named: string | undefined,
  at: Position,
  { reading }: Surroundings,
): string | undefined {
  const path = partOf(found.path, part, named ?? 'main', reading)
  if (path === undefined && named !== undefined) reading.add(`role "${found.name}" has no ${part}/${named}`, at)
  return path
}
