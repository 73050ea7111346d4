import type { Block, Node, Role } from '../language/tree.ts'

/** A role among nodes, with the blocks around it, outermost first, its own included. */
export interface PlacedRole {
  readonly role: Role
  readonly blocks: readonly Block[]
  /** Whether it is there since another role depends on it. */
  readonly isDependency: boolean
}

/** The roles among nodes, at any depth, in the order in which they run. */
export function rolesIn(nodes: readonly Node[], around: readonly Block[] = []): readonly PlacedRole[] {
  return nodes.flatMap((node): readonly PlacedRole[] => {
    if (node.kind === 'task') return []
    const { role } = node
    const blocks = [...around, node]
    const inside = rolesIn([...node.block, ...node.rescue, ...node.always], blocks)
    if (role === undefined) return inside
    const isDependency =
      around.findLast((block) => block.role !== undefined)?.role?.dependencies.includes(role) === true
    return [...inside, { role, blocks, isDependency }]
  })
}

/** Of roles, those whose variables the whole play sees. */
export function exposed(roles: readonly PlacedRole[]): readonly Role[] {
  return roles.filter(({ role, isDependency }) => role.isPublic && !isDependency).map(({ role }) => role)
}
