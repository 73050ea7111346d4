import type { JsonObject } from '../../schema/infer.ts'
import type { Located, Role } from '../language/tree.ts'
import type { Layer, Level } from '../vars/layers.ts'
import { roleMagic } from '../vars/magic.ts'

type LayerOf = (vars: Located<JsonObject>, level: Level) => Layer

/**
 * The variables of a task in roles, weakest first: of what the innermost role depends on, of the roles around it, outermost first,
 * and of that role itself. `vars` beside a role's name are weaker than those of its own files.
 */
export function roleLayers(roles: readonly Role[], layerOf: LayerOf): readonly Layer[] {
  const role = roles.at(-1)
  if (role === undefined) return []
  const all = [...role.dependencies.flatMap(withDependencies), ...roles]
  return [
    ...fileLayers(all, layerOf),
    ...roles.flatMap(({ params }) => (params === undefined ? [] : [layerOf(params, 'role-params')])),
    roleMagic({ name: role.name, path: role.path, parents: parentsOf(roles) }),
  ]
}

/** Parameters of roles that include or import another override what that include gives, as in Ansible. */
export function paramsOfParents(roles: readonly Role[], layerOf: LayerOf): readonly Layer[] {
  return includers(roles).flatMap(({ params }) => (params === undefined ? [] : [layerOf(params, 'include-params')]))
}

/** The variables of roles that the whole play sees; parameters are not among them. */
export function exposedLayers(roles: readonly Role[], layerOf: LayerOf): readonly Layer[] {
  return fileLayers(roles.flatMap(withDependencies), layerOf)
}

function fileLayers(roles: readonly Role[], layerOf: LayerOf): readonly Layer[] {
  return roles.flatMap(({ defaults, useVars, vars }) => [
    ...(defaults === undefined ? [] : [layerOf(defaults, 'role-defaults')]),
    ...(useVars === undefined ? [] : [layerOf(useVars, 'role-vars')]),
    ...(vars === undefined ? [] : [layerOf(vars, 'role-vars')]),
  ])
}

function withDependencies(role: Role): readonly Role[] {
  return [...role.dependencies.flatMap(withDependencies), role]
}

/** Of roles around one another, those that brought in the next one by an include or import in their tasks, outermost first. */
function includers(roles: readonly Role[]): readonly Role[] {
  return roles.filter((role, index) => {
    const inner = roles[index + 1]
    return inner !== undefined && !role.dependencies.includes(inner)
  })
}

/** Names of the roles that brought in the innermost one, the nearest first. */
function parentsOf(roles: readonly Role[]): readonly string[] {
  return includers(roles)
    .map(({ name }) => name)
    .toReversed()
}
